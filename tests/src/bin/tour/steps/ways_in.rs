//! One person's own ways in: several authenticators, and a forgotten password.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, dialog, heading, link, menuitem, named, textbox};

/// A second authenticator is asked for first; the other opens all the same, and the second can be removed.
pub(crate) fn preferred_method(world: &World) -> Result<()> {
    let main = world.main()?;
    open_profile(&main)?;
    let phone = world.member.authenticator.borrow().clone();
    main.click(button("Add another authenticator"))?;
    let form = dialog("Add another authenticator");
    main.fill(textbox("Name of the authenticator").within(form.clone()), "Tablet in the safe")?;
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Continue").within(form))?;
    let sheet = world.sheet()?;
    sheet.see(named("img", "QR code for your authenticator app"))?;
    world.scan(&world.member)?;
    sheet.fill(textbox("Code"), &world.code(&world.member)?)?;
    sheet.click(button("Verify"))?;
    world.sheet_gone()?;
    main.click(button("Actions for Tablet in the safe"))?;
    main.click(menuitem("Ask for it first"))?;
    main.see_text("Asked first")?;

    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see_text("Enter the code from Tablet in the safe")?;
    world.member.authenticator.replace(phone);
    give_code(&main, &world.code(&world.member)?)?;
    activity_says(&main, "You chose to be asked for Tablet in the safe first.")?;

    open_profile(&main)?;
    main.click(button("Actions for Tablet in the safe"))?;
    main.click(menuitem("Remove authenticator"))?;
    let form = dialog("Remove authenticator");
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Remove").within(form))?;
    main.see_text("The authenticator was removed")?;
    activity_says(&main, "You removed the authenticator Tablet in the safe.")
}

/// A code from staff changes a forgotten password; the second factor is asked for as ever. Somebody who was reset a
/// moment ago is not given one.
pub(crate) fn forgotten_password(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.click(button(&format!("Actions for {}", world.member.name)))?;
    main.see_text("A password code as well takes two people")?;
    world.stage.screen().press("Escape")?;

    main.click(button(&format!("Actions for {}", world.guest.name)))?;
    main.click(menuitem("Password code"))?;
    main.see_text("Their second factor is still asked for")?;
    support_case(&main)?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Show the password code"))?;
    let code = issued_code(world, "a password code", "Password code")?;
    session_menu(&main, "Sign out")?;

    main.click(button("Forgotten password?"))?;
    main.click(button("I have a code already"))?;
    choose_password(world, &world.guest, &code, "copper-walrus-24-fiddle")?;
    sign_in_with_authenticator(world, &world.guest)?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}
