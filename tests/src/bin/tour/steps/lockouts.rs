//! Communities, and somebody who is locked out: told what to do, seen in one sentence, unlocked.

use crate::hands::*;
use crate::people::World;
use sallyport_tests::{Result, button, combobox, dialog, heading, link, textbox};

/// The owner makes a community, renames it, gives the member a role in it and takes it again, and removes it.
pub(crate) fn communities(world: &World) -> Result<()> {
    let main = world.main()?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Communities"))?;
    main.see(heading("Communities"))?;
    main.see_text("This is the only community.")?;
    main.click(button("New community"))?;
    let form = dialog("New community");
    main.fill(textbox("Name of the community").within(form.clone()), "harbour & sons")?;
    main.click(button("Make community").within(form.clone()))?;
    main.see_text("Another community has this name")?;
    main.fill(textbox("Name of the community").within(form.clone()), "Dry dock")?;
    main.click(button("Make community").within(form))?;
    main.see(heading("Dry dock"))?;
    main.click(button("Rename Dry dock"))?;
    let form = dialog("Rename");
    main.fill(textbox("Name of the community").within(form.clone()), "Slipway")?;
    main.click(button("Rename").within(form))?;
    main.see(heading("Slipway"))?;

    change_role(world, "Member")?;
    main.see_text("Member in Slipway")?;
    main.click(link("Communities"))?;
    main.see_text("People hold roles in this community")?;
    change_role(world, "No role")?;
    main.click(link("Communities"))?;
    main.click(button("Remove Slipway"))?;
    main.click(button("Remove").within(dialog("Remove")))?;
    main.see_gone(heading("Slipway"))?;
    main.click(link("Journal"))?;
    main.see_text(&format!("{} renamed the community Dry dock to Slipway.", world.owner.name))?;
    main.see_text(&format!("{} made {} a member in Slipway.", world.owner.name, world.member.name))?;
    main.see_text(&format!("{} removed the community Slipway.", world.owner.name))?;
    session_menu(&main, "Sign out")
}

fn change_role(world: &World, role: &str) -> Result<()> {
    let main = world.main()?;
    main.click(link("Users"))?;
    main.click(link(world.member.name))?;
    main.see(heading(world.member.name))?;
    main.click(button("Change roles…"))?;
    let form = dialog("Change roles");
    main.choose(combobox("Community").within(form.clone()), "Slipway")?;
    main.choose(combobox("Role").within(form.clone()), role)?;
    main.fill(textbox("Current password").within(form.clone()), &world.owner.password.borrow())?;
    main.click(button("Change role").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text("was changed")
}

/// Five wrong codes within a minute: the door is closed, and whoever had the right password is told whom to ask.
pub(crate) fn lock_by_failures(world: &World) -> Result<()> {
    password(world, &world.member)?;
    let main = world.main()?;
    main.see(heading("Enter your code"))?;
    for n in 0..5 {
        give_code(&main, &format!("00000{n}"))?;
        main.see_text(if n < 4 { "This code is wrong" } else { "Ask your support staff to unlock your account" })?;
    }
    give_code(&main, &world.code(&world.member)?)?;
    main.see_text("nothing is checked before")?;
    main.click(button("Cancel"))?;
    main.see(heading("Sign in"))
}

/// Staff see why in one sentence, unlock, and the member comes in at once.
pub(crate) fn unlock(world: &World) -> Result<()> {
    sign_in_with_authenticator(world, &world.owner)?;
    let main = world.main()?;
    main.click(link("Users"))?;
    main.click(link(world.member.name))?;
    main.see(heading(world.member.name))?;
    main.see_text("Too many wrong codes: nothing is checked until")?;
    main.click(button("Unlock"))?;
    main.click(button("Unlock").within(dialog("Unlock")))?;
    main.see_text("Nothing is wrong here.")?;
    main.see_text(&format!("{} unlocked {}.", world.owner.name, world.member.name))?;
    session_menu(&main, "Sign out")?;
    sign_in_with_authenticator(world, &world.member)?;
    activity_says(&main, &format!("{} unlocked your account.", world.owner.name))
}
