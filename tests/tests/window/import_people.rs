//! A list of people in the window: what cannot be read is said, what was shown is done, and it is taken back.

use crate::people::Desk;
use crate::played::PASSWORD;
use sallyport_tests::{Result, button, dialog, heading, link, menuitem, textbox};
use std::path::Path;

fn picture(desk: &Desk, name: &str) -> Result<()> {
    match std::env::var_os("SALLYPORT_PICTURES") {
        Some(folder) => desk.stage.screen().picture(&Path::new(&folder).join(format!("{name}.png"))),
        None => Ok(()),
    }
}

#[test]
fn a_list_is_mended_imported_and_taken_back() -> Result<()> {
    let desk = Desk::inside()?;
    let (main, file) = (&desk.main, desk.stage.folder().join("staff.csv"));
    main.click(link("Users"))?;
    main.click(button("What to do with the list"))?;
    main.click(menuitem("Import people…"))?;
    main.see(heading("Import"))?;
    main.see_text("Nothing was imported yet")?;
    picture(&desk, "import-empty")?;

    std::fs::write(&file, b"name;email\nZo\xeb Latine;zoe@example.org\n")?;
    main.click(button("Choose a list…"))?;
    desk.stage.screen().open_file(&file)?;
    main.see_text("Line 2 is not UTF-8")?;
    picture(&desk, "import-fault")?;

    let list =
        "name;email;role;comment\nZoë Latine;zoe@example.org;;a\nBen;BEN@example.org;support;b\nBenoit;ben@example.org;;c\nCem;cem;;d\n";
    std::fs::write(&file, list)?;
    main.click(button("Check again"))?;
    main.see_text("The same address stands in line 3 already")?;
    main.see_text("Columns left out: comment")?;
    picture(&desk, "import-checked")?;
    main.click(button("Import 2 people…"))?;
    let form = dialog("Import 2 people?");
    main.see_text("2 refused rows are left out")?;
    picture(&desk, "import-ask")?;

    // Mended meanwhile: what is there now was never shown.
    std::fs::write(&file, list.replace("Cem;cem;", "Cem;cem@example.org;"))?;
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.click(button("Import 2 people").within(form.clone()))?;
    main.see_text("The file has changed since it was checked")?;
    main.click(button("Cancel").within(form))?;
    main.click(button("Check again"))?;
    main.click(button("Import 3 people…"))?;
    let form = dialog("Import 3 people?");
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.click(button("Import 3 people").within(form.clone()))?;
    main.see_text("Imported: 3 people")?;
    main.see_gone(form)?;
    picture(&desk, "import-done")?;
    main.click(link("Users"))?;
    main.see(link("Zoë Latine"))?;
    main.see_text("4 people")?;

    main.click(button("What to do with the list"))?;
    main.click(menuitem("Import people…"))?;
    main.click(button("Undo the import of staff.csv"))?;
    let form = dialog("Undo this import?");
    main.see_text("3 people whom it added are removed")?;
    picture(&desk, "import-undo")?;
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.click(button("Undo").within(form))?;
    main.see_text("Undone by")?;
    main.click(link("Users"))?;
    main.see_text("1 person")?;
    main.click(link("Journal"))?;
    main.see_text("undid the import of 3 people from staff.csv")?;
    main.see_text("removed Zoë Latine again")
}
