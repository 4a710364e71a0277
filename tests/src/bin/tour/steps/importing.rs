//! What people bring from other authenticators.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, dialog, heading, link, textbox};
use std::path::PathBuf;

fn sample(name: &str) -> Result<PathBuf> {
    Ok([env!("CARGO_MANIFEST_DIR"), "vectors/intake", name].iter().collect::<PathBuf>().canonicalize()?)
}

/// Two pictures of three are read and the third is asked for; what was imported is undone. Then an encrypted export of
/// another app, written by another program, opens with its passphrase alone.
pub(super) fn import_authenticators(world: &World) -> Result<()> {
    let (main, screen) = (world.main()?, world.stage.screen());
    sign_in_with_authenticator(world, &world.owner)?;
    open_profile(&main)?;
    main.click(link("Bring from another app"))?;
    main.see(heading("Bring authenticators from another app"))?;
    main.click(button("Choose files"))?;
    screen.open_file(&sample("migration-1-of-3.png")?)?;
    main.see_text("1 of 3 pictures read")?;
    main.click(button("Add the next picture"))?;
    screen.open_file(&sample("migration-2-of-3.png")?)?;
    main.see_text("2 of 3 pictures read")?;
    main.click(button("Add the next picture"))?;
    screen.open_file(&sample("migration-3-of-3.png")?)?;
    main.see_text("2 tokens will be imported")?;
    take(world)?;
    main.click(button("Undo"))?;
    main.see_text("The import is undone")?;

    main.click(button("Choose files"))?;
    screen.open_file(&sample("aegis-encrypted.json")?)?;
    main.fill(textbox("Passphrase of the file"), "correct horse")?;
    main.click(button("Open"))?;
    main.see_text("1 token will be imported")?;
    main.click(button("Clear"))?;
    main.see_text("What can be read")
}

fn take(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Import 2 tokens"))?;
    let form = dialog("Import 2 tokens?");
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Import 2 tokens").within(form))?;
    main.see_text("2 tokens imported")
}
