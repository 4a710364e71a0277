//! What is asked for without the network: it waits, and has its verdict.

use crate::hands::*;
use crate::people::Person;
use crate::remote::{Remote, open_alone, try_now};
use sallyport_tests::{Error, Page, Result, Target, button, dialog, heading, link, named, row, textbox};

/// Two names are corrected without the network, one of them otherwise from another computer before the network is back: each correction
/// waits, is sent once its person is signed in, and has its own verdict.
pub(crate) fn outbox_verdict(remote: &Remote) -> Result<()> {
    const ASKED: (&str, &str) = ("Noa Nouvelle-Roy", "Marc Lemembre");
    const MEANWHILE: &str = "Marc-André Membre";
    let (world, served) = (&remote.world, &remote.served);
    let (member, guest) = (&world.member, &world.guest);
    let stands = |person: &Person, name: &str| -> Result<()> {
        let found = served.sql(&format!("SELECT name FROM people WHERE email_folded = '{}'", person.email))?;
        if found.trim() == name { Ok(()) } else { Err(Error::said(format!("The server has {:?} for {name:?}.", found.trim()))) }
    };
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.see(row(member.email))?;
    served.kill();
    // The window finds out at the next thing it asks.
    main.click(link("My activity"))?;
    main.see_text("Offline since")?;
    main.click(link("Users"))?;
    correct_name(&main, guest.name, ASKED.0)?;
    main.see_text("Kept in the outbox")?;
    main.see_text(&format!("The name {} waits to be sent", ASKED.0))?;
    main.click(link("Tokens"))?;
    main.see_text("What you can look at meanwhile")?;

    // What waits outlives the program, and more is added with no session at all.
    let main = world.start()?;
    open_alone(&main)?;
    main.see(row(member.email))?;
    correct_name(&main, member.name, ASKED.1)?;
    main.click(link("Outbox"))?;
    main.see_text("2 changes wait to be sent")?;
    for person in [guest, member] {
        main.see_text_in(verdict_on(person), "Waiting to be sent")?;
    }

    served.start()?;
    try_now(&main)?;
    main.see_text("The server is reached again")?;
    remote.at_the_other(|| {
        let desk = world.main()?;
        sign_in_with_authenticator(world, &world.owner)?;
        desk.click(link("Users"))?;
        correct_name(&desk, member.name, MEANWHILE)?;
        desk.see_text("The name is corrected")?;
        session_menu(&desk, "Sign out")
    })?;
    served.journal_has("person.name-corrected", member.email, 1)?;
    // Nobody is signed in at the first window: nothing was sent.
    stands(guest, guest.name)?;

    main.click(button("Sign in again"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.see_text("The server refused 1 change")?;
    main.click(link("Outbox"))?;
    main.see_text_in(verdict_on(guest), "Accepted")?;
    main.see_text_in(verdict_on(member), "Refused")?;
    main.see_text_in(verdict_on(member), "Somebody else changed this meanwhile")?;
    stands(guest, ASKED.0)?;
    stands(member, MEANWHILE)?;
    served.journal_has("person.name-corrected", guest.email, 1)?;
    served.journal_has("person.name-corrected", member.email, 1)?;
    if served.sql("SELECT count(*) FROM operations")?.trim() != "2" {
        return Err(Error::said("The server keeps no two verdicts."));
    }
    main.click(button(&format!("Put aside: Correct a name, {}", member.name)).in_part())?;
    main.see_gone(verdict_on(member))?;
    main.see(verdict_on(guest))?;

    // The rest of the tour knows him by the name that he had.
    main.click(link("Users"))?;
    correct_name(&main, MEANWHILE, member.name)?;
    main.see_text("The name is corrected")?;
    stands(member, member.name)
}

fn correct_name(main: &Page, whose: &str, name: &str) -> Result<()> {
    main.click(link(whose))?;
    main.see(heading(whose))?;
    main.click(button("Correct the name"))?;
    let form = dialog("Correct the name");
    main.fill(textbox("Name").within(form.clone()), name)?;
    main.click(button("Save the name").within(form.clone()))?;
    main.see_gone(form)
}

/// What the outbox lists about them.
fn verdict_on(person: &Person) -> Target {
    named("listitem", &format!("Correct a name, {}", person.name)).in_part()
}
