//! The keyring of the computer: a real one, on the computer's own bus.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, combobox, dialog, heading, link, textbox};

/// A real keyring opens the vault, and no passphrase is typed; then that leave is taken back.
pub(super) fn keyring_unlock(world: &World) -> Result<()> {
    let main = world.main()?;
    let _keyring = world.stage.keyring()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("This workspace"))?;
    main.click(button("Open by keyring"))?;
    let form = dialog("Open by keyring");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Add to keyring").within(form))?;
    main.see(button("Stop opening by keyring"))?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.click(link("Harbour & Sons").in_part())?;
    main.click(button("Open by keyring"))?;
    main.see(heading("Sign in"))?;

    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("This workspace"))?;
    main.click(button("Stop opening by keyring"))?;
    let form = dialog("Stop opening by keyring");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.fill(textbox("Vault passphrase").within(form.clone()), world.passphrase)?;
    main.choose(combobox("What becomes of the recovery kit").within(form.clone()), "It stays: I have its code")?;
    let code = world.kits.borrow().last().cloned().unwrap_or_default();
    main.fill(textbox("Kit code").within(form.clone()), &code)?;
    main.click(button("Stop opening by keyring").within(form))?;
    main.see_text("No keyring opens this workspace any more")?;
    session_menu(&main, "Sign out")
}
