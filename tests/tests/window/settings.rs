//! What a person chooses on this computer, and the keys that lead there.

use crate::people::{Desk, WORKSPACE};
use crate::played::PASSWORD;
use sallyport_tests::{PATIENCE, Page, Result, Stage, button, combobox, dialog, heading, link, named, textbox, until};
use serde_json::{Value, json};
use std::path::PathBuf;

fn reach(main: &Page) -> Result<Value> {
    let ask = "return window.__TAURI__.core.invoke('read_situation', { request: {} }).then((now) => now.open?.me?.reach ?? null)";
    main.script(ask, json!([]))
}

#[test]
fn a_shorter_time_locks_sooner_and_a_longer_one_than_the_workspaces_changes_nothing() -> Result<()> {
    let desk = Desk::inside()?;
    let (main, clock) = (&desk.main, desk.stage.clock()?);
    desk.stage.screen().press("ctrl+comma")?;
    main.choose(combobox("Lock when idle for").within(dialog("Settings")), "2 minutes")?;
    main.click(button("Close").within(dialog("Settings")))?;
    clock.advance_seconds(100)?;
    assert_eq!(reach(main)?, "full", "locked before its time");
    clock.advance_seconds(30)?;
    main.see(heading("Locked"))?;
    main.see_text("Nobody was at the keyboard")?;

    let unlock = || {
        main.fill(textbox("Password"), PASSWORD)?;
        main.click(button("Unlock"))?;
        main.see(heading("Users"))
    };
    unlock()?;
    // The window offers no longer time than the workspace's ten minutes; whoever asks past the window gets none either.
    desk.stage.screen().press("ctrl+comma")?;
    main.see(dialog("Settings"))?;
    let offered =
        main.script("return document.querySelector('[data-key=\"preferences.idle\"]').lastElementChild.textContent", json!([]))?;
    assert_eq!(offered, "10 minutes");
    let ask = "return window.__TAURI__.core.invoke('set_preferences', { request: { language: 'en', theme: 'system', idleMinutes: 60 } })";
    main.script(ask, json!([]))?;
    clock.advance_seconds(590)?;
    assert_eq!(reach(main)?, "full", "the shorter time still holds");
    clock.advance_seconds(20)?;
    main.see(heading("Locked"))?;
    assert!(main.texts(dialog("Settings"))?.is_empty());
    unlock()
}

#[test]
fn keys_do_what_the_menu_says_and_in_a_dialog_nothing_that_is_typed_is_lost() -> Result<()> {
    let desk = Desk::inside()?;
    let (main, screen) = (&desk.main, desk.stage.screen());
    main.click(link("Users"))?;
    main.see(heading("Users"))?;
    screen.press("ctrl+f")?;
    let focused = || main.script("return document.activeElement.getAttribute('data-key')", json!([]));
    until(PATIENCE, "the search to have the focus", || {
        let focused = focused()?;
        Ok(if focused == "users.search" { Ok(()) } else { Err(format!("It is at {focused}.")) })
    })?;
    screen.press("ctrl+n")?;
    let form = dialog("Add user");
    main.fill(textbox("Name").within(form.clone()), "Half a na")?;
    for keys in ["F1", "ctrl+comma", "ctrl+n", "ctrl+f", "ctrl+w", "ctrl+q"] {
        screen.press(keys)?;
    }
    screen.press("m")?;
    screen.press("e")?;
    let name = textbox("Name").within(form.clone());
    until(PATIENCE, "the name to be whole", || {
        let typed = main.value(name.clone())?;
        Ok(if typed == "Half a name" { Ok(()) } else { Err(format!("It says {typed}.")) })
    })?;
    main.click(button("Cancel").within(form))?;
    screen.press("F1")?;
    main.see(heading("Help"))?;
    main.see_text("Ctrl+,")?;
    screen.press("ctrl+w")?;
    main.see(dialog("Close workspace"))?;
    screen.press("Escape")?;
    screen.press("ctrl+q")?;
    let Desk { program, stage, .. } = desk;
    let status = program.wait()?;
    assert!(status.success(), "the program ended with {status}");
    assert!(stage.start("desk")?.main()?.see(link(WORKSPACE).in_part()).is_ok());
    Ok(())
}

#[test]
fn what_webkit_draws_by_itself_follows_the_language_too() -> Result<()> {
    let desk = Desk::inside()?;
    let main = &desk.main;
    let speaks = |language: &str| {
        until(PATIENCE, format!("WebKit to speak {language}"), || {
            let spoken = main.script("return navigator.language", json!([]))?;
            Ok(if spoken == language { Ok(()) } else { Err(format!("It speaks {spoken}.")) })
        })
    };
    speaks("en-GB")?;
    desk.stage.screen().press("ctrl+comma")?;
    main.choose(combobox("Language").within(dialog("Settings")), "Français")?;
    main.see(dialog("Paramètres"))?;
    speaks("fr-FR")
}

#[test]
fn the_lock_key_holds_in_a_dialog_too() -> Result<()> {
    let desk = Desk::inside()?;
    desk.main.click(button("Add user"))?;
    desk.main.see(dialog("Add user"))?;
    desk.stage.screen().press("ctrl+l")?;
    desk.main.see(heading("Locked"))
}

fn preferences(stage: &Stage) -> PathBuf {
    stage.folder().join("data/app.sallyport.Sallyport/profiles/size/preferences.json")
}

fn size(main: &Page) -> Result<Value> {
    main.script("return [innerWidth, innerHeight]", json!([]))
}

fn keeps(stage: &Stage, width: f64) -> Result<()> {
    until(PATIENCE, format!("a width of {width} to be kept"), || {
        let kept = std::fs::read_to_string(preferences(stage)).unwrap_or_default();
        let read: Value = serde_json::from_str(&kept).unwrap_or_default();
        Ok(if read["window"]["width"] == width { Ok(()) } else { Err(kept) })
    })
}

#[test]
fn the_window_comes_back_in_the_size_it_was_left_and_within_the_screen_that_is_there() -> Result<()> {
    let stage = Stage::new()?;
    let program = stage.start("size")?;
    program.main()?.see(named("button", "Create a workspace"))?;
    assert_eq!(size(&program.main()?)?, json!([1100, 760]));
    stage.screen().resize_top_window(930, 640)?;
    keeps(&stage, 930.0)?;
    // However it ends.
    program.kill()?;
    let program = stage.start("size")?;
    assert_eq!(size(&program.main()?)?, json!([930, 640]));
    stage.screen().resize_top_window(870, 700)?;
    until(PATIENCE, "the page to be of the new size", || {
        let now = size(&program.main()?)?;
        Ok(if now == json!([870, 700]) { Ok(()) } else { Err(format!("It is {now}.")) })
    })?;
    stage.screen().close_top_window()?;
    program.wait()?;
    keeps(&stage, 870.0)?;

    for (kept, seen) in [([5000.0, 4000.0], json!([1280, 900])), ([20.0, 20.0], json!([800, 600])), ([1e300, -1.0], json!([1280, 600]))] {
        let mut now: Value = serde_json::from_slice(&std::fs::read(preferences(&stage))?)?;
        now["window"] = json!({ "width": kept[0], "height": kept[1], "maximised": false });
        std::fs::write(preferences(&stage), now.to_string())?;
        let program = stage.start("size")?;
        assert_eq!(size(&program.main()?)?, seen, "kept {kept:?}");
        program.kill()?;
    }
    Ok(())
}
