//! The journal as evidence: what to keep elsewhere, verifying, and exporting.

use crate::visit::Visit;
use sallyport_tests::{Result, named};

/// The journal is on the screen, of everybody.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.click("evidence.open")?;
    let keep = visit.dialog("evidence.title");
    main.see(keep.clone())?;
    visit.shot("journal-key")?;
    main.click(visit.button("evidence.take"))?;
    main.see(named("img", &visit.t("evidence.checkpointQr")))?;
    main.see_gone(visit.button("evidence.take"))?;
    visit.shot("journal-checkpoint")?;
    visit.stage.screen().press("Escape")?;
    main.see_gone(keep)?;

    visit.click("evidence.verifyOpen")?;
    let form = visit.dialog("evidence.verify");
    main.see(form.clone())?;
    visit.shot("journal-verify")?;
    main.fill(visit.field("evidence.earlier"), "sallyport.example.org/journal 417 and nothing of the kind")?;
    main.click(visit.button("evidence.verify").within(form.clone()))?;
    main.see_text(&visit.t("refusal.checkpoint-unknown"))?;
    visit.shot("journal-verify-refused")?;
    // The refused field has the focus again.
    visit.empty()?;
    main.click(visit.button("evidence.verify").within(form))?;
    main.see(visit.dialog("evidence.soundTitle"))?;
    visit.shot("journal-sound")?;
    main.click(visit.button("form.close"))?;

    visit.click("evidence.exportOpen")?;
    let form = visit.dialog("evidence.export");
    main.see(form.clone())?;
    visit.shot("journal-export")?;
    main.click(visit.button("evidence.exportSubmit").within(form))?;
    visit.stage.screen().save_as(&visit.stage.folder().join("journal-hopital-universitaire-de-la-cote-d-opale.jsonl"))?;
    main.see(visit.dialog("evidence.exportedTitle"))?;
    visit.shot("journal-exported")?;
    main.click(visit.button("form.close"))?;
    main.see_gone(visit.dialog("evidence.exportedTitle"))
}
