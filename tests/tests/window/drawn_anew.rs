//! The page is drawn anew whenever something moves, also while somebody is at it: what they had scrolled to stays under their hand.

use crate::people::Desk;
use sallyport_tests::{Page, Result, combobox, dialog, heading, link};
use serde_json::{Value, json};

/// Scrolls to the end, and marks what is in it now: what is drawn anew has no mark.
const TO_THE_END: &str = "const panel = document.querySelector(arguments[0]);
    panel.scrollTop = panel.scrollHeight;
    panel.firstElementChild.dataset.before = '';
    return panel.scrollTop";

/// How far it is scrolled; nothing as long as the mark is there.
const ANEW: &str = "const panel = document.querySelector(arguments[0]);
    return 'before' in panel.firstElementChild.dataset ? null : panel.scrollTop";

fn is_drawn_anew(main: &Page, panel: &str, colours: &str) -> Result<Value> {
    main.choose(combobox("Colours").within(dialog("Settings")), colours)?;
    sallyport_tests::until(sallyport_tests::PATIENCE, format!("{panel} to be drawn anew"), || {
        let top = main.script(ANEW, json!([panel]))?;
        Ok(if top.is_null() { Err("It is as before.".to_owned()) } else { Ok(top) })
    })
}

#[test]
fn what_is_scrolled_stays_where_it_is_and_another_person_begins_at_the_top() -> Result<()> {
    let desk = Desk::in_a_crowd(8)?;
    let (main, screen) = (&desk.main, desk.stage.screen());
    screen.resize_top_window(1100, 600)?;
    main.click(link("Users"))?;
    main.click(link("Olive Owner"))?;
    main.see(heading("Recent entries"))?;
    // For whoever needs larger letters, everything scrolls.
    main.script("document.documentElement.style.fontSize = '140%'", json!([]))?;
    screen.press("ctrl+comma")?;
    main.see(dialog("Settings"))?;
    for (panel, colours) in [(".person-panel", "Dark"), (".rail-entries", "Light"), ("main", "As the system")] {
        let top = main.script(TO_THE_END, json!([panel]))?;
        assert!(top.as_f64().is_some_and(|top| top > 0.0), "there is more of {panel} than is seen: {top}");
        assert_eq!(is_drawn_anew(main, panel, colours)?, top, "{panel}");
    }
    screen.press("Escape")?;
    main.see_gone(dialog("Settings"))?;

    main.script(TO_THE_END, json!([".person-panel"]))?;
    screen.press("ctrl+k")?;
    main.see(dialog("Find a person"))?;
    screen.type_text("a")?;
    main.see_text("found")?;
    screen.press("Return")?;
    main.see_gone(heading("Olive Owner"))?;
    assert_eq!(main.script("return document.querySelector('.person-panel').scrollTop", json!([]))?, 0);
    Ok(())
}
