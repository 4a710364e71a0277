//! The program on its own, as somebody finds it who has just installed it. The packages are tried out with this test.

use sallyport_tests::{Result, Stage, button, dialog, heading};

#[test]
fn the_program_opens_its_window_tells_its_licences_and_ends() -> Result<()> {
    let stage = Stage::new()?;
    let program = stage.start("fresh")?;
    let main = program.main()?;
    main.see(heading("Welcome to Sallyport"))?;
    main.click(button("About Sallyport"))?;
    let about = dialog("About Sallyport");
    main.click(button("Licences").within(about))?;
    main.see_text("Sallyport: Apache License 2.0")?;
    // Of the crate that draws its window, of its database, and of the fonts in its papers.
    for words in ["MPL-2.0", "Zetetic LLC", "SIL Open Font License", "tauri "] {
        let there =
            main.script("return document.querySelector('dialog').textContent.includes(arguments[0])", serde_json::json!([words]))?;
        assert!(there == true, "the licences say nothing of {words}");
    }
    stage.screen().press("Escape")?;
    main.see(button("Create a workspace"))?;
    stage.screen().press("ctrl+q")?;
    let status = program.wait()?;
    assert!(status.success(), "the program ended with {status}");
    Ok(())
}
