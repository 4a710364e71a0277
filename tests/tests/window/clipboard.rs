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
#[ignore = "takes the real 60 seconds, twice: the timer is not moved by a played clock"]
fn after_a_minute_the_codes_are_gone_and_anything_else_stays() -> Result<()> {
    const A_MINUTE_AND_A_LITTLE: Duration = Duration::from_secs(75);
    let desk = Desk::inside()?;
    done(&desk, &copy(&desk)?)?;
    until(A_MINUTE_AND_A_LITTLE, "the clipboard to be emptied", || {
        Ok(desk.stage.screen().clipboard().map_or(Ok(()), |_| Err("The codes are still there.".to_owned())))
    })?;
    done(&desk, &copy(&desk)?)?;
    desk.stage.screen().set_clipboard("a shopping list")?;
    let emptied =
        until(A_MINUTE_AND_A_LITTLE, "nothing", || Ok(if desk.stage.screen().clipboard().is_none() { Ok(()) } else { Err(String::new()) }));
    assert!(emptied.is_err(), "somebody else's text was taken off the clipboard");
    Ok(())
}
