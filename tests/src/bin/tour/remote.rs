//! The main job against a server, with the window of a support person beside it.

use crate::call::{come_in, reset_at_once};
use crate::hands::*;
use crate::people::{Person, World};
use sallyport_tests::{Error, Page, Program, Result, Served, button, combobox, dialog, heading, link, named, row, textbox, witness};
use std::cell::RefCell;
use std::path::PathBuf;

pub(crate) const DESK_PASSPHRASE: &str = "eleven patient herons by the weir";
pub(crate) const NEW_DESK_PASSPHRASE: &str = "twelve impatient herons by the mill";
pub(crate) const SUPPORT_PASSPHRASE: &str = "four loud kettles in the annex";

/// Two windows and the server that both ask.
pub(crate) struct Remote {
    pub(crate) world: World,
    pub(crate) served: Served,
    /// The window that is not at hand: the support person's, or the first one.
    beside: RefCell<Option<Program>>,
    invitation: String,
}

type Act = fn(&Remote) -> Result<()>;

/// Every step with its name in `tour.json`.
pub(crate) const ALL: &[(&str, Act)] = &[
    ("pair-desktop", pair_desktop),
    ("remote-enrol", remote_enrol),
    ("remote-reset", remote_reset),
    ("network-lost", network_lost),
    ("outbox-verdict", crate::waiting::outbox_verdict),
    ("revoke-device", revoke_device),
    ("offline-read", offline_read),
    ("change-desk-passphrase", crate::desk_passphrase::change_desk_passphrase),
    ("nothing-of-the-server", crate::remains::nothing_of_the_server),
    ("move-to-server", |remote| crate::moving::move_to_server(&remote.world)),
];

impl Remote {
    pub(crate) fn new(out: PathBuf) -> Result<Self> {
        let world = World::new(out)?;
        let (served, invitation) = Served::founded(&world.stage, "Harbour & Sons", (world.owner.name, world.owner.email))?;
        world.keep_secret("the desk passphrase", DESK_PASSPHRASE);
        world.keep_secret("the next desk passphrase", NEW_DESK_PASSPHRASE);
        world.keep_secret("the desk passphrase of support", SUPPORT_PASSPHRASE);
        Ok(Self { world, served, beside: RefCell::default(), invitation })
    }

    /// Does something at the other window, as if one walked over to it.
    pub(crate) fn at_the_other<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        self.world.swap(&self.beside);
        let done = act();
        self.world.swap(&self.beside);
        done
    }

    /// Keeps another program beside the one at hand.
    pub(crate) fn open_another(&self, program: Program) {
        self.beside.replace(Some(program));
    }

    /// Ends that one.
    pub(crate) fn end_the_other(&self) {
        self.beside.replace(None);
    }

    /// Pairs the window at hand.
    fn pair(&self, main: &Page, code: &str, name: &str, passphrase: &str) -> Result<()> {
        self.pair_at(main, &self.served.address(), code, name, passphrase)
    }

    /// The same, by another address of the server.
    pub(crate) fn pair_at(&self, main: &Page, address: &str, code: &str, name: &str, passphrase: &str) -> Result<()> {
        main.click(button("Pair with a server"))?;
        main.fill(textbox("Address"), address)?;
        main.fill(textbox("Pairing code"), code)?;
        main.fill(textbox("Name of this computer"), name)?;
        main.fill(textbox("Desk passphrase"), passphrase)?;
        main.fill(textbox("Desk passphrase again"), passphrase)?;
        main.click(button("Pair"))
    }
}

pub(crate) fn pair_desktop(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.start()?;
    let code = served.pairing_code("Desk of Olivia")?;
    world.keep_secret("a pairing code", &code);
    remote.pair(&main, &mistyped(&code), "olivia-laptop", DESK_PASSPHRASE)?;
    main.see_text("mistyped")?;
    main.fill(textbox("Pairing code"), &code)?;
    main.fill(textbox("Desk passphrase"), DESK_PASSPHRASE)?;
    main.fill(textbox("Desk passphrase again"), DESK_PASSPHRASE)?;
    main.click(button("Pair"))?;
    main.see(heading("Sign in"))?;
    main.see_text("This computer is paired")?;
    main.see_text("Connected")?;
    served.journal_has("device.paired", "", 1)?;
    witness::stock_sqlite_refuses(&world.vault_file("db")?)?;

    // Closed and opened again: the desk passphrase is asked, and the list says where the workspace is.
    main.click(button("Close workspace"))?;
    main.click(button("Close now"))?;
    main.see_text(&format!("On {}, as “olivia-laptop”", served.address()))?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Desk passphrase"), "not the passphrase at all")?;
    main.click(button("Open"))?;
    main.see_text("This passphrase does not open")?;
    main.fill(textbox("Desk passphrase"), DESK_PASSPHRASE)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))
}

