//! A workspace on a server: paired, signed in to, lost and found again, and removed from this computer.

use crate::visit::{OWNER, PASSWORD, Visit, WORKSPACE};
use sallyport_tests::{Result, Served, button, link, menuitem};

const DEVICE: &str = "portable-de-béatrice";
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
    served.kill();
    main.see(again.clone())?;
    main.click(link(&visit.t("journal.title")))?;
    main.see(visit.heading("journal.title"))?;
    visit.shot("remote-offline-journal")?;
    main.click(link(&visit.t("tokens.title")))?;
    main.see(visit.heading("trouble.title"))?;
    visit.shot("remote-offline")?;
    served.start()?;
    main.see_gone(again)?;
    main.see(visit.heading("tokens.title"))?;
    visit.sign_out()?;
    alone(visit, served)
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
    main.click(visit.button("users.add"))?;
    main.see_text(&visit.t("remote.needsServer"))?;
    visit.shot("alone-dialog")?;
    main.click(visit.button("form.cancel"))?;
    served.start()?;
    main.see(visit.button("remote.signIn"))?;
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
