//! A list of people is imported, and taken back.

use crate::people::World;
use sallyport_tests::{Error, Result, button, dialog, heading, link, menuitem, textbox};

const LIST: &str = "name,email,role,community\r\n\
    \"Ferry, Ines\",ines@example.org,support,harbour & sons\r\n\
    Pilar Pilot,pilar@example.org,,Harbour & Sons\r\n\
    Pilar Again,PILAR@example.org,,Harbour & Sons\r\n\
    No Address,nobody,,Harbour & Sons\r\n";

fn open(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(link("Users"))?;
    main.click(button("What to do with the list"))?;
    main.click(menuitem("Import people…"))?;
    main.see(heading("Import"))
}

/// Two of four rows are people; the other two are saved with their reasons, in a file of their own.
pub(super) fn import_users(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    let (list, refused) = (world.stage.folder().join("staff.csv"), world.stage.folder().join("refused.csv"));
    std::fs::write(&list, LIST)?;
    open(world)?;
    main.click(button("Choose a list…"))?;
    screen.open_file(&list)?;
    main.see_text("The same address stands in line 3 already")?;
    main.click(button("Save the 2 refused rows…"))?;
    screen.save_as(&refused)?;
    main.see_text("The refused rows are in refused.csv")?;
    let saved = std::fs::read_to_string(&refused)?;
    if !saved.contains("\"PILAR@example.org\"") || !saved.contains("This is not the form of an e-mail address") {
        return Err(Error::said(format!("The refused rows read: {saved}")));
    }
    main.click(button("Import 2 people…"))?;
    let form = dialog("Import 2 people?");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Import 2 people").within(form))?;
    main.see_text("Imported: 2 people")?;
    main.click(link("Users"))?;
    main.see(link("Ferry, Ines"))?;
    main.see(link("Pilar Pilot"))
}

/// Nobody of it has come in: all of it goes, and the journal goes on naming them.
pub(super) fn import_undo(world: &World) -> Result<()> {
    let main = world.main()?;
    open(world)?;
    main.click(button("Undo the import of staff.csv"))?;
    let form = dialog("Undo this import?");
    main.see_text("2 people whom it added are removed")?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Undo").within(form))?;
    main.see_text("Undone by")?;
    main.click(link("Users"))?;
    main.see_gone(link("Pilar Pilot"))?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} removed Ferry, Ines again: an import was undone.", world.owner.name))
}
