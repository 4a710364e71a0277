//! Papers speak the language of the person they are about, whatever the window speaks.

use crate::people::{give_code, hour_ago, open, password, shown, vaults, wait_for};
use crate::played::{PASSWORD, Played};
use sallyport_tests::{Result, Stage, button, dialog, heading, link, menuitem, named, textbox, witness};
use wire::people::RoleName;

#[test]
fn a_letter_and_a_sheet_for_a_french_account_are_french_in_an_english_window() -> Result<()> {
    let stage = Stage::new()?;
    let owner = wait_for(async {
        let (played, owner) = Played::found_speaking(true, &vaults(&stage, "papers"), "Atelier", hour_ago()).await;
        played.join(&owner, "mia@example.org", RoleName::Member).await;
        played.close().await;
        owner
    });
    let program = stage.start("papers")?;
    let main = program.main()?;
    open(&main, "Atelier")?;
    password(&main, &owner.email, PASSWORD)?;
    give_code(&main, &owner.codes[0])?;
    main.click(link("Users"))?;
    main.click(button("Actions for Mia Member"))?;
    main.click(menuitem("Reset user 2FA"))?;
    // The workspace's own list, in the language that it was made in.
    main.check(named("checkbox", "J’ai vu une pièce d’identité avec photo"))?;
    main.fill(textbox("Reason or ticket"), "Phone lost")?;
    main.fill(textbox("Current password"), PASSWORD)?;
    main.fill(textbox("Code"), &owner.codes[1])?;
    main.click(button("Reset and show the code"))?;
    let sheet = program.window("sheet")?;
    let code = shown(&sheet, "Recovery code")?;
    let letter = stage.home().join("letter.pdf");
    sheet.click(button("Save letter as PDF"))?;
    stage.screen().save_as(&letter)?;
    sheet.see_text("The letter was saved as letter.pdf")?;
    let text = witness::pdf_text(&letter)?;
    assert!(text.contains(&code) && text.contains("Code de récupération") && !text.contains("Recovery code"), "{text}");
    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;

    main.click(link("Profile and security"))?;
    main.see(heading("Profile and security"))?;
    main.click(button("Generate new codes"))?;
    let form = dialog("Generate new backup codes");
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.click(button("Generate new codes").within(form))?;
    let sheet = program.window("sheet")?;
    sheet.see_text("Save your backup codes")?;
    let paper = stage.home().join("codes.pdf");
    sheet.click(button("Save as PDF"))?;
    stage.screen().save_as(&paper)?;
    sheet.see_text("Saved as codes.pdf")?;
    let text = witness::pdf_text(&paper)?;
    assert!(text.contains("Codes de secours Sallyport") && !text.contains("How to use"), "{text}");
    Ok(())
}
