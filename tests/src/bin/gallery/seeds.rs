//! The desk for files with secrets in them: one's own, then the stock's.

use crate::visit::{OWNER, PASSWORD, Visit};
use sallyport_tests::{Result, link};
use serde_json::json;
use std::path::PathBuf;

fn sample(name: &str) -> Result<PathBuf> {
    Ok([env!("CARGO_MANIFEST_DIR"), "vectors/intake", name].iter().collect::<PathBuf>().canonicalize()?)
}

fn choose(visit: &Visit, key: &str, name: &str) -> Result<()> {
    visit.click(key)?;
    visit.stage.screen().open_file(&sample(name)?)
}

/// Somebody who keeps tokens is signed in.
pub(crate) fn walk(visit: &Visit) -> Result<()> {
    let main = visit.main()?;
    visit.go("profile.title")?;
    main.click(link(&visit.t("seeds.bring")))?;
    main.see(visit.heading("seeds.ownTitle"))?;
    visit.shot("bring-authenticators")?;
    choose(visit, "seeds.choose", "migration-1-of-3.png")?;
    main.see_text(&visit.t("seeds.partsHint"))?;
    choose(visit, "seeds.nextPicture", "migration-2-of-3.png")?;
    main.see_text(&visit.t("seeds.parts").replace("{read}", "2").replace("{size}", "3"))?;
    visit.shot("bring-two-of-three")?;
    choose(visit, "seeds.nextPicture", "no-code.png")?;
    main.see_text(&visit.t("seeds.fault.no-code"))?;
    visit.click("seeds.clear")?;
    choose(visit, "seeds.choose", "aegis-encrypted.json")?;
    main.see(visit.field("seeds.passphrase"))?;
    main.fill(visit.field("seeds.passphrase"), "not this one")?;
    visit.click("seeds.unlock")?;
    main.see_text(&visit.t("seeds.wrongPassphrase"))?;
    visit.shot("bring-wrong-passphrase")?;
    visit.click("seeds.clear")?;
    main.see(visit.button("seeds.choose"))?;

    main.script("location.hash = '#/import-seeds'", json!([]))?;
    main.see(visit.heading("seeds.title"))?;
    visit.shot("import-tokens")?;
    choose(visit, "seeds.choose", "tokens.csv")?;
    main.see_text(&visit.t("seeds.outcome"))?;
    visit.shot("import-tokens-verdicts")?;
    let import = sallyport_tests::button(&visit.t("seeds.carryOut.other").replace("{count}", "2"));
    main.click(import)?;
    let form = sallyport_tests::dialog(&visit.t("seeds.ask.other").replace("{count}", "2"));
    main.see(form.clone())?;
    visit.shot("import-tokens-ask")?;
    main.fill(visit.field("proof.password").within(form.clone()), PASSWORD)?;
    // Asked for where the last one is more than five minutes old.
    if main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))? == true {
        main.fill(visit.field("code.label").within(form.clone()), &visit.code(OWNER)?)?;
    }
    main.click(sallyport_tests::button(&visit.t("seeds.carryOut.other").replace("{count}", "2")).within(form))?;
    main.see_text(&visit.t("seeds.doneHint"))?;
    visit.shot("import-tokens-done")
}