pub(crate) fn remote_enrol(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.main()?;
    world.owner.invitation.replace(remote.invitation.clone());
    invited(world, &world.owner)?;
    main.see(heading("Set up two-factor authentication"))?;
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.owner)?;
    world.owner.backup_codes.replace(codes);
    copy_and_close(world)?;
    main.click(link("Users"))?;
    add_person(world, &world.member)?;
    add_support(world)?;
    main.see(row(world.member.email))?;
    session_menu(&main, "Sign out")?;

    invited(world, &world.member)?;
    main.see(heading("Protect your account"))?;
    enrol(world, &world.member)?;
    served.journal_has("factor.authenticator-added", world.member.email, 1)?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.member)?;
    activity_says(&main, "You signed in with an authenticator code.")
}

/// Enables the second factor from “Protect your account”.
fn enrol(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    main.click(button("Enable two-factor authentication"))?;
    let form = dialog("Enable two-factor authentication");
    main.fill(textbox("Current password").within(form.clone()), &person.password.borrow())?;
    main.click(button("Continue").within(form))?;
    let codes = verify_on_sheet(world, person)?;
    person.backup_codes.replace(codes);
    copy_and_close(world)
}

/// The guest of the other tour is support here.
fn add_support(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Add user"))?;
    let form = dialog("Add user");
    main.fill(textbox("Name").within(form.clone()), world.guest.name)?;
    main.fill(textbox("E-mail").within(form.clone()), world.guest.email)?;
    main.choose(combobox("Role").within(form.clone()), "Support")?;
    main.click(button("Create invitation").within(form))?;
    let code = issued_code(world, "the invitation code of support", "Invitation code")?;
    world.guest.invitation.replace(code);
    Ok(())
}

/// The member's phone is gone: support, at a computer of their own, resets them, and the member comes back in.
fn remote_reset(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    let code = served.pairing_code("Desk of Noa")?;
    world.keep_secret("a second pairing code", &code);
    remote.open_another(world.stage.start("support")?);
    let recovery = remote.at_the_other(|| {
        let desk = world.main()?;
        remote.pair(&desk, &code, "noa-desktop", SUPPORT_PASSPHRASE)?;
        desk.see(heading("Sign in"))?;
        invited(world, &world.guest)?;
        desk.see(heading("Set up two-factor authentication"))?;
        desk.click(button("Continue"))?;
        let codes = verify_on_sheet(world, &world.guest)?;
        world.guest.backup_codes.replace(codes);
        copy_and_close(world)?;
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))?;
        let (password, code) = (world.guest.password.borrow().clone(), world.code(&world.guest)?);
        let says = "password and recovery code together are the only way in";
        world.call.replace(reset_at_once(world, &world.member, says, &[("Current password", &password), ("Code", &code)])?);
        issued_code(world, "a recovery code", "Recovery code")
    })?;
    served.journal_has("factor.reset", world.member.email, 1)?;

    password(world, &world.member)?;
    main.see(heading("Enter your recovery code"))?;
    give_code(&main, &world.code(&world.member)?)?;
    main.see_text("a code of another kind")?;
    main.click(button("Cancel"))?;
    come_in(world, &world.member, &recovery, &mut world.call.borrow_mut())?;
    anew(world, &world.member)?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.member)?;

    remote.at_the_other(|| {
        let desk = world.main()?;
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))?;
        session_menu(&desk, "Sign out")
    })
}

