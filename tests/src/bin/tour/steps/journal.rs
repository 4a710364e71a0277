//! Reading the journal: found by what, whom and when, with the mouse and without; the checkpoint on paper; and the entry that
//! every act ends with.

use crate::people::World;
use sallyport_tests::{Error, PATIENCE, Result, button, combobox, dialog, heading, link, named, row, textbox, until, witness};
use serde_json::json;

/// The owner narrows the journal until one entry is left, reads all of it and verifies it.
pub(super) fn journal_search(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    main.click(link("Users"))?;
    main.click(link("Journal"))?;
    main.see_text("exported the journal")?;
    main.choose(combobox("What happened"), "All of: Sign-ins")?;
    main.see_gone(row("exported the journal"))?;
    main.see_text("signed in with an authenticator code")?;

    main.click(named("button", "Done by Anybody"))?;
    let form = dialog("Done by whom?");
    main.fill(named("searchbox", "Search by name or e-mail").within(form.clone()), world.member.name)?;
    main.see(named("button", world.member.name).in_part().within(form))?;
    screen.press("Return")?;
    main.see(named("button", &format!("Done by {}", world.member.name)))?;
    main.see_gone(row(&format!("{} signed in", world.owner.name)))?;
    main.choose(combobox("What happened"), "Reset the 2FA of … and issued a recovery code")?;
    main.see_text("No entry is like that")?;
    main.click(button("Clear the filters"))?;
    main.see_text("exported the journal")?;

    // Tomorrow nothing has happened yet; up to today everything has.
    day(&main, "From", 1)?;
    main.see_text("No entry is like that")?;
    day(&main, "From", -1)?;
    main.choose(combobox("What happened"), "Exported the journal")?;
    main.see_text("1 entry")?;

    // By keyboard: into the list, the entry, and back.
    main.script("document.querySelector('data-table').focus()", json!([]))?;
    screen.press("Down")?;
    screen.press("Return")?;
    let entry = heading_of_entry(&main)?;
    main.see_text("journal.exported")?;
    main.see_text(world.owner.email)?;
    main.click(button("Verify this entry"))?;
    main.see_text(&format!("{entry} is as it was written"))?;
    screen.press("Escape")?;
    main.see_gone(heading(&entry))?;
    main.click(button("Clear the filters"))
}

/// What the entry beside the list is called.
fn heading_of_entry(main: &sallyport_tests::Page) -> Result<String> {
    main.see(button("Verify this entry"))?;
    let said = main.script("return document.querySelector('.entry-panel h2').textContent", json!([]))?;
    said.as_str().map(str::to_owned).ok_or_else(|| Error::said("The entry has no name."))
}

/// Puts a day, counted from today, into a date field.
fn day(main: &sallyport_tests::Page, label: &str, days: i64) -> Result<()> {
    main.script(
        "const field = document.querySelector(`input[type=date][aria-label=\"${arguments[0]}\"]`);
         const day = new Date(Date.now() + arguments[1] * 86400000);
         field.value = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
         field.dispatchEvent(new Event('change', { bubbles: true }))",
        json!([label, days]),
    )
    .map(drop)
}

/// Another program reads checkpoint and key off the paper, and they are those that the window shows.
pub(super) fn checkpoint_on_paper(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    main.click(link("Journal"))?;
    main.click(button("Key and checkpoints…"))?;
    main.see(dialog("Key and checkpoints"))?;
    let shown = main.script(
        "return [...document.querySelectorAll('dialog .kept-elsewhere pre')].map((text) => text.textContent.replace(/\\s/g, ''))",
        json!([]),
    )?;
    let texts: Vec<String> = serde_json::from_value(shown).map_err(|error| Error::said(error.to_string()))?;
    let paper = world.out.join("checkpoint.pdf");
    main.click(button("Save as PDF…"))?;
    screen.save_as(&paper)?;
    main.see_text("The checkpoint was saved as checkpoint.pdf")?;
    on_it(&witness::pdf_text(&paper)?, &texts).map_err(Error::said)?;

    printed(world, &texts, "light")?;
    printed(world, &texts, "dark")?;
    main.click(button("Close"))
}

/// Prints what the dialog shows through the system's own dialog: the paper holds both texts and both pictures and nothing of the
/// window, dark on white whatever the window looks like.
fn printed(world: &World, texts: &[String], theme: &str) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    let put = "const root = document.documentElement; const was = root.dataset.theme ?? null;
               if (arguments[0] === null) delete root.dataset.theme; else root.dataset.theme = arguments[0]; return was";
    let was = main.script(put, json!([theme]))?;
    screen.click_at(main.middle(button("Print…"))?)?;
    screen.print()?;
    main.see_text("If it printed, hang it on the wall")?;
    let file = world.stage.home().join("output.pdf");
    until(PATIENCE, "the checkpoint on the printed paper", || Ok(on_it(&witness::pdf_text(&file).unwrap_or_default(), texts)))?;
    let kept = world.out.join(format!("checkpoint-printed-{theme}.pdf"));
    std::fs::copy(&file, &kept)?;
    std::fs::remove_file(file)?;
    main.script(put, json!([was]))?;

    let (said, paper) = (witness::pdf_text(&kept)?, witness::paper(&kept)?);
    on_it(&paper.codes, texts).map_err(Error::said)?;
    if let Some(foreign) =
        ["Support desk", "Sign out", "Save as PDF", "Close", "Clear the filters"].iter().find(|words| said.contains(**words))
    {
        return Err(Error::said(format!("“{foreign}” of the window is on the paper:\n{said}")));
    }
    if paper.pages != 1 || paper.white < 80 {
        return Err(Error::said(format!("From the {theme} window: {} pages, {} % white.", paper.pages, paper.white)));
    }
    Ok(())
}

fn on_it(paper: &str, texts: &[String]) -> std::result::Result<(), String> {
    let paper: String = paper.chars().filter(|symbol| !symbol.is_whitespace()).collect();
    match texts.iter().find(|text| !paper.contains(text.as_str())) {
        Some(text) => Err(format!("{text} is not on the paper: {paper}")),
        None => Ok(()),
    }
}

/// A change is answered with its entry, and a click there verifies it.
pub(super) fn proof_line(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(link("Communities"))?;
    main.click(button("New community"))?;
    let form = dialog("New community");
    main.fill(textbox("Name of the community").within(form.clone()), "Lighthouse")?;
    main.click(button("Make community").within(form))?;
    main.click(named("button", "Journalled as").in_part())?;
    main.see_text("is as it was written, under the checkpoint")?;
    // Nothing of it stays for the steps that follow.
    main.click(button("Remove Lighthouse"))?;
    main.click(button("Remove").within(dialog("Remove")))?;
    main.see_gone(button("Remove Lighthouse"))?;
    main.click(link("Journal"))?;
    main.see_text("made the community Lighthouse")
}
