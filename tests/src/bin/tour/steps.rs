//! The steps, in their order. Each stands on the one before, and each ends with a word from an outside witness.

use crate::desk::{small_workspace_two_person, support_case_step, two_person_reset};
use crate::hands::*;
use crate::lockouts::{communities, lock_by_failures, unlock};
use crate::people::World;
use crate::policies::{grace_reminder, policy_preflight};
use crate::ways_in::{forgotten_password, preferred_method};
use sallyport_tests::{Error, Result, button, combobox, dialog, heading, link, menuitem, row, textbox, witness};

type Act = fn(&World) -> Result<()>;

/// Every step with its name in `tour.json`.
pub(crate) const ALL: &[(&str, Act)] = &[
    ("create-workspace", create_workspace),
    ("owner-enrols", owner_enrols),
    ("open-again", open_again),
    ("add-user", add_user),
    ("first-sign-in", first_sign_in),
    ("enable-2fa", enable_2fa),
    ("save-backup-codes", save_backup_codes),
    ("sign-in-with-code", sign_in_with_code),
    ("sign-in-with-backup-code", sign_in_with_backup_code),
    ("backup-code-used-twice-refused", backup_code_used_twice_refused),
    ("generate-new-codes", generate_new_codes),
    ("old-code-refused", old_code_refused),
    ("communities", communities),
    ("lock-by-failures", lock_by_failures),
    ("unlock", unlock),
    ("reset-user-2fa", reset_user_2fa),
    ("sign-in-with-recovery-code", sign_in_with_recovery_code),
    ("enrol-again", enrol_again),
    ("preferred-method", preferred_method),
    ("disable-2fa", disable_2fa),
    ("lock-and-unlock", lock_and_unlock),
    ("idle-locks", idle_locks),
    ("expired-recovery-code", expired_recovery_code),
    ("enrol-here", enrol_here),
    ("journal", journal),
    ("policy-preflight", policy_preflight),
    ("grace-reminder", grace_reminder),
    ("killed-after-verify", killed_after_verify),
    ("forgotten-password", forgotten_password),
    ("support-case", support_case_step),
    ("two-person-reset", two_person_reset),
    ("small-workspace-two-person", small_workspace_two_person),
    ("nothing-secret-on-disk", nothing_secret_on_disk),
];

const FILE_PASSPHRASE: &str = "a drawer with two locks";

fn create_workspace(world: &World) -> Result<()> {
    let main = world.start()?;
    main.click(button("Create a workspace"))?;
    main.choose(combobox("Workspace language"), "English")?;
    main.fill(textbox("Workspace name"), "Harbour & Sons")?;
    main.fill(textbox("Your name"), world.owner.name)?;
    main.fill(textbox("E-mail"), world.owner.email)?;
    main.fill(textbox("Password"), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.fill(textbox("Vault passphrase again"), world.passphrase)?;
    main.click(button("Create workspace"))?;
    main.see(heading("Set up two-factor authentication"))?;
    let vault = world.vault_file("db")?;
    witness::stock_sqlite_refuses(&vault)
}

fn owner_enrols(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.owner)?;
    world.owner.backup_codes.replace(codes);
    let sheet = world.sheet()?;
    sheet.see_text("Not saved yet")?;
    sheet.click(button("Done"))?;
    sheet.see_text("You have not saved these codes. Close anyway?")?;
    sheet.click(button("Go back"))?;
    sheet.click(button("Copy"))?;
    sheet.see_text("The clipboard is emptied in 60 seconds")?;
    let copied = world.stage.screen().clipboard().unwrap_or_default();
    let expected = world.owner.backup_codes.borrow().join("\n");
    agree("the clipboard", &copied, &expected)?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    main.see(link("Users"))
}

/// Closed and opened again: the passphrase is asked, and a wrong one changes no byte.
fn open_again(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.click(link("Harbour & Sons").in_part())?;
    if world.stage.screen().clipboard().is_some() {
        return Err(Error::said("The codes stayed on the clipboard after the workspace was closed."));
    }
    let before = world.vault_bytes()?;
    main.fill(textbox("Vault passphrase"), "not the passphrase at all")?;
    main.click(button("Open"))?;
    main.see_text("This passphrase does not open the vault")?;
    if world.vault_bytes()? != before {
        return Err(Error::said("A wrong passphrase changed a file of the vault."));
    }
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))
}

fn add_user(world: &World) -> Result<()> {
    sign_in_with_authenticator(world, &world.owner)?;
    let main = world.main()?;
    main.click(link("Users"))?;
    add_person(world, &world.member)?;
    main.see(row(world.member.email))
}

