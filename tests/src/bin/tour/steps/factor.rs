//! One's own second factor: turned on, kept, used, renewed and turned off.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Result, button, dialog, heading, textbox, witness};

const FILE_PASSPHRASE: &str = "a drawer with two locks";

pub(super) fn enable_2fa(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Enable two-factor authentication"))?;
    let form = dialog("Enable two-factor authentication");
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Continue").within(form))?;
    let codes = verify_on_sheet(world, &world.member)?;
    world.member.backup_codes.replace(codes);
    Ok(())
}

pub(super) fn save_backup_codes(world: &World) -> Result<()> {
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

pub(super) fn sign_in_with_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.member)?;
    activity_says(&main, "You signed in with an authenticator code.")
}

pub(super) fn sign_in_with_backup_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    let code = world.member.backup_codes.borrow()[0].to_lowercase().replace('-', " ").replace('0', "o");
    give_code(&main, &code)?;
    activity_says(&main, "You signed in with a backup code.")?;
    open_profile(&main)?;
    main.see_text("9 of 10 left")
}

pub(super) fn backup_code_used_twice_refused(world: &World) -> Result<()> {
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
    activity_says(&main, "You signed in with an authenticator code.")?;
    let times = main.visible_text()?.matches("You signed in with a backup code.").count();
    if times != 1 {
        return Err(Error::said(format!("The journal says {times} times that a backup code opened.")));
    }
    open_profile(&main)?;
    main.see_text("9 of 10 left")
}

pub(super) fn generate_new_codes(world: &World) -> Result<()> {
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
    copy_and_close(world)?;
    agree("the clipboard", &world.stage.screen().clipboard().unwrap_or_default(), &codes.join("\n"))?;
    world.member.backup_codes.replace(codes);
    activity_says(&main, "You generated new backup codes")?;
    open_profile(&main)?;
    main.see_text("10 of 10 left")
}

pub(super) fn old_code_refused(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    give_code(&main, &world.kept_codes.borrow()[4])?;
    main.see_text("This code is wrong")?;
    give_code(&main, &world.member.backup_codes.borrow()[4])?;
    activity_says(&main, "You generated new backup codes")
}

/// The session ends with it, and the password of before opens nothing.
pub(super) fn change_password(world: &World) -> Result<()> {
    let main = world.main()?;
    let chosen = "saffron-bridge-52-kettle";
    world.keep_secret("the password that the member chose later", chosen);
    open_profile(&main)?;
    main.click(button("Change password"))?;
    let form = dialog("Change password");
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.fill(textbox("New password").within(form.clone()), chosen)?;
    main.click(button("Change password").within(form))?;
    main.see(heading("Sign in"))?;
    password(world, &world.member)?;
    main.see_text("E-mail and password do not match")?;
    world.member.password.replace(chosen.to_owned());
    sign_in_with_authenticator(world, &world.member)?;
    activity_says(&main, "You changed your password.")
}

pub(super) fn disable_2fa(world: &World) -> Result<()> {
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
