//! What leaves the window on paper.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, PATIENCE, Result, button, dialog, link, textbox, until, witness};

/// New codes, printed through the system's own dialog: another program reads all ten off the paper, and they count as kept.
pub(super) fn print_codes(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    open_profile(&main)?;
    main.click(button("Generate new codes"))?;
    let form = dialog("Generate new backup codes");
    main.fill(textbox("Current password").within(form.clone()), &world.member.password.borrow())?;
    main.click(button("Generate new codes").within(form))?;
    let codes = read_codes(world, &world.member)?;
    let sheet = world.sheet()?;
    sheet.see_text("Not saved yet")?;
    screen.click_at(sheet.middle(button("Print…"))?)?;
    screen.print()?;
    sheet.see_text("Did it print?")?;

    let printed = world.stage.home().join("output.pdf");
    until(PATIENCE, "ten codes on the printed paper", || {
        let text: String = witness::pdf_text(&printed).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        let missing = codes.iter().filter(|code| !text.contains(code.as_str())).count();
        Ok(if missing == 0 { Ok(()) } else { Err(format!("{missing} codes are not on it.")) })
    })?;
    std::fs::copy(&printed, world.out.join("backup-codes-printed.pdf"))?;
    let paper = witness::paper(&printed)?;
    if paper.pages != 1 || paper.white < 80 {
        return Err(Error::said(format!("The codes are on {} pages, {} % white.", paper.pages, paper.white)));
    }
    std::fs::remove_file(printed)?;

    sheet.click(button("Yes, it printed"))?;
    sheet.see_text("Put the paper in a safe place")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    world.member.backup_codes.replace(codes);
    main.see_text("10 of 10 left")
}

/// The letter that hides a recovery code, in the hands of whoever issued it.
pub(super) fn save_letter(world: &World) -> Result<()> {
    let (main, sheet) = (world.main()?, world.sheet()?);
    let letter = world.out.join("recovery-letter.pdf");
    sheet.click(button("Save letter as PDF"))?;
    world.stage.screen().save_as(&letter)?;
    sheet.see_text("The letter was saved as recovery-letter.pdf")?;
    if !witness::pdf_text(&letter)?.contains(world.recovery_code.borrow().as_str()) {
        return Err(Error::said("The recovery code is not in the letter."));
    }
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    main.see_text("Recovery pending")?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} reset the 2FA of {} and issued a recovery code.", world.owner.name, world.member.name))
}
