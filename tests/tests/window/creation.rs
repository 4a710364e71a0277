//! A workspace that is to open by the keyring from its first hour: with one, without one, and with one that is locked.

use crate::people::{self, vaults};
use crate::played::{PASSPHRASE, PASSWORD};
use sallyport_tests::{Program, Result, Stage, button, heading, link, named, textbox};

const TICK: &str = "Also open it with this computer’s keyring";

/// Creates a workspace with the tick, and keeps its first kit.
fn create(stage: &Stage) -> Result<Program> {
    let program = stage.start("making")?;
    let main = program.main()?;
    main.click(button("Create a workspace"))?;
    assert_eq!(main.script("return document.querySelector('input[name=keyring]').checked", serde_json::json!([]))?, false);
    main.fill(textbox("Workspace name"), "Harbour")?;
    main.fill(textbox("Your name"), "Olive Owner")?;
    main.fill(textbox("E-mail"), "olive@example.org")?;
    main.fill(textbox("Password"), PASSWORD)?;
    main.fill(textbox("Vault passphrase"), PASSPHRASE)?;
    main.fill(textbox("Vault passphrase again"), PASSPHRASE)?;
    main.check(named("checkbox", TICK))?;
    main.click(button("Create workspace"))?;
    people::keep_kit(&program, stage)?;
    main.see(heading("Set up two-factor authentication"))?;
    Ok(program)
}

fn header(stage: &Stage) -> Result<String> {
    let folder = std::fs::read_dir(vaults(stage, "making"))?.next().expect("a vault")?.path();
    Ok(std::fs::read_to_string(folder.join("vault.json"))?)
}

#[test]
fn the_keyring_opens_it_from_the_first_hour() -> Result<()> {
    let stage = Stage::new()?;
    let _keyring = stage.keyring()?;
    let program = create(&stage)?;
    let main = program.main()?;
    assert!(!main.visible_text()?.contains("keyring"), "nothing is to be said of what went well");
    assert!(header(&stage)?.contains("\"keyring\""));
    main.click(button("Close workspace"))?;
    main.click(button("Close now"))?;
    main.click(link("Harbour").in_part())?;
    main.click(button("Open by keyring"))?;
    main.see(heading("Sign in"))
}

#[test]
fn without_a_keyring_it_is_made_and_says_so() -> Result<()> {
    let stage = Stage::new()?;
    let program = create(&stage)?;
    program.main()?.see_text("No keyring answers on this computer, so it opens by its passphrase")?;
    assert!(!header(&stage)?.contains("\"keyring\""));
    Ok(())
}

#[test]
fn with_a_locked_keyring_it_is_made_and_says_where_to_try_again() -> Result<()> {
    let stage = Stage::new()?;
    let _keyring = stage.keyring()?;
    stage.lock_keyring()?;
    let program = create(&stage)?;
    program.main()?.see_text("The keyring of this computer is locked, so it does not open it")?;
    program.main()?.see_text("This workspace")?;
    assert!(!header(&stage)?.contains("\"keyring\""));
    Ok(())
}
