//! Enrol here: the keyboard is handed over, and nothing of the administrator's session with it.

use crate::people::{Desk, add_member};
use sallyport_tests::{PATIENCE, Result, button, heading, link, menuitem, textbox, until};
use serde_json::json;

#[test]
fn whoever_gets_the_keyboard_finds_nothing_of_the_session_before() -> Result<()> {
    let desk = Desk::inside()?;
    add_member(&desk.program, &desk.main, "Mia Member", "mia@example.org")?;
    add_member(&desk.program, &desk.main, "Noa Nouvelle", "noa@example.org")?;
    desk.main.click(button("Actions for Noa Nouvelle"))?;
    desk.main.click(menuitem("Enrol here"))?;
    desk.main.click(button("End my session and hand over"))?;
    let welcome = "Welcome Noa Nouvelle, choose your password";
    desk.main.see(heading(welcome))?;

    for way in ["history.back()", "history.go(-3)", "location.hash = '#/users'", "location.hash = '#/journal'", "location.reload()"] {
        desk.main.script(way, json!([]))?;
        stands_at(&desk, "#/hand-over")?;
        desk.main.see(heading(welcome))?;
        let text = desk.main.visible_text()?;
        assert!(!text.contains("Mia") && !text.contains("Olive"), "after {way}: {text}");
    }
    desk.stage.screen().press("alt+Left")?;
    stands_at(&desk, "#/hand-over")?;
    desk.main.see(heading(welcome))?;
    let said = desk.main.script(
        "return window.__TAURI__.core.invoke('list_people', { request: { search: '' } }).then(() => 'answered', (reason) => reason.code)",
        json!([]),
    )?;
    assert_eq!(said, "session-ended");

    desk.main.fill(textbox("New password"), "velvet-anchor-93-drum")?;
    desk.main.click(button("Set password"))?;
    desk.main.see(heading("Protect your account"))?;
    desk.main.click(link("My activity"))?;
    desk.main.see(heading("My activity"))?;
    desk.main.script("location.hash = '#/users'", json!([]))?;
    stands_at(&desk, "#/protect")?;
    let text = desk.main.visible_text()?;
    assert!(!text.contains("Mia"), "{text}");
    Ok(())
}

/// Waits until the page has gone where it goes.
fn stands_at(desk: &Desk, hash: &str) -> Result<()> {
    until(PATIENCE, format!("the address {hash}"), || {
        let there = desk.main.script("return location.hash", json!([])).unwrap_or_default();
        Ok(if there == hash { Ok(()) } else { Err(format!("It is {there}.")) })
    })
}
