//! The offline lockout desk: the support person's computer is cut off the server, which everybody else still reaches.

use crate::call::{Call, come_in, reset_at_once};
use crate::hands::*;
use crate::remote::{Remote, SUPPORT_PASSPHRASE, open_alone_by, try_now};
use sallyport_tests::{Error, Page, Relay, Result, button, dialog, heading, link, menuitem, row, textbox};
use std::cell::RefCell;
use std::path::PathBuf;

/// The windows, the server, and the line of the support person's desktop to it.
pub(crate) struct Parted {
    pub(crate) remote: Remote,
    line: RefCell<Option<Relay>>,
}

type Act = fn(&Parted) -> Result<()>;

/// Every step with its name in `tour.json`.
pub(crate) const ALL: &[(&str, Act)] = &[
    ("pair-desktop", |parted| crate::remote::pair_desktop(&parted.remote)),
    ("remote-enrol", |parted| crate::remote::remote_enrol(&parted.remote)),
    ("go-offline", go_offline),
    ("server-comes-and-goes", server_comes_and_goes),
    ("issue-offline", issue_offline),
    ("use-offline-code", use_offline_code),
    ("back-online-joined", back_online_joined),
    ("revoke-device-kills-codes", revoke_device_kills_codes),
    ("lost-laptop-drill", lost_laptop_drill),
];

impl Parted {
    pub(crate) fn new(out: PathBuf) -> Result<Self> {
        Ok(Self { remote: Remote::new(out)?, line: RefCell::default() })
    }

    fn cut(&self) {
        self.line.borrow().iter().for_each(Relay::cut);
    }

    fn mend(&self) {
        self.line.borrow().iter().for_each(Relay::mend);
    }

    /// Half an hour passes, in which nobody is signed in.
    fn half_an_hour_later(&self) -> Result<()> {
        self.remote.world.stage.clock()?.advance_seconds(30 * 60)
    }
}

/// Support pairs a desktop of their own, is given the right to issue codes there, and loses the network.
fn go_offline(parted: &Parted) -> Result<()> {
    let Parted { remote, line } = parted;
    let (world, served) = (&remote.world, &remote.served);
    session_menu(&world.main()?, "Sign out")?;
    let server = served.address().parse().map_err(|_| Error::said("The server has no address."))?;
    let relay = Relay::before(server)?;
    let address = relay.address().to_string();
    line.replace(Some(relay));
    let code = served.pairing_code("Desk of Noa")?;
    world.keep_secret("a second pairing code", &code);
    remote.open_another(world.stage.start("support")?);
    remote.at_the_other(|| {
        let desk = world.main()?;
        remote.pair_at(&desk, &address, &code, "noa-desktop", SUPPORT_PASSPHRASE)?;
        desk.see(heading("Sign in"))?;
        crate::remote::invited(world, &world.guest)?;
        desk.see(heading("Set up two-factor authentication"))?;
        desk.click(button("Continue"))?;
        let codes = verify_on_sheet(world, &world.guest)?;
        world.guest.backup_codes.replace(codes);
        copy_and_close(world)?;
        session_menu(&desk, "Sign out")
    })?;
    // What was enrolled within the last twenty minutes makes a code void that was issued meanwhile.
    parted.half_an_hour_later()?;
    remote.at_the_other(|| {
        let desk = world.main()?;
        sign_in_with_authenticator(world, &world.guest)?;
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))?;
        served.journal_has("offline.granted", world.guest.email, 1)?;
        parted.cut();
        desk.click(link("My activity"))?;
        desk.see_text("Offline since")?;
        desk.see_text("You may still issue 20 recovery codes here")?;
        desk.click(link("Support desk"))?;
        desk.see(heading("Recovery codes issued at this computer"))?;
        desk.see_text("No code was issued here")?;
        // An owner takes two people, and that takes the server.
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))
    })
}

