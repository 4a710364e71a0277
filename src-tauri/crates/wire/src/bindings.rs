//! The TypeScript declarations of every shape that crosses into the page, and the page's own list of commands.

use ts_rs::{Config, TS};

use crate::{
    account, address, backup, commands::COMMANDS, communities, device, drill, erasure, evidence, import, journal, keeping, mail, moving,
    offline, outbox, people, person, policies, proof, refusal, seeds, sign_in, support, tokens, window,
};

macro_rules! declare {
    ($config:expr; $($shape:ty),+ $(,)?) => {
        [$(format!("export {}", <$shape as TS>::decl($config))),+].join("\n\n")
    };
}

/// The declarations, as the text of a `.d.ts` file.
#[must_use]
pub fn declarations() -> String {
    let config = &Config::new().with_large_int("number");
    let shapes = declare!(config;
        refusal::RefusalCode, refusal::Refusal,
        sign_in::Next, sign_in::SignIn, sign_in::GiveCode, sign_in::AcceptInvitation, sign_in::RedeemPasswordCode, sign_in::Unlock, sign_in::Lock, sign_in::SignOut,
        sign_in::Touch, sign_in::Step, sign_in::Done, sign_in::Me, sign_in::Reach,
        proof::Proof, account::ReadProfile, account::BeginEnrolment, account::RenewBackupCodes, account::DisableSecondFactor,
        account::RenameAuthenticator, account::PreferAuthenticator, account::RemoveAuthenticator,
        account::ChangePassword, account::Profile, account::FactorView, account::AuthenticatorView,
        people::RoleName, people::AccountState, people::PersonName, people::RoleHeld, people::PeoplePage, people::PersonRow, people::Grant,
        people::ListPeople, people::Invite, people::InviteAgain, people::HandOver, people::ResetSecondFactor, people::IssuePasswordCode,
        people::Being, people::CommunityName, people::PeopleState, people::PeopleOrder, people::ReadReadiness, people::Readiness, people::ExportPeople, people::PeopleExport,
        person::WhyCode, person::PersonAction, person::WhyView, person::ActionView, person::RoleChoice, person::PersonView,
        person::ReadPerson, person::ChangeRole, person::ChangeOwner, person::UnlockPerson, person::SignOutPerson, person::DeactivatePerson,
        person::ReactivatePerson, person::MarkElsewhere, person::UnmarkElsewhere,
        address::ChangeEmail, address::ChangeOwnEmail, address::SetSecondEmail, address::SetOwnSecondEmail, address::CorrectName, address::AskPasswordCode, address::ReadForgotten, address::Forgotten,
        erasure::ErasureView, erasure::Erased, erasure::ReadErasure, erasure::ErasePerson,
        communities::Communities, communities::CommunityRow, communities::ListCommunities, communities::MakeCommunity,
        communities::RenameCommunity, communities::RemoveCommunity,
        keeping::ReadVault, keeping::AddKeyring, keeping::RemoveKeyring, keeping::ChangePassphrase, keeping::OpenByKeyring,
        keeping::VaultView, keeping::RotateKey, keeping::RenewKit, keeping::AcknowledgeKit, keeping::OpenByKit, keeping::RecoverOwner,
        keeping::ReadWork, keeping::StopWork, keeping::Work, keeping::WorkStage, keeping::KitTrouble, keeping::KitUsed,
        backup::BackupDue, backup::BackupWay, backup::ReadBackups, backup::TakeBackup, backup::RemoveOlderCopy, backup::PutOffBackup, backup::ChooseBackup,
        backup::ReadChosenBackup, backup::RestoreBackup, backup::RemoveWorkspace, backup::BackupRecord, backup::BackupsView,
        backup::OlderCopyView, backup::BackupTaken, backup::ChosenBackup, backup::BackupView,
        moving::MoveToServer, moving::CallOffMove, moving::ReadMoved, moving::Away, moving::Moved,
        policies::RequiredOf, policies::PolicyEffect, policies::PolicyValues, policies::PolicyDraft, policies::Policies,
        policies::CommunityPolicy, policies::Preflight, policies::EffectCount, policies::AffectedRow, policies::ReadPolicies,
        policies::PreflightPolicy, policies::SavePolicy,
        device::DeviceState, device::DeviceRow, device::Devices, device::ListDevices, device::InviteDevice, device::RevokeDevice, device::ChangeDeskPassphrase,
        device::LostWhy, device::LostCommunity, device::LostHolder, device::LostCode, device::LostNumbers, device::LostConcerned,
        device::LostDevice, device::LostTold, device::ReadLostDevice, device::TellLostDevice,
        offline::OfflineState, offline::OfflineCodeRow, offline::OfflineCodes, offline::IssuedHere, offline::OfflineDesk,
        offline::ListOfflineCodes, offline::VoidOfflineCode, offline::ReadOfflineDesk, offline::IssueOffline,
        outbox::WaitingKind, outbox::WaitingState, outbox::WaitingRow, outbox::Waiting, outbox::Settled, outbox::ReadWaiting, outbox::SendWaiting, outbox::PutAside, outbox::AskAgain,
        support::Channel, support::CaseAct, support::SecondPerson, support::CaseRow, support::RequestRow, support::Desk, support::Checklist,
        support::CaseOpened, support::SupportAnswers,
        support::ReadDesk, support::ReadChecklist, support::SetChecklist, support::OpenCase, support::ApproveCase, support::ApproveCaseByKit,
        support::WithdrawCase, support::CarryOutCase, support::AskStaff, support::DismissRequest,
        drill::DrillCall, drill::DrillEnd, drill::DrillTone, drill::DrillFinding, drill::DrillView, drill::DrillVerdict, drill::DrillFound,
        drill::DrillCode, drill::DrillReading, drill::BeginDrill, drill::ReadDrillCode, drill::FinishDrill, drill::EndDrill,
        evidence::ReadEvidence, evidence::TakeCheckpoint, evidence::SaveCheckpoint, evidence::PrintCheckpoint, evidence::ProveEntry, evidence::ExportJournal, evidence::VerifyJournal,
        evidence::EvidenceView, evidence::EvidenceShown, evidence::CheckpointView, evidence::EntryProof, evidence::JournalExported, evidence::Verification,
        evidence::FindingView, evidence::FindingKind,
        import::RowVerdict, import::RowReason, import::MovedBy, import::RoleChanged, import::CheckedRow, import::RowCounts,
        import::ImportDone, import::Imports, import::PastImport, import::Holder, import::ListImports, import::UndoImport,
        import::ImportKind, import::FileFault, import::ImportDesk, import::ChosenImport, import::ImportRows, import::RefusedKept,
        import::ChooseImport, import::CheckImportAgain, import::DropImport, import::ReadImport, import::ReadImportRows,
        import::SaveRefusedRows, import::CarryOutImport,
        seeds::SeedFault, seeds::SeedLock, seeds::SeedProblem, seeds::SeedDesk, seeds::SeedFileView, seeds::SeedParts, seeds::SeedRows, seeds::SeedEntry,
        seeds::ReadSeeds, seeds::ChooseSeeds, seeds::UnlockSeeds, seeds::DropSeeds, seeds::ReadSeedRows, seeds::ImportSeeds,
        tokens::TokenOrigin, tokens::TokenAlgorithm, tokens::TokenKind, tokens::TokenState, tokens::SeedVerdict, tokens::SeedChecked,
        tokens::TokensChecked, tokens::TokensImported, tokens::TokenView, tokens::TokensPage, tokens::OwnToken, tokens::OwnTokens,
        tokens::ListTokens, tokens::AssignToken, tokens::UnassignToken, tokens::RetireToken, tokens::UndoTokenImport,
        tokens::ReadOwnTokens, tokens::ProveToken, tokens::ResyncToken,
        mail::MailSecurity, mail::NoticeKind, mail::MailState, mail::MailFailure, mail::MailServerView, mail::MailTest, mail::MailCount,
        mail::MailView, mail::MailTestBegun, mail::OutboxPage, mail::OutboxRow, mail::ReportView, mail::ReadMail, mail::SetMail,
        mail::RemoveMail, mail::SendTestMail, mail::ReadOutbox, mail::ResendNotice, mail::ReadLetter, mail::HandOverLetter,
        mail::ReportNotMe, mail::ReportEntry, mail::SettleReport,
        journal::SearchJournal, journal::JournalFound, journal::ReadReceipt, journal::Receipt, journal::ReadMyActivity, journal::JournalPage, journal::JournalRow,
        window::Language, window::Theme, window::Situation, window::KnownWorkspace, window::RemoteState, window::Disbelief, window::OpenWorkspace, window::Told, window::SheetKind,
        window::ReadSituation, window::CreateWorkspace, window::OpenVault, window::PairWorkspace, window::TryServer, window::ReadAlone, window::EndReadingAlone, window::CloseWorkspace, window::SetPreferences, window::Quit, window::ReadLicences, window::Licences, window::LicenceText,
        window::AcceptHandOver, window::DeclineHandOver, window::ReadSheet, window::VerifyOnSheet, window::CopySheet,
        window::SaveSheetAsText, window::SaveSheetEncrypted, window::SaveSheetAsPdf, window::PrintSheet, window::NoteSheetPrinted, window::ReadBack, window::ReadBackView, window::CloseSheet, window::Sheet, window::Kept,
    );
    format!("// Written by `cargo xtask bindings` from the wire crate.\n\n{shapes}\n")
}

/// The page's module of commands: one function each, typed by the declarations.
#[must_use]
pub fn commands_module() -> String {
    let mut text = String::from(
        "// Written by `cargo xtask bindings` from the wire crate.\n\
         import { call } from \"./bridge.js\";\n\n\
         /** @import * as wire from \"../../tests/ui/types/wire.js\" */\n",
    );
    for command in COMMANDS {
        let function = camel(command.name);
        text.push_str(&format!(
            "\n/** @type {{(request: wire.{request}) => Promise<wire.{reply}>}} */\nexport const {function} = (request) => call(\"{name}\", request);\n",
            request = command.request,
            reply = command.reply,
            name = command.name,
        ));
    }
    text
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        text.push_str(&head.to_uppercase());
        text.push_str(tail);
        text
    })
}
