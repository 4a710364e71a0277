//! Users, where there are many: scrolled, walked by the keys, searched, and taken out as a file.

use crate::people::Desk;
use sallyport_tests::{Error, Page, Result, button, combobox, heading, link, menuitem, named, row};
use serde_json::{Value, json};

/// What the crowd of a test is, unless `SALLYPORT_CROWD` says otherwise.
const CROWD: u32 = 12_000;
/// The longest that a frame may be kept by a script, in milliseconds.
const FRAME: f64 = 33.0;

/// Scrolls step by step and by long leaps, a step a frame, and tells how long the script took for each, in milliseconds.
const SCROLL: &str = "
    const table = document.querySelector('data-table');
    const frame = () => new Promise(requestAnimationFrame);
    const idle = async () => { while (document.querySelector('tr[aria-busy]')) await frame(); };
    const took = [];
    let began = 0, most = 0;
    // The first hears it before the table does, the second after.
    table.addEventListener('scroll', () => (began = performance.now()), { capture: true });
    table.addEventListener('scroll', () => took.push(performance.now() - began));
    const to = async (top) => {
        table.scrollTop = top;
        await frame();
        most = Math.max(most, table.querySelectorAll('tr').length);
    };
    return (async () => {
        for (let step = 0; step < 150; step += 1) await to(table.scrollTop + 300);
        const lowest = table.scrollHeight - table.clientHeight;
        for (let step = 0; step <= 100; step += 1) await to((lowest * step) / 100);
        await idle();
        took.sort((one, other) => one - other);
        const rows = [...table.querySelectorAll('tr[data-id]')];
        const last = rows.at(-1);
        return {
            p50: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], max: took.at(-1), frames: took.length, most,
            last: last.getAttribute('aria-rowindex'), seen: last.getBoundingClientRect().bottom <= table.getBoundingClientRect().bottom + 1,
        };
    })();
";

const FOCUSED: &str = "const focused = document.activeElement;
    return { place: Number(focused.getAttribute('aria-rowindex')), key: focused.dataset.key ?? '', value: focused.value ?? '' }";

fn focused(main: &Page) -> Result<Value> {
    main.script(FOCUSED, json!([]))
}

/// Waits until the keyboard is at the row with this index, the heads being the first, and the row has come.
fn at_row(main: &Page, index: u32) -> Result<()> {
    sallyport_tests::until(sallyport_tests::PATIENCE, format!("the keyboard at row {index}"), || {
        let now = focused(main)?;
        let there = now["place"] == index && now["key"].as_str().is_some_and(|key| key.starts_with("users."));
        Ok(if there { Ok(()) } else { Err(format!("It is at {now}.")) })
    })
}

#[test]
fn a_crowd_is_scrolled_walked_searched_and_taken_out() -> Result<()> {
    let crowd = std::env::var("SALLYPORT_CROWD").ok().and_then(|text| text.parse().ok()).unwrap_or(CROWD);
    let desk = Desk::in_a_crowd(crowd)?;
    let (main, screen) = (&desk.main, desk.stage.screen());
    main.click(link("Users"))?;
    let all = crowd + 1;
    main.see_text(&format!("{} people", grouped(all)))?;

    let scrolled = main.script(SCROLL, json!([]))?;
    assert!(scrolled["most"].as_u64().is_some_and(|rows| rows <= 60), "{scrolled}");
    assert_eq!(
        (scrolled["last"].as_str(), scrolled["seen"].as_bool()),
        (Some((all + 1).to_string().as_str()), Some(true)),
        "the last is reached"
    );
    assert!(scrolled["p95"].as_f64().is_some_and(|took| took < FRAME), "{scrolled}");

    // Nothing but keys.
    screen.press("ctrl+f")?;
    screen.press("Down")?;
    screen.press("ctrl+Home")?;
    at_row(main, 2)?;
    screen.press("Down")?;
    at_row(main, 3)?;
    screen.press("ctrl+End")?;
    at_row(main, all + 1)?;
    screen.press("Up")?;
    at_row(main, all)?;
    screen.press("shift+F10")?;
    main.see(menuitem("Reset user 2FA"))?;
    screen.press("Escape")?;
    at_row(main, all)?;
    screen.press("Return")?;
    main.see(button("Close"))?;
    screen.press("Escape")?;
    at_row(main, all)?;

    // As one types; the search keeps the focus, Escape empties it.
    screen.press("ctrl+f")?;
    screen.type_text("olive")?;
    main.see_text("1 person")?;
    assert_eq!(focused(main)?["value"], "olive");
    screen.press("Escape")?;
    main.see_text(&format!("{} people", grouped(all)))?;

    main.choose(combobox("All states"), "No 2FA")?;
    let narrowed = counted(main)?;
    assert!(narrowed > 0 && narrowed < all, "{narrowed}");
    main.click(button("State"))?;
    main.click(link("Journal"))?;
    main.see(heading("Journal"))?;
    main.script("history.back()", json!([]))?;
    main.see(heading("Users"))?;
    assert_eq!(
        (counted(main)?, main.value(combobox("All states"))?.as_str()),
        (narrowed, "no-second-factor"),
        "Back finds the list as it was"
    );

    let file = desk.stage.folder().join("people.csv");
    main.click(button("What to do with the list"))?;
    main.click(menuitem("Export this list…"))?;
    screen.save_as(&file)?;
    main.see_text("List exported to people.csv")?;
    let read = intake::people::read(&std::fs::read(&file)?).map_err(|error| Error::said(error.to_string()))?;
    assert_eq!(u32::try_from(read.rows.len()).unwrap_or(0), narrowed);

    // The picture leads to the people that it counts.
    main.click(link("Readiness"))?;
    main.see(heading("Recovery readiness"))?;
    main.click(named("button", "Few codes left").in_part())?;
    main.see_gone(row(&desk.owner.email).in_part())?;
    let few = main.text(named("button", "Few codes left").in_part())?;
    assert!(few.contains(&grouped(counted(main)?)), "{few}");
    Ok(())
}

/// The number of people that the heading tells.
fn counted(main: &Page) -> Result<u32> {
    let text = main.script("return document.querySelector('.heading .sub').textContent", json!([]))?;
    let digits: String = text.as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse().map_err(|_| Error::said(format!("No number of people in “{text}”.")))
}

/// A number as the window writes it in English.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(digits[..first].to_owned()).filter(|group| !group.is_empty()).chain(groups).collect::<Vec<_>>().join(",")
}