/// The server is gone: the window says so and since when, refuses what needs it in words, and finds it again by itself.
fn network_lost(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.main()?;
    served.kill();
    main.click(link("My activity"))?;
    main.see_text("Only the server has this, and it is not reached now")?;
    main.see_text("Offline since")?;
    main.see_text("It is tried again by itself")?;
    open_profile_offline(&main)?;
    served.start()?;
    main.see_text("Connected")?;
    main.see_text("10 of 10 left")?;
    activity_says(&main, "You signed in with an authenticator code.")
}

fn open_profile_offline(main: &Page) -> Result<()> {
    main.click(link("Profile and security"))?;
    main.see(heading("Profile and security"))?;
    main.see_text("Only the server has this")?;
    main.see(named("button", "Try now"))
}

/// Opens the desk where there is no network, to read what it keeps.
pub(crate) fn open_alone(main: &Page) -> Result<()> {
    open_alone_by(main, DESK_PASSPHRASE)
}

/// The same, by this passphrase.
pub(crate) fn open_alone_by(main: &Page, passphrase: &str) -> Result<()> {
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Desk passphrase"), passphrase)?;
    main.click(button("Open"))?;
    main.see_text("you can read what this computer keeps")?;
    main.click(button("Work without the network"))
}

/// The longer a server was away, the more seldom it is looked for: whoever knows that it is back says so.
pub(crate) fn try_now(main: &Page) -> Result<()> {
    let again = button("Try now");
    if main.texts(again.clone())?.is_empty() {
        return Ok(());
    }
    // An error: it was found meanwhile, and the button is gone.
    let _ = main.click(again);
    Ok(())
}

/// An owner takes the support person's computer back: it says so, and lets nobody in any more.
fn revoke_device(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Devices"))?;
    main.see(heading("Devices"))?;
    main.click(button("Revoke noa-desktop"))?;
    let form = dialog("Revoke this device?");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Revoke").within(form))?;
    main.see_text("noa-desktop is revoked")?;
    served.journal_has("device.revoked", "", 1)?;
    if served.sql("SELECT count(*) FROM devices")?.trim() != "2" {
        return Err(Error::said("The server does not know two devices."));
    }
    remote.at_the_other(|| {
        let desk = world.main()?;
        password(world, &world.guest)?;
        desk.see_text("This device was revoked")
    })
}

/// Where there is no network, the desk passphrase opens what was there when there was; nothing is changed, and leaving asks for it again.
fn offline_read(remote: &Remote) -> Result<()> {
    let (world, served) = (&remote.world, &remote.served);
    let main = world.main()?;
    main.click(link("Users"))?;
    main.see(row(world.member.email))?;
    served.kill();
    main.click(link("My activity"))?;
    main.see_text("What you see is from")?;
    main.click(link("Journal"))?;
    main.see(heading("Journal"))?;
    main.see_text("revoked a device")?;

    let main = world.start()?;
    open_alone(&main)?;
    main.see(row(world.member.email))?;
    main.see_text("As of")?;
    main.fill(named("searchbox", "Search by name or e-mail"), world.member.name)?;
    main.see_gone(row(world.owner.email))?;
    main.click(link(world.member.name))?;
    main.see(heading(world.member.name))?;
    main.click(link("Journal"))?;
    main.see_text("revoked a device")?;
    main.click(link("Users"))?;
    main.click(button("Add user"))?;
    let form = dialog("Add user");
    main.see_text("This needs the server, which is not reached now")?;
    main.fill(textbox("Name").within(form.clone()), "Nobody At All")?;
    main.fill(textbox("E-mail").within(form.clone()), "nobody@example.org")?;
    main.click(button("Create invitation").within(form.clone()))?;
    main.see_text("the server was not reached")?;
    main.click(button("Cancel").within(form))?;

    // Left: the desk passphrase stands before it again.
    main.click(button("Lock"))?;
    open_alone(&main)?;
    main.see(row(world.member.email))?;
    served.start()?;
    try_now(&main)?;
    main.see_text("The server is reached again")?;
    main.see(row(world.member.email))?;
    main.click(button("Sign in again"))?;
    main.see(heading("Sign in"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.see(row(world.member.email))?;
    main.see_text("Connected")
}

/// Accepts the invitation of whoever sits at this window.
pub(crate) fn invited(world: &World, person: &Person) -> Result<()> {
    let main = world.main()?;
    main.click(button("I have an invitation"))?;
    accept_invitation(&main, person, &person.invitation.borrow())
}
