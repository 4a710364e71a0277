//! Closing by the button that the desktop draws.

use crate::people::{Desk, bytes, vaults};
use sallyport_tests::{Result, button};

const ASKS: &str = "You have not saved these codes. Close anyway?";

#[test]
fn the_close_button_asks_while_codes_are_unsaved_and_from_the_main_window_it_closes_the_vault_and_ends_the_program() -> Result<()> {
    let desk = Desk::inside()?;
    let sheet = desk.renew_codes()?;
    desk.stage.screen().close_top_window()?;
    sheet.see_text(ASKS)?;
    sheet.click(button("Go back"))?;
    sheet.see_text("Not saved yet")?;
    desk.stage.screen().close_top_window()?;
    sheet.see_text(ASKS)?;
    sheet.click(button("Close anyway"))?;
    desk.program.window_gone("sheet")?;
    desk.main.see_text("Not saved yet: these codes were never copied or downloaded")?;

    let Desk { program, stage, .. } = desk;
    stage.screen().close_top_window()?;
    let status = program.wait()?;
    assert!(status.success(), "the program ended with {status}");
    let left = bytes(&vaults(&stage, "desk"))?.into_iter().map(|(file, _)| file).find(|file| file.to_string_lossy().ends_with("-wal"));
    assert_eq!(left, None, "the vault was not closed");
    Ok(())
}
