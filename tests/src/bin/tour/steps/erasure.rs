//! A person is erased: the journal verified before and after, by the window and by two programs outside.

use std::fs;

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Error, Page, Result, button, dialog, heading, link, textbox, witness};
use serde_json::json;

const NAME: &str = "Leontine Abernathy";
const EMAIL: &str = "leontine.abernathy@example.org";
const BEFORE: &str = "journal-before-erasing.jsonl";
const AFTER: &str = "journal-after-erasing.jsonl";

/// Somebody is added and erased again, by the owner, who types the name. Nothing of them is left in a fresh export, whose every entry
/// still verifies against the checkpoint from before; the export from before still names them, as the dialog said.
pub(super) fn erase_person(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.click(button("Add user"))?;
    let form = dialog("Add user");
    main.fill(textbox("Name").within(form.clone()), NAME)?;
    main.fill(textbox("E-mail").within(form.clone()), EMAIL)?;
    main.click(button("Create invitation").within(form))?;
    issued_code(world, "the invitation code of whoever is erased", "Invitation code")?;
    main.click(link("Journal"))?;
    let (key, checkpoint) = keep(&main, world)?;
    export(world, &main, BEFORE)?;
    verify(world, BEFORE, &key, &checkpoint)?;
    let before = fs::read_to_string(world.out.join(BEFORE))?;
    let id = id_in(&before)?;

    main.click(link("Users"))?;
    main.click(link(NAME))?;
    main.see(heading(NAME))?;
    main.click(button("Erase this person"))?;
    let form = dialog("Erase this person");
    main.see_text("by or about them: who, to whom, and every word")?;
    main.see_text("Exports, papers and mail that left this workspace are not reached")?;
    main.click(button("Continue").within(form.clone()))?;
    submit(world, &main, "Leontine")?;
    main.see_text("That is not the name of this person")?;
    submit(world, &main, NAME)?;
    main.see_gone(form)?;
    main.see_gone(link(NAME))?;

    main.click(link("Journal"))?;
    main.see_text("erased somebody: who it was is gone from")?;
    main.see_text("erased, declared. Who it was can no longer be known")?;
    if main.visible_text()?.contains(NAME) {
        return Err(Error::said("The journal still names them."));
    }
    main.click(button("Verify…"))?;
    main.click(button("Verify the journal").within(dialog("Verify the journal")))?;
    main.see(dialog("Nothing is wrong"))?;
    main.see_text("the persons were erased, as")?;
    main.click(button("Close"))?;
    export(world, &main, AFTER)?;
    let said = verify(world, AFTER, &key, &checkpoint)?;
    if !said.contains("the persons were erased, and an entry of the journal declares that") {
        return Err(Error::said(format!("sallyport-verify says:\n{said}")));
    }
    let after = fs::read_to_string(world.out.join(AFTER))?;
    for gone in [NAME, EMAIL, &id] {
        if after.contains(gone) || !before.contains(gone) {
            return Err(Error::said(format!("{gone} is in the wrong one of the two exports.")));
        }
    }
    session_menu(&main, "Sign out")
}

fn submit(world: &World, main: &Page, name: &str) -> Result<()> {
    let form = dialog("Erase this person");
    main.fill(textbox("Name of the person").within(form.clone()), name)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    if main.script("return document.querySelector('dialog [name=code]') !== null", json!([]))? == json!(true) {
        main.fill(textbox("Code").within(form.clone()), &world.code(&world.owner)?)?;
    }
    main.click(button("Erase for good").within(form))
}

/// The key, and a checkpoint of now.
fn keep(main: &Page, world: &World) -> Result<(String, String)> {
    main.click(button("Key and checkpoints…"))?;
    main.see(dialog("Key and checkpoints"))?;
    main.click(button("Take a checkpoint now"))?;
    main.see_gone(button("Take a checkpoint now"))?;
    let shown =
        main.script("return [...document.querySelectorAll('dialog .kept-elsewhere pre')].map((text) => text.textContent)", json!([]))?;
    let texts: Vec<String> = serde_json::from_value(shown).map_err(|error| Error::said(error.to_string()))?;
    let [key, checkpoint] = &texts[..] else { return Err(Error::said("The dialog does not show a key and a checkpoint.")) };
    fs::write(world.out.join("checkpoint-before-erasing.txt"), checkpoint)?;
    main.click(button("Close"))?;
    Ok((key.clone(), checkpoint.clone()))
}

fn export(world: &World, main: &Page, file: &str) -> Result<()> {
    main.click(button("Export…"))?;
    main.click(button("Export").within(dialog("Export the journal")))?;
    world.stage.screen().save_as(&world.out.join(file))?;
    main.see(dialog("The journal is exported"))?;
    main.click(button("Close"))
}

/// By two programs, one of them in another language. What the first says.
fn verify(world: &World, file: &str, key: &str, checkpoint: &str) -> Result<String> {
    let file = world.out.join(file);
    let wrong = witness::export_faults(&file, key, &[checkpoint])?;
    if !wrong.is_empty() {
        return Err(Error::said(format!("The independent reader finds: {}.", wrong.join(", "))));
    }
    match witness::sallyport_verify(&file, key, &world.out.join("checkpoint-before-erasing.txt"))? {
        (true, said) => Ok(said),
        (false, said) => Err(Error::said(format!("sallyport-verify says:\n{said}"))),
    }
}

/// The identifier of whoever was invited last.
fn id_in(journal: &str) -> Result<String> {
    let line = journal.lines().rfind(|line| line.contains("person.invited") && line.contains(EMAIL));
    let persons = line.and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let id = persons.as_ref().and_then(|line| line["persons"]["subject"].as_str());
    id.map(str::to_owned).ok_or_else(|| Error::said("The export does not say who was invited."))
}
