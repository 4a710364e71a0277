//! The recovery kit at the window, where the tour does not go: not kept, given up, refused, stopped.

use crate::people::{self, Desk, keep_kit, shown};
use crate::played::{PASSPHRASE, PASSWORD};
use sallyport_tests::{Page, Result, Stage, button, dialog, heading, link, textbox, witness};

/// A kit that nobody kept holds the window up; killed then, the program says at the next sign-in that there is none.
#[test]
fn the_first_kit_is_kept_or_told_as_never_kept() -> Result<()> {
    let stage = Stage::new()?;
    let program = stage.start("kit")?;
    let main = program.main()?;
    main.click(button("Create a workspace"))?;
    main.fill(textbox("Workspace name"), "Harbour")?;
    main.fill(textbox("Your name"), "Olive Owner")?;
    main.fill(textbox("E-mail"), "olive@example.org")?;
    main.fill(textbox("Password"), PASSWORD)?;
    main.fill(textbox("Vault passphrase"), PASSPHRASE)?;
    main.fill(textbox("Vault passphrase again"), PASSPHRASE)?;
    main.click(button("Create workspace"))?;
    let sheet = program.window("sheet")?;
    let lost = shown(&sheet, "Kit code")?;
    stage.screen().close_top_window()?;
    sheet.see_text("this is the only time that the code is shown")?;
    sheet.see_gone(button("Close without it"))?;
    sheet.click(button("Go back"))?;
    // Whatever the page believes: neither the sheet closes, nor does another take its place.
    for (page, command) in [(&sheet, "close_sheet"), (&main, "begin_enrolment")] {
        let ask = "return window.__TAURI__.core.invoke(arguments[0], { request: { name: 'Phone' } }).then(() => 'done', (refusal) => refusal.code)";
        assert_eq!(page.script(ask, serde_json::json!([command]))?, "kit-not-kept", "{command}");
    }
    program.kill()?;

    let program = stage.start("kit")?;
    let main = program.main()?;
    people::open(&main, "Harbour")?;
    people::password(&main, "olive@example.org", PASSWORD)?;
    main.click(button("Continue"))?;
    let sheet = program.window("sheet")?;
    let phone = shown(&sheet, "Secret to type")?;
    sheet.fill(textbox("Code"), &witness::totp(&phone, stage.clock()?.now())?)?;
    sheet.click(button("Verify"))?;
    sheet.click(button("Copy"))?;
    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;
    main.see_text("The recovery kit was never saved or printed")?;
    main.click(button("Make a new recovery kit"))?;
    prove(&main, PASSPHRASE)?;
    let kept = keep_kit(&program, &stage)?;
    assert_ne!(kept, lost);
    main.see_gone(button("Make a new recovery kit"))
}

fn prove(main: &Page, passphrase: &str) -> Result<()> {
    let form = dialog("Make a new recovery kit");
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.fill(textbox("Vault passphrase").within(form.clone()), passphrase)?;
    main.click(button("Show the new kit").within(form))
}

fn open_by_kit(main: &Page, code: &str) -> Result<()> {
    main.click(link(people::WORKSPACE).in_part())?;
    main.click(button("Open with the recovery kit"))?;
    main.fill(textbox("Kit code"), code)?;
    main.click(button("Open"))
}

/// A new kit that is given up leaves the old one; a lost passphrase is replaced by the kit that still holds.
#[test]
fn the_old_kit_holds_until_the_new_one_is_kept() -> Result<()> {
    let desk = Desk::inside()?;
    let main = &desk.main;
    let code = desk.kit.clone();
    main.click(link("This workspace"))?;
    main.click(button("Make a new recovery kit"))?;
    prove(main, "not the passphrase at all")?;
    main.see_text("This passphrase does not open the vault")?;
    prove(main, PASSPHRASE)?;
    let sheet = desk.program.window("sheet")?;
    let given_up = shown(&sheet, "Kit code")?;
    sheet.click(button("Done"))?;
    sheet.see_text("The kit from before stays valid")?;
    sheet.click(button("Close without it"))?;
    desk.program.window_gone("sheet")?;

    main.click(link("Journal"))?;
    main.see_text("had a new recovery kit drawn")?;
    main.click(button("Session menu"))?;
    main.click(sallyport_tests::menuitem("Close workspace"))?;
    main.click(button("Close now"))?;
    open_by_kit(main, &given_up)?;
    main.see_text("This kit does not open the workspace")?;
    main.click(button("Back"))?;
    main.click(button("Back"))?;
    open_by_kit(main, &code)?;
    main.see(heading("Sign in"))?;
    desk.sign_in()?;
    main.see_text("The recovery kit opened this workspace on")?;
    main.click(button("I know"))?;
    main.see_text("The recovery kit was used. Make a new one")?;

    main.click(link("This workspace"))?;
    main.click(button("Change passphrase"))?;
    let form = dialog("Change passphrase");
    main.click(button("I do not know it, but I have the recovery kit").within(form.clone()))?;
    main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
    main.fill(textbox("Kit code").within(form.clone()), &code)?;
    main.fill(textbox("New vault passphrase").within(form.clone()), "nine copper kettles on a shelf")?;
    main.fill(textbox("New vault passphrase again").within(form.clone()), "nine copper kettles on a shelf")?;
    main.click(button("Change passphrase").within(form))?;
    main.see_text("The vault passphrase was changed")?;
    main.click(button("Make a new recovery kit"))?;
    prove(main, "nine copper kettles on a shelf")?;
    keep_kit(&desk.program, &desk.stage)?;
    main.click(link("Journal"))?;
    main.see_text("changed the vault passphrase by the recovery kit")?;
    main.see_text("A new recovery kit took the place of the one before")
}