/// The server comes and goes under somebody who is about to confirm: nothing is done by what they agreed to before, and what
/// they typed as proof is not there any more.
fn server_comes_and_goes(parted: &Parted) -> Result<()> {
    let Parted { remote, .. } = parted;
    let (world, served) = (&remote.world, &remote.served);
    remote.at_the_other(|| {
        let desk = world.main()?;
        desk.click(button(&format!("Actions for {}", world.member.name)))?;
        desk.click(menuitem("Reset user 2FA"))?;
        desk.see_text("The server has not heard of it")?;
        support_case(&desk)?;
        desk.fill(textbox("Desk passphrase"), "not the passphrase of this desk")?;
        desk.press_enter(textbox("Desk passphrase"))?;
        desk.see_text("This is not the desk passphrase of this computer")?;
        desk.fill(textbox("Desk passphrase"), SUPPORT_PASSPHRASE)?;
        parted.mend();
        desk.see_text("The server is reached again. With it, this goes another way")?;
        desk.see_text("password and recovery code together are the only way in")?;
        desk.see_gone(textbox("Desk passphrase"))?;
        let code = world.code(&world.guest)?;
        desk.fill(textbox("Current password"), &world.guest.password.borrow())?;
        desk.fill(textbox("Code"), &code)?;
        parted.cut();
        // It notices by itself, or when it asks.
        desk.press_enter(textbox("Reason or ticket"))?;
        desk.see_text("The server is not reached any more. Without it, this goes another way")?;
        desk.see_text("The server has not heard of it")?;
        agree("the desk passphrase", &desk.value(textbox("Desk passphrase"))?, "")?;
        agree("the reason", &desk.value(textbox("Reason or ticket"))?, "Phone lost, ticket 4711")?;
        desk.press_enter(textbox("Desk passphrase"))?;
        desk.see_text("Please fill this in")?;
        world.stage.screen().press("Escape")?;
        desk.see_gone(dialog("Reset user 2FA"))?;
        desk.click(link("Support desk"))?;
        desk.see_text("No code was issued here")?;
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))
    })?;
    served.journal_has("factor.reset", world.member.email, 0)
}

/// Issues a code for the member at the support person's desktop.
fn issue(parted: &Parted) -> Result<(Call, String)> {
    let world = &parted.remote.world;
    let desk = world.main()?;
    desk.click(link("Users"))?;
    desk.see(row(world.member.email))?;
    let call = reset_at_once(world, &world.member, "The server has not heard of it", &[("Desk passphrase", SUPPORT_PASSPHRASE)])?;
    world.sheet()?.see_text("The server has not heard of this code. It works at any window that reaches the server.")?;
    Ok((call, issued_code(world, "a recovery code that was issued offline", "Recovery code")?))
}

fn issue_offline(parted: &Parted) -> Result<()> {
    let Parted { remote, .. } = parted;
    let (world, served) = (&remote.world, &remote.served);
    let code = remote.at_the_other(|| {
        let (call, code) = issue(parted)?;
        world.call.replace(call);
        let desk = world.main()?;
        desk.see_text("You may still issue 19 recovery codes here")?;
        desk.click(link("Support desk"))?;
        desk.see_text("Not told yet")?;
        Ok(code)
    })?;
    if !code.starts_with('G') {
        return Err(Error::said("The code is not one of a server's grant."));
    }
    served.journal_has("offline.code-told", "", 0)?;
    if served.sql("SELECT count(*) FROM issuers WHERE body LIKE '%\"sequence\"%'")?.trim() != "0" {
        return Err(Error::said("The server has heard of the code."));
    }
    world.recovery_code.replace(code);
    Ok(())
}

/// In a window that reaches the server: in, and straight into enrolment.
fn use_offline_code(parted: &Parted) -> Result<()> {
    let (world, served) = (&parted.remote.world, &parted.remote.served);
    let main = world.main()?;
    let code = world.recovery_code.borrow().clone();
    password(world, &world.member)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &mistyped(&code))?;
    main.see_text("mistyped")?;
    main.click(button("Cancel"))?;
    come_in(world, &world.member, &code, &mut world.call.borrow_mut())?;
    anew(world, &world.member)?;
    served.journal_has("offline.code-used", world.member.email, 1)?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &code)?;
    main.see_text("already used")?;
    give_code(&main, &world.code(&world.member)?)?;
    main.see(link("Profile and security"))?;
    session_menu(&main, "Sign out")
}

