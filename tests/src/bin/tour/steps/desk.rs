//! The support desk: somebody on the phone, and what takes two people.

use super::keys::kit;
use crate::hands::*;
use crate::people::{Person, World};
use sallyport_tests::{Error, Result, button, combobox, dialog, heading, link, named, textbox};

/// Somebody without their phone asks; the owner finds them from anywhere, sees why, resets, and has the code read back.
pub(crate) fn support_case_step(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    password(world, &world.member)?;
    main.see(heading("Enter your recovery code"))?;
    main.script("document.querySelector('details').open = true", serde_json::json!([]))?;
    main.click(button("Ask for help"))?;
    main.see_text("Your support desk sees that you need help")?;
    main.click(button("Cancel"))?;

    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Support desk"))?;
    main.see_text("Gave the right password, and cannot use their authenticator")?;
    main.see_text("Nothing waits for you.")?;
    main.click(link("Journal"))?;
    find(world, &world.member)?;
    main.see_text("The 2FA was reset and the recovery code has expired")?;

    main.click(button("Reset user 2FA"))?;
    // What is usual is filled in and can be changed; nothing is ticked beforehand, and nothing is left out.
    let usual = (main.value(textbox("Who asked"))?, main.value(combobox("How the code is handed over"))?);
    if usual != (world.member.name.to_owned(), "phone".to_owned()) {
        return Err(Error::said(format!("Who asked, and how the code is handed over, are filled in so: {usual:?}.")));
    }
    main.fill(textbox("Who asked"), "Marc himself, from his desk phone")?;
    main.fill(textbox("Current password"), "not the password")?;
    main.fill(textbox("Code"), "000000")?;
    main.click(button("Reset and show the code"))?;
    main.see_text("Tick at least one thing that you checked")?;
    support_case(&main)?;
    main.click(button("Reset and show the code"))?;
    main.see_text("That is not your current password")?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Reset and show the code"))?;
    let sheet = world.sheet()?;
    let code = shown(&sheet, "Recovery code")?;
    world.keep_secret("a recovery code read out", &code);
    // The eighth symbol misheard: the third of the second group.
    let mut heard: Vec<char> = code.chars().filter(|c| *c != '-').take(8).collect();
    heard[7] = if heard[7] == '7' { '8' } else { '7' };
    sheet.fill(textbox("What they read back"), &heard.iter().collect::<String>())?;
    sheet.see_text("Wrong: group 2, symbol 3.")?;
    sheet.fill(textbox("What they read back"), &code.to_lowercase())?;
    sheet.see_text("All of it is right.")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    main.click(link("Support desk"))?;
    main.see_text("Nobody waits.")?;
    main.click(link("Journal"))?;
    main.see_text("Asked by: Marc himself, from his desk phone. Checked: I called back on the number we have on file. Reason: Phone lost, ticket 4711. Handed over: On the phone.")
}

/// Password and second factor gone: the owner opens a case, an administrator approves, and each hands over one code.
pub(crate) fn two_person_reset(world: &World) -> Result<()> {
    let main = world.main()?;
    find(world, &world.guest)?;
    main.click(button("Change roles…"))?;
    let form = dialog("Change roles");
    main.choose(combobox("Role").within(form.clone()), "Administrator")?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Change role").within(form))?;
    main.see_text("was changed")?;
    session_menu(&main, "Sign out")?;
    world.stage.clock()?.advance_hours(73)?;

    sign_in_with_authenticator(world, &world.owner)?;
    open_case(world, &world.member, "Both at once")?;
    main.see_text("It gives two codes: one to each of you.")?;
    main.see(heading("Support desk"))?;
    main.see_text(&format!("You wait for {}.", world.guest.name))?;
    session_menu(&main, "Sign out")?;

    sign_in_with_authenticator(world, &world.guest)?;
    main.click(link("Support desk"))?;
    main.see_text(&format!("{} waits for", world.owner.name))?;
    main.click(button("Approve"))?;
    let form = dialog("Approve");
    main.see_text("Phone lost, ticket 4711")?;
    main.see_text(&format!("Speak to the person or to {} yourself.", world.owner.name))?;
    main.fill(textbox("Current password").within(form.clone()), &world.guest.password.borrow())?;
    main.fill(textbox("Code").within(form.clone()), &world.code(&world.guest)?)?;
    main.click(button("Approve").within(form))?;
    let password_code = issued_code(world, "the approver's password code", "Password code")?;
    main.see_text("It waits for")?;
    session_menu(&main, "Sign out")?;

    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Support desk"))?;
    main.see_text("It waits for you to carry it out.")?;
    carry_out(world)?;
    let recovery_code = issued_code(world, "the opener's recovery code", "Recovery code")?;
    main.see_text("Nothing waits for you.")?;
    main.click(link("Journal"))?;
    main.see_text("carried out the approved case about")?;
    session_menu(&main, "Sign out")?;

    let chosen = "slate-heron-61-kettle";
    world.keep_secret("the password after a double loss", chosen);
    main.click(button("Forgotten password?"))?;
    main.click(button("I have a code already"))?;
    main.fill(textbox("E-mail"), world.member.email)?;
    main.fill(textbox("Password code"), &password_code)?;
    main.fill(textbox("New password"), chosen)?;
    main.click(button("Set new password"))?;
    world.member.password.replace(chosen.to_owned());
    main.see(heading("Enter your recovery code"))?;
    give_code(&main, &recovery_code)?;
    main.see(heading("Set up a new authenticator"))?;
    if password_code == recovery_code {
        return Err(Error::said("Both people were shown the same code."));
    }
    main.click(button("Sign out"))?;
    main.see(heading("Sign in"))
}

