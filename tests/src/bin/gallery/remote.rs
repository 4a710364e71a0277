//! A workspace on a server: paired, signed in to, lost and found again, and removed from this computer.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit, WORKSPACE};
use sallyport_tests::{Result, Served, button, heading, link, menuitem};

const DEVICE: &str = "portable-de-béatrice";
/// Screens of what is on the server alone.
const NOT_KEPT: [(&str, &str); 3] =
    [("mail.title", "remote-offline-mail"), ("tokens.title", "remote-offline-tokens"), ("devices.title", "remote-offline-devices")];
/// What somebody reads alone.
const KEPT: [(&str, &str); 6] = [
    ("desk.title", "alone-desk"),
    ("journal.title", "alone-journal"),
    ("communities.title", "alone-communities"),
    ("policies.title", "alone-policies"),
    ("activity.title", "alone-activity"),
    ("waiting.title", "alone-outbox"),
];
const DESK_PASSPHRASE: &str = "eleven patient herons by the weir";

/// From a start screen, with workspaces on it or without; ends there.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let (served, invitation) = Served::founded(&visit.stage, WORKSPACE, OWNER)?;
    pairing(visit, &served)?;
    opened(visit, &served)?;
    inside(visit, &served, &invitation)?;
    removed(visit, &served)
}

fn pairing(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("pair.title"))?;
    main.see(visit.heading("pair.title"))?;
    visit.shot("pair")?;
    let code = served.pairing_code("Béatrice")?;
    let fill = |address: &str, code: &str| -> Result<()> {
        main.fill(visit.field("pair.address"), address)?;
        main.fill(visit.field("pair.code"), code)?;
        main.fill(visit.field("pair.name"), DEVICE)?;
        main.fill(visit.field("pair.passphrase"), DESK_PASSPHRASE)?;
        main.fill(visit.field("pair.passphraseAgain"), DESK_PASSPHRASE)?;
        main.click(visit.button("pair.submit"))
    };
    fill("http://sallyport.example.org", &code)?;
    main.see_text(&visit.t("refusal.address-plain"))?;
    visit.shot("pair-address-refused")?;
    fill("127.0.0.1:1", &code)?;
    main.see_text(&visit.t("refusal.offline"))?;
    visit.shot("pair-not-reached")?;
    let other = format!("{}{}", &code[..30], if &code[30..31] == "7" { "8" } else { "7" });
    fill(&served.address(), &format!("{other}{}", &code[31..]))?;
    main.see_text(&visit.t("refusal.code-mistyped"))?;
    visit.shot("pair-mistyped")?;
    fill(&served.address(), &code)?;
    main.see(visit.heading("signIn.title"))?;
    main.see_text(&visit.t("remote.connected"))?;
    visit.shot("paired-sign-in")
}

/// Closed, listed, and opened again.
fn opened(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("workspace.close"))?;
    main.see(visit.dialog("workspace.close"))?;
    visit.shot("desk-close")?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see_text(&served.address())?;
    visit.shot("start-with-server")?;
    main.click(link(&served.address()).in_part())?;
    main.see(visit.heading("open.title"))?;
    main.fill(visit.field("pair.passphrase"), "not the passphrase")?;
    main.click(visit.button("open.submit"))?;
    main.see_text(&visit.t("refusal.vault-passphrase-wrong"))?;
    visit.shot("desk-open-refused")?;
    main.fill(visit.field("pair.passphrase"), DESK_PASSPHRASE)?;
    main.click(visit.button("open.submit"))?;
    main.see(visit.heading("signIn.title"))
}

