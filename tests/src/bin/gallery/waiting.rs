//! The outbox of a desktop: what waits, what was refused, and where else that is seen.

use crate::visit::{MEMBER, OWNER, PASSWORD, Visit, shown};
use sallyport_tests::{Result, Served, button, link, named, textbox};
use serde_json::json;

const ASKED: &str = "Marc-Antoine Membre de La Tour-d’Auvergne-Lauraguais";

/// Online, the owner at the window: a member who then asks for help at the second door.
pub(crate) fn people(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.invite(MEMBER, "role.member")?;
    let code = shown(&visit.sheet()?, &visit.t("issued.code.invitation"))?;
    visit.copy_and_close()?;
    visit.sign_out()?;
    main.click(visit.button("signIn.invitation"))?;
    main.fill(visit.field("form.email"), MEMBER.1)?;
    main.fill(visit.field("invitation.code"), &code)?;
    main.fill(visit.field("form.newPassword"), PASSWORD)?;
    main.click(visit.button("invitation.submit"))?;
    main.see(visit.heading("protect.title"))?;
    main.click(visit.button("factor.enableLong"))?;
    let form = visit.dialog("factor.enableLong");
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    main.click(visit.button("form.continue").within(form))?;
    visit.type_secret(MEMBER)?;
    visit.verify(MEMBER)?;
    visit.copy_and_close()?;
    visit.sign_out()?;
    visit.password(MEMBER)?;
    main.see(visit.heading("code.title"))?;
    crate::desk::ask(visit)?;
    main.click(visit.button("form.cancel"))?;
    main.see(visit.heading("signIn.title"))?;
    visit.password(OWNER)?;
    main.see(visit.heading("code.title"))?;
    visit.give_code(&visit.code(OWNER)?)?;
    main.see(visit.heading("users.title"))
}

/// With the server gone, the owner at the window.
pub(crate) fn made(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("waiting.title")?;
    main.see_text(&visit.t("waiting.none"))?;
    visit.shot("outbox-empty")?;
    visit.go("desk.title")?;
    main.click(visit.button("desk.dismiss"))?;
    main.see_text(&visit.t("undone.dismissal"))?;
    visit.shot("outbox-desk")?;
    main.click(visit.button("desk.checklistChange"))?;
    main.see_text(&visit.t("waiting.will"))?;
    visit.shot("outbox-checklist-dialog")?;
    main.fill(textbox(&visit.t("desk.entry").replace("{number}", "1")), ASKED)?;
    main.click(visit.button("desk.checklistSave"))?;
    main.see_text(&visit.t("undone.checklist"))?;
    main.script("document.querySelector('[data-key=\"desk.checklist\"]').scrollIntoView()", json!([]))?;
    visit.shot("outbox-checklist")?;
    correct_name(visit, "Marc Meunier", false)?;
    correct_name(visit, ASKED, true)?;
    visit.shot("outbox-person")?;
    visit.go("waiting.title")?;
    main.see_text(ASKED)?;
    visit.shot("outbox-waiting")?;
    // Without the first name the second is no change of what there is.
    main.click(button("Marc Meunier").in_part())?;
    main.see_gone(named("listitem", "Marc Meunier").in_part())
}

fn correct_name(visit: &Visit, name: &str, again: bool) -> Result<()> {
    let main = visit.main()?;
    if !again {
        visit.go("users.title")?;
        main.click(link(MEMBER.0))?;
    }
    main.click(visit.button("action.correct-name.title"))?;
    let form = visit.dialog("name.title");
    main.see(form.clone())?;
    if !again {
        visit.shot("outbox-name-dialog")?;
    }
    main.fill(visit.field("addUser.name").within(form.clone()), name)?;
    main.click(visit.button("name.submit").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text(name)
}

/// The server is back, and has decided.
pub(crate) fn decided(visit: &Visit, served: &Served) -> Result<()> {
    let main = visit.main()?;
    served.start()?;
    crate::remote::back(visit)?;
    main.see_text(&visit.t("refusal.changed-meanwhile"))?;
    visit.shot("outbox-verdicts")?;
    main.script("document.querySelector('main').scrollTop = 100000", json!([]))?;
    visit.shot("outbox-verdicts-below")?;
    visit.go("users.title")?;
    main.see(visit.button("undone.look"))?;
    main.click(link(MEMBER.0))?;
    main.see_text(ASKED)?;
    visit.shot("outbox-person-refused")?;
    main.click(visit.button("undone.look"))?;
    main.click(visit.button("waiting.tidy"))?;
    main.see_gone(visit.button("waiting.tidy"))?;
    visit.shot("outbox-refused")?;
    main.click(button(visit.t("waiting.asideOne").split('{').next().unwrap_or_default().trim()).in_part())?;
    main.see_text(&visit.t("waiting.none"))
}
