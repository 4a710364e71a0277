//! A policy is tightened: who is affected stands there before it is saved, and the days of grace pass.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, combobox, dialog, heading, link, textbox};

/// Everyone is asked, with five days of grace: the guest, who has a password alone, is on the list.
pub(crate) fn policy_preflight(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Policies"))?;
    main.see(heading("Policies"))?;
    // There is no server here for a desktop to be cut off.
    main.see_gone(combobox("Recovery codes a desktop may issue without the network within 24 hours"))?;
    main.choose(combobox("Who must use two-factor authentication"), "Everyone")?;
    main.choose(combobox("Days of grace to set it up"), "5 days")?;
    main.click(button("See who is affected…"))?;
    let form = dialog("Change the rules of the workspace?");
    main.see(form.clone())?;
    main.see_text("Owners, administrators and support → Everyone")?;
    main.see_text("must newly set up 2FA")?;
    main.see_text(world.guest.email)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.see(button("Save all the same").within(form))?;
    world.stage.screen().press("Return")?;
    main.see_text("The rules were saved")?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} changed the rules of the workspace.", world.owner.name))?;
    main.see_text("Days of grace to set it up: None: at the next sign-in → 5 days")?;
    session_menu(&main, "Sign out")
}

/// The guest is let in with a password alone, is told the day, and after it may only enrol.
pub(crate) fn grace_reminder(world: &World) -> Result<()> {
    let main = world.main()?;
    password(world, &world.guest)?;
    main.see(heading("Protect your account"))?;
    main.see_text("Set up two-factor authentication within 5 days")?;
    main.click(button("Not now"))?;
    main.click(link("My activity"))?;
    main.see_text("Set up two-factor authentication within 5 days")?;
    session_menu(&main, "Sign out")?;
    world.stage.clock()?.advance_hours(4 * 24)?;
    password(world, &world.guest)?;
    main.see_text("Set up two-factor authentication within 1 day")?;
    session_menu(&main, "Sign out")?;
    world.stage.clock()?.advance_hours(24)?;
    password(world, &world.guest)?;
    main.see(heading("Set up two-factor authentication"))?;
    main.see_text("before anything opens")?;
    main.click(button("Sign out"))?;
    main.see(heading("Sign in"))?;

    // Back to what the next steps begin with.
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Policies"))?;
    main.choose(combobox("Who must use two-factor authentication"), "Owners, administrators and support")?;
    main.click(button("See who is affected…"))?;
    let form = dialog("Change the rules of the workspace?");
    main.see_text("Nobody is affected.")?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Save the rules").within(form))?;
    main.see_text("The rules were saved")?;
    session_menu(&main, "Sign out")
}
