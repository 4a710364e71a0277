//! A workspace moves to a server: the dialog, what is refused, a move that stands still, and what arrived.

use crate::visit::{OWNER, PASSPHRASE, PASSWORD, Visit, WORKSPACE};
use sallyport_tests::{Result, Served, link, textbox};

/// From nothing; ends at the start screen.
pub(crate) fn alone(visit: &Visit) -> Result<()> {
    crate::outside::create(visit)?;
    crate::outside::owner_enrols(visit)?;
    let main = visit.main()?;
    visit.go("vault.title")?;
    main.script("document.querySelector('#move-title').scrollIntoView()", serde_json::json!([]))?;
    visit.shot("this-workspace-move")?;
    let server = Served::empty(&visit.stage, "moved")?;
    let code = server.receive()?;
    main.click(visit.button("move.open"))?;
    let form = visit.dialog("move.title");
    main.see(form.clone())?;
    visit.shot("move")?;
    let fill = |address: Option<&str>, code: &str, submit: &str| -> Result<()> {
        if let Some(address) = address {
            main.fill(visit.field("pair.address").within(form.clone()), address)?;
        }
        main.fill(visit.field("move.code").within(form.clone()), code)?;
        main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
        main.click(visit.button(submit).within(form.clone()))
    };
    fill(Some("http://sallyport.example.org"), &code, "move.submit")?;
    main.see_text(&visit.t("refusal.address-plain"))?;
    visit.shot("move-refused")?;
    let mut held = server.session()?;
    held.say("BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE;")?;
    fill(Some(&server.address()), &code, "move.submit")?;
    main.see_text(&visit.t("move.carrying"))?;
    server.kill();
    drop(held);
    main.see(visit.button("move.on").within(form.clone()))?;
    visit.shot("move-cut")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(form.clone())?;
    main.see(visit.button("move.on"))?;
    visit.shot("this-workspace-moving")?;
    main.click(visit.button("move.off"))?;
    main.see(visit.dialog("move.off"))?;
    visit.shot("move-off")?;
    visit.stage.screen().press("Escape")?;
    visit.go("users.title")?;
    visit.shot("users-moving")?;
    visit.session("workspace.close")?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see(visit.heading("start.title"))?;
    visit.shot("start-moving")?;
    let code = server.receive()?;
    main.click(link(WORKSPACE).in_part())?;
    main.fill(textbox(&visit.t("create.passphrase")), PASSPHRASE)?;
    main.click(visit.button("open.submit"))?;
    visit.password(OWNER)?;
    visit.give_code(&visit.code(OWNER)?)?;
    visit.go("vault.title")?;
    main.click(visit.button("move.on"))?;
    main.see(form.clone())?;
    visit.shot("move-on")?;
    fill(None, &code, "move.on")?;
    main.see(visit.dialog("move.doneTitle"))?;
    visit.shot("move-done")?;
    main.click(visit.button("form.close"))?;
    visit.shot("this-workspace-moved")?;
    visit.session("workspace.close")?;
    main.click(visit.button("workspace.closeSubmit"))?;
    main.see(visit.button("start.pairWith"))?;
    visit.shot("start-moved")
}
