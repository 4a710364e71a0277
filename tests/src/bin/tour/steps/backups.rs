//! A backup is taken, restored beside the workspace it was taken of, and one of the two removed.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, combobox, dialog, heading, link, menuitem, textbox, witness};

const FILE: &str = "workspace-backup.backup";
const RESTORED_PASSPHRASE: &str = "eleven patient herons at low tide";

/// Taken while the program runs; a reader that knows the format from its document alone finds everybody in it.
pub(super) fn backup(world: &World) -> Result<()> {
    let (main, file) = (world.main()?, world.out.join(FILE));
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    sign_in_with_authenticator(world, &world.owner)?;
    // The kit opened it in the step before.
    main.see_text("The recovery kit opened this workspace on")?;
    main.click(button("I know"))?;
    main.see_text("The recovery kit was used. Make a new one")?;
    main.click(link("This workspace"))?;
    main.see_text("None was ever taken")?;
    take(&main, world, "not the passphrase at all")?;
    main.see_text("This passphrase does not open the vault")?;
    main.fill(textbox("Vault passphrase").within(dialog("Back up now")), world.passphrase)?;
    main.click(button("Choose the file"))?;
    world.stage.screen().save_as(&file)?;
    main.see(dialog("The backup is kept"))?;
    main.see_text("It also opens with the recovery kit")?;
    let people = witness::backup_rows(&file, world.passphrase, "SELECT email FROM accounts ORDER BY email")?;
    for person in [&world.owner, &world.member, &world.guest] {
        if !people.contains(person.email) {
            return Err(Error::said(format!("{} is not in the backup.", person.name)));
        }
    }
    if witness::backup_rows(&file, "not the passphrase at all", "SELECT 1").is_ok() {
        return Err(Error::said("The backup opens with any passphrase."));
    }
    main.click(button("Close"))?;
    main.see_text("Last taken")?;
    main.click(link("Journal"))?;
    main.see_text("took a backup of the workspace")?;
    close(&main)
}

fn take(main: &Page, world: &World, passphrase: &str) -> Result<()> {
    main.click(button("Back up now"))?;
    let form = dialog("Back up now");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase").within(form.clone()), passphrase)?;
    main.click(button("Choose the file").within(form))
}

fn close(main: &Page) -> Result<()> {
    session_menu(main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}

/// A new vault beside the old one: backup codes are void, the app goes on working, and the list tells the two apart.
pub(super) fn restore(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    world.keep_secret("the passphrase of the restored vault", RESTORED_PASSPHRASE);
    main.click(button("Restore a backup"))?;
    main.click(button("Choose the backup file"))?;
    screen.open_file(&world.out.join("recovery-kit.pdf"))?;
    main.see_text("This file is not a Sallyport backup")?;
    main.click(button("Choose the backup file"))?;
    screen.open_file(&world.out.join(FILE))?;
    main.see_text("is on this computer too")?;
    main.choose(combobox("What opens the backup"), "The vault passphrase of that day")?;
    fill(&main, "not the passphrase at all")?;
    main.see_text("This passphrase does not open the backup")?;
    fill(&main, world.passphrase)?;
    main.see(heading("Sign in"))?;
    main.see_text("The workspace was restored")?;

    password(world, &world.owner)?;
    main.see(heading("Enter your code"))?;
    give_code(&main, &world.owner.backup_codes.borrow()[2])?;
    main.see_text("This backup code is void")?;
    world.stage.clock()?.advance_seconds(90)?;
    give_code(&main, &world.code(&world.owner)?)?;
    open_profile(&main)?;
    main.see_text("None of your backup codes is left")?;
    main.click(link("Journal"))?;
    main.see_text("The workspace was restored from the backup of")?;
    close(&main)?;
    main.see_text("Restored from a backup")
}

fn fill(main: &Page, present: &str) -> Result<()> {
    main.fill(textbox("Passphrase of that day"), present)?;
    main.fill(textbox("New vault passphrase"), RESTORED_PASSPHRASE)?;
    main.fill(textbox("New vault passphrase again"), RESTORED_PASSPHRASE)?;
    main.click(button("Restore"))
}

/// Removed from this computer: nothing of it is left, and the one beside it is untouched.
pub(super) fn remove_workspace(world: &World) -> Result<()> {
    let main = world.main()?;
    let before = world.vaults()?;
    main.click(button("Actions for Harbour & Sons, Restored").in_part())?;
    main.click(menuitem("Remove from this computer"))?;
    let form = dialog("Remove from this computer");
    main.see_text("Without one nothing brings this workspace back")?;
    main.fill(textbox("Type the name to confirm").within(form.clone()), "Harbour")?;
    main.click(button("Remove for good").within(form.clone()))?;
    main.see_text("That is not the name of this workspace")?;
    main.fill(textbox("Type the name to confirm").within(form.clone()), "Harbour & Sons")?;
    main.click(button("Remove for good").within(form))?;
    main.see_text("was removed from this computer")?;
    let after = world.vaults()?;
    if before.len() != 2 || after.len() != 1 || !before.contains(&after[0]) {
        return Err(Error::said(format!("There were {} workspaces on the disk, and now {}.", before.len(), after.len())));
    }
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))
}
