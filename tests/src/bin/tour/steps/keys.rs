//! The recovery kit from its paper to its replacement, and a new key for the vault.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, combobox, dialog, heading, link, textbox, witness};
use std::path::Path;

/// The first kit must be kept before the window goes on; its code is read off the paper by another program.
pub(crate) fn keep_first_kit(world: &World) -> Result<()> {
    let sheet = world.sheet()?;
    sheet.see_text("Not kept yet")?;
    sheet.click(button("Done"))?;
    sheet.see_text("this is the only time that the code is shown")?;
    sheet.click(button("Go back"))?;
    save_kit(world, "recovery-kit.pdf")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()
}

fn save_kit(world: &World, file: &str) -> Result<()> {
    let (sheet, paper) = (world.sheet()?, world.out.join(file));
    sheet.click(button("Save as PDF"))?;
    world.stage.screen().save_as(&paper)?;
    sheet.see_text(&format!("Saved as {file}"))?;
    let code = code_on(&paper)?;
    agree("the kit on paper", &code, &shown(&sheet, "Kit code")?)?;
    world.keep_secret("the code of a recovery kit", &code);
    world.kits.borrow_mut().push(code);
    Ok(())
}

fn code_on(paper: &Path) -> Result<String> {
    let text = witness::pdf_text(paper)?;
    let code = text.split_whitespace().find(|word| word.len() == 29 && word.starts_with('K') && word.matches('-').count() == 4);
    code.map(str::to_owned).ok_or_else(|| Error::said("No code of a kit stands on the paper."))
}

pub(super) fn kit(world: &World, number: usize) -> Result<String> {
    world.kits.borrow().get(number).cloned().ok_or_else(|| Error::said("There is no such kit."))
}

fn open_by_kit(main: &Page, code: &str) -> Result<()> {
    main.fill(textbox("Kit code"), code)?;
    main.click(button("Open"))
}

fn close(main: &Page) -> Result<()> {
    session_menu(main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.click(link("Harbour & Sons").in_part())
}

/// Passphrase, password and phone are lost: the kit opens the vault, and its owner comes back, alone. Everybody who
/// administers anything is told, and a new kit takes its place.
pub(super) fn kit_unlock(world: &World) -> Result<()> {
    let (main, first) = (world.main()?, kit(world, 0)?);
    main.click(link("Harbour & Sons").in_part())?;
    main.click(button("Open with the recovery kit"))?;
    let before = world.vault_bytes()?;
    open_by_kit(&main, &mistyped(&first))?;
    main.see_text("or it is mistyped")?;
    if world.vault_bytes()? != before {
        return Err(Error::said("A mistyped kit changed a file of the vault."));
    }
    open_by_kit(&main, &first.to_lowercase().replace('-', " "))?;
    main.see(heading("Sign in"))?;
    main.see_text("The recovery kit opened this workspace")?;

    main.click(button("I am an owner and have the recovery kit"))?;
    let password = "copper-lantern-44-willow";
    recover(&main, world.member.email, &first, password)?;
    main.see_text("This address and this kit let nobody in")?;
    recover(&main, world.owner.email, &first, password)?;
    main.see(heading("Set up a new authenticator"))?;
    world.owner.password.replace(password.to_owned());
    world.keep_secret("the owner's new password", password);
    main.click(button("Continue"))?;
    let codes = verify_on_sheet(world, &world.owner)?;
    world.owner.backup_codes.replace(codes);
    copy_and_close(world)?;
    main.see_text(&format!("{} used the recovery kit", world.owner.name))?;
    main.click(button("I know"))?;
    main.see_text("The recovery kit was used. Make a new one")?;
    main.click(link("Journal"))?;
    main.see_text("The recovery kit opened the workspace.")?;

    main.click(button("Make a new recovery kit"))?;
    let form = dialog("Make a new recovery kit");
    main.fill(textbox("Current password").within(form.clone()), password)?;
    main.fill(textbox("Vault passphrase").within(form.clone()), world.passphrase)?;
    main.click(button("Show the new kit").within(form))?;
    world.sheet()?.see_text("The kit from before holds until")?;
    save_kit(world, "recovery-kit-renewed.pdf")?;
    world.sheet()?.click(button("Done"))?;
    world.sheet_gone()?;

    close(&main)?;
    main.click(button("Open with the recovery kit"))?;
    open_by_kit(&main, &first)?;
    main.see_text("a newer kit has replaced it")?;
    main.click(button("Back"))?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))
}

fn recover(main: &Page, email: &str, code: &str, password: &str) -> Result<()> {
    main.fill(textbox("E-mail"), email)?;
    main.fill(textbox("Kit code"), code)?;
    main.fill(textbox("New password"), password)?;
    main.fill(textbox("New password again"), password)?;
    main.click(button("Go on"))
}

/// A new key: the file of before is gone, and the passphrase and the kit open the new one.
pub(super) fn rotate_key(world: &World) -> Result<()> {
    sign_in_with_authenticator(world, &world.owner)?;
    let (main, renewed) = (world.main()?, kit(world, 1)?);
    let old = world.vault_file("db")?;
    main.click(link("This workspace"))?;
    main.click(button("Change the vault's key"))?;
    let form = dialog("Change the vault's key");
    main.see_text("Old copies and backups of the file still open")?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase").within(form.clone()), world.passphrase)?;
    main.choose(combobox("What becomes of the recovery kit").within(form.clone()), "It stays: I have its code")?;
    main.fill(textbox("Kit code").within(form.clone()), &kit(world, 0)?)?;
    main.click(button("Change the key").within(form.clone()))?;
    main.see_text("This kit does not open the workspace")?;
    main.fill(textbox("Kit code").within(form.clone()), &renewed)?;
    main.click(button("Change the key").within(form))?;
    main.see_text("The vault has a new key")?;
    let new = world.vault_file("db")?;
    if old == new || old.exists() {
        return Err(Error::said("The file under the key of before is still there."));
    }
    witness::stock_sqlite_refuses(&new)?;
    close(&main)?;
    main.click(button("Open with the recovery kit"))?;
    open_by_kit(&main, &renewed)?;
    main.see(heading("Sign in"))?;
    main.click(button("Close workspace"))?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}
