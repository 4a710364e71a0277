//! Addresses and tokens of somebody for whom it takes two people.

use super::desk::{carry_out, find};
use super::mail::delivered;
use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, combobox, dialog, heading, link, named, textbox};

const NEW: &str = "marc.membre@elsewhere.example";
const TOKEN: &str = "ACME 77-0042";
const CHANGED: &str = "Your e-mail address was changed";

/// The member was reset and given a password code: a token as well takes two. The owner opens the case where it is refused,
/// the administrator approves exactly this token, and it waits for the member's first code.
pub(super) fn token_two_person(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    find(world, &world.member)?;
    main.click(button("Assign a token"))?;
    let form = dialog("Assign a token");
    main.fill(named("searchbox", "Find a free token by serial number").within(form.clone()), "77-0042")?;
    main.click(button(TOKEN).in_part().within(form.clone()))?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Assign a token").within(form.clone()))?;
    main.see_text("takes two people")?;
    main.click(button("Open a case for two people").within(form))?;
    main.see_text(&format!("Assign a hardware token: {TOKEN}"))?;
    open(world, &main)?;
    approved(world, TOKEN)?;
    carry_out(world)?;
    main.see_text("was carried out")?;
    main.click(link("Tokens"))?;
    main.see_text("Waits for a code")?;
    session_menu(&main, "Sign out")
}

/// The same with the address: the second person sees which one, both addresses are mailed, and the new one signs in. Three
/// days later one person alone puts it back.
pub(super) fn change_email_two_person(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    find(world, &world.member)?;
    main.click(button("Change e-mail address"))?;
    let form = dialog("Change e-mail address");
    main.see_text("For this person it takes two people")?;
    main.fill(textbox("New e-mail address").within(form.clone()), NEW)?;
    main.click(button("Open a case for two people").within(form))?;
    main.see_text(&format!("Change the e-mail address: {NEW}"))?;
    open(world, &main)?;
    approved(world, NEW)?;
    carry_out(world)?;
    main.see_text("was carried out")?;
    for address in [world.member.email, NEW] {
        let told = delivered(world, address, CHANGED)?;
        if !told.parts.iter().all(|(_, text)| text.contains(NEW)) {
            return Err(Error::said(format!("{address} was not told to which address.")));
        }
    }
    main.click(link("Journal"))?;
    main.see_text(&format!("from {} to {NEW}", world.member.email))?;
    session_menu(&main, "Sign out")?;
    main.fill(textbox("E-mail"), world.member.email)?;
    main.fill(textbox("Password"), &world.member.password.borrow())?;
    main.click(button("Sign in"))?;
    main.see_text("E-mail and password do not match")?;
    main.fill(textbox("E-mail"), NEW)?;
    main.fill(textbox("Password"), &world.member.password.borrow())?;
    main.click(button("Sign in"))?;
    main.see(heading("Enter your recovery code"))?;
    main.click(button("Cancel"))?;

    world.stage.clock()?.advance_hours(73)?;
    sign_in_with_authenticator(world, &world.owner)?;
    find(world, &world.member)?;
    main.click(button("Change e-mail address"))?;
    let form = dialog("Change e-mail address");
    main.fill(textbox("New e-mail address").within(form.clone()), world.guest.email)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Change address").within(form.clone()))?;
    main.see_text("Somebody in this workspace has this e-mail address already")?;
    main.fill(textbox("New e-mail address").within(form.clone()), world.member.email)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Change address").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text(&format!("The address of {} is changed", world.member.name))?;
    session_menu(&main, "Sign out")
}

/// From what the case says to the case, opened.
fn open(world: &World, main: &Page) -> Result<()> {
    main.see(combobox("How they are told"))?;
    support_case(main)?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.fill(textbox("Code"), &world.code(&world.owner)?)?;
    main.click(button("Open the case"))?;
    main.see(heading("Support desk"))?;
    session_menu(main, "Sign out")
}

/// The administrator approves what the case brings, and the owner is back at the desk.
fn approved(world: &World, brings: &str) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.guest)?;
    main.click(link("Support desk"))?;
    main.click(button("Approve"))?;
    let form = dialog("Approve");
    main.see_text(brings)?;
    main.fill(textbox("Current password").within(form.clone()), &world.guest.password.borrow())?;
    main.fill(textbox("Code").within(form.clone()), &world.code(&world.guest)?)?;
    main.click(button("Approve").within(form))?;
    main.see_text("It waits for")?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Support desk"))
}
