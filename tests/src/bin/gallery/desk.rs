//! The support desk: empty, with a request and cases; the way to a case; finding a person.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, button, combobox, link, menuitem, named};
use serde_json::json;

/// The support case of a reset, once the dialog stands at it.
pub(crate) fn fill_case(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.fill(visit.field("case.askedBy"), MEMBER.0)?;
    // The checklist is the workspace's own, in its own language: the first of it, whatever it says.
    main.script("document.querySelector('dialog input[type=checkbox]').click()", json!([]))?;
    main.fill(visit.field("case.reason"), "4711")?;
    main.choose(combobox(&visit.t("case.channel")), &visit.t("channel.phone"))?;
    main.click(visit.button("form.continue"))
}

/// Signed in as the owner.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("desk.title")?;
    main.see_text(&visit.t("desk.noneForMe"))?;
    visit.shot("desk")?;
    main.click(visit.button("desk.checklistChange"))?;
    main.see(visit.dialog("desk.checklist"))?;
    visit.shot("checklist")?;
    main.click(visit.button("form.cancel"))?;
    visit.stage.screen().press("ctrl+k")?;
    main.see(visit.dialog("find.title"))?;
    main.fill(named("combobox", &visit.t("users.search")), "e")?;
    main.see_text(OWNER.1)?;
    visit.shot("find")?;
    main.fill(named("combobox", &visit.t("users.search")), "qqq")?;
    main.see_text(&visit.t("users.none"))?;
    visit.shot("find-none")?;
    main.click(visit.button("form.cancel"))?;

    main.click(link(&visit.t("users.title")))?;
    main.see(visit.heading("users.title"))?;
    main.click(button(&visit.t("users.actions").replace("{name}", MEMBER.0)))?;
    main.click(menuitem(&visit.t("case.start")))?;
    main.see(visit.dialog("case.title"))?;
    visit.shot("case")?;
    main.click(visit.button("form.continue"))?;
    main.see_text(&visit.t("case.lead"))?;
    main.fill(visit.field("case.askedBy"), MEMBER.0)?;
    main.fill(visit.field("case.reason"), "4713")?;
    main.click(visit.button("form.continue"))?;
    main.see_text(&visit.t("refusal.case-incomplete"))?;
    visit.shot("case-refused")?;
    fill_case(visit)?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    visit.shot("case-proof")?;
    main.click(visit.button("case.confirm"))?;
    main.see(visit.heading("desk.title"))?;
    main.script("document.querySelector('main details').open = true", json!([]))?;
    visit.shot("desk-case")?;
    main.click(visit.button("case.withdraw"))?;
    main.see(visit.dialog("case.withdraw"))?;
    visit.shot("case-withdraw")?;
    main.click(visit.button("form.cancel"))
}

/// At the second door, with the phone gone. Ends where it began.
pub(crate) fn ask(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.script("document.querySelector('details').open = true", json!([]))?;
    visit.shot("code-help")?;
    main.click(visit.button("code.askStaff"))?;
    main.see_text(&visit.t("code.asked"))?;
    main.click(visit.button("code.askStaff"))?;
    // The moment in it is today's: its words alone are looked for.
    main.see_text(visit.t("refusal.already-asked").split('(').next().unwrap_or_default().trim())?;
    visit.shot("code-asked-twice")
}

/// What the owner then finds.
pub(crate) fn waiting(visit: &Visit) -> Result<()> {
    visit.go("desk.title")?;
    visit.main()?.see_text(&visit.t("desk.cannotUse"))?;
    visit.shot("desk-request")?;
    visit.go("users.title")
}
