//! Thin commands, one file a screen: parse, call the workspace, answer.

mod about;
mod address;
pub(crate) mod backup;
mod communities;
mod desk;
mod devices;
mod door;
mod drill;
mod erasure;
mod evidence;
mod export;
mod import;
mod import_seeds;
mod keeping;
mod kit;
mod mail;
mod moving;
mod offline;
mod people;
mod person;
mod policies;
mod profile;
mod reading;
mod sheet;
mod start;
mod tokens;
mod waiting;

use tauri::{AppHandle, Manager, ipc::Invoke};
use wire::{Refusal, RefusalCode, window::SheetKind};

use crate::{drill::REFUSED, program::Program, sheet::SheetState, window};

/// What every command answers with.
pub(crate) type Answer<T> = Result<T, Refusal>;

/// Every command, but for those that a drill refuses while one goes on.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    let all = every();
    move |invoke| {
        let refused = REFUSED.contains(&invoke.message.command());
        if refused && invoke.message.webview_ref().state::<Program>().drills() {
            invoke.resolver.reject(Refusal::from(RefusalCode::InDrill));
            return true;
        }
        all(invoke)
    }
}

/// Every command of the program. `wire::commands::COMMANDS` lists the same, and the capabilities say who may call them.
fn every() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        start::read_situation,
        start::create_workspace,
        start::open_vault,
        start::open_by_keyring,
        start::pair_workspace,
        start::try_server,
        start::read_alone,
        start::end_reading_alone,
        start::close_workspace,
        backup::read_backups,
        backup::take_backup,
        backup::remove_older_copy,
        backup::put_off_backup,
        backup::choose_backup,
        backup::read_chosen_backup,
        backup::restore_backup,
        backup::remove_workspace,
        moving::move_to_server,
        moving::call_off_move,
        moving::read_moved,
        start::set_preferences,
        about::read_licences,
        about::quit,
        door::sign_in,
        door::give_code,
        door::accept_invitation,
        door::redeem_password_code,
        door::accept_hand_over,
        door::decline_hand_over,
        door::unlock,
        door::lock,
        door::sign_out,
        door::touch,
        profile::read_profile,
        profile::begin_enrolment,
        profile::renew_backup_codes,
        profile::rename_authenticator,
        profile::prefer_authenticator,
        profile::remove_authenticator,
        profile::disable_second_factor,
        profile::change_password,
        people::list_people,
        people::read_readiness,
        export::export_people,
        people::invite,
        people::invite_again,
        people::hand_over,
        import::choose_import,
        import::check_import_again,
        import::drop_import,
        import::read_import,
        import::read_import_rows,
        import::save_refused_rows,
        import::carry_out_import,
        import::list_imports,
        import::undo_import,
        import_seeds::read_seeds,
        import_seeds::choose_seeds,
        import_seeds::unlock_seeds,
        import_seeds::drop_seeds,
        import_seeds::read_seed_rows,
        import_seeds::import_seeds,
        people::reset_second_factor,
        people::issue_password_code,
        person::read_person,
        person::change_role,
        person::change_owner,
        person::unlock_person,
        person::sign_out_person,
        person::deactivate_person,
        person::reactivate_person,
        address::read_forgotten,
        address::ask_password_code,
        address::change_email,
        address::change_own_email,
        address::set_second_email,
        address::set_own_second_email,
        address::correct_name,
        person::mark_elsewhere,
        person::unmark_elsewhere,
        erasure::read_erasure,
        erasure::erase_person,
        communities::list_communities,
        communities::make_community,
        communities::rename_community,
        communities::remove_community,
        keeping::read_vault,
        keeping::add_keyring,
        keeping::remove_keyring,
        keeping::change_passphrase,
        kit::rotate_key,
        kit::renew_kit,
        kit::acknowledge_kit,
        kit::recover_owner,
        kit::read_work,
        kit::stop_work,
        start::open_by_kit,
        policies::read_policies,
        policies::preflight_policy,
        policies::save_policy,
        desk::read_desk,
        desk::read_checklist,
        desk::set_checklist,
        desk::open_case,
        desk::approve_case,
        desk::approve_case_by_kit,
        desk::withdraw_case,
        desk::carry_out_case,
        desk::ask_staff,
        desk::dismiss_request,
        evidence::read_evidence,
        evidence::take_checkpoint,
        evidence::save_checkpoint,
        evidence::print_checkpoint,
        evidence::prove_entry,
        evidence::export_journal,
        evidence::verify_journal,
        devices::list_devices,
        devices::invite_device,
        devices::revoke_device,
        devices::read_lost_device,
        devices::tell_lost_device,
        keeping::change_desk_passphrase,
        waiting::read_waiting,
        waiting::send_waiting,
        waiting::put_aside,
        waiting::ask_again,
        offline::list_offline_codes,
        offline::void_offline_code,
        offline::read_offline_desk,
        offline::issue_offline,
        tokens::list_tokens,
        tokens::assign_token,
        tokens::unassign_token,
        tokens::retire_token,
        tokens::undo_token_import,
        tokens::read_own_tokens,
        tokens::prove_token,
        tokens::resync_token,
        reading::search_journal,
        reading::read_receipt,
        reading::read_my_activity,
        mail::read_mail,
        mail::set_mail,
        mail::remove_mail,
        mail::send_test_mail,
        mail::read_outbox,
        mail::resend_notice,
        mail::open_letter,
        mail::hand_over_letter,
        mail::report_not_me,
        mail::report_entry,
        mail::settle_report,
        drill::begin_drill,
        drill::read_drill_code,
        drill::finish_drill,
        drill::end_drill,
        sheet::read_sheet,
        sheet::verify_on_sheet,
        sheet::copy_sheet,
        sheet::save_sheet_as_text,
        sheet::save_sheet_encrypted,
        sheet::save_sheet_as_pdf,
        sheet::print_sheet,
        sheet::note_sheet_printed,
        sheet::read_back,
        sheet::close_sheet,
    ]
}

/// Holds a secret for the sheet and opens it. One that is open already is closed first.
fn show(app: &AppHandle, state: SheetState) -> Answer<()> {
    let kind: SheetKind = state.kind;
    if app.state::<Program>().with_sheet(|sheet| sheet.as_ref().is_some_and(SheetState::must_keep)) {
        return Err(RefusalCode::KitNotKept.into());
    }
    window::close_sheet(app);
    app.state::<Program>().with_sheet(|sheet| *sheet = Some(state));
    window::open_sheet(app, kind).map_err(|error| {
        tracing::error!(%error, "the sheet could not be opened");
        app.state::<Program>().with_sheet(|sheet| *sheet = None);
        RefusalCode::Unexpected.into()
    })
}

#[cfg(test)]
mod tests;
