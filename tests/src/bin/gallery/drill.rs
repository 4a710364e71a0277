//! A drill, from the choice of a call to a verdict that finds something to say.

use crate::visit::Visit;
use sallyport_tests::{Page, Result, button, combobox, menuitem};
use serde_json::json;

/// Before there is any workspace. Ends where it began.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.see(visit.heading("start.welcome"))?;
    main.click(visit.button("drill.title"))?;
    main.see(visit.dialog("drill.title"))?;
    visit.shot("drill-begin")?;
    main.choose(combobox(&visit.t("drill.which")), &visit.t("drill.call.lost-phone"))?;
    main.click(visit.button("drill.submit"))?;
    main.see_text(&visit.t("drill.says.lost-phone"))?;
    visit.shot("drill-card")?;
    main.script("document.querySelectorAll('.drill-checks details').forEach((check) => (check.open = true))", json!([]))?;
    main.see_text(&visit.t("drill.answer.lost-phone.2"))?;
    visit.shot("drill-answers")?;
    reset(visit, &main)?;
    main.click(visit.button("drill.finish"))?;
    main.see(visit.dialog("drill.finish"))?;
    visit.shot("drill-finish")?;
    main.click(visit.button("drill.end.helped"))?;
    main.see_text(&visit.t("drill.finding.ticked-unproven"))?;
    main.see_text(&visit.t("drill.finding.not-read-back"))?;
    main.script("document.querySelector('main').scrollTop = 0", json!([]))?;
    visit.shot("drill-verdict")?;
    main.click(visit.button("drill.end"))?;
    main.see(visit.heading("start.welcome"))
}

/// The first thing on the list is ticked, which the caller did not show; and the code is not read back to its end.
fn reset(visit: &Visit, main: &Page) -> Result<()> {
    let name = main.script("return document.querySelector('.drill-card summary bdi').textContent", json!([]))?;
    main.click(button(&visit.t("users.actions").replace("{name}", name.as_str().unwrap_or_default())))?;
    main.click(menuitem(&visit.t("reset.title")))?;
    crate::desk::fill_case(visit, "case.channel")?;
    main.see(visit.field("proof.password"))?;
    main.fill(visit.field("proof.password"), &held(main, "dialog .drill-keys code")?)?;
    main.fill(visit.field("code.label"), &held(main, "dialog drill-phone")?.replace(' ', ""))?;
    visit.shot("drill-proof")?;
    main.click(visit.button("reset.confirm"))?;
    let sheet = visit.sheet()?;
    sheet.see_text(&visit.t("drill.reads"))?;
    visit.sheet_shot("sheet-drill")?;
    sheet.fill(visit.field("readBack.label"), &held(&sheet, "[data-key='sheet.reading']")?)?;
    sheet.see_text(&visit.t("drill.readsAgain"))?;
    visit.sheet_shot("sheet-drill-named")?;
    visit.close_sheet()
}

fn held(page: &Page, selector: &str) -> Result<String> {
    let text = page.script("return document.querySelector(arguments[0])?.textContent ?? ''", json!([selector]))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
