//! What people type: long names, other scripts, long passwords, wrong codes.

use crate::people::{Desk, add_member, found, give_code, keep_kit, open, password, shown, vaults};
use crate::played::PASSWORD;
use sallyport_tests::{Result, Stage, button, combobox, dialog, heading, link, menuitem, named, row, textbox, witness};

const RIGHT_TO_LEFT: &str = "נועה כהן نورا";
// An override that would turn the rest of the line around.
const TURNED: &str = "Eve\u{202e}nimda";
const WORKSPACE: &str = "Café ☕ مرفأ 🛟";
const OWNER: &str = "Zoë 👩🏽\u{200d}🚀 Ångström";

/// As long as a password may be.
fn long_password() -> String {
    "pâté-Kiln 7/".chars().cycle().take(128).collect()
}

#[test]
fn names_of_any_script_and_length_and_a_password_of_128_characters_survive() -> Result<()> {
    let stage = Stage::new()?;
    let program = stage.start("words")?;
    let main = program.main()?;
    let owner_password = long_password();
    main.click(button("Create a workspace"))?;
    main.choose(combobox("Workspace language"), "English")?;
    main.fill(textbox("Workspace name"), WORKSPACE)?;
    main.fill(textbox("Your name"), OWNER)?;
    main.fill(textbox("E-mail"), "zoe@example.org")?;
    main.fill(textbox("Password"), &owner_password)?;
    main.fill(textbox("Vault passphrase"), "eleven umbrellas in a row")?;
    main.fill(textbox("Vault passphrase again"), "eleven umbrellas in a row")?;
    main.click(button("Create workspace"))?;
    keep_kit(&program, &stage)?;
    main.click(button("Continue"))?;
    let sheet = program.window("sheet")?;
    let phone = shown(&sheet, "Secret to type")?;
    let picture = stage.folder().join("qr.png");
    sheet.see(named("img", "QR code for your authenticator app"))?;
    stage.screen().picture(&picture)?;
    assert_eq!(witness::key_uri(&picture)?.secret, phone, "the names stand in the QR code too");
    sheet.fill(textbox("Code"), &witness::totp(&phone, stage.clock()?.now())?)?;
    sheet.click(button("Verify"))?;
    let code = shown(&sheet, "Backup code 1")?;
    sheet.click(button("Copy"))?;
    sheet.see_text("The clipboard is emptied")?;
    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;

    let longest: String = "Größe 🦊 ".chars().cycle().take(299).chain(['x']).collect();
    let email = format!("{}@example.org", "l".repeat(60));
    let invitation = add_member(&program, &main, &longest, &email)?;
    add_member(&program, &main, RIGHT_TO_LEFT, "noa@example.org")?;
    add_member(&program, &main, TURNED, "eve@example.org")?;
    for (email, name) in [(email.as_str(), longest.trim()), ("noa@example.org", RIGHT_TO_LEFT), ("zoe@example.org", OWNER)] {
        let seen = main.text(row(email))?;
        assert!(seen.contains(name), "the row of {email} says {seen}");
    }
    assert!(!main.text(row("eve@example.org"))?.contains('\u{202e}'), "a name may not turn its neighbours around");
    main.click(button("Add user"))?;
    main.fill(textbox("Name").within(dialog("Add user")), &format!("{longest}y"))?;
    main.fill(textbox("E-mail").within(dialog("Add user")), "too-long@example.org")?;
    main.click(button("Create invitation"))?;
    main.see_text("A name can have 300 characters at most")?;
    main.click(button("Cancel").within(dialog("Add user")))?;

    main.click(button("Session menu"))?;
    main.click(menuitem("Sign out"))?;
    main.see(heading("Sign in"))?;
    main.click(button("I have an invitation"))?;
    let accept = |text: &str| {
        main.fill(textbox("E-mail"), &email)?;
        main.fill(textbox("Invitation code"), &invitation)?;
        main.fill(textbox("New password"), text)?;
        main.click(button("Accept invitation"))
    };
    accept(&format!("{owner_password}!"))?;
    main.see_text("The password can have 128 characters at most")?;
    accept(&owner_password)?;
    main.see(heading("Protect your account"))?;
    main.click(button("Not now"))?;
    main.click(button("Session menu"))?;
    main.click(menuitem("Sign out"))?;
    main.see(heading("Sign in"))?;

    password(&main, "zoe@example.org", &owner_password)?;
    give_code(&main, &code)?;
    main.see(link("Users"))?;
    assert!(vaults(&stage, "words").is_dir());
    Ok(())
}

#[test]
fn ten_wrong_codes_in_a_row_begin_a_wait_in_which_nothing_is_checked() -> Result<()> {
    let desk = Desk::at_the_door()?;
    let main = &desk.main;
    password(main, &desk.owner.email, PASSWORD)?;
    let now = i64::try_from(desk.stage.clock()?.now()).unwrap_or_default();
    // Nothing that the phone shows within twenty minutes.
    let near: Vec<String> = (-40..=40).map(|step| desk.owner.phone.code(domain::time::Moment(now + step * 30))).collect();
    let wrong = (0..).map(|number| format!("{number:06}")).filter(|code| !near.contains(code)).take(10);
    let mut sentences = Vec::new();
    for code in wrong {
        give_code(main, &code)?;
        // The sentence of the try before goes when the next is sent: the field is emptied by neither, so ask the text.
        sentences.push(sentence(main)?);
    }
    let waits = sentences.iter().filter(|sentence| sentence.starts_with("Too many wrong codes")).count();
    assert_eq!(waits, 6, "{sentences:?}");
    give_code(main, &desk.owner.phone.code(domain::time::Moment(now)))?;
    main.see_text("Ask your support staff to unlock your account, or try again from")?;
    main.see_text("nothing is checked before")?;
    assert!(desk.main.texts(link("Users"))?.is_empty(), "a right code opened during the wait");
    Ok(())
}

/// What the window says of a code that was refused.
fn sentence(main: &sallyport_tests::Page) -> Result<String> {
    let (wrong, wait) = ("This code is wrong", "Too many wrong codes");
    sallyport_tests::until(sallyport_tests::PATIENCE, "a sentence on the code", || {
        let text = main.visible_text()?;
        Ok([wrong, wait].into_iter().find(|words| text.contains(words)).map(str::to_owned).ok_or(text))
    })
}

#[test]
fn a_workspace_of_another_script_is_found_again_by_its_name() -> Result<()> {
    let stage = Stage::new()?;
    found(&stage, "words", WORKSPACE);
    let program = stage.start("words")?;
    let main = program.main()?;
    open(&main, WORKSPACE)?;
    main.see(heading("Sign in"))
}