fn first_sign_in(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    accept_invitation(world, &world.member)?;
    main.see(heading("Protect your account"))
}

fn enable_2fa(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Enable two-factor authentication"))?;
    let form = dialog("Enable two-factor authentication");
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Continue").within(form))?;
    let codes = verify_on_sheet(world, &world.member)?;
    world.member.backup_codes.replace(codes);
    Ok(())
}

fn save_backup_codes(world: &World) -> Result<()> {
    let (sheet, screen) = (world.sheet()?, world.stage.screen());
    let codes = world.member.backup_codes.borrow().clone();

    let text = world.out.join("backup-codes.txt");
    sheet.click(button("Download as text"))?;
    screen.save_as(&text)?;
    sheet.see_text("Saved as backup-codes.txt")?;
    let saved = std::fs::read_to_string(&text)?;
    for (number, code) in (1..).zip(&codes) {
        if !saved.contains(&format!("{number:>2}.  {code}")) {
            return Err(Error::said(format!("Backup code {number} is not in the text file.")));
        }
    }

    let sealed = world.out.join("backup-codes.txt.age");
    sheet.click(button("Save encrypted…"))?;
    sheet.fill(textbox("File passphrase"), FILE_PASSPHRASE)?;
    sheet.fill(textbox("File passphrase again"), FILE_PASSPHRASE)?;
    sheet.click(button("Choose where to save"))?;
    screen.save_as(&sealed)?;
    sheet.see_text("Saved encrypted as backup-codes.txt.age")?;
    agree("the opened age file", &String::from_utf8_lossy(&witness::open_age(&sealed, FILE_PASSPHRASE)?), &saved)?;

    let paper = world.out.join("backup-codes.pdf");
    sheet.click(button("Save as PDF"))?;
    screen.save_as(&paper)?;
    sheet.see_text("Saved as backup-codes.pdf")?;
    let printed = witness::pdf_text(&paper)?;
    if let Some(code) = codes.iter().find(|code| !printed.contains(code.as_str())) {
        return Err(Error::said(format!("A backup code of {} symbols is not on the paper.", code.len())));
    }

    sheet.click(button("Done"))?;
    world.sheet_gone()
}

fn sign_in_with_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.member)?;
    activity_says(&main, "You signed in with an authenticator code.")
}

fn sign_in_with_backup_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    let code = world.member.backup_codes.borrow()[0].to_lowercase().replace('-', " ").replace('0', "o");
    give_code(&main, &code)?;
    activity_says(&main, "You signed in with a backup code.")?;
    open_profile(&main)?;
    main.see_text("9 of 10 left")
}

fn backup_code_used_twice_refused(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    let code = world.member.backup_codes.borrow()[0].clone();
    give_code(&main, &code)?;
    main.see_text("This code was already used")?;
    give_code(&main, &mistyped(&code))?;
    main.see_text("this was not counted as a failure")?;
    // The door is still open for a good one.
    give_code(&main, &world.code(&world.member)?)?;
    open_profile(&main)?;
    main.see_text("9 of 10 left")
}

fn generate_new_codes(world: &World) -> Result<()> {
    let main = world.main()?;
    world.kept_codes.replace(world.member.backup_codes.borrow().clone());
    open_profile(&main)?;
    main.click(button("Generate new codes"))?;
    let form = dialog("Generate new backup codes");
    main.see_text("immediately invalidates all previous codes")?;
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Generate new codes").within(form))?;
    let codes = read_codes(world, &world.member)?;
    let old = world.kept_codes.borrow();
    if codes.iter().any(|code| old.contains(code)) {
        return Err(Error::said("A new code is one of the old ones."));
    }
    drop(old);
    world.member.backup_codes.replace(codes);
    copy_and_close(world)?;
    main.see_text("10 of 10 left")
}

fn old_code_refused(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    give_code(&main, &world.kept_codes.borrow()[4])?;
    main.see_text("This code is wrong")?;
    give_code(&main, &world.member.backup_codes.borrow()[4])?;
    activity_says(&main, "You generated new backup codes")
}

fn reset_user_2fa(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.click(button(&format!("Actions for {}", world.owner.name)))?;
    main.see_text("Nobody resets themselves")?;
    world.stage.screen().press("Escape")?;
    reset(world, &world.member)?;
    main.see_text("Recovery pending")?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} reset the 2FA of {} and issued a recovery code.", world.owner.name, world.member.name))
}

fn sign_in_with_recovery_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see(heading("Enter your recovery code"))?;
    // Neither the lost phone nor an old backup code opens any more.
    give_code(&main, &world.code(&world.member)?)?;
    main.see_text("a code of another kind")?;
    give_code(&main, &world.member.backup_codes.borrow()[7])?;
    main.see_text("a code of another kind")?;
    give_code(&main, &world.recovery_code.borrow())?;
    main.see(heading("Set up a new authenticator"))
}

