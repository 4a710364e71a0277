//! What a person does over and over: typing a password, giving a code, reading a sheet.

use crate::people::{Person, World};
use sallyport_tests::{Error, Page, Result, button, combobox, dialog, heading, link, menuitem, named, textbox};

pub(crate) fn agree(what: &str, seen: &str, expected: &str) -> Result<()> {
    if seen == expected { Ok(()) } else { Err(Error::said(format!("What is in {what} is not what the window showed."))) }
}

/// The same code with its last symbol changed.
pub(crate) fn mistyped(code: &str) -> String {
    let (rest, last) = code.split_at(code.len() - 1);
    format!("{rest}{}", if last == "7" { "8" } else { "7" })
}

pub(crate) fn session_menu(main: &Page, entry: &str) -> Result<()> {
    main.click(button("Session menu"))?;
    main.click(menuitem(entry))?;
    if entry == "Sign out" { main.see(heading("Sign in")) } else { Ok(()) }
}

pub(crate) fn open_profile(main: &Page) -> Result<()> {
    main.click(link("Profile and security"))?;
    main.see(heading("Profile and security"))
}

pub(crate) fn activity_says(main: &Page, sentence: &str) -> Result<()> {
    main.click(link("My activity"))?;
    main.see(heading("My activity"))?;
    main.see_text(sentence)
}

pub(crate) fn password(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    main.fill(textbox("E-mail"), person.email)?;
    main.fill(textbox("Password"), &person.password.borrow())?;
    main.click(button("Sign in"))
}

pub(crate) fn give_code(main: &Page, code: &str) -> Result<()> {
    main.fill(textbox("Code"), code)?;
    main.click(button("Verify"))
}

pub(crate) fn sign_in_with_authenticator(world: &World, person: &Person) -> Result<()> {
    password(world, person)?;
    let main = world.main()?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &world.code(person)?)?;
    main.see(link("Profile and security"))
}

pub(crate) fn add_person(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    main.click(button("Add user"))?;
    let form = dialog("Add user");
    main.fill(textbox("Name").within(form.clone()), person.name)?;
    main.fill(textbox("E-mail").within(form.clone()), person.email)?;
    main.choose(combobox("Role").within(form.clone()), "Member")?;
    main.click(button("Create invitation").within(form))?;
    let code = issued_code(world, &format!("the invitation code of {}", person.name), "Invitation code")?;
    person.invitation.replace(code);
    Ok(())
}

/// Where the invitation is typed.
pub(crate) fn accept_invitation(main: &Page, person: &Person, code: &str) -> Result<()> {
    main.fill(textbox("E-mail"), person.email)?;
    main.fill(textbox("Invitation code"), code)?;
    main.fill(textbox("New password"), &person.password.borrow())?;
    main.click(button("Accept invitation"))
}

/// Resets somebody; the recovery code stays on the sheet.
pub(crate) fn reset(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    main.click(button(&format!("Actions for {}", person.name)))?;
    main.click(menuitem("Reset user 2FA"))?;
    main.see_text("password and recovery code together are the only way in")?;
    support_case(&main)?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Reset and show the code"))?;
    let code = shown(&world.sheet()?, "Recovery code")?;
    world.keep_secret("a recovery code", &code);
    world.recovery_code.replace(code);
    Ok(())
}

/// Where a password code is typed: it changes the password, the second factor is asked for as ever, and the password of before
/// opens nothing.
pub(crate) fn choose_password(world: &World, person: &Person, code: &str, chosen: &str) -> Result<()> {
    let main = world.main()?;
    world.keep_secret(&format!("a password that {} chose with a code", person.name), chosen);
    main.fill(textbox("E-mail"), person.email)?;
    main.fill(textbox("Password code"), code)?;
    main.fill(textbox("New password"), chosen)?;
    main.click(button("Set new password"))?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &world.code(person)?)?;
    activity_says(&main, "You chose a new password with a password code.")?;
    session_menu(&main, "Sign out")?;
    password(world, person)?;
    main.see_text("E-mail and password do not match")?;
    person.password.replace(chosen.to_owned());
    Ok(())
}

/// Says what nobody says in one's place: what was checked, and why.
pub(crate) fn support_case(main: &Page) -> Result<()> {
    main.check(named("checkbox", "I called back on the number we have on file"))?;
    main.fill(textbox("Reason or ticket"), "Phone lost, ticket 4711")
}

pub(crate) fn issued_code(world: &World, what: &str, name: &str) -> Result<String> {
    let sheet = world.sheet()?;
    let code = shown(&sheet, name)?;
    world.keep_secret(what, &code);
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    Ok(code)
}

/// Scans the QR code off the screen, compares it with the secret to type, verifies, and reads the ten codes.
pub(crate) fn verify_on_sheet(world: &World, person: &Person) -> Result<Vec<String>> {
    let sheet = world.sheet()?;
    sheet.see(named("img", "QR code for your authenticator app"))?;
    let uri = world.scan(person)?;
    agree("the QR code", &uri.secret, &shown(&sheet, "Secret to type")?)?;
    sheet.fill(textbox("Code"), &world.code(person)?)?;
    sheet.click(button("Verify"))?;
    read_codes(world, person)
}

/// Sets up another authenticator in the place of the lost one, from where a recovery code leads.
pub(crate) fn anew(world: &World, person: &Person) -> Result<()> {
    let lost = person.authenticator.borrow().clone();
    world.main()?.click(button("Continue"))?;
    let codes = verify_on_sheet(world, person)?;
    if *person.authenticator.borrow() == lost {
        return Err(Error::said("The new authenticator has the old secret."));
    }
    person.backup_codes.replace(codes);
    copy_and_close(world)
}

pub(crate) fn read_codes(world: &World, person: &Person) -> Result<Vec<String>> {
    let sheet = world.sheet()?;
    let codes = (1..=10).map(|number| shown(&sheet, &format!("Backup code {number}"))).collect::<Result<Vec<_>>>()?;
    for code in &codes {
        world.keep_secret(&format!("a backup code of {}", person.name), code);
    }
    Ok(codes)
}

/// A secret as it is shown, without the gaps between its groups.
pub(crate) fn shown(sheet: &Page, name: &str) -> Result<String> {
    Ok(sheet.text(named("group", name))?.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Keeps the codes on the clipboard and closes the sheet.
pub(crate) fn copy_and_close(world: &World) -> Result<()> {
    let sheet = world.sheet()?;
    sheet.click(button("Copy"))?;
    sheet.see_text("The clipboard is emptied in 60 seconds")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()
}
