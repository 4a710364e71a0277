//! Somebody's second factor is lost, and found again.

use super::factor::enable_2fa;
use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, heading, link};

pub(super) fn reset_user_2fa(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    main.click(button(&format!("Actions for {}", world.owner.name)))?;
    main.see_text("Nobody does this to their own account")?;
    world.stage.screen().press("Escape")?;
    reset(world, &world.member)
}

pub(super) fn sign_in_with_recovery_code(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    password(world, &world.member)?;
    main.see(heading("Enter your recovery code"))?;
    // Neither the lost phone nor an old backup code opens any more.
    give_code(&main, &world.code(&world.member)?)?;
    main.see_text("a code of another kind")?;
    give_code(&main, &world.member.backup_codes.borrow()[7])?;
    main.see_text("a code of another kind")?;
    give_code(&main, &world.recovery_code.borrow())?;
    main.see(heading("Set up a new authenticator"))
}

pub(super) fn enrol_again(world: &World) -> Result<()> {
    let main = world.main()?;
    anew(world, &world.member)?;
    activity_says(&main, "You used the recovery code to set up a new authenticator.")?;
    main.see_text(&format!("{} reset your 2FA and issued a recovery code.", world.owner.name))?;
    open_profile(&main)?;
    main.see_text("10 of 10 left")
}

/// The member enrols once more, is reset, and comes a day too late.
pub(super) fn expired_recovery_code(world: &World) -> Result<()> {
    let main = world.main()?;
    password(world, &world.member)?;
    enable_2fa(world)?;
    copy_and_close(world)?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Users"))?;
    reset(world, &world.member)?;
    world.sheet()?.click(button("Done"))?;
    world.sheet_gone()?;
    world.stage.clock()?.advance_hours(24)?;
    main.see(heading("Sign in"))?;
    password(world, &world.member)?;
    give_code(&main, &world.recovery_code.borrow())?;
    main.see_text("This recovery code has expired")
}
