//! What must hold whatever happens.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, dialog, heading, link, textbox, witness};

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

pub(super) fn nothing_secret_on_disk(world: &World) -> Result<()> {
    witness::stock_sqlite_refuses(&world.vault_file("db")?)?;
    witness::nowhere_on_disk(world.stage.folder(), &world.secrets())
}
