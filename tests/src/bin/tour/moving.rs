//! A workspace of this computer moves to a server that is killed in the middle, together with the window.

use crate::hands::*;
use crate::people::World;
use crate::steps::keys::keep_first_kit;
use sallyport_tests::{Error, Page, Result, Served, button, combobox, dialog, heading, link, row, textbox};

const NAME: &str = "Quayside";
const DESK_PASSPHRASE: &str = "nine slow barges under the bridge";

pub(crate) fn move_to_server(world: &World) -> Result<()> {
    let main = local(world)?;
    let server = Served::empty(&world.stage, "moved")?;
    let code = server.receive()?;
    world.keep_secret("a moving code", &code);
    world.keep_secret("another desk passphrase", DESK_PASSPHRASE);
    main.click(link("This workspace"))?;
    main.click(button("Move to a server…"))?;
    let form = dialog("Move to a server");
    main.fill(textbox("Address").within(form.clone()), &server.address())?;
    main.fill(textbox("Moving code").within(form.clone()), &mistyped(&code))?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Move").within(form.clone()))?;
    main.see_text("not the moving code")?;
    // People cannot be written there: the move stands still in the middle, and everybody dies.
    let mut held = server.session()?;
    held.say("BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE;")?;
    main.fill(textbox("Moving code").within(form.clone()), &code)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Move").within(form))?;
    main.see_text("Records are carried over")?;
    world.kill()?;
    server.kill();
    drop(held);

    let code = server.receive()?;
    world.keep_secret("another moving code", &code);
    let main = world.start()?;
    main.see_text(&format!("A move to {} has begun", server.address()))?;
    main.click(link(NAME).in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.see_text("Nothing changes here until it has arrived")?;
    main.click(link("This workspace"))?;
    main.click(button("Go on with the move"))?;
    let form = dialog("Move to a server");
    main.fill(textbox("Moving code").within(form.clone()), &code)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Go on with the move").within(form))?;
    let done = dialog("The workspace has moved");
    main.see(done.clone())?;
    main.see_text("Root of the journal")?;
    main.click(button("Close workspace").within(done))?;
    main.click(button("Close now"))?;
    main.see_text(&format!("Moved to {}", server.address()))?;
    there(world, &server, &main)
}

/// A local workspace of two people, the owner at the window.
fn local(world: &World) -> Result<Page> {
    let main = world.start()?;
    main.click(button("Create a workspace"))?;
    main.choose(combobox("Workspace language"), "English")?;
    main.fill(textbox("Workspace name"), NAME)?;
    main.fill(textbox("Your name"), world.owner.name)?;
    main.fill(textbox("E-mail"), world.owner.email)?;
    main.fill(textbox("Password"), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.fill(textbox("Vault passphrase again"), world.passphrase)?;
    main.click(button("Create workspace"))?;
    keep_first_kit(world)?;
    main.see(heading("Set up two-factor authentication"))?;
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.owner)?;
    world.owner.backup_codes.replace(codes);
    copy_and_close(world)?;
    main.click(link("Users"))?;
    add_person(world, &world.member)?;
    main.see(row(world.member.email))?;
    Ok(main)
}

/// Paired with that server: the same people, the same phone, the same journal.
fn there(world: &World, server: &Served, main: &Page) -> Result<()> {
    server.kill();
    server.start()?;
    let code = server.pairing_code("Desk of Olivia")?;
    world.keep_secret("a third pairing code", &code);
    main.click(button("Pair"))?;
    main.see(heading("Pair with a server"))?;
    main.fill(textbox("Pairing code"), &code)?;
    main.fill(textbox("Desk passphrase"), DESK_PASSPHRASE)?;
    main.fill(textbox("Desk passphrase again"), DESK_PASSPHRASE)?;
    main.click(button("Pair"))?;
    main.see(heading("Sign in"))?;
    // What was shown within the last minute counts as used in the new home.
    for _ in 0..2 {
        world.code(&world.owner)?;
    }
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.see(row(world.member.email))?;
    main.click(link("Journal"))?;
    main.see_text("The workspace arrived here from its earlier home")?;
    if server.sql("SELECT count(*) FROM accounts")?.trim() != "2" {
        return Err(Error::said("The server does not have two people."));
    }
    server.journal_has("person.invited", world.member.email, 1)
}
