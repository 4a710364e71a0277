//! The steps, in their order. Each stands on the one before, and each ends with a word from an outside witness.

mod addresses;
mod backups;
mod bad_days;
mod desk;
mod drill;
mod erasure;
mod evidence;
mod factor;
mod founding;
mod importing;
mod journal;
mod keyring;
pub(crate) mod keys;
mod lists;
mod locking;
mod lockouts;
mod mail;
mod papers;
mod policies;
mod recovery;
mod staff;
mod tokens;
mod ways_in;

use crate::people::World;
use sallyport_tests::Result;

type Act = fn(&World) -> Result<()>;

/// Every step with its name in `tour.json`.
pub(crate) const ALL: &[(&str, Act)] = &[
    ("create-workspace", founding::create_workspace),
    ("owner-enrols", founding::owner_enrols),
    ("open-again", founding::open_again),
    ("add-user", staff::add_user),
    ("first-sign-in", staff::first_sign_in),
    ("enable-2fa", factor::enable_2fa),
    ("save-backup-codes", factor::save_backup_codes),
    ("sign-in-with-code", factor::sign_in_with_code),
    ("sign-in-with-backup-code", factor::sign_in_with_backup_code),
    ("backup-code-used-twice-refused", factor::backup_code_used_twice_refused),
    ("generate-new-codes", factor::generate_new_codes),
    ("old-code-refused", factor::old_code_refused),
    ("change-password", factor::change_password),
    ("print-codes", papers::print_codes),
    ("communities", lockouts::communities),
    ("lock-by-failures", lockouts::lock_by_failures),
    ("unlock", lockouts::unlock),
    ("reset-user-2fa", recovery::reset_user_2fa),
    ("save-letter", papers::save_letter),
    ("sign-in-with-recovery-code", recovery::sign_in_with_recovery_code),
    ("enrol-again", recovery::enrol_again),
    ("preferred-method", ways_in::preferred_method),
    ("hardware-token", tokens::hardware_token),
    ("disable-2fa", factor::disable_2fa),
    ("lock-and-unlock", locking::lock_and_unlock),
    ("suspend-locks", locking::suspend_locks),
    ("idle-locks", locking::idle_locks),
    ("letter-handed-over", mail::letter_handed_over),
    ("mail-settings", mail::mail_settings),
    ("expired-recovery-code", recovery::expired_recovery_code),
    ("reset-notice-delivered", mail::reset_notice_delivered),
    ("enrol-here", staff::enrol_here),
    ("journal", staff::journal),
    ("not-me", mail::not_me),
    ("journal-export", evidence::journal_export),
    ("journal-verify", evidence::journal_verify),
    ("journal-search", journal::journal_search),
    ("checkpoint-on-paper", journal::checkpoint_on_paper),
    ("proof-line", journal::proof_line),
    ("journal-tampered-found", evidence::journal_tampered_found),
    ("erase-person", erasure::erase_person),
    ("import-authenticators", importing::import_authenticators),
    ("import-users", lists::import_users),
    ("import-undo", lists::import_undo),
    ("search-users", staff::search_users),
    ("keyring-unlock", keyring::keyring_unlock),
    ("policy-preflight", policies::policy_preflight),
    ("grace-reminder", policies::grace_reminder),
    ("killed-after-verify", bad_days::killed_after_verify),
    ("forgotten-password", ways_in::forgotten_password),
    ("forgotten-password-by-mail", mail::forgotten_password_by_mail),
    ("support-case", desk::support_case_step),
    ("two-person-reset", desk::two_person_reset),
    ("token-two-person", addresses::token_two_person),
    ("change-email-two-person", addresses::change_email_two_person),
    ("small-workspace-two-person", desk::small_workspace_two_person),
    ("two-person-reactivation", desk::two_person_reactivation),
    ("drill", drill::drill),
    ("drill-leaves-nothing", drill::drill_leaves_nothing),
    ("kit-unlock", keys::kit_unlock),
    ("rotate-key", keys::rotate_key),
    ("backup", backups::backup),
    ("restore", backups::restore),
    ("remove-workspace", backups::remove_workspace),
    ("nothing-secret-on-disk", bad_days::nothing_secret_on_disk),
];
