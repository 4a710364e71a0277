//! The journal: one entry beside the list, filters, nobody found, and an act that ends with its entry.

use crate::visit::Visit;
use sallyport_tests::{Result, named};
use serde_json::json;

/// The journal is on the screen, of everybody.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    main.script("document.querySelector('main tbody tr[data-id]').click()", json!([]))?;
    main.see(visit.button("journal.prove"))?;
    main.script("document.querySelector('.entry-panel details')?.toggleAttribute('open', true)", json!([]))?;
    visit.shot("journal-entry")?;
    main.click(visit.button("journal.prove"))?;
    let proved = visit.t("journal.proved");
    main.see_text(proved.split(['{', '}']).nth(2).unwrap_or_default().trim())?;
    visit.shot("journal-entry-verified")?;
    main.click(visit.button("form.close"))?;

    choose(visit, "*second-factor")?;
    main.see(visit.button("journal.clear"))?;
    visit.shot("journal-filtered")?;
    main.script("document.querySelector('[data-key=\"journal.actor\"]').click()", json!([]))?;
    let form = visit.dialog("journal.chooseActor");
    main.see(form.clone())?;
    main.fill(named("searchbox", &visit.t("users.search")).within(form.clone()), "e")?;
    visit.shot("journal-choose-person")?;
    visit.stage.screen().press("Return")?;
    main.see_gone(form)?;
    choose(visit, "token.retired")?;
    main.see_text(&visit.t("journal.noneSo"))?;
    visit.shot("journal-none")?;
    main.click(visit.button("journal.clear"))?;
    main.see_gone(visit.button("journal.clear"))
}

/// By its value: the words of kinds are put together in the page.
fn choose(visit: &Visit, kind: &str) -> Result<()> {
    visit
        .main()?
        .script(
            "const field = document.querySelector('[data-key=\"journal.kind\"]');
             field.value = arguments[0];
             field.dispatchEvent(new Event('change', { bubbles: true }))",
            json!([kind]),
        )
        .map(drop)
}
