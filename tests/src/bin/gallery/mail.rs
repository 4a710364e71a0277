//! Mail: not there and with letters, its settings, a server that refuses and one that takes, the outbox; and "this was not me".

use crate::visit::{GUEST, OWNER, PASSWORD, Visit};
use sallyport_tests::smtp;
use sallyport_tests::{Result, button, combobox, dialog, link, menuitem, named};
use serde_json::json;

/// On a computer where nothing was yet.
pub(crate) fn alone(visit: &Visit) -> Result<()> {
    crate::outside::create(visit)?;
    crate::outside::owner_enrols(visit)?;
    visit.invite(GUEST, "role.member")?;
    visit.close_sheet()?;
    walk(visit)?;
    own_activity(visit)?;
    let main = visit.main()?;
    main.click(visit.button("notMe.entrySubmit"))?;
    main.see_text(&visit.t("notMe.next.password"))?;
    visit.shot("not-me-entry-told")?;
    main.click(visit.button("form.close"))?;
    visit.sign_out()?;
    outside(visit)
}

/// Signed in as the owner, with notices that nothing has sent yet. Ends at the people, with mail removed.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("mail.title")?;
    main.see_text(&visit.t("mail.notSetUp"))?;
    visit.shot("mail-letters")?;
    let code = letter(visit)?;
    settings(visit)?;
    test(visit)?;
    outbox(visit)?;
    remove(visit)?;
    own_activity(visit)?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("notMe.entryTitle"))?;
    reported(visit, &code)?;
    visit.go("users.title")
}

/// The first row's menu: whoever it is to.
fn first_menu(visit: &Visit) -> Result<()> {
    visit.main()?.script("document.querySelector('.table-mail td.menu-cell button').click()", json!([])).map(drop)
}

/// The letter on its sheet; what it would be answered with is given back.
fn letter(visit: &Visit) -> Result<String> {
    let main = visit.main()?;
    first_menu(visit)?;
    main.see(menuitem(&visit.t("letter.open")))?;
    visit.shot("mail-letter-menu")?;
    main.click(menuitem(&visit.t("letter.open")))?;
    visit.sheet()?.see(visit.button("issued.saveLetter"))?;
    visit.sheet_shot("sheet-letter")?;
    let text = visit.sheet()?.visible_text()?;
    let is_code = |line: &&str| line.len() == 11 && line.find('-') == Some(5) && !line.contains(' ');
    let code = text.lines().map(str::trim).find(is_code).unwrap_or_default().to_owned();
    visit.sheet()?.click(visit.button("issued.saveLetter"))?;
    visit.stage.screen().save_as(&visit.stage.folder().join("lettre-a-remettre.pdf"))?;
    visit.sheet()?.see_text(&visit.t("letter.thenMark"))?;
    visit.sheet_shot("sheet-letter-saved")?;
    visit.close_sheet()?;
    first_menu(visit)?;
    main.click(menuitem(&visit.t("letter.handedOver")))?;
    main.see(visit.dialog("letter.handedOver"))?;
    visit.shot("letter-handed-over")?;
    main.click(visit.button("form.cancel"))?;
    main.see_gone(visit.dialog("letter.handedOver"))?;
    main.click(link(&visit.t("desk.title")))?;
    main.see(visit.heading("desk.title"))?;
    visit.shot("desk-letters")?;
    visit.go("mail.title")?;
    Ok(code)
}

/// Somebody answered their letter; staff see it on the desk and beside the person, and settle it where they may.
fn reported(visit: &Visit, code: &str) -> Result<()> {
    let main = visit.main()?;
    main.script("return window.__TAURI__.core.invoke('report_not_me', { request: { code: arguments[0] } })", json!([code]))?;
    visit.go("desk.title")?;
    main.see_text(&visit.t("report.byCode"))?;
    visit.shot("desk-reports")?;
    main.click(visit.button("desk.help"))?;
    main.see_text(&visit.t("report.says"))?;
    visit.shot("person-reported")?;
    visit.go("desk.title")?;
    if !main.visible_text()?.contains(&visit.t("report.settle")) {
        return Ok(());
    }
    main.click(visit.button("report.settle"))?;
    let form = visit.dialog("report.settleTitle");
    main.see(form.clone())?;
    visit.shot("report-settle")?;
    main.fill(visit.field("report.note").within(form.clone()), "4714")?;
    main.click(visit.button("report.settle").within(form.clone()))?;
    main.see_gone(form)
}

fn prove(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.fill(visit.field("proof.password"), PASSWORD)?;
    if main.script("return document.querySelector('main [name=code]') !== null", json!([]))? == true {
        main.fill(visit.field("code.label"), &visit.code(OWNER)?)?;
    }
    Ok(())
}

