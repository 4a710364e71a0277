//! What opens a desktop's own copy of a workspace on a server, changed at that desktop.

use crate::hands::{session_menu, sign_in_with_authenticator};
use crate::remains::desk_of;
use crate::remote::{DESK_PASSPHRASE, NEW_DESK_PASSPHRASE, Remote};
use sallyport_tests::{Error, Result, button, dialog, heading, link, textbox};

/// Changed by its own person, who must know the present one. From then on the new one opens the file, and no other.
pub(crate) fn change_desk_passphrase(remote: &Remote) -> Result<()> {
    let world = &remote.world;
    let main = world.main()?;
    main.click(link("Profile and security"))?;
    main.click(button("Change desk passphrase"))?;
    let form = dialog("Change desk passphrase");
    let fill = |present: &str| -> Result<()> {
        main.fill(textbox("Present desk passphrase").within(form.clone()), present)?;
        main.fill(textbox("New desk passphrase").within(form.clone()), NEW_DESK_PASSPHRASE)?;
        main.fill(textbox("New desk passphrase again").within(form.clone()), NEW_DESK_PASSPHRASE)?;
        main.click(button("Change desk passphrase").within(form.clone()))
    };
    fill("not the present one at all")?;
    main.see_text("This is not the desk passphrase of this computer")?;
    fill(DESK_PASSPHRASE)?;
    main.see_text("The desk passphrase was changed")?;
    if desk_of(world, DESK_PASSPHRASE)?.is_some() || desk_of(world, NEW_DESK_PASSPHRASE)?.is_none() {
        return Err(Error::said("Another reader opens the file by the old passphrase, or not by the new one."));
    }

    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Desk passphrase"), DESK_PASSPHRASE)?;
    main.click(button("Open"))?;
    main.see_text("This passphrase does not open")?;
    main.fill(textbox("Desk passphrase"), NEW_DESK_PASSPHRASE)?;
    main.click(button("Open"))?;
    main.see(heading("Sign in"))?;
    sign_in_with_authenticator(world, &world.owner)
}
