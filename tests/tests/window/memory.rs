//! What stays in memory once the workspace is closed.

use crate::people::{WORKSPACE, hour_ago, vaults, wait_for};
use crate::played::{PASSPHRASE, PASSWORD, Played};
use sallyport_tests::memory::{Find, Needle, forms, key, search};
use sallyport_tests::witness::{self, Secret};
use sallyport_tests::{PATIENCE, Page, Program, Result, Stage, button, dialog, heading, link, menuitem, textbox, until};
use wire::people::RoleName;

const EMAIL: &str = "mia@example.org";

/// Somebody opens the workspace, comes in, enrols, keeps their codes and closes the workspace.
///
/// What is secret reaches the program by the keyboard and leaves it by screen and file, as with a person: the driver of
/// the other tests speaks through the program, and would leave in its memory what it typed and read itself.
#[test]
fn once_the_workspace_is_closed_no_process_holds_a_key_nor_what_was_typed_or_shown() -> Result<()> {
    let stage = Stage::new()?;
    let id = wait_for(found_with_a_member(&stage));
    let program = stage.start("memory")?;
    let main = program.main()?;
    main.click(link(WORKSPACE).in_part())?;
    type_into(&stage, &main, "Vault passphrase", PASSPHRASE)?;
    stage.screen().press("Return")?;
    main.see(heading("Sign in"))?;
    type_into(&stage, &main, "E-mail", EMAIL)?;
    // By key: a click through the driver may overtake what is still being typed.
    stage.screen().press("Tab")?;
    stage.screen().type_text(PASSWORD)?;
    stage.screen().press("Return")?;
    main.click(button("Enable two-factor authentication"))?;
    main.click(textbox("Current password").within(dialog("Enable two-factor authentication")))?;
    stage.screen().type_text(PASSWORD)?;
    stage.screen().press("Return")?;

    let sheet = program.window("sheet")?;
    let picture = stage.folder().join("screen.png");
    let uri = until(PATIENCE, "a QR code on the screen", || {
        stage.screen().picture(&picture)?;
        Ok(witness::key_uri(&picture).map_err(|error| error.to_string()))
    })?;
    let shown = look(&program, &forms(&secret("the authenticator secret", &uri.secret)))?;
    assert!(!shown.is_empty(), "the search does not find what is on the screen");
    type_into(&stage, &sheet, "Code", &witness::totp(&uri.secret, stage.clock()?.now())?)?;
    stage.screen().press("Return")?;
    let file = stage.home().join("codes.txt");
    sheet.click(button("Copy"))?;
    sheet.see_text("Copied.")?;
    sheet.click(button("Download as text"))?;
    stage.screen().save_as(&file)?;
    let codes = until(PATIENCE, "ten codes in the file", || {
        let codes = codes_in(&std::fs::read_to_string(&file).unwrap_or_default());
        Ok(if codes.len() == 10 { Ok(codes) } else { Err(format!("There are {}.", codes.len())) })
    })?;

    let needles = needles(&stage, id, &uri.secret, &codes)?;
    let before = look(&program, &needles)?;
    for expected in ["a backup code", "the key of the database", "the key that seals"] {
        assert!(before.iter().any(|find| find.what.starts_with(expected)), "the search does not find {expected}: {before:?}");
    }

    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;
    main.click(button("Session menu"))?;
    main.click(menuitem("Close workspace"))?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))?;
    let told: Vec<String> = look(&program, &needles)?.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    Ok(())
}

async fn found_with_a_member(stage: &Stage) -> uuid::Uuid {
    let (played, owner) = Played::found(&vaults(stage, "memory"), WORKSPACE, hour_ago()).await;
    let (_, code) = played.invite(&owner, EMAIL, RoleName::Member).await;
    let request = wire::sign_in::AcceptInvitation {
        email: EMAIL.into(),
        code: crate::played::secret(&code),
        password: crate::played::secret(PASSWORD),
    };
    played.call(None, request).await.expect("accepted");
    played.close().await;
    played.id
}

fn type_into(stage: &Stage, page: &Page, field: &str, text: &str) -> Result<()> {
    page.click(textbox(field))?;
    stage.screen().type_text(text)
}

/// The ten codes in the text file.
fn codes_in(text: &str) -> Vec<String> {
    let boxed = text.lines().filter_map(|line| line.trim().strip_prefix("[ ]"));
    boxed.filter_map(|line| line.split_once(".  ")).map(|(_, code)| code.trim().to_owned()).collect()
}

fn needles(stage: &Stage, id: uuid::Uuid, base32: &str, codes: &[String]) -> Result<Vec<Needle>> {
    let header = vaults(stage, "memory").join(id.to_string()).join("vault.json");
    let [database, sealing] = witness::vault_keys(&header, PASSPHRASE)?;
    let raw = data_encoding::BASE32_NOPAD.decode(base32.as_bytes()).expect("unpadded Base32");
    let fixed = [("the passphrase", PASSPHRASE), ("the password", PASSWORD), ("the authenticator secret", base32)];
    let mut all: Vec<Needle> = fixed.iter().flat_map(|(what, text)| forms(&secret(what, text))).collect();
    all.extend((1..).zip(codes).flat_map(|(number, code)| forms(&secret(&format!("a backup code ({number})"), code))));
    all.extend(key("the key of the database", &database));
    all.extend(key("the key that seals", &sealing));
    all.extend(key("the authenticator secret (bytes)", &raw));
    Ok(all)
}

fn secret(what: &str, text: &str) -> Secret {
    Secret { what: what.to_owned(), text: text.to_owned() }
}

fn look(program: &Program, needles: &[Needle]) -> Result<Vec<Find>> {
    search(&program.processes(), needles)
}
