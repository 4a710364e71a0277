//! The desk for files with secrets in them: nothing is taken before it was shown, and nothing read outlives the session.

use crate::people::Desk;
use crate::played::PASSWORD;
use sallyport_tests::{Page, Result, button, dialog, heading, link, textbox};
use std::path::PathBuf;

fn sample(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "vectors/intake", name].iter().collect::<PathBuf>().canonicalize().expect("a sample")
}

fn choose(desk: &Desk, with: &str, name: &str) -> Result<()> {
    desk.main.click(button(with))?;
    desk.stage.screen().open_file(&sample(name))
}

fn own_desk(main: &Page) -> Result<()> {
    main.click(link("Profile and security"))?;
    main.click(link("Bring from another app"))?;
    main.see(heading("Bring authenticators from another app"))
}

#[test]
fn an_encrypted_export_opens_with_its_passphrase_and_is_forgotten_on_lock() -> Result<()> {
    let desk = Desk::inside()?;
    own_desk(&desk.main)?;
    choose(&desk, "Choose files", "aegis-encrypted.json")?;
    desk.main.see(heading("Open aegis-encrypted.json"))?;
    desk.main.fill(textbox("Passphrase of the file"), "not this one")?;
    desk.main.click(button("Open"))?;
    desk.main.see_text("This passphrase does not open the file")?;
    desk.main.fill(textbox("Passphrase of the file"), "correct horse")?;
    desk.main.click(button("Open"))?;
    desk.main.see_text("1 token will be imported")?;
    desk.main.see_text("2 entries are left out")?;
    desk.main.see_text("steam codes are made in a way of their own")?;
    let page = desk.main.visible_text()?;
    assert!(!page.contains("GEZDGNBV"), "a secret is on the page: {page}");

    desk.stage.screen().press("ctrl+l")?;
    desk.main.see(heading("Locked"))?;
    desk.main.fill(textbox("Password"), PASSWORD)?;
    desk.main.click(button("Unlock"))?;
    own_desk(&desk.main)?;
    desk.main.see_text("What can be read")?;
    Ok(())
}

#[test]
fn an_export_in_three_pictures_asks_for_the_next_and_can_be_undone() -> Result<()> {
    let desk = Desk::inside()?;
    own_desk(&desk.main)?;
    choose(&desk, "Choose files", "no-code.png")?;
    desk.main.see_text("No QR code was found in the picture")?;
    desk.main.click(button("Clear"))?;
    choose(&desk, "Choose files", "migration-1-of-3.png")?;
    desk.main.see_text("1 of 3 pictures read")?;
    choose(&desk, "Add the next picture", "migration-1-of-3.png")?;
    desk.main.see_text("Every code in this picture was read already")?;
    choose(&desk, "Add the next picture", "migration-2-of-3.png")?;
    desk.main.see_text("2 of 3 pictures read")?;
    choose(&desk, "Add the next picture", "migration-3-of-3.png")?;
    desk.main.see_text("2 tokens will be imported")?;
    desk.main.click(button("Import 2 tokens"))?;
    let form = dialog("Import 2 tokens?");
    desk.main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    desk.main.click(button("Import 2 tokens").within(form))?;
    desk.main.see_text("2 tokens imported")?;
    desk.main.click(button("Undo"))?;
    desk.main.see_text("The import is undone")?;

    choose(&desk, "Choose files", "migration-3-of-3.png")?;
    desk.main.see_text("1 token will be imported")
}
