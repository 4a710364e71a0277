//! A workspace is made, closed and opened again.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Result, button, combobox, heading, link, textbox, witness};

pub(super) fn create_workspace(world: &World) -> Result<()> {
    let main = world.start()?;
    main.click(button("Create a workspace"))?;
    main.choose(combobox("Workspace language"), "English")?;
    main.fill(textbox("Workspace name"), "Harbour & Sons")?;
    main.fill(textbox("Your name"), world.owner.name)?;
    main.fill(textbox("E-mail"), world.owner.email)?;
    main.fill(textbox("Password"), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.fill(textbox("Vault passphrase again"), world.passphrase)?;
    main.click(button("Create workspace"))?;
    super::keys::keep_first_kit(world)?;
    main.see(heading("Set up two-factor authentication"))?;
    let vault = world.vault_file("db")?;
    witness::stock_sqlite_refuses(&vault)
}

pub(super) fn owner_enrols(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.owner)?;
    world.owner.backup_codes.replace(codes);
    let sheet = world.sheet()?;
    sheet.see_text("Not saved yet")?;
    sheet.click(button("Done"))?;
    sheet.see_text("You have not saved these codes. Close anyway?")?;
    sheet.click(button("Go back"))?;
    sheet.click(button("Copy"))?;
    sheet.see_text("The clipboard is emptied in 60 seconds")?;
    let copied = world.stage.screen().clipboard().unwrap_or_default();
    let expected = world.owner.backup_codes.borrow().join("\n");
    agree("the clipboard", &copied, &expected)?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    main.see(link("Users"))
}

/// Closed and opened again: the passphrase is asked, and a wrong one changes no byte.
pub(super) fn open_again(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.click(link("Harbour & Sons").in_part())?;
    if world.stage.screen().clipboard().is_some() {
        return Err(Error::said("The codes stayed on the clipboard after the workspace was closed."));
    }
    let before = world.vault_bytes()?;
    main.fill(textbox("Vault passphrase"), "not the passphrase at all")?;
    main.click(button("Open"))?;
    main.see_text("This passphrase does not open the vault")?;
    if world.vault_bytes()? != before {
        return Err(Error::said("A wrong passphrase changed a file of the vault."));
    }
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))
}
