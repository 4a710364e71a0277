//! The seam's local side: every request finds its use case here.

use std::pin::Pin;

use wire::{
    Refusal, Request, Response, SessionToken, Workspace,
    seam::{Outcome, Reply},
};

use crate::{journalled::with_entry, local::Authority, store::Store};

impl<S: Store> Workspace for Authority<S> {
    fn call<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome> {
        match &self.once {
            Some(once) => Box::pin(self.call_once(once, session, request)),
            None => self.carry_out(session, request),
        }
    }
}

impl<S: Store> Authority<S> {
    /// Carries out a use case, however often it was before.
    pub(crate) fn carry_out<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome> {
        // Whether anything was written would tell whoever asks whether the address is somebody's.
        let quiet = matches!(request, Request::AskPasswordCode(_));
        Box::pin(telling(quiet, async move {
            let mut opened = None;
            let response = match request {
                Request::SignIn(request) => {
                    let (step, token) = begun(move || self.sign_in(request)).await?;
                    opened = token;
                    Response::SignIn(step)
                }
                Request::AcceptInvitation(request) => {
                    let (step, token) = begun(move || self.accept_invitation(request)).await?;
                    opened = token;
                    Response::AcceptInvitation(step)
                }
                Request::RedeemPasswordCode(request) => {
                    let (step, token) = begun(move || self.redeem_password_code(request)).await?;
                    opened = token;
                    Response::RedeemPasswordCode(step)
                }
                Request::GiveCode(request) => Response::GiveCode(begun(move || self.give_code(session, request)).await?),
                Request::Unlock(request) => Response::Unlock(begun(move || self.unlock(session, request)).await?),
                Request::Lock(_) => Response::Lock(begun(move || self.lock(session)).await?),
                Request::SignOut(_) => Response::SignOut(begun(move || self.sign_out(session)).await?),
                Request::Touch(_) => Response::Touch(begun(move || self.touch(session)).await?),
                Request::WhoAmI(_) => Response::WhoAmI(begun(move || self.who_am_i(session)).await?),
                Request::ReadProfile(_) => Response::ReadProfile(begun(move || self.read_profile(session)).await?),
                Request::BeginEnrolment(request) => Response::BeginEnrolment(begun(move || self.begin_enrolment(session, request)).await?),
                Request::VerifyEnrolment(request) => {
                    Response::VerifyEnrolment(begun(move || self.verify_enrolment(session, request)).await?)
                }
                Request::RenewBackupCodes(request) => {
                    Response::RenewBackupCodes(begun(move || self.renew_backup_codes(session, request)).await?)
                }
                Request::NoteCodesSaved(request) => Response::NoteCodesSaved(begun(move || self.note_codes_saved(session, request)).await?),
                Request::RenameAuthenticator(request) => {
                    Response::RenameAuthenticator(begun(move || self.rename_authenticator(session, request)).await?)
                }
                Request::PreferAuthenticator(request) => {
                    Response::PreferAuthenticator(begun(move || self.prefer_authenticator(session, request)).await?)
                }
                Request::RemoveAuthenticator(request) => {
                    Response::RemoveAuthenticator(begun(move || self.remove_authenticator(session, request)).await?)
                }
                Request::DisableSecondFactor(request) => {
                    Response::DisableSecondFactor(begun(move || self.disable_second_factor(session, request)).await?)
                }
                Request::ChangePassword(request) => Response::ChangePassword(begun(move || self.change_password(session, request)).await?),
                Request::ListPeople(request) => Response::ListPeople(begun(move || self.list_people(session, request)).await?),
                Request::ReadReadiness(request) => Response::ReadReadiness(begun(move || self.read_readiness(session, request)).await?),
                Request::ExportPeople(request) => Response::ExportPeople(begun(move || self.export_people(session, request)).await?),
                Request::Invite(request) => Response::Invite(begun(move || self.invite(session, request)).await?),
                Request::AllowImport(request) => Response::AllowImport(begun(move || self.allow_import(session, request)).await?),
                Request::CheckPeople(request) => Response::CheckPeople(begun(move || self.check_people(session, request)).await?),
                Request::ImportPeople(request) => Response::ImportPeople(begun(move || self.import_people(session, request)).await?),
                Request::ListImports(request) => Response::ListImports(begun(move || self.list_imports(session, request)).await?),
                Request::UndoImport(request) => Response::UndoImport(begun(move || self.undo_import(session, request)).await?),
                Request::InviteAgain(request) => Response::InviteAgain(begun(move || self.invite_again(session, request)).await?),
                Request::HandOver(request) => Response::HandOver(begun(move || self.hand_over(session, request)).await?),
                Request::ResetSecondFactor(request) => {
                    Response::ResetSecondFactor(begun(move || self.reset_second_factor(session, request)).await?)
                }
                Request::RecoverOwner(request) => {
                    let (step, token) = begun(move || self.recover_owner(request)).await?;
                    opened = token;
                    Response::RecoverOwner(step)
                }
                Request::BeginKit(request) => Response::BeginKit(begun(move || self.begin_kit(session, request)).await?),
                Request::NoteKitKept(request) => Response::NoteKitKept(begun(move || self.note_kit_kept(session, request)).await?),
                Request::AcknowledgeKit(_) => Response::AcknowledgeKit(begun(move || self.acknowledge_kit(session)).await?),
                Request::ReadBackupRecord(_) => Response::ReadBackupRecord(begun(move || self.read_backup_record(session)).await?),
                Request::AllowBackup(request) => Response::AllowBackup(begun(move || self.allow_backup(session, request)).await?),
                Request::IssuePasswordCode(request) => {
                    Response::IssuePasswordCode(begun(move || self.issue_password_code(session, request)).await?)
                }
                Request::ReadPerson(request) => Response::ReadPerson(begun(move || self.read_person(session, request)).await?),
                Request::ChangeRole(request) => Response::ChangeRole(begun(move || self.change_role(session, request)).await?),
                Request::ChangeOwner(request) => Response::ChangeOwner(begun(move || self.change_owner(session, request)).await?),
                Request::UnlockPerson(request) => Response::UnlockPerson(begun(move || self.unlock_person(session, request)).await?),
                Request::SignOutPerson(request) => Response::SignOutPerson(begun(move || self.sign_out_person(session, request)).await?),
                Request::DeactivatePerson(request) => {
                    Response::DeactivatePerson(begun(move || self.deactivate_person(session, request)).await?)
                }
                Request::ReactivatePerson(request) => {
                    Response::ReactivatePerson(begun(move || self.reactivate_person(session, request)).await?)
                }
                Request::ChangeEmail(request) => Response::ChangeEmail(begun(move || self.change_email(session, request)).await?),
                Request::ChangeOwnEmail(request) => Response::ChangeOwnEmail(begun(move || self.change_own_email(session, request)).await?),
                Request::SetSecondEmail(request) => Response::SetSecondEmail(begun(move || self.set_second_email(session, request)).await?),
                Request::SetOwnSecondEmail(request) => {
                    Response::SetOwnSecondEmail(begun(move || self.set_own_second_email(session, request)).await?)
                }
                Request::CorrectName(request) => Response::CorrectName(begun(move || self.correct_name(session, request)).await?),
                Request::ReadForgotten(request) => Response::ReadForgotten(begun(move || self.read_forgotten(request)).await?),
                Request::AskPasswordCode(request) => Response::AskPasswordCode(begun(move || self.ask_password_code(request)).await?),
                Request::MarkElsewhere(request) => Response::MarkElsewhere(begun(move || self.mark_elsewhere(session, request)).await?),
                Request::UnmarkElsewhere(request) => {
                    Response::UnmarkElsewhere(begun(move || self.unmark_elsewhere(session, request)).await?)
                }
                Request::ReadErasure(request) => Response::ReadErasure(begun(move || self.read_erasure(session, request)).await?),
                Request::ErasePerson(request) => Response::ErasePerson(begun(move || self.erase_person(session, request)).await?),
                Request::MakeCommunity(request) => Response::MakeCommunity(begun(move || self.make_community(session, request)).await?),
                Request::RenameCommunity(request) => {
                    Response::RenameCommunity(begun(move || self.rename_community(session, request)).await?)
                }
                Request::RemoveCommunity(request) => {
                    Response::RemoveCommunity(begun(move || self.remove_community(session, request)).await?)
                }
                Request::ListCommunities(_) => Response::ListCommunities(begun(move || self.list_communities(session)).await?),
                Request::ChangeVault(request) => Response::ChangeVault(begun(move || self.change_vault(session, request)).await?),
                Request::ReadPolicies(_) => Response::ReadPolicies(begun(move || self.read_policies(session)).await?),
                Request::PreflightPolicy(request) => {
                    Response::PreflightPolicy(begun(move || self.preflight_policy(session, request)).await?)
                }
                Request::SavePolicy(request) => Response::SavePolicy(begun(move || self.save_policy(session, request)).await?),
                Request::ReadDesk(request) => Response::ReadDesk(begun(move || self.read_desk(session, request)).await?),
                Request::ReadChecklist(request) => Response::ReadChecklist(begun(move || self.read_checklist(session, request)).await?),
                Request::SetChecklist(request) => Response::SetChecklist(begun(move || self.set_checklist(session, request)).await?),
                Request::OpenCase(request) => Response::OpenCase(begun(move || self.open_case(session, request)).await?),
                Request::ApproveCase(request) => Response::ApproveCase(begun(move || self.approve_case(session, request)).await?),
                Request::ApproveCaseByKit(request) => {
                    Response::ApproveCaseByKit(begun(move || self.approve_case_by_kit(session, request)).await?)
                }
                Request::WithdrawCase(request) => Response::WithdrawCase(begun(move || self.withdraw_case(session, request)).await?),
                Request::CarryOutCase(request) => Response::CarryOutCase(begun(move || self.carry_out_case(session, request)).await?),
                Request::AskStaff(request) => Response::AskStaff(begun(move || self.ask_staff(session, request)).await?),
                Request::DismissRequest(request) => Response::DismissRequest(begun(move || self.dismiss_request(session, request)).await?),
                Request::CheckTokens(request) => Response::CheckTokens(begun(move || self.check_tokens(session, request)).await?),
                Request::ImportTokens(request) => Response::ImportTokens(begun(move || self.import_tokens(session, request)).await?),
                Request::UndoTokenImport(request) => {
                    Response::UndoTokenImport(begun(move || self.undo_token_import(session, request)).await?)
                }
                Request::ListTokens(request) => Response::ListTokens(begun(move || self.list_tokens(session, request)).await?),
                Request::AssignToken(request) => Response::AssignToken(begun(move || self.assign_token(session, request)).await?),
                Request::UnassignToken(request) => Response::UnassignToken(begun(move || self.unassign_token(session, request)).await?),
                Request::RetireToken(request) => Response::RetireToken(begun(move || self.retire_token(session, request)).await?),
                Request::ReadOwnTokens(request) => Response::ReadOwnTokens(begun(move || self.read_own_tokens(session, request)).await?),
                Request::ProveToken(request) => Response::ProveToken(begun(move || self.prove_token(session, request)).await?),
                Request::ResyncToken(request) => Response::ResyncToken(begun(move || self.resync_token(session, request)).await?),
                Request::ReadJournal(request) => Response::ReadJournal(begun(move || self.read_journal(session, request)).await?),
                Request::SearchJournal(request) => Response::SearchJournal(begun(move || self.search_journal(session, request)).await?),
                Request::ReadSnapshot(request) => Response::ReadSnapshot(begun(move || self.read_snapshot(session, request)).await?),
                Request::ReadFeed(request) => Response::ReadFeed(begun(move || self.read_feed(session, request)).await?),
                Request::ReadEvidence(_) => Response::ReadEvidence(begun(move || self.read_evidence(session)).await?),
                Request::TakeCheckpoint(_) => Response::TakeCheckpoint(begun(move || self.take_checkpoint(session)).await?),
                Request::BeginVerification(request) => {
                    Response::BeginVerification(begun(move || self.begin_verification(session, request)).await?)
                }
                Request::BeginExport(request) => Response::BeginExport(begun(move || self.begin_export(session, request)).await?),
                Request::ReadLines(request) => Response::ReadLines(begun(move || self.read_lines(session, request)).await?),
                Request::ProveEntry(request) => Response::ProveEntry(begun(move || self.prove_entry(session, request)).await?),
                Request::ReadMyActivity(request) => Response::ReadMyActivity(begun(move || self.read_my_activity(session, request)).await?),
                Request::ReadMail(request) => Response::ReadMail(begun(move || self.read_mail(session, request)).await?),
                Request::SetMail(request) => Response::SetMail(begun(move || self.set_mail(session, request)).await?),
                Request::RemoveMail(request) => Response::RemoveMail(begun(move || self.remove_mail(session, request)).await?),
                Request::SendTestMail(request) => Response::SendTestMail(begun(move || self.send_test_mail(session, request)).await?),
                Request::ReadOutbox(request) => Response::ReadOutbox(begun(move || self.read_outbox(session, request)).await?),
                Request::ResendNotice(request) => Response::ResendNotice(begun(move || self.resend_notice(session, request)).await?),
                Request::ReadLetter(request) => Response::ReadLetter(begun(move || self.read_letter(session, request)).await?),
                Request::HandOverLetter(request) => Response::HandOverLetter(begun(move || self.hand_over_letter(session, request)).await?),
                Request::ReportNotMe(request) => Response::ReportNotMe(begun(move || self.report_not_me(request)).await?),
                Request::ReportEntry(request) => Response::ReportEntry(begun(move || self.report_entry(session, request)).await?),
                Request::PairDevice(request) => Response::PairDevice(begun(move || self.pair_device(request)).await?),
                Request::InviteDevice(request) => Response::InviteDevice(begun(move || self.invite_device(session, request)).await?),
                Request::ListDevices(request) => Response::ListDevices(begun(move || self.list_devices(session, request)).await?),
                Request::RevokeDevice(request) => Response::RevokeDevice(begun(move || self.revoke_device(session, request)).await?),
                Request::ReadLostDevice(request) => Response::ReadLostDevice(begun(move || self.read_lost_device(session, request)).await?),
                Request::TellLostDevice(request) => Response::TellLostDevice(begun(move || self.tell_lost_device(session, request)).await?),
                Request::RenewGrant(request) => Response::RenewGrant(begun(move || self.renew_grant(session, request)).await?),
                Request::ListOfflineCodes(request) => {
                    Response::ListOfflineCodes(begun(move || self.list_offline_codes(session, request)).await?)
                }
                Request::VoidOfflineCode(request) => {
                    Response::VoidOfflineCode(begun(move || self.void_offline_code(session, request)).await?)
                }
                Request::SettleReport(request) => Response::SettleReport(begun(move || self.settle_report(session, request)).await?),
            };
            Ok(Outcome { response, opened, journalled: None })
        }))
    }
}

/// Says with the outcome of a call which entry tells of it, unless it is quiet.
async fn telling(quiet: bool, call: impl Future<Output = Result<Outcome, Refusal>> + Send) -> Result<Outcome, Refusal> {
    let (outcome, journalled) = with_entry(call).await;
    outcome.map(|outcome| Outcome { journalled: journalled.filter(|_| !quiet), ..outcome })
}

/// Puts a use case on the heap before it begins. In place, the frame of the call above would hold room for one of each: more
/// than a thread of the tests has.
fn begun<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}
