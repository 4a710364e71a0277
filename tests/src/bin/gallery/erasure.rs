//! Erasing a person: what goes and what stays, the name that is no name, and the journal that says "erased, declared".

use crate::visit::{OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, heading, link};
use serde_json::json;

const LEAVER: (&str, &str) = ("Barthélemy-Anselme de Saint-Exupéry-Montgomery", "barthelemy.anselme@example.org");

/// A workspace with nobody in it but whom this is about.
pub(crate) fn alone(visit: &Visit) -> Result<()> {
    crate::outside::create(visit)?;
    crate::outside::owner_enrols(visit)?;
    walk(visit)
}

/// Signed in as the owner, at the people. Ends there.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("users.title")?;
    visit.invite(LEAVER, "role.administrator")?;
    visit.close_sheet()?;
    main.click(link(LEAVER.0))?;
    main.see(heading(LEAVER.0))?;
    visit.shot("person-erase-offered")?;
    main.click(visit.button("action.erase.title"))?;
    let form = visit.dialog("action.erase.title");
    main.see(form.clone())?;
    visit.shot("erase-facts")?;
    main.click(visit.button("form.continue").within(form.clone()))?;
    main.see(visit.field("erase.name"))?;
    visit.shot("erase-prove")?;
    main.fill(visit.field("erase.name").within(form.clone()), "Barthélemy")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    code_if_asked(visit)?;
    main.click(visit.button("erase.submit").within(form.clone()))?;
    main.see_text(&visit.t("refusal.erasure-name-differs"))?;
    visit.shot("erase-name-differs")?;
    main.fill(visit.field("erase.name").within(form.clone()), LEAVER.0)?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    code_if_asked(visit)?;
    main.click(visit.button("erase.submit").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_gone(link(LEAVER.0))?;
    visit.shot("erased")?;

    visit.go("journal.title")?;
    visit.shot("journal-erased")?;
    let said = visit.t("journal.erased");
    main.see_text(said.split_once("{kind}").map_or("", |(_, rest)| rest))?;
    main.script(
        "[...document.querySelectorAll('main tbody tr[data-id]')].find((row) => row.textContent.replaceAll(/\\s+/g, ' ').includes(arguments[0].trim())).click()",
        json!([said.split_once("{kind}").map_or("", |(_, rest)| rest)]),
    )?;
    main.see(visit.button("journal.prove"))?;
    visit.shot("journal-erased-entry")?;
    main.click(visit.button("form.close"))?;
    main.click(visit.button("evidence.verifyOpen"))?;
    main.click(visit.button("evidence.verify").within(visit.dialog("evidence.verify")))?;
    main.see(visit.dialog("evidence.soundTitle"))?;
    visit.shot("journal-erased-verified")?;
    main.click(visit.button("form.close"))?;
    visit.go("users.title")
}

/// The last code may have been too long ago.
fn code_if_asked(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    let asked = main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))?;
    if asked == json!(true) {
        main.fill(visit.field("code.label").within(visit.dialog("action.erase.title")), &visit.code(OWNER)?)
    } else {
        Ok(())
    }
}