fn enrol_again(world: &World) -> Result<()> {
    let main = world.main()?;
    let lost = world.member.authenticator.borrow().clone();
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.member)?;
    if *world.member.authenticator.borrow() == lost {
        return Err(Error::said("The new authenticator has the old secret."));
    }
    world.member.backup_codes.replace(codes);
    copy_and_close(world)?;
    open_profile(&main)?;
    main.see_text("10 of 10 left")
}

fn disable_2fa(world: &World) -> Result<()> {
    let main = world.main()?;
    open_profile(&main)?;
    main.click(button("Disable"))?;
    let form = dialog("Disable two-factor authentication");
    main.see_text("Disabling 2FA reduces your account's protection")?;
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Disable").within(form))?;
    main.see(heading("Sign in"))?;
    password(world, &world.member)?;
    main.see(heading("Protect your account"))?;
    activity_says(&main, "You disabled two-factor authentication.")
}

fn lock_and_unlock(world: &World) -> Result<()> {
    let main = world.main()?;
    world.stage.screen().press("ctrl+l")?;
    main.see(heading("Locked"))?;
    main.fill(textbox("Password"), "not this one, surely")?;
    main.click(button("Unlock"))?;
    main.see_text("That is not your current password")?;
    main.fill(textbox("Password"), &world.member.password.borrow())?;
    main.click(button("Unlock"))?;
    activity_says(&main, "You unlocked your session.")
}

fn idle_locks(world: &World) -> Result<()> {
    let main = world.main()?;
    world.stage.clock()?.advance_seconds(601)?;
    main.see(heading("Locked"))?;
    main.see_text("Nobody was at the keyboard")?;
    main.click(button("Sign in as someone else"))?;
    main.see(heading("Sign in"))
}

/// The member enrols once more, is reset, and comes a day too late.
fn expired_recovery_code(world: &World) -> Result<()> {
    let main = world.main()?;
    password(world, &world.member)?;
    enable_2fa(world)?;
    copy_and_close(world)?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    reset(world, &world.member)?;
    world.stage.clock()?.advance_hours(24)?;
    main.see(heading("Sign in"))?;
    password(world, &world.member)?;
    give_code(&main, &world.recovery_code.borrow())?;
    main.see_text("This recovery code has expired")
}

/// The administrator hands over the keyboard: their session ends, and no code is typed.
fn enrol_here(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Cancel"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    add_person(world, &world.guest)?;
    main.click(button(&format!("Actions for {}", world.guest.name)))?;
    main.click(menuitem("Enrol here"))?;
    main.click(button("End my session and hand over"))?;
    main.see(heading(&format!("Welcome {}, choose your password", world.guest.name)))?;
    main.fill(textbox("New password"), &world.guest.password.borrow())?;
    main.click(button("Set password"))?;
    main.see(heading("Protect your account"))?;
    main.click(button("Not now"))?;
    session_menu(&main, "Sign out")
}

fn journal(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} handed the keyboard to {} for a first sign-in.", world.owner.name, world.guest.name))?;
    let all = main.visible_text()?;
    main.script("location.hash = '#/journal/' + [...document.querySelectorAll('main a')].find((a) => a.textContent === arguments[0]).hash.split('/')[2]", serde_json::json!([world.guest.name]))?;
    main.see_text(&format!("{} accepted the invitation", world.guest.name))?;
    let filtered = main.visible_text()?;
    if !all.contains(world.member.name) || filtered.contains(world.member.name) {
        return Err(Error::said("The journal is not bounded by the person chosen."));
    }
    session_menu(&main, "Sign out")
}

/// Killed between Verify and the codes being kept: enrolled, and offered new codes at the next sign-in.
fn killed_after_verify(world: &World) -> Result<()> {
    password(world, &world.guest)?;
    let main = world.main()?;
    main.click(button("Enable two-factor authentication"))?;
    let form = dialog("Enable two-factor authentication");
    main.fill(textbox("Current password").within(form.clone()), &world.guest.password.borrow())?;
    main.click(button("Continue").within(form))?;
    verify_on_sheet(world, &world.guest)?;
    world.kill()?;
    let main = world.start()?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    sign_in_with_authenticator(world, &world.guest)?;
    main.see_text("Not saved yet: these codes were never copied or downloaded")?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}

fn nothing_secret_on_disk(world: &World) -> Result<()> {
    witness::stock_sqlite_refuses(&world.vault_file("db")?)?;
    witness::nowhere_on_disk(world.stage.folder(), &world.secrets())
}