fn settings(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(&visit.t("mail.setUp")))?;
    main.see(visit.heading("mail.setUp"))?;
    visit.shot("mail-set-up")?;
    main.click(visit.button("mail.setUp"))?;
    main.see_text(&visit.t("form.required"))?;
    visit.shot("mail-set-up-empty")?;
    main.fill(visit.field("mail.host"), "no server")?;
    main.fill(visit.field("mail.user"), smtp::USER)?;
    main.fill(visit.field("mail.password"), "not this one")?;
    main.fill(visit.field("mail.sender"), "accueil@hopital-cote-opale.example.org")?;
    main.fill(visit.field("mail.contact"), "aide@hopital-cote-opale.example.org")?;
    prove(visit)?;
    main.click(visit.button("mail.setUp"))?;
    main.see_text(&visit.t("refusal.mail-host-invalid"))?;
    visit.shot("mail-set-up-refused")?;
    main.click(link(&visit.t("users.title")))?;
    main.see(visit.dialog("unsaved.title"))?;
    visit.shot("mail-unsaved")?;
    main.click(visit.button("unsaved.stay"))?;
    main.fill(visit.field("mail.host"), "localhost")?;
    main.fill(visit.field("mail.port"), &visit.mail.port.to_string())?;
    prove(visit)?;
    main.click(visit.button("mail.setUp"))?;
    main.see(visit.heading("mail.title"))?;
    visit.shot("mail-is-set-up")
}

fn test(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(visit.button("mail.test"))?;
    let form = visit.dialog("mail.test");
    main.see(form.clone())?;
    visit.shot("mail-test")?;
    main.click(visit.button("mail.testSend").within(form.clone()))?;
    main.see_text(&visit.t("mail.mend.refused-password"))?;
    visit.shot("mail-test-refused")?;
    main.click(visit.button("form.close"))?;
    main.see_gone(form)?;
    // What was a letter is tried now, and meets the same.
    first_menu(visit)?;
    main.click(menuitem(&visit.t("mail.resend")))?;
    main.see_text(&visit.t("mail.failure.refused-password"))?;
    visit.shot("mail-waiting")?;
    main.click(link(&visit.t("users.title")))?;
    main.see(visit.button("banner.mailLook"))?;
    visit.shot("banner-mail")?;
    main.click(visit.button("banner.mailLook"))?;
    main.see(visit.heading("mail.title"))?;
    main.script("document.querySelector('.table-mail tbody tr[data-id]').click()", json!([]))?;
    main.see(named("button", &visit.t("form.close")))?;
    visit.shot("mail-notice")?;
    main.click(visit.button("form.close"))
}

fn outbox(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.choose(combobox(&visit.t("mail.states")), &visit.t("mail.state.uncertain"))?;
    main.see_text(&visit.t("mail.noneSo"))?;
    visit.shot("mail-none-so")?;
    main.click(link(&visit.t("mail.settings")))?;
    main.see(visit.heading("mail.settingsTitle"))?;
    visit.shot("mail-settings")?;
    main.fill(visit.field("mail.password"), smtp::PASSWORD)?;
    prove(visit)?;
    visit.shot("mail-settings-edited")?;
    main.click(visit.button("mail.save"))?;
    main.see(visit.heading("mail.title"))?;
    main.click(visit.button("mail.test"))?;
    let form = visit.dialog("mail.test");
    main.click(visit.button("mail.testSend").within(form.clone()))?;
    main.see_text(&visit.t("mail.testSent"))?;
    visit.shot("mail-test-sent")?;
    main.click(visit.button("form.close"))?;
    main.see_gone(form)?;
    visit.shot("mail-sent")
}

fn remove(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(link(&visit.t("mail.settings")))?;
    main.click(visit.button("mail.remove"))?;
    let form = dialog(&visit.t("mail.remove"));
    main.see(form.clone())?;
    visit.shot("mail-remove")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    if main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))? == true {
        main.fill(visit.field("code.label").within(form.clone()), &visit.code(OWNER)?)?;
    }
    main.click(visit.button("mail.remove").within(form))?;
    main.see_text(&visit.t("mail.notSetUp"))
}

/// The dialog stays open.
fn own_activity(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("activity.title")?;
    visit.shot("my-activity-not-me")?;
    main.script("document.querySelector('.entry-ask').click()", json!([]))?;
    main.see(visit.dialog("notMe.entryTitle"))?;
    visit.shot("not-me-entry")
}

/// At the sign-in screen; ends there.
pub(crate) fn outside(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.click(button(&visit.t("signIn.notMe")))?;
    main.see(visit.heading("notMe.title"))?;
    visit.shot("not-me")?;
    main.fill(visit.field("notMe.code"), "ABCDE-1234")?;
    main.click(visit.button("notMe.submit"))?;
    visit.shot("not-me-refused")?;
    main.click(visit.button("form.back"))?;
    main.see(visit.heading("signIn.title"))
}