/// The only administrator beside the owner loses a phone: nobody else may approve, so the owner fetches the recovery kit
/// from its safe, and the administrator is back in.
pub(crate) fn small_workspace_two_person(world: &World) -> Result<()> {
    let (main, kit) = (world.main()?, kit(world, 0)?);
    let lost = world.guest.authenticator.borrow().clone();
    sign_in_with_authenticator(world, &world.owner)?;
    open_case(world, &world.guest, "Their second factor")?;
    main.see(heading("Support desk"))?;
    main.see_text("Nobody else may approve this")?;
    main.see_text("So the recovery kit is the second person now")?;
    approve_by_kit(world, &mistyped(&kit))?;
    main.see_text("or it is mistyped")?;
    world.stage.screen().press("Escape")?;
    main.see_gone(dialog("Approve with the recovery kit"))?;
    approve_by_kit(world, &kit.to_lowercase())?;
    main.see_text("The recovery kit approved it")?;
    main.see_text(&format!("for a case about {}", world.guest.name))?;
    main.click(button("I know"))?;
    // What stands below moves up then.
    main.see_gone(button("I know"))?;
    carry_out(world)?;
    let recovery_code = issued_code(world, "the recovery code of a case that the kit approved", "Recovery code")?;
    main.see_text("Nothing waits for you.")?;
    main.click(link("Journal"))?;
    main.see_text("used the recovery kit in place of a second person")?;
    session_menu(&main, "Sign out")?;

    password(world, &world.guest)?;
    main.see(heading("Enter your recovery code"))?;
    give_code(&main, &recovery_code)?;
    main.see(heading("Set up a new authenticator"))?;
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.guest)?;
    if *world.guest.authenticator.borrow() == lost {
        return Err(Error::said("The new authenticator has the old secret."));
    }
    world.guest.backup_codes.replace(codes);
    copy_and_close(world)?;
    main.see_text(&format!("{} used the recovery kit", world.owner.name))?;
    main.click(button("I know"))?;
    main.see(link("Support desk"))?;
    session_menu(&main, "Sign out")
}

/// The administrator is deactivated by mistake: opening the account again takes two, and gives no code.
pub(crate) fn two_person_reactivation(world: &World) -> Result<()> {
    let (main, kit) = (world.main()?, kit(world, 0)?);
    sign_in_with_authenticator(world, &world.owner)?;
    find(world, &world.guest)?;
    main.click(button("Deactivate"))?;
    main.click(button("Deactivate").within(dialog("Deactivate")))?;
    main.see_text("Deactivated: nobody signs in to this account")?;
    main.click(button("Open a case for two people"))?;
    main.see_text("The account becomes active again, with the password and the 2FA it had.")?;
    main.see(combobox("How they are told"))?;
    support_case(&main)?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Open the case"))?;
    main.see(heading("Support desk"))?;
    // Used, and not yet replaced: it still stands for the second person.
    approve_by_kit(world, &kit)?;
    main.see_text("It waits for you to carry it out.")?;
    carry_out(world)?;
    main.see_text("was carried out")?;
    main.click(link("Journal"))?;
    main.see_text("Told: On the phone.")?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.guest)?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}

fn approve_by_kit(world: &World, code: &str) -> Result<()> {
    let main = world.main()?;
    main.click(button("Approve with the recovery kit"))?;
    let form = dialog("Approve with the recovery kit");
    main.see_text("every owner and administrator is told")?;
    main.fill(textbox("Kit code").within(form.clone()), code)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Approve").within(form))
}

pub(super) fn carry_out(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Carry out"))?;
    let form = dialog("Carry out");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.fill(textbox("Code").within(form.clone()), &world.code(&world.owner)?)?;
    main.click(button("Carry out").within(form))
}

/// From anywhere, by name: an address may have changed.
pub(super) fn find(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    world.stage.screen().press("ctrl+k")?;
    main.see(dialog("Find a person"))?;
    main.fill(named("combobox", "Search by name or e-mail"), person.name)?;
    main.see_text("1 person found")?;
    world.stage.screen().press("Return")?;
    main.see(heading(person.name))
}

fn open_case(world: &World, person: &Person, lost: &str) -> Result<()> {
    let main = world.main()?;
    find(world, person)?;
    main.click(button("Open a case for two people"))?;
    let form = dialog("Case for two people");
    main.choose(combobox("What they lost").within(form), lost)?;
    support_case(&main)?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Open the case"))
}
