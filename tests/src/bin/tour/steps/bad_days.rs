//! What must hold whatever happens.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Result, button, dialog, heading, link, textbox, witness};

/// Killed between Verify and the codes being kept: enrolled, and offered new codes at the next sign-in.
pub(super) fn killed_after_verify(world: &World) -> Result<()> {
    password(world, &world.guest)?;
    let main = world.main()?;
    main.click(button("Enable two-factor authentication"))?;
    let form = dialog("Enable two-factor authentication");
    main.fill(textbox("Current password").within(form.clone()), &world.guest.password.borrow())?;
    main.click(button("Continue").within(form))?;
    verify_on_sheet(world, &world.guest)?;
    world.kill()?;
    let main = world.start()?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    sign_in_with_authenticator(world, &world.guest)?;
    main.see_text("Not saved yet: these codes were never copied or downloaded")?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}

/// While the workspace is open nothing of it can be read in any file of this computer; and once it is closed, nothing secret
/// stands under the encryption either: passwords and codes are hashed there, and the secrets of authenticators are sealed.
pub(super) fn nothing_secret_on_disk(world: &World) -> Result<()> {
    let (main, database) = (world.main()?, world.vault_file("db")?);
    // What is written now stands in the write-ahead log alone.
    sign_in_with_authenticator(world, &world.owner)?;
    witness::stock_sqlite_refuses(&database)?;
    let mut files = Vec::new();
    witness::files_below(world.stage.folder(), &mut files)?;
    for ending in [".db", ".db-wal", "vault.json", ".log"] {
        let there = files.iter().any(|file| file.to_string_lossy().ends_with(ending) && file.metadata().is_ok_and(|file| file.len() > 0));
        if !there {
            return Err(Error::said(format!("No {ending} is there to be searched.")));
        }
    }
    witness::nowhere_on_disk(world.stage.folder(), &world.secrets())?;

    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))?;
    let [key, _] = witness::vault_keys(&world.vault_file("json")?, world.passphrase)?;
    let pages = witness::vault_pages(&database, &key)?;
    if !String::from_utf8_lossy(&pages).contains(world.owner.email) {
        return Err(Error::said("What stands in the vault was not read."));
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("the vault, decrypted"), pages)?;
    witness::nowhere_on_disk(folder.path(), &world.secrets())
}
