//! A drill: somebody on the phone who does not exist, in a workspace that is nowhere once it is over.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, combobox, dialog, heading, textbox, witness};
use serde_json::json;

/// A lost phone, rehearsed from the first word to the verdict: checked, reset, read out, read back with a wrong symbol.
pub(crate) fn drill(world: &World) -> Result<()> {
    let main = world.main()?;
    let before = world.vault_bytes()?;
    main.click(button("Rehearse a lockout"))?;
    let form = dialog("Rehearse a lockout");
    main.choose(combobox("Which call").within(form.clone()), "“My phone is in the river.”")?;
    main.click(button("Begin the drill").within(form))?;
    main.see_text("I need to be in the meeting at nine")?;
    main.script("document.querySelectorAll('.drill-checks details')[2].open = true", json!([]))?;
    main.see_text("The same person picks up.")?;

    world.stage.screen().press("ctrl+k")?;
    main.see(dialog("Find a person"))?;
    main.fill(sallyport_tests::named("combobox", "Search by name or e-mail"), "daniel.hart@")?;
    main.see_text("1 person found")?;
    world.stage.screen().press("Return")?;
    main.see(heading("Daniel Hart"))?;
    main.click(button("Reset user 2FA"))?;
    support_case(&main)?;
    main.see(textbox("Current password"))?;
    let password = held(&main, "dialog .drill-keys code")?;
    world.keep_secret("the password of a drill", &password);
    main.fill(textbox("Current password"), &password)?;
    main.fill(textbox("Code"), &held(&main, "dialog drill-phone")?.replace(' ', ""))?;
    main.click(button("Reset and show the code"))?;

    let sheet = world.sheet()?;
    sheet.see_text("Drill. Nobody here is real.")?;
    let code = shown(&sheet, "Recovery code")?;
    world.keep_secret("the recovery code of a drill", &code);
    let heard = held(&sheet, "[data-key='sheet.reading']")?;
    if heard == code {
        return Err(Error::said("The caller read nothing wrong."));
    }
    sheet.fill(textbox("What they read back"), &heard)?;
    sheet.see_text("Wrong: group 2, symbol 3.")?;
    sheet.see_text("The caller looks again and reads:")?;
    sheet.fill(textbox("What they read back"), &held(&sheet, "[data-key='sheet.reading']")?)?;
    sheet.see_text("All of it is right.")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;

    main.click(button("Finish the call"))?;
    main.click(button("“You can come in again.”"))?;
    main.see_text("You reset the 2FA. Without phone and codes there was no other way.")?;
    main.see_text("You had the code read back, and named the wrong symbol.")?;
    let seen = main.visible_text()?;
    if seen.contains("Too much") || seen.contains("Missed") {
        return Err(Error::said("A call that was taken well was found fault with."));
    }
    if world.vault_bytes()? != before {
        return Err(Error::said("A drill changed a file of a real workspace."));
    }
    Ok(())
}

/// Where the sample workspace was there is nothing.
pub(crate) fn drill_leaves_nothing(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("End drill"))?;
    main.see(heading("Workspaces"))?;
    let mut files = Vec::new();
    witness::files_below(world.stage.folder(), &mut files)?;
    let left: Vec<_> = files.iter().filter(|file| file.components().any(|part| part.as_os_str() == "drill")).collect();
    if left.is_empty() { Ok(()) } else { Err(Error::said(format!("A drill left something: {left:?}"))) }
}

fn held(page: &Page, selector: &str) -> Result<String> {
    let text = page.script("return document.querySelector(arguments[0])?.textContent ?? ''", json!([selector]))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
