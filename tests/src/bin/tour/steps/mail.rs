//! Mail: a letter while there is none, set up in the window, sent by a real server, read back, and answered with "this was
//! not me".

use crate::hands::*;
use crate::people::World;
use sallyport_tests::smtp::{self, Delivered};
use sallyport_tests::{Error, PATIENCE, Page, Result, button, combobox, dialog, heading, link, menuitem, textbox, until, witness};

/// What the member was mailed when they were reset.
const RESET: &str = "Your two-factor authentication was reset";
/// What brings a code for a forgotten password.
const PASSWORD_CODE: &str = "Your password code";

/// Without mail, the notice of the first reset is a letter: saved as a paper, and marked as handed over.
pub(super) fn letter_handed_over(world: &World) -> Result<()> {
    let main = world.main()?;
    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Support desk"))?;
    main.click(link("to hand over").in_part())?;
    main.see(heading("Mail"))?;
    main.see_text("Mail is not set up")?;
    let actions = format!("Actions for the message to {}: Second factor reset", world.member.name);
    main.click(button(&actions))?;
    main.click(menuitem("Print or save the letter"))?;
    let sheet = world.sheet()?;
    sheet.see(heading(RESET).in_part())?;
    let letter = world.out.join("notice-letter.pdf");
    sheet.click(button("Save letter as PDF"))?;
    world.stage.screen().save_as(&letter)?;
    sheet.see_text("Once it is handed over, mark it in the list")?;
    sheet.click(button("Done"))?;
    world.sheet_gone()?;
    let said = witness::pdf_text(&letter)?;
    if !said.contains(world.member.name) || !said.contains("was reset") || said.contains(world.recovery_code.borrow().as_str()) {
        return Err(Error::said(format!("The letter says:\n{said}")));
    }
    main.click(button(&actions))?;
    main.click(menuitem("Mark as handed over"))?;
    main.click(button("Mark as handed over").within(dialog("Mark as handed over")))?;
    main.see_text(&format!("The letter to {} is marked as handed over", world.member.name))?;
    main.see_gone(button(&actions))
}

/// The owner sets mail up, with a wrong password first: the test says so, and what to do. Then it arrives.
pub(super) fn mail_settings(world: &World) -> Result<()> {
    let main = world.main()?;
    world.keep_secret("the password of the mail account", smtp::PASSWORD);
    main.click(link("Mail"))?;
    main.click(link("Set up mail"))?;
    main.see(heading("Set up mail"))?;
    main.fill(textbox("Name of the server"), "localhost")?;
    main.choose(combobox("Protection"), "STARTTLS")?;
    main.fill(textbox("Port"), &world.mail.port.to_string())?;
    main.fill(textbox("User"), smtp::USER)?;
    main.fill(textbox("Password of the mail account"), "not this one")?;
    main.fill(textbox("Sender’s address"), "sallyport@example.org")?;
    main.fill(textbox("Address for questions (optional)"), "desk@example.org")?;
    // Elsewhere and back: what was typed is not thrown away unasked.
    main.click(link("Users"))?;
    main.click(button("Stay here").within(dialog("Leave without saving?")))?;
    prove(world, &main)?;
    main.click(button("Set up mail"))?;
    main.see_text("Mail is set up")?;
    test(&main)?;
    main.see_text("the server refused user or password")?;
    main.see_text("Type both again in the settings")?;
    main.click(button("Close"))?;

    main.click(link("Settings"))?;
    main.see(heading("Mail settings"))?;
    if !main.value(textbox("Password of the mail account"))?.is_empty() || main.visible_text()?.contains("not this one") {
        return Err(Error::said("The password is shown again."));
    }
    main.fill(textbox("Password of the mail account"), smtp::PASSWORD)?;
    prove(world, &main)?;
    main.click(button("Save"))?;
    main.see_text("The mail settings are saved")?;
    test(&main)?;
    main.see_text("The server took the message")?;
    main.click(button("Close"))?;

    let arrived = delivered(world, world.owner.email, "")?;
    sound(&arrived)?;
    if arrived.all("Reply-To") != ["desk@example.org"] {
        return Err(Error::said(format!("Answers would go to {:?}.", arrived.all("Reply-To"))));
    }
    session_menu(&main, "Sign out")
}

/// Whoever was reset is told by mail, in both parts, and no code that opens anything is in it.
pub(super) fn reset_notice_delivered(world: &World) -> Result<()> {
    let told = delivered(world, world.member.email, RESET)?;
    sound(&told)?;
    let codes = world.recovery_code.borrow();
    let bare = codes.replace('-', "");
    for (kind, text) in &told.parts {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !plain.contains("staff reset the two-factor authentication") {
            return Err(Error::said(format!("The part {kind} does not say what happened:\n{text}")));
        }
        if text.contains(codes.as_str()) || text.replace(['-', ' '], "").contains(&bare) || text.contains("http") {
            return Err(Error::said(format!("The part {kind} has a code or leads elsewhere:\n{text}")));
        }
    }
    world.answer.replace(code_of(&told, 2)?);
    Ok(())
}

