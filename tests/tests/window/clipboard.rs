//! Secrets on the clipboard, and in the page's process.

use crate::people::Desk;
use sallyport_tests::{PATIENCE, Page, Program, Result, button, heading, until, witness};
use std::time::Duration;

fn copy(desk: &Desk) -> Result<Page> {
    let sheet = desk.renew_codes()?;
    sheet.click(button("Copy"))?;
    sheet.see_text("The clipboard is emptied")?;
    let copied = desk.stage.screen().clipboard().unwrap_or_default();
    assert_eq!(copied.lines().count(), 10, "ten codes, one a line");
    Ok(sheet)
}

fn done(desk: &Desk, sheet: &Page) -> Result<()> {
    sheet.click(button("Done"))?;
    desk.program.window_gone("sheet")
}

fn web_processes(program: &Program) -> Vec<u32> {
    let is_web = |id: &u32| std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.starts_with("WebKitWebProces"));
    program.processes().into_iter().filter(is_web).collect()
}

#[test]
fn locking_by_key_empties_the_clipboard_and_ends_the_process_that_showed_the_page() -> Result<()> {
    let desk = Desk::inside()?;
    let sheet = copy(&desk)?;
    done(&desk, &sheet)?;
    let before = web_processes(&desk.program);
    assert!(!before.is_empty());
    desk.stage.screen().press("ctrl+l")?;
    desk.main.see(heading("Locked"))?;
    assert_eq!(desk.stage.screen().clipboard(), None);
    until(PATIENCE, "the page's process to end", || {
        let now = web_processes(&desk.program);
        let left: Vec<_> = before.iter().filter(|id| now.contains(id)).collect();
        Ok(if left.is_empty() && !now.is_empty() { Ok(()) } else { Err(format!("Still there: {left:?} of {now:?}")) })
    })?;
    witness::nowhere_on_disk(desk.stage.folder(), &desk.secrets())
}

#[test]
fn what_another_program_copied_since_stays_when_the_window_locks() -> Result<()> {
    let desk = Desk::inside()?;
    let sheet = copy(&desk)?;
    done(&desk, &sheet)?;
    desk.stage.screen().set_clipboard("a shopping list")?;
    desk.stage.screen().press("ctrl+l")?;
    desk.main.see(heading("Locked"))?;
    assert_eq!(desk.stage.screen().clipboard().as_deref(), Some("a shopping list"));
    Ok(())
}

#[test]
fn after_a_minute_the_codes_are_gone_and_what_another_program_copied_since_stays() -> Result<()> {
    // Two computers in the same minute. The one whose clipboard moved on began it first: it is over there once it is here.
    let (moved_on, left_alone) = (Desk::inside()?, Desk::inside()?);
    for desk in [&moved_on, &left_alone] {
        done(desk, &copy(desk)?)?;
    }
    moved_on.stage.screen().set_clipboard("a shopping list")?;
    let clock = left_alone.stage.clock()?;
    let before = clock.now();
    until(Duration::from_secs(75), "the clipboard to be emptied", || {
        Ok(left_alone.stage.screen().clipboard().map_or(Ok(()), |_| Err("The codes are still there.".to_owned())))
    })?;
    let stayed = clock.now() - before;
    assert!(stayed >= 50, "they stayed {stayed} seconds: nobody pastes ten codes in that");
    assert_eq!(moved_on.stage.screen().clipboard().as_deref(), Some("a shopping list"));
    Ok(())
}
