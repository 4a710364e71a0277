//! The seam's local side: every request finds its use case here.

use wire::{
    Request, Response, SessionToken, Workspace,
    seam::{Outcome, Reply},
};

use crate::{local::Authority, store::Store};

impl<S: Store> Workspace for Authority<S> {
    fn call<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome> {
        Box::pin(async move {
            let mut opened = None;
            let response = match request {
                Request::SignIn(request) => {
                    let (step, token) = self.sign_in(request).await?;
                    opened = token;
                    Response::SignIn(step)
                }
                Request::AcceptInvitation(request) => {
                    let (step, token) = self.accept_invitation(request).await?;
                    opened = token;
                    Response::AcceptInvitation(step)
                }
                Request::RedeemPasswordCode(request) => {
                    let (step, token) = self.redeem_password_code(request).await?;
                    opened = token;
                    Response::RedeemPasswordCode(step)
                }
                Request::GiveCode(request) => Response::GiveCode(self.give_code(session, request).await?),
                Request::Unlock(request) => Response::Unlock(self.unlock(session, request).await?),
                Request::Lock(_) => Response::Lock(self.lock(session).await?),
                Request::SignOut(_) => Response::SignOut(self.sign_out(session).await?),
                Request::Touch(_) => Response::Touch(self.touch(session).await?),
                Request::WhoAmI(_) => Response::WhoAmI(self.who_am_i(session).await?),
                Request::ReadProfile(_) => Response::ReadProfile(self.read_profile(session).await?),
                Request::BeginEnrolment(request) => Response::BeginEnrolment(self.begin_enrolment(session, request).await?),
                Request::VerifyEnrolment(request) => Response::VerifyEnrolment(self.verify_enrolment(session, request).await?),
                Request::RenewBackupCodes(request) => Response::RenewBackupCodes(self.renew_backup_codes(session, request).await?),
                Request::NoteCodesSaved(request) => Response::NoteCodesSaved(self.note_codes_saved(session, request).await?),
                Request::RenameAuthenticator(request) => Response::RenameAuthenticator(self.rename_authenticator(session, request).await?),
                Request::PreferAuthenticator(request) => Response::PreferAuthenticator(self.prefer_authenticator(session, request).await?),
                Request::RemoveAuthenticator(request) => Response::RemoveAuthenticator(self.remove_authenticator(session, request).await?),
                Request::DisableSecondFactor(request) => Response::DisableSecondFactor(self.disable_second_factor(session, request).await?),
                Request::ChangePassword(request) => Response::ChangePassword(self.change_password(session, request).await?),
                Request::ListPeople(request) => Response::ListPeople(self.list_people(session, request).await?),
                Request::ReadReadiness(request) => Response::ReadReadiness(self.read_readiness(session, request).await?),
                Request::ExportPeople(request) => Response::ExportPeople(self.export_people(session, request).await?),
                Request::Invite(request) => Response::Invite(self.invite(session, request).await?),
                Request::AllowImport(request) => Response::AllowImport(self.allow_import(session, request).await?),
                Request::CheckPeople(request) => Response::CheckPeople(self.check_people(session, request).await?),
                Request::ImportPeople(request) => Response::ImportPeople(self.import_people(session, request).await?),
                Request::ListImports(request) => Response::ListImports(self.list_imports(session, request).await?),
                Request::UndoImport(request) => Response::UndoImport(self.undo_import(session, request).await?),
                Request::InviteAgain(request) => Response::InviteAgain(self.invite_again(session, request).await?),
                Request::HandOver(request) => Response::HandOver(self.hand_over(session, request).await?),
                Request::ResetSecondFactor(request) => Response::ResetSecondFactor(self.reset_second_factor(session, request).await?),
                Request::RecoverOwner(request) => {
                    let (step, token) = self.recover_owner(request).await?;
                    opened = token;
                    Response::RecoverOwner(step)
                }
                Request::BeginKit(request) => Response::BeginKit(self.begin_kit(session, request).await?),
                Request::NoteKitKept(request) => Response::NoteKitKept(self.note_kit_kept(session, request).await?),
                Request::AcknowledgeKit(_) => Response::AcknowledgeKit(self.acknowledge_kit(session).await?),
                Request::ReadBackupRecord(_) => Response::ReadBackupRecord(self.read_backup_record(session).await?),
                Request::AllowBackup(request) => Response::AllowBackup(self.allow_backup(session, request).await?),
                Request::IssuePasswordCode(request) => Response::IssuePasswordCode(self.issue_password_code(session, request).await?),
                Request::ReadPerson(request) => Response::ReadPerson(self.read_person(session, request).await?),
                Request::ChangeRole(request) => Response::ChangeRole(self.change_role(session, request).await?),
                Request::ChangeOwner(request) => Response::ChangeOwner(self.change_owner(session, request).await?),
                Request::UnlockPerson(request) => Response::UnlockPerson(self.unlock_person(session, request).await?),
                Request::SignOutPerson(request) => Response::SignOutPerson(self.sign_out_person(session, request).await?),
                Request::DeactivatePerson(request) => Response::DeactivatePerson(self.deactivate_person(session, request).await?),
                Request::ReactivatePerson(request) => Response::ReactivatePerson(self.reactivate_person(session, request).await?),
                Request::MarkElsewhere(request) => Response::MarkElsewhere(self.mark_elsewhere(session, request).await?),
                Request::UnmarkElsewhere(request) => Response::UnmarkElsewhere(self.unmark_elsewhere(session, request).await?),
                Request::MakeCommunity(request) => Response::MakeCommunity(self.make_community(session, request).await?),
                Request::RenameCommunity(request) => Response::RenameCommunity(self.rename_community(session, request).await?),
                Request::RemoveCommunity(request) => Response::RemoveCommunity(self.remove_community(session, request).await?),
                Request::ListCommunities(_) => Response::ListCommunities(self.list_communities(session).await?),
                Request::ChangeVault(request) => Response::ChangeVault(self.change_vault(session, request).await?),
                Request::ReadPolicies(_) => Response::ReadPolicies(self.read_policies(session).await?),
                Request::PreflightPolicy(request) => Response::PreflightPolicy(self.preflight_policy(session, request).await?),
                Request::SavePolicy(request) => Response::SavePolicy(self.save_policy(session, request).await?),
                Request::ReadDesk(request) => Response::ReadDesk(self.read_desk(session, request).await?),
                Request::ReadChecklist(request) => Response::ReadChecklist(self.read_checklist(session, request).await?),
                Request::SetChecklist(request) => Response::SetChecklist(self.set_checklist(session, request).await?),
                Request::OpenCase(request) => Response::OpenCase(self.open_case(session, request).await?),
                Request::ApproveCase(request) => Response::ApproveCase(self.approve_case(session, request).await?),
                Request::ApproveCaseByKit(request) => Response::ApproveCaseByKit(self.approve_case_by_kit(session, request).await?),
                Request::WithdrawCase(request) => Response::WithdrawCase(self.withdraw_case(session, request).await?),
                Request::CarryOutCase(request) => Response::CarryOutCase(self.carry_out_case(session, request).await?),
                Request::AskStaff(request) => Response::AskStaff(self.ask_staff(session, request).await?),
                Request::DismissRequest(request) => Response::DismissRequest(self.dismiss_request(session, request).await?),
                Request::CheckTokens(request) => Response::CheckTokens(self.check_tokens(session, request).await?),
                Request::ImportTokens(request) => Response::ImportTokens(self.import_tokens(session, request).await?),
                Request::UndoTokenImport(request) => Response::UndoTokenImport(self.undo_token_import(session, request).await?),
                Request::ListTokens(request) => Response::ListTokens(self.list_tokens(session, request).await?),
                Request::AssignToken(request) => Response::AssignToken(self.assign_token(session, request).await?),
                Request::UnassignToken(request) => Response::UnassignToken(self.unassign_token(session, request).await?),
                Request::RetireToken(request) => Response::RetireToken(self.retire_token(session, request).await?),
                Request::ReadOwnTokens(request) => Response::ReadOwnTokens(self.read_own_tokens(session, request).await?),
                Request::ProveToken(request) => Response::ProveToken(self.prove_token(session, request).await?),
                Request::ResyncToken(request) => Response::ResyncToken(self.resync_token(session, request).await?),
                Request::ReadJournal(request) => Response::ReadJournal(self.read_journal(session, request).await?),
                Request::ReadEvidence(_) => Response::ReadEvidence(self.read_evidence(session).await?),
                Request::TakeCheckpoint(_) => Response::TakeCheckpoint(self.take_checkpoint(session).await?),
                Request::BeginVerification(request) => Response::BeginVerification(self.begin_verification(session, request).await?),
                Request::BeginExport(request) => Response::BeginExport(self.begin_export(session, request).await?),
                Request::ReadLines(request) => Response::ReadLines(self.read_lines(session, request).await?),
                Request::ProveEntry(request) => Response::ProveEntry(self.prove_entry(session, request).await?),
                Request::ReadMyActivity(request) => Response::ReadMyActivity(self.read_my_activity(session, request).await?),
            };
            Ok(Outcome { response, opened })
        })
    }
}