fn inside(visit: &Visit, served: &Served, invitation: &str) -> Result<()> {
    let main = visit.main()?;
    served.kill();
    let again = visit.button("remote.again");
    main.fill(visit.field("form.email"), OWNER.1)?;
    main.fill(visit.field("form.password"), PASSWORD)?;
    main.click(visit.button("signIn.submit"))?;
    main.see_text(&visit.t("refusal.offline"))?;
    main.see(again.clone())?;
    visit.shot("offline-sign-in")?;
    served.start()?;
    main.see_gone(again.clone())?;
    main.click(visit.button("signIn.invitation"))?;
    main.fill(visit.field("form.email"), OWNER.1)?;
    main.fill(visit.field("invitation.code"), invitation)?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("invitation.submit"))?;
    main.see(visit.heading("enrol.title"))?;
    main.click(visit.button("form.continue"))?;
    visit.sheet()?.see(visit.heading("sheet.title.enrolment"))?;
    visit.type_secret(OWNER)?;
    visit.verify(OWNER)?;
    visit.copy_and_close()?;
    main.see(visit.heading("users.title"))?;
    visit.shot("remote-users")?;
    visit.go("profile.title")?;
    main.see_text(&visit.t("deskPassphrase.sub"))?;
    main.click(visit.button("deskPassphrase.change"))?;
    main.see(visit.dialog("deskPassphrase.change"))?;
    visit.shot("desk-passphrase")?;
    main.click(visit.button("form.cancel"))?;
    visit.go("users.title")?;
    crate::waiting::people(visit)?;
    crate::offline::granted(visit, served)?;
    crate::offline::gone_meanwhile(visit, served)?;
    lost(visit, served)?;
    crate::offline::issued(visit)?;
    visit.go("journal.title")?;
    visit.shot("remote-offline-journal")?;
    visit.go("profile.title")?;
    visit.shot("remote-offline-profile")?;
    for (screen, name) in NOT_KEPT {
        visit.go(screen)?;
        main.see_text(&visit.t("trouble.needsServer"))?;
        visit.shot(name)?;
    }
    served.start()?;
    back(visit)?;
    main.see_gone(again)?;
    main.see_gone(visit.heading("trouble.instead"))?;
    crate::offline::known(visit, served)?;
    crate::lost::walk(visit, served)?;
    lost(visit, served)?;
    crate::waiting::made(visit)?;
    crate::waiting::decided(visit, served)?;
    visit.sign_out()?;
    alone(visit, served)
}

/// The server goes, and the window finds out at the next thing it asks.
fn lost(visit: &Visit, served: &Served) -> Result<()> {
    served.kill();
    visit.go("activity.title")?;
    visit.main()?.see(visit.button("remote.again"))
}

/// The longer a server was away, the more seldom it is looked for: whoever knows that it is back says so.
pub(crate) fn back(visit: &Visit) -> Result<()> {
    let (main, again) = (visit.main()?, visit.button("remote.again"));
    if !main.texts(again.clone())?.is_empty() {
        // An error: it was found meanwhile, and the button is gone.
        let _ = main.click(again);
    }
    Ok(())
}

/// Without the network, from the desk passphrase on; and back.
fn alone(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("workspace.close"))?;
    main.click(visit.button("workspace.closeSubmit"))?;
    served.kill();
    let open = || -> Result<()> {
        main.click(link(&served.address()).in_part())?;
        main.fill(visit.field("pair.passphrase"), DESK_PASSPHRASE)?;
        main.click(visit.button("open.submit"))
    };
    open()?;
    main.see(visit.button("remote.readAlone"))?;
    visit.shot("alone-door")?;
    main.click(visit.button("remote.readAlone"))?;
    main.see(visit.heading("users.title"))?;
    visit.shot("alone-users")?;
    main.click(visit.button("addUser.title"))?;
    main.see_text(&visit.t("remote.needsServer"))?;
    visit.shot("alone-dialog")?;
    main.fill(visit.field("addUser.name"), "Nobody")?;
    main.fill(visit.field("form.email"), "nobody@example.org")?;
    main.click(visit.button("addUser.submit"))?;
    main.see_text(&visit.t("refusal.offline"))?;
    visit.shot("alone-dialog-refused")?;
    main.click(visit.button("form.cancel"))?;
    main.click(link(MEMBER.0))?;
    main.see(heading(MEMBER.0))?;
    visit.shot("alone-person")?;
    for (screen, name) in KEPT {
        visit.go(screen)?;
        visit.shot(name)?;
    }
    visit.go("tokens.title")?;
    main.see_text(&visit.t("trouble.needsServerAlone"))?;
    visit.shot("alone-tokens")?;
    served.start()?;
    back(visit)?;
    main.see(visit.button("remote.signIn"))?;
    main.see_text(&visit.t("refusal.reading-alone"))?;
    visit.shot("alone-back-tokens")?;
    // Both the rail and the page lead there.
    visit.go("help.title")?;
    visit.go("users.title")?;
    visit.shot("alone-back")?;
    main.click(visit.button("remote.signIn"))?;
    main.see(visit.heading("signIn.title"))
}

fn removed(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("workspace.close"))?;
    main.click(visit.button("workspace.closeSubmit"))?;
    let place = visit.t("start.onServerAs").replace("{server}", &served.address()).replace("{device}", DEVICE);
    main.click(button(&place).in_part())?;
    main.click(menuitem(&visit.t("remove.title")))?;
    main.see(visit.dialog("remove.title"))?;
    visit.shot("desk-remove")?;
    main.click(visit.button("remove.deskSubmit"))?;
    main.see_gone(visit.dialog("remove.title"))
}