/// The code of the message, typed without signing in, marks the account; staff see of what, settle it, and the code is spent.
pub(super) fn not_me(world: &World) -> Result<()> {
    let main = world.main()?;
    let code = world.answer.borrow().clone();
    world.keep_secret("the code of a notice", &code);
    say_not_me(&main, &mistyped(&code))?;
    main.see_text("mistyped")?;
    main.fill(textbox("Code of the message"), &code.to_lowercase().replace('-', " "))?;
    main.click(button("Tell staff that it was not me"))?;
    main.see(heading("Staff have been told"))?;
    main.click(button("Back"))?;
    say_not_me(&main, &code)?;
    main.see_text("No message that can still be answered has this code")?;
    main.click(button("Back"))?;

    sign_in_with_authenticator(world, &world.owner)?;
    main.click(link("Support desk"))?;
    main.see_text("What the message was about: Second factor reset")?;
    main.click(button("Look at them"))?;
    main.see(heading(world.member.name))?;
    main.see_text("Says that something here was not them")?;
    main.click(button("Settle the report"))?;
    let form = dialog("Settle the report");
    main.fill(textbox("What was found, or done").within(form.clone()), "Called back: it was the owner, as asked for")?;
    main.click(button("Settle the report").within(form.clone()))?;
    main.see_gone(form)?;
    main.see_text("is settled")?;
    main.click(link("Journal"))?;
    main.see_text("Called back: it was the owner, as asked for")?;
    let warned = delivered(world, world.owner.email, "Somebody says: this was not me")?;
    if !warned.parts.iter().any(|(_, text)| text.contains(world.member.name)) {
        return Err(Error::said("Whoever administers was not told."));
    }
    session_menu(&main, "Sign out")
}

/// A code that arrives by mail changes a forgotten password, and the second factor is asked for as ever. Asked again, about
/// nobody, or about somebody who may have no code by mail, the window says the same, and nothing more is mailed.
pub(super) fn forgotten_password_by_mail(world: &World) -> Result<()> {
    let main = world.main()?;
    main.click(link("Harbour & Sons").in_part())?;
    main.fill(textbox("Vault passphrase"), world.passphrase)?;
    main.click(button("Open"))?;
    main.click(button("Forgotten password?"))?;
    let said = ask_for_code(&main, world.guest.email)?;
    let code = code_of(&delivered(world, world.guest.email, PASSWORD_CODE)?, 5)?;
    world.keep_secret("a password code that was mailed", &code);
    for address in [world.guest.email, "nobody.here@example.org", world.owner.email] {
        main.click(button("Ask for a code by mail"))?;
        let again = ask_for_code(&main, address)?;
        if again != said {
            return Err(Error::said(format!("About {address} the window says something else:\n{again}")));
        }
    }

    choose_password(world, &world.guest, &code, "marble-heron-61-trumpet")?;

    // Messages go out in their order: once this one is there, no other code is on its way.
    delivered(world, world.guest.email, "Your password was changed")?;
    let codes = world.mail.delivered()?.iter().filter(|one| one.all("Subject").iter().any(|line| line.contains(PASSWORD_CODE))).count();
    if codes != 1 {
        return Err(Error::said(format!("{codes} codes were mailed.")));
    }
    sign_in_with_authenticator(world, &world.guest)?;
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))
}

/// Asks for a password code; answers with all that the window says then.
fn ask_for_code(main: &Page, address: &str) -> Result<String> {
    main.fill(textbox("E-mail"), address)?;
    main.click(button("Mail me a code"))?;
    main.see_text("If this address may be mailed a code")?;
    main.visible_text()
}

fn say_not_me(main: &Page, code: &str) -> Result<()> {
    main.click(button("Got a message that was not you?"))?;
    main.see(heading("Was it not you?"))?;
    main.fill(textbox("Code of the message"), code)?;
    main.click(button("Tell staff that it was not me"))
}

/// The owner's password, and a code where one is asked for.
fn prove(world: &World, main: &Page) -> Result<()> {
    main.fill(textbox("Current password"), &world.owner.password.borrow())?;
    if main.visible_text()?.contains("Code\n") { main.fill(textbox("Code"), &world.code(&world.owner)?) } else { Ok(()) }
}

fn test(main: &Page) -> Result<()> {
    main.click(button("Send a test"))?;
    main.click(button("Send the test").within(dialog("Send a test")))
}

/// The message that arrived last at an address, with these words in its subject.
pub(super) fn delivered(world: &World, address: &str, subject: &str) -> Result<Delivered> {
    until(PATIENCE, format!("a message to {address}"), || {
        let all = world.mail.delivered()?;
        let seen = all.iter().flat_map(|one| one.all("Subject")).collect::<Vec<_>>().join(" / ");
        let fits = |one: &&Delivered| {
            one.all("To").iter().any(|to| to.contains(address)) && one.all("Subject").iter().any(|line| line.contains(subject))
        };
        Ok(all.iter().rev().find(fits).cloned().ok_or_else(|| format!("Delivered: {seen}.")))
    })
}

/// As other programs read it: both parts, and nothing to complain of.
fn sound(message: &Delivered) -> Result<()> {
    let parts: Vec<&str> = message.parts.iter().map(|(kind, _)| kind.as_str()).collect();
    if message.defects.is_empty() && message.plain_lines && message.kind == "multipart/alternative" && parts == ["text/plain", "text/html"]
    {
        return Ok(());
    }
    Err(Error::said(format!("The message is {} of {parts:?}, with {:?}.", message.kind, message.defects)))
}

/// The code of a message: groups of five, on a line of their own.
fn code_of(message: &Delivered, groups: usize) -> Result<String> {
    let text = message.parts.first().map_or("", |(_, text)| text.as_str());
    let is_group = |group: &str| group.len() == 5 && group.chars().all(|symbol| symbol.is_ascii_alphanumeric());
    let is_code = |line: &&str| line.split('-').count() == groups && line.split('-').all(is_group);
    let found = text.lines().map(str::trim).find(is_code);
    found.map(str::to_owned).ok_or_else(|| Error::said(format!("There is no code in:\n{text}")))
}
