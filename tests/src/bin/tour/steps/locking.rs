//! The session ends, and the same person returns.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, heading, textbox};

pub(super) fn lock_and_unlock(world: &World) -> Result<()> {
    let main = world.main()?;
    world.stage.screen().press("ctrl+l")?;
    main.see(heading("Locked"))?;
    main.fill(textbox("Password"), "not this one, surely")?;
    main.click(button("Unlock"))?;
    main.see_text("That is not your current password")?;
    main.fill(textbox("Password"), &world.member.password.borrow())?;
    main.click(button("Unlock"))?;
    activity_says(&main, "You unlocked your session.")
}

/// The computer sleeps only once the session is locked.
pub(super) fn suspend_locks(world: &World) -> Result<()> {
    let main = world.main()?;
    world.stage.fall_asleep(&world.login_manager, "Sallyport")?;
    main.see(heading("Locked"))?;
    main.see_text("The computer went to sleep, so the session was locked.")?;
    world.stage.wake_up(&world.login_manager, "Sallyport")?;
    main.fill(textbox("Password"), &world.member.password.borrow())?;
    main.click(button("Unlock"))?;
    activity_says(&main, "You unlocked your session.")
}

pub(super) fn idle_locks(world: &World) -> Result<()> {
    let main = world.main()?;
    world.stage.clock()?.advance_seconds(601)?;
    main.see(heading("Locked"))?;
    main.see_text("Nobody was at the keyboard")?;
    main.click(button("Sign in as someone else"))?;
    main.see(heading("Sign in"))
}
