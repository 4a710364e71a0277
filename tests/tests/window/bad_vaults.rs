//! Vaults that do not open: each says why in its own sentence, and not a byte of it changes.

use crate::people::{bytes, found, open, vaults, wait_for};
use crate::played::{Clock, Played};
use sallyport_tests::{Page, Result, Stage, built_program, button, heading, link};
use std::fs;
use std::path::Path;

const DAMAGED: &str = "The file of this workspace is cut short or damaged.";
const NEWER: &str = "This workspace was written by a newer version of Sallyport.";
const IN_USE: &str = "This workspace is already open in another Sallyport window.";
const MISSING: &str = "The file of this workspace is not where it was.";
const READ_ONLY: &str = "The disk cannot be written to.";

/// Opens it and reads the sentence; afterwards the window stands at the list again.
fn is_refused(main: &Page, name: &str, sentence: &str) -> Result<()> {
    open(main, name)?;
    main.see_text(sentence)?;
    main.click(button("Back"))?;
    main.see(heading("Workspaces"))
}

#[test]
fn each_bad_vault_says_its_own_sentence_and_stays_byte_for_byte() -> Result<()> {
    let stage = Stage::new()?;
    let root = vaults(&stage, "desk");
    let make = |name: &str| root.join(found(&stage, "desk", name).0.to_string());
    let (cut_header, cut_database, newer, gone) = (make("Cut header"), make("Cut database"), make("Newer"), make("Gone"));
    let (used, _) = found(&stage, "desk", "Used");
    make("Good");
    let header = fs::read(cut_header.join("vault.json"))?;
    fs::write(cut_header.join("vault.json"), &header[..header.len() / 2])?;
    let database = fs::OpenOptions::new().write(true).open(cut_database.join("vault-1.db"))?;
    let pages = database.metadata()?.len() / 4096;
    database.set_len((pages / 2) * 4096)?;
    let header = fs::read_to_string(newer.join("vault.json"))?;
    let marked = header.replacen("\"version\": 1", "\"version\": 2", 1).replacen("\"version\":1", "\"version\":2", 1);
    assert_ne!(header, marked);
    fs::write(newer.join("vault.json"), marked)?;
    let elsewhere = wait_for(Played::open(&root, used, Clock::at(0)));

    let program = stage.start("desk")?;
    let main = program.main()?;
    main.see(link("Gone").in_part())?;
    fs::rename(&gone, stage.folder().join("a disk that was pulled"))?;
    let before = bytes(&root)?;
    let unnamed = cut_header.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    is_refused(&main, "Gone", MISSING)?;
    is_refused(&main, &unnamed, DAMAGED)?;
    is_refused(&main, "Cut database", DAMAGED)?;
    is_refused(&main, "Newer", NEWER)?;
    is_refused(&main, "Used", IN_USE)?;
    assert!(bytes(&root)? == before, "a file was changed by an attempt to open it");

    wait_for(elsewhere.close());
    open(&main, "Used")?;
    main.see(heading("Sign in"))
}

#[test]
fn a_read_only_disk_is_told_and_left_as_it_is() -> Result<()> {
    let stage = Stage::new()?;
    let root = vaults(&stage, "desk");
    found(&stage, "desk", "Read only");
    let before = bytes(&root)?;
    // Mounted so for the program alone.
    let script = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" --profile desk"#;
    let program = built_program("sallyport")?.display().to_string();
    let root_name = root.display().to_string();
    let arguments = ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", &root_name, &program];
    let program = stage.start_with(Path::new("unshare"), &arguments)?;
    let main = program.main()?;
    is_refused(&main, "Read only", READ_ONLY)?;
    assert!(bytes(&root)? == before);
    drop(program);
    let program = stage.start("desk")?;
    let main = program.main()?;
    open(&main, "Read only")?;
    main.see(heading("Sign in"))
}
