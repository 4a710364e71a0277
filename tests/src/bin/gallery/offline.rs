//! Recovery codes without the server: the dialog, the code, what was issued, and the lists that the server has of it.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, Served, button, combobox, menuitem};
use serde_json::json;

const DESK_PASSPHRASE: &str = "eleven patient herons by the weir";

/// Online: half an hour after the member enrolled, with the grant there.
pub(crate) fn granted(visit: &Visit, served: &Served) -> Result<()> {
    visit.sign_out()?;
    visit.stage.clock()?.advance_seconds(30 * 60)?;
    visit.password(OWNER)?;
    visit.main()?.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    visit.main()?.see(visit.heading("users.title"))?;
    served.journal_has("offline.granted", "", 1)
}

/// The server goes while somebody fills a reset in.
pub(crate) fn gone_meanwhile(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    main.click(button(&visit.t("users.actions").replace("{name}", MEMBER.0)))?;
    main.click(menuitem(&visit.t("reset.title")))?;
    crate::desk::fill_case(visit, "case.channel")?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    served.kill();
    // It notices by itself, or when it asks.
    main.press_enter(visit.field("case.reason"))?;
    main.see_text(&visit.t("offline.wentOther"))?;
    main.see(visit.field("deskPassphrase.title"))?;
    visit.shot("offline-reset-gone-meanwhile")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(visit.dialog("reset.title"))
}

/// With the server gone, the owner at the window: a code for the member.
pub(crate) fn issued(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("desk.title")?;
    see_below(visit, "offline.here")?;
    visit.shot("offline-desk-none")?;
    visit.go("users.title")?;
    let menu = visit.t("users.actions").replace("{name}", MEMBER.0);
    main.click(button(&menu))?;
    visit.shot("offline-menu")?;
    main.click(menuitem(&visit.t("reset.title")))?;
    main.see_text(&visit.t("offline.resetUnheard"))?;
    main.see(combobox(&visit.t("case.channel")))?;
    visit.shot("offline-reset")?;
    crate::desk::fill_case(visit, "case.channel")?;
    main.see_text(&visit.t("offline.resetProve"))?;
    visit.shot("offline-reset-proof")?;
    main.fill(visit.field("deskPassphrase.title"), "not the passphrase")?;
    main.click(visit.button("offline.resetConfirm"))?;
    main.see_text(&visit.t("refusal.desk-passphrase-wrong"))?;
    visit.shot("offline-reset-refused")?;
    main.fill(visit.field("deskPassphrase.title"), DESK_PASSPHRASE)?;
    main.click(visit.button("offline.resetConfirm"))?;
    visit.sheet()?.see(visit.heading("sheet.title.recovery"))?;
    visit.sheet_shot("offline-code")?;
    visit.close_sheet()?;
    visit.go("desk.title")?;
    main.see_text(&visit.t("offline.untold"))?;
    see_below(visit, "offline.here")?;
    visit.shot("offline-desk-issued")
}

/// The server is back, and was told.
pub(crate) fn known(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    served.journal_has("offline.code-told", MEMBER.1, 1)?;
    visit.go("desk.title")?;
    main.see_text(&visit.t("offline.state.issued"))?;
    see_below(visit, "offline.codes")?;
    visit.shot("offline-codes")?;
    main.click(button(&visit.t("offline.voidOne").replace("{name}", MEMBER.0)))?;
    main.see(visit.dialog("offline.voidTitle"))?;
    visit.shot("offline-void")?;
    main.click(visit.button("offline.void").within(visit.dialog("offline.voidTitle")))?;
    main.see_text(&visit.t("offline.state.void"))?;
    see_below(visit, "offline.codes")?;
    visit.shot("offline-codes-void")?;
    visit.go("journal.title")?;
    visit.shot("offline-journal")
}

/// Brings what stands under this heading into sight.
fn see_below(visit: &Visit, key: &str) -> Result<()> {
    let main = visit.main()?;
    main.see(visit.heading(key))?;
    let script = "[...document.querySelectorAll('h2')].find((one) => one.textContent.trim() === arguments[0]).scrollIntoView()";
    main.script(script, json!([visit.t(key)])).map(drop)
}
