//! What an administrator does for others.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Result, button, combobox, dialog, heading, link, menuitem, named, row, textbox};

/// The member is added and, before anybody came, invited once more.
pub(super) fn add_user(world: &World) -> Result<()> {
    sign_in_with_authenticator(world, &world.owner)?;
    let main = world.main()?;
    main.click(link("Users"))?;
    add_person(world, &world.member)?;
    main.see(row(world.member.email))?;
    main.click(button(&format!("Actions for {}", world.member.name)))?;
    main.click(menuitem("Send a new invitation"))?;
    main.click(button("Create new invitation").within(dialog("Send a new invitation")))?;
    let again = issued_code(world, "the second invitation code of the member", "Invitation code")?;
    world.kept_codes.replace(vec![world.member.invitation.replace(again)]);
    main.click(link("Journal"))?;
    main.see_text(&format!("{} added {} as", world.owner.name, world.member.name))?;
    main.see_text(&format!("{} made a new invitation for {}.", world.owner.name, world.member.name))?;
    main.click(link("Users"))?;
    main.see(row(world.member.email))
}

/// The earlier invitation opens no more, the second does.
pub(super) fn first_sign_in(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    main.click(button("I have an invitation"))?;
    accept_invitation(&main, &world.member, &world.kept_codes.borrow()[0])?;
    main.see_text("This code is wrong")?;
    accept_invitation(&main, &world.member, &world.member.invitation.borrow())?;
    main.see(heading("Protect your account"))?;
    activity_says(&main, "You accepted the invitation and chose a password.")?;
    main.script("history.back()", serde_json::json!([]))?;
    main.see(heading("Protect your account"))
}

/// The administrator hands over the keyboard: their session ends, and no code is typed.
pub(super) fn enrol_here(world: &World) -> Result<()> {
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

pub(super) fn journal(world: &World) -> Result<()> {
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
    // The window draws itself anew under an open menu, as it does when something changed elsewhere.
    main.click(button("Session menu"))?;
    main.script("location.hash = '#/activity'", serde_json::json!([]))?;
    main.see(heading("My activity"))?;
    main.click(menuitem("Sign out"))?;
    main.see(heading("Sign in"))
}

/// Somebody is found as one types, the list is narrowed and taken out, and the picture leads to the people it counts. The
/// window's tests do it among thousands.
pub(super) fn search_users(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    main.click(link("Users"))?;
    main.fill(named("searchbox", "Search by name or e-mail"), "NOUV")?;
    main.see(row(world.guest.email))?;
    main.see_gone(row(world.member.email))?;
    screen.press("ctrl+f")?;
    screen.press("Escape")?;
    main.see(row(world.member.email))?;
    main.choose(combobox("All states"), "No 2FA")?;
    main.see(row(world.guest.email))?;
    main.see_gone(row(world.owner.email))?;

    let file = world.out.join("people.csv");
    main.click(button("What to do with the list"))?;
    main.click(menuitem("Export this list…"))?;
    screen.save_as(&file)?;
    main.see_text("List exported to people.csv")?;
    let text = std::fs::read_to_string(&file)?;
    if !text.contains(world.guest.email) || text.contains(world.owner.email) {
        return Err(Error::said("The file does not hold the list that the window showed."));
    }
    main.click(link("Readiness"))?;
    main.see(heading("Recovery readiness"))?;
    main.click(named("button", "No 2FA").in_part())?;
    main.see(row(world.guest.email))?;
    main.see_gone(row(world.owner.email))?;
    main.click(link("Journal"))?;
    main.see_text("took a list of people out as a file")?;
    session_menu(&main, "Sign out")
}