/// The line is mended: the desk tells of the code by itself, and its case stands beside the use of it.
fn back_online_joined(parted: &Parted) -> Result<()> {
    let Parted { remote, .. } = parted;
    let (world, served) = (&remote.world, &remote.served);
    remote.at_the_other(|| {
        let desk = world.main()?;
        parted.mend();
        try_now(&desk)?;
        desk.see_text("Connected")?;
        served.journal_has("offline.code-told", world.member.email, 1)?;
        desk.click(link("Support desk"))?;
        desk.see(heading("Recovery codes issued without the network"))?;
        let known = row(world.member.name).in_part();
        desk.see_text_in(known.clone(), "Used")?;
        desk.see_text_in(known, world.guest.name)
    })?;
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Journal"))?;
    main.see_text("issued a recovery code for")?;
    main.see_text("Phone lost, ticket 4711")?;
    main.see_text("It reset their 2FA")?;
    session_menu(&main, "Sign out")?;
    remote.at_the_other(|| session_menu(&world.main()?, "Sign out"))
}

/// A desktop that is taken back has issued nothing that is good.
fn revoke_device_kills_codes(parted: &Parted) -> Result<()> {
    let Parted { remote, .. } = parted;
    let (world, served) = (&remote.world, &remote.served);
    parted.half_an_hour_later()?;
    remote.at_the_other(|| {
        let desk = world.main()?;
        sign_in_with_authenticator(world, &world.guest)?;
        desk.click(link("Users"))?;
        desk.see(row(world.member.email))
    })?;
    // The program is started anew where there is no network: the desk passphrase is all that there is.
    parted.cut();
    remote.end_the_other();
    remote.open_another(world.stage.start("support")?);
    let code = remote.at_the_other(|| {
        let desk = world.main()?;
        open_alone_by(&desk, SUPPORT_PASSPHRASE)?;
        desk.see_text("You may still issue 19 recovery codes here")?;
        Ok(issue(parted)?.1)
    })?;
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Devices"))?;
    main.click(button("noa-desktop: lost or stolen"))?;
    main.see(heading("Lost or stolen: noa-desktop"))?;
    main.see_text("19 numbers of which nothing is known")?;
    main.see_text("as long as this device is not revoked")?;
    main.see_text("Revoke it first: the notice says that it lets nobody in any more")?;
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    main.click(button("Revoke it now"))?;
    main.see_text("noa-desktop is revoked")?;
    // The page goes on.
    main.see(heading("Lost or stolen: noa-desktop"))?;
    main.see_text("had it not been revoked")?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &code)?;
    main.see_text("Whoever issued this code may not do so now")?;
    served.journal_has("offline.code-refused", world.member.email, 1)?;
    give_code(&main, &world.code(&world.member)?)?;
    main.see(link("Profile and security"))?;
    remote.at_the_other(|| told_of_it(parted, &world.main()?))
}

/// The laptop is gone: what it showed and issued, and those whom that concerns told, once.
fn lost_laptop_drill(parted: &Parted) -> Result<()> {
    let (world, served) = (&parted.remote.world, &parted.remote.served);
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Devices"))?;
    main.click(button("Also show 1 that is revoked or was never paired"))?;
    main.click(button("noa-desktop: lost or stolen"))?;
    main.see_text("Could issue codes there")?;
    main.see_text("No secret, no password hash, no code")?;
    main.see_text("Not known: who else signed in there")?;
    main.see_text("1 code is known to have been issued there")?;
    let issued = row(world.member.name).in_part();
    main.see_text_in(issued, "Used")?;
    served.journal_has("device.lost-told", "", 0)?;
    main.click(button("Tell 2 people"))?;
    main.see_text("Notice written for 2 people")?;
    main.see_text("Everybody was told, the last of them")?;
    served.journal_has("device.lost-told", world.owner.email, 1)?;
    if served.sql("SELECT count(*) FROM notices WHERE body LIKE '%\"device-lost\"%'")?.trim() != "2" {
        return Err(Error::said("Two notices were to be written."));
    }
    main.click(link("Journal"))?;
    main.see_text("told those whom it concerns that a device was lost or stolen: noa-desktop (2 people)")?;
    main.click(link("Devices"))?;
    main.click(button("Also show 1 that is revoked or was never paired"))?;
    main.click(button("noa-desktop: lost or stolen"))?;
    main.see_text("Everybody was told, the last of them")
}

fn told_of_it(parted: &Parted, desk: &Page) -> Result<()> {
    parted.mend();
    try_now(desk)?;
    desk.see_text("The pairing of this computer was taken back")
}
