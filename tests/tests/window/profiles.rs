//! Profiles: one window each, and none sees another's workspaces.

use crate::people::found;
use sallyport_tests::{Result, Stage, button, heading, link};

#[test]
fn a_second_start_ends_well_and_raises_the_first_and_profiles_do_not_see_each_other() -> Result<()> {
    let stage = Stage::new()?;
    let (_, _owner) = found(&stage, "left", "Left Bank");
    found(&stage, "right", "Right Bank");
    let left = stage.start("left")?;
    let main = left.main()?;
    main.see(link("Left Bank").in_part())?;
    let right = stage.start("right")?;
    let other = right.main()?;
    other.see(link("Right Bank").in_part())?;
    assert_eq!(main.texts(link("Right Bank").in_part())?.len(), 0);
    assert_eq!(other.texts(link("Left Bank").in_part())?.len(), 0);

    // The window that was opened last lies on top: keys go to it, until the other is started once more.
    stage.screen().press("F1")?;
    other.see(heading("Help"))?;
    let status = stage.start_in_vain(&["--profile", "left"])?;
    assert!(status.success(), "the second start ended with {status}");
    stage.screen().press("F1")?;
    main.see(heading("Help"))?;
    assert_eq!(left.windows()?, ["main"]);
    Ok(())
}

#[test]
fn a_profile_that_is_no_name_is_refused_and_nothing_is_made() -> Result<()> {
    let stage = Stage::new()?;
    let status = stage.start_in_vain(&["--profile", "../elsewhere"])?;
    assert_eq!(status.code(), Some(2));
    let said = std::fs::read_to_string(stage.output())?;
    assert!(said.contains("A profile's name begins with a letter"), "{said}");
    assert!(std::fs::read_dir(stage.folder().join("data"))?.next().is_none(), "a folder was made");
    // The computer itself is sound: a good name opens a window on it.
    stage.start("elsewhere")?.main()?.see(button("Create a workspace"))
}
