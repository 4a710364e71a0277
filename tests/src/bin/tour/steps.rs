//! The steps, in their order. Each stands on the one before.

use crate::people::World;
use sallyport_tests::{Error, Result, witness};

type Act = fn(&World) -> Result<()>;

/// Every step with its name in `tour.json`.
pub(crate) const ALL: &[(&str, Act)] = &[
    ("create-workspace", create_workspace),
    ("add-user", add_user),
    ("first-sign-in", first_sign_in),
    ("enable-2fa", enable_2fa),
    ("save-backup-codes", save_backup_codes),
    ("sign-in-with-code", sign_in_with_code),
    ("sign-in-with-backup-code", sign_in_with_backup_code),
    ("backup-code-used-twice-refused", backup_code_used_twice_refused),
    ("generate-new-codes", generate_new_codes),
    ("old-code-refused", old_code_refused),
    ("reset-user-2fa", reset_user_2fa),
    ("sign-in-with-recovery-code", sign_in_with_recovery_code),
    ("enrol-again", enrol_again),
    ("disable-2fa", disable_2fa),
    ("lock-and-unlock", lock_and_unlock),
    ("nothing-secret-on-disk", nothing_secret_on_disk),
];

fn unwritten() -> Result<()> {
    Err(Error::said("This step waits for the screens."))
}

fn create_workspace(world: &World) -> Result<()> {
    let main = world.start()?;
    main.visible_text()?;
    unwritten()
}

fn add_user(_: &World) -> Result<()> {
    unwritten()
}

fn first_sign_in(_: &World) -> Result<()> {
    unwritten()
}

fn enable_2fa(_: &World) -> Result<()> {
    unwritten()
}

fn save_backup_codes(_: &World) -> Result<()> {
    unwritten()
}

fn sign_in_with_code(_: &World) -> Result<()> {
    unwritten()
}

fn sign_in_with_backup_code(_: &World) -> Result<()> {
    unwritten()
}

fn backup_code_used_twice_refused(_: &World) -> Result<()> {
    unwritten()
}

fn generate_new_codes(_: &World) -> Result<()> {
    unwritten()
}

fn old_code_refused(_: &World) -> Result<()> {
    unwritten()
}

fn reset_user_2fa(_: &World) -> Result<()> {
    unwritten()
}

fn sign_in_with_recovery_code(_: &World) -> Result<()> {
    unwritten()
}

fn enrol_again(_: &World) -> Result<()> {
    unwritten()
}

fn disable_2fa(_: &World) -> Result<()> {
    unwritten()
}

fn lock_and_unlock(_: &World) -> Result<()> {
    unwritten()
}

fn nothing_secret_on_disk(world: &World) -> Result<()> {
    let mut files = Vec::new();
    witness::files_below(world.stage.folder(), &mut files)?;
    for vault in files.iter().filter(|file| file.extension().is_some_and(|end| end == "vault")) {
        witness::stock_sqlite_refuses(vault)?;
    }
    witness::nowhere_on_disk(world.stage.folder(), &world.secrets())
}
