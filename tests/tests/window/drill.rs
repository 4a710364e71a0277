//! Drills, where the tour does not go: over an open workspace, refused where they would leave something, killed.

use crate::people::{Desk, WORKSPACE, vaults};
use crate::played::PASSWORD;
use sallyport_tests::{Page, Result, Stage, button, combobox, dialog, heading, link, named, textbox, witness};
use serde_json::{Value, json};

fn begin(main: &Page, call: &str) -> Result<()> {
    let form = dialog("Rehearse a lockout");
    main.choose(combobox("Which call").within(form.clone()), call)?;
    main.click(button("Begin the drill").within(form))?;
    main.see_text("Drill. Nobody here is real.")
}

fn ask(main: &Page, command: &str, request: Value) -> Result<Value> {
    let ask = "return window.__TAURI__.core.invoke(arguments[0], { request: arguments[1] }).then(() => 'done', (refusal) => refusal.code)";
    main.script(ask, json!([command, request]))
}

/// The files of the sample workspace.
fn sample(stage: &Stage) -> Result<usize> {
    let mut files = Vec::new();
    witness::files_below(&vaults(stage, "desk").with_file_name("drill"), &mut files)?;
    Ok(files.len())
}

#[test]
fn a_drill_leaves_the_workspace_beneath_it_locked_and_as_it_was() -> Result<()> {
    let desk = Desk::inside()?;
    let main = &desk.main;
    main.click(link("Support desk"))?;
    main.click(button("Rehearse a lockout"))?;
    main.see_text(&format!("{WORKSPACE} is locked meanwhile."))?;
    begin(main, "“My phone is in the river.”")?;
    main.see(heading("Users"))?;
    main.see_text("Daniel Hart")?;
    assert!(!main.visible_text()?.contains("Olive Owner"));
    assert!(sample(&desk.stage)? > 0);

    // Past the window, too, nothing is kept of it and nothing is opened over it.
    let vault = json!({ "proof": { "password": "x" }, "passphrase": "x" });
    for command in ["take_backup", "add_keyring", "rotate_key", "renew_kit", "change_passphrase", "restore_backup", "open_vault"] {
        assert_eq!(ask(main, command, vault.clone())?, "in-drill", "{command}");
    }
    let known = "return window.__TAURI__.core.invoke('read_situation', { request: {} }).then((now) => now.known.length)";
    assert_eq!(main.script(known, json!([]))?, 1);

    main.click(button("End drill"))?;
    main.see(heading("Locked"))?;
    assert_eq!(sample(&desk.stage)?, 0);
    main.fill(textbox("Password"), PASSWORD)?;
    main.click(button("Unlock"))?;
    main.see(link("Journal"))?;
    main.click(link("Journal"))?;
    main.see(heading("Journal"))?;
    let seen = main.visible_text()?;
    assert!(!seen.contains("Sam Whitfield") && !seen.contains("Daniel Hart"), "{seen}");
    Ok(())
}

#[test]
fn a_killed_drill_is_swept_away_at_the_next_start() -> Result<()> {
    let desk = Desk::at_the_door()?;
    desk.main.click(button("Help (F1)"))?;
    desk.main.click(button("Rehearse a lockout"))?;
    begin(&desk.main, "“Just e-mail me the code.”")?;
    desk.main.click(button("Finish the call"))?;
    desk.main.click(button("“I can do nothing until I know who you are.”"))?;
    desk.main.see_text("You turned away somebody who could not show who they are.")?;
    assert!(sample(&desk.stage)? > 0);
    let Desk { program, stage, .. } = desk;
    program.kill()?;
    let program = stage.start("desk")?;
    let main = program.main()?;
    main.see(link(WORKSPACE).in_part())?;
    assert_eq!(sample(&stage)?, 0);
    assert!(main.texts(named("region", "Drill. Nobody here is real."))?.is_empty());
    Ok(())
}
