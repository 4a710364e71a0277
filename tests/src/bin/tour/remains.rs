//! What opens anything at the server is nowhere at a desktop that is paired with it.

use crate::hands::session_menu;
use crate::people::World;
use crate::remote::{NEW_DESK_PASSPHRASE, Remote, SUPPORT_PASSPHRASE};
use sallyport_tests::memory::{Needle, exactly, found_in, search};
use sallyport_tests::{Error, Result, button, heading, link, row, witness};
use std::collections::BTreeSet;
use std::path::PathBuf;

#[path = "../../../../src-tauri/crates/desk/tests/suite/opening.rs"]
mod opening;

/// In the memory of the window's processes while somebody works in it, and in every page of what the desktops keep once they are closed.
pub(crate) fn nothing_of_the_server(remote: &Remote) -> Result<()> {
    let world = &remote.world;
    let main = world.main()?;
    main.click(link("Users"))?;
    main.see(row(world.member.email))?;
    let needles = needles(remote)?;
    let finds = world.with_program(|program| search(&program.processes(), &needles))?;
    none(&finds.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let shown = [exactly("an address", world.member.email.as_bytes())];
    if world.with_program(|program| search(&program.processes(), &shown))?.is_empty() {
        return Err(Error::said("The search does not find what is on the screen."));
    }
    session_menu(&main, "Close workspace")?;
    main.click(button("Close now"))?;
    main.see(heading("Workspaces"))?;
    let (desks, full) = desks(world, &needles)?;
    // Of the revoked one nothing is left but the desk.
    if desks >= 2 && full >= 1 { Ok(()) } else { Err(Error::said(format!("{desks} desks could be read, {full} of them with people."))) }
}

/// Of every desk. Says how many there are, and how many of them hold people.
fn desks(world: &World, needles: &[Needle]) -> Result<(usize, usize)> {
    let (mut desks, mut full) = (0, 0);
    for passphrase in [NEW_DESK_PASSPHRASE, SUPPORT_PASSPHRASE] {
        let Some((header, key)) = desk_of(world, passphrase)? else { continue };
        let pages = witness::vault_pages(&header.with_file_name("vault-1.db"), &key)?;
        none(&found_in(&pages, needles)?)?;
        desks += 1;
        full += found_in(&pages, &[exactly("an address", world.member.email.as_bytes())])?.len();
    }
    Ok((desks, full))
}

/// The header of the desk that this passphrase opens, and the key of its database.
pub(crate) fn desk_of(world: &World, passphrase: &str) -> Result<Option<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    witness::files_below(world.stage.folder(), &mut files)?;
    let mut headers = files.into_iter().filter(|file| file.ends_with("vault.json"));
    Ok(headers.find_map(|header| witness::vault_keys(&header, passphrase).ok().map(|[key, _]| (header, key))))
}

fn none(finds: &[String]) -> Result<()> {
    if finds.is_empty() { Ok(()) } else { Err(Error::said(format!("At a desktop there is {}.", finds.join(", ")))) }
}

/// Hashes, salts and sealed secrets of the server's records, and the key that they are sealed with.
fn needles(remote: &Remote) -> Result<Vec<Needle>> {
    let mut all = Vec::new();
    let tables = [("accounts", 30), ("workspace", 1)];
    for (table, least) in tables {
        let mut found = BTreeSet::new();
        for body in remote.served.sql(&format!("SELECT body FROM {table}"))?.lines().filter(|line| !line.trim().is_empty()) {
            let record =
                serde_json::from_str(body.trim()).map_err(|error| Error::said(format!("A record of {table} is no JSON: {error}")))?;
            opening::secrets(&record, &mut found);
        }
        if found.len() < least {
            return Err(Error::said(format!("Only {} secrets were found in {table}.", found.len())));
        }
        all.extend(found.iter().map(|bytes| exactly(&format!("a secret of {table}"), bytes)));
    }
    for key in remote.served.keys()? {
        let bytes = data_encoding::BASE64.decode(key.as_bytes()).map_err(|error| Error::said(format!("A key is no Base64: {error}")))?;
        all.extend([exactly("a key of the server, as text", key.as_bytes()), exactly("a key of the server", &bytes)]);
    }
    Ok(all)
}
