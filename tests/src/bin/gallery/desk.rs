//! The support desk: empty, with a request and cases; the way to a case; finding a person.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, button, combobox, heading, link, menuitem, named};
use serde_json::json;

/// Invited, and not yet here.
const ADMINISTRATOR: &str = "Ærøskøbing Ångström";

/// The support case, where the dialog asks how the code is handed over or how they are told.
pub(crate) fn fill_case(visit: &Visit, channel: &str) -> Result<()> {
    let main = visit.main()?;
    main.see(combobox(&visit.t(channel)))?;
    // The checklist is the workspace's own, in its own language: the first of it, whatever it says.
    main.script("document.querySelector('dialog input[type=checkbox]').click()", json!([]))?;
    main.fill(visit.field("case.reason"), "4711")
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
    main.see(combobox(&visit.t("case.channel")))?;
    visit.shot("case")?;
    main.click(visit.button("case.confirm"))?;
    main.see_text(&visit.t("case.noneChecked"))?;
    visit.shot("case-refused")?;
    fill_case(visit, "case.channel")?;
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

/// Signed in as the owner: a case approved with the kit, and an administrator whose account is to be opened again. Leaves
/// the kit used.
pub(crate) fn by_kit(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let kit = visit.kits.borrow().last().cloned().unwrap_or_default();
    visit.go("desk.title")?;
    withdraw(visit)?;
    main.click(link(&visit.t("users.title")))?;
    main.see(visit.heading("users.title"))?;
    main.click(button(&visit.t("users.actions").replace("{name}", MEMBER.0)))?;
    main.click(menuitem(&visit.t("case.start")))?;
    fill_case(visit, "case.channel")?;
    confirm_case(visit)?;
    main.see_text(&visit.t("case.kitMine"))?;
    visit.shot("desk-case-kit")?;
    main.click(visit.button("case.kitApprove"))?;
    let form = visit.dialog("case.kitApprove");
    main.see(form.clone())?;
    visit.shot("case-kit")?;
    let give = |code: &str| {
        main.fill(visit.field("kit.code").within(form.clone()), code)?;
        main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
        main.click(visit.button("case.approve").within(form.clone()))
    };
    give("KKKKK")?;
    main.see_text(&visit.t("refusal.kit-mistyped"))?;
    visit.shot("case-kit-refused")?;
    // The driver does not bring into sight what lies under the fold of a dialog.
    visit.stage.screen().press("Escape")?;
    main.see_gone(form.clone())?;
    main.click(visit.button("case.kitApprove"))?;
    give(&kit)?;
    visit.sheet()?.see(visit.heading("sheet.title.password"))?;
    visit.close_sheet()?;
    main.see(visit.button("kit.used.know"))?;
    visit.shot("desk-case-by-kit")?;
    main.click(visit.button("kit.used.know"))?;
    // The window is drawn anew first, and would take the dialog with it.
    main.see_text(&visit.t("kit.trouble.used"))?;
    main.see_gone(visit.button("kit.used.know"))?;
    main.click(visit.button("case.carryOut"))?;
    main.see_text(&visit.t("case.carryOutBothKit"))?;
    visit.shot("case-carry-out-by-kit")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(visit.dialog("case.carryOut"))?;
    withdraw(visit)?;
    reactivation(visit)
}

fn withdraw(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("case.withdraw"))?;
    main.click(visit.button("case.withdraw").within(visit.dialog("case.withdraw")))?;
    main.see_gone(visit.dialog("case.withdraw"))
}

fn confirm_case(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    main.click(visit.button("case.confirm"))?;
    main.see(visit.heading("desk.title"))
}

fn reactivation(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("users.title")?;
    main.click(link(ADMINISTRATOR))?;
    main.see(heading(ADMINISTRATOR))?;
    main.click(visit.button("action.deactivate.title"))?;
    main.click(visit.button("action.deactivate.title").within(visit.dialog("action.deactivate.title")))?;
    main.see(visit.button("case.start"))?;
    visit.shot("person-deactivated-two")?;
    main.click(visit.button("case.start"))?;
    main.see(combobox(&visit.t("case.told")))?;
    visit.shot("case-reactivation")?;
    fill_case(visit, "case.told")?;
    confirm_case(visit)?;
    main.script("document.querySelector('main details').open = true", json!([]))?;
    visit.shot("desk-reactivation")?;
    withdraw(visit)
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
