//! The journal as evidence: taken out, verified by others than the program, and found out when it was tampered with.

use std::fs;

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, dialog, link, named, textbox, witness};

const FILE: &str = "journal.jsonl";
const KEPT: &str = "checkpoint.txt";
const KEY: &str = "journal-key.txt";

/// The owner keeps the key and a checkpoint elsewhere, goes on, and exports the journal: two programs verify the file, one
/// of them written in another language from the document of its format alone.
pub(super) fn journal_export(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Journal"))?;
    let key = keep(&main, world)?;
    main.click(link("Users"))?;
    main.click(link("Journal"))?;
    main.click(button("Export…"))?;
    let form = dialog("Export the journal");
    main.fill(textbox("A checkpoint that you kept (optional)").within(form.clone()), "nothing of the kind")?;
    main.click(button("Export").within(form.clone()))?;
    world.stage.screen().save_as(&world.out.join(FILE))?;
    main.see_text("This is not a checkpoint of this workspace’s journal")?;
    if world.out.join(FILE).exists() {
        return Err(Error::said("Something was exported all the same."));
    }
    main.fill(textbox("A checkpoint that you kept (optional)").within(form.clone()), &kept(world)?)?;
    main.click(button("Export").within(form))?;
    world.stage.screen().save_as(&world.out.join(FILE))?;
    main.see(dialog("The journal is exported"))?;
    main.click(button("Close"))?;
    main.see_text("exported the journal")?;

    let file = world.out.join(FILE);
    let wrong = witness::export_faults(&file, &key, &[&kept(world)?])?;
    if !wrong.is_empty() {
        return Err(Error::said(format!("The independent reader finds: {}.", wrong.join(", "))));
    }
    let (sound, said) = witness::sallyport_verify(&file, &key, &world.out.join(KEPT))?;
    if !sound || !said.contains("Nothing before the earlier checkpoint was changed") {
        return Err(Error::said(format!("sallyport-verify says:\n{said}")));
    }
    Ok(())
}

/// Copies the key, and a checkpoint that is taken now, to where an auditor would have them.
fn keep(main: &Page, world: &World) -> Result<String> {
    main.click(button("Key and checkpoints…"))?;
    main.see(dialog("Key and checkpoints"))?;
    main.click(button("Take a checkpoint now"))?;
    main.see(named("img", "The newest checkpoint as a QR code"))?;
    let shown = main.script(
        "return [...document.querySelectorAll('dialog .kept-elsewhere pre')].map((text) => text.textContent)",
        serde_json::json!([]),
    )?;
    let texts: Vec<String> = serde_json::from_value(shown).map_err(|error| Error::said(error.to_string()))?;
    let [key, checkpoint] = &texts[..] else { return Err(Error::said("The dialog does not show a key and a checkpoint.")) };
    fs::write(world.out.join(KEPT), checkpoint)?;
    fs::write(world.out.join(KEY), key)?;
    main.click(button("Close"))?;
    Ok(key.clone())
}

/// As it would be pasted out of a mail.
fn kept(world: &World) -> Result<String> {
    Ok(fs::read_to_string(world.out.join(KEPT))?.replace('\n', "  "))
}

/// The window verifies, too, with the checkpoint that was kept.
pub(super) fn journal_verify(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(button("Verify…"))?;
    let form = dialog("Verify the journal");
    main.fill(textbox("A checkpoint that you kept (optional)").within(form.clone()), &kept(world)?)?;
    main.click(button("Verify the journal").within(form))?;
    main.see(dialog("Nothing is wrong"))?;
    main.see_text("Nothing from before your checkpoint was changed")?;
    main.click(button("Close"))
}

/// One word changed, one line taken away, or the end cut off: each is named.
pub(super) fn journal_tampered_found(world: &World) -> Result<()> {
    let (file, key) = (world.out.join(FILE), fs::read_to_string(world.out.join(KEY))?);
    let whole = fs::read_to_string(&file)?;
    let lines: Vec<&str> = whole.lines().collect();
    let without =
        |gone: usize| lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| format!("{line}\n")).collect::<String>();
    let tampered = world.out.join("journal-tampered.jsonl");
    for (how, text, expected) in [
        ("a name was changed", whole.replace(world.member.name, "Somebody Else"), "was changed: who it was about is not what was sealed"),
        ("a line was taken away", without(4), "something was moved, inserted or taken away"),
        ("the end was cut off", lines[..lines.len() / 2].join("\n"), "The file is cut short"),
    ] {
        fs::write(&tampered, text)?;
        let (sound, said) = witness::sallyport_verify(&tampered, key.trim(), &world.out.join(KEPT))?;
        if sound || !said.contains(expected) {
            return Err(Error::said(format!("When {how}, sallyport-verify says:\n{said}")));
        }
    }
    session_menu(&world.main()?, "Sign out")
}
