//! A desk: a computer, the program on it with a workspace that was founded before, and its owner in front of it.

use crate::played::{Clock, PASSPHRASE, PASSWORD, Person, Played};
use sallyport_tests::crowd::fill;
use sallyport_tests::witness::Secret;
use sallyport_tests::{Page, Program, Result, Stage, button, dialog, heading, link, named, textbox};
use secrecy::ExposeSecret;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const WORKSPACE: &str = "Harbour";

/// Where a profile keeps its vaults.
pub(crate) fn vaults(stage: &Stage, profile: &str) -> PathBuf {
    stage.folder().join("data/app.sallyport.Sallyport/profiles").join(profile).join("workspaces")
}

/// Runs what waits for a vault.
pub(crate) fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// Founds a workspace among a profile's vaults, an hour ago, and closes it. Its owner has enrolled.
pub(crate) fn found(stage: &Stage, profile: &str, name: &str) -> (uuid::Uuid, Person) {
    let (id, owner, _) = found_with_kit(stage, profile, name);
    (id, owner)
}

/// The same, with the code of its recovery kit.
pub(crate) fn found_with_kit(stage: &Stage, profile: &str, name: &str) -> (uuid::Uuid, Person, String) {
    wait_for(async {
        let (played, owner) = Played::found(&vaults(stage, profile), name, hour_ago()).await;
        played.close().await;
        let code = played.kit.as_ref().map(|kit| kit.code().grouped().expose_secret().to_owned());
        (played.id, owner, code.unwrap_or_default())
    })
}

#[expect(clippy::disallowed_methods, reason = "the program's clock is the real one")]
pub(crate) fn hour_ago() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0) - 3600)
}

/// Every file below a folder, byte for byte.
pub(crate) fn bytes(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    sallyport_tests::witness::files_below(folder, &mut files)?;
    files.sort();
    files.into_iter().map(|file| Ok((file.clone(), std::fs::read(&file)?))).collect()
}

pub(crate) struct Desk {
    // Before the stage: the program ends first.
    pub(crate) program: Program,
    pub(crate) main: Page,
    pub(crate) owner: Person,
    /// The code of the recovery kit.
    pub(crate) kit: String,
    pub(crate) stage: Stage,
    used: Cell<usize>,
}

impl Desk {
    /// The program with its workspace open, at the first door.
    pub(crate) fn at_the_door() -> Result<Self> {
        let stage = Stage::new()?;
        let (_, owner, kit) = found_with_kit(&stage, "desk", WORKSPACE);
        Self::at(stage, owner, kit)
    }

    /// The owner is in, among so many people more.
    pub(crate) fn in_a_crowd(people: u32) -> Result<Self> {
        let stage = Stage::new()?;
        let (id, owner, kit) = found_with_kit(&stage, "desk", WORKSPACE);
        wait_for(async {
            let now = hour_ago();
            let played = Played::open(&vaults(&stage, "desk"), id, Clock::at(now)).await;
            let filled = fill(played.authority.store(), &owner.email, people, domain::time::Moment(now)).await;
            played.close().await;
            filled
        })?;
        let desk = Self::at(stage, owner, kit)?;
        desk.sign_in()?;
        Ok(desk)
    }

    fn at(stage: Stage, owner: Person, kit: String) -> Result<Self> {
        let program = stage.start("desk")?;
        let main = program.main()?;
        open(&main, WORKSPACE)?;
        main.see(heading("Sign in"))?;
        Ok(Self { program, main, owner, kit, stage, used: Cell::new(0) })
    }

    /// The owner is in.
    pub(crate) fn inside() -> Result<Self> {
        let desk = Self::at_the_door()?;
        desk.sign_in()?;
        Ok(desk)
    }

    /// The owner comes in with the next backup code: those do not wait for another half minute.
    pub(crate) fn sign_in(&self) -> Result<()> {
        let code = self.owner.codes[self.used.get()].clone();
        self.used.set(self.used.get() + 1);
        password(&self.main, &self.owner.email, PASSWORD)?;
        give_code(&self.main, &code)?;
        self.main.see(link("Users"))
    }

    /// Makes new backup codes: they stand on the sheet, not saved yet.
    pub(crate) fn renew_codes(&self) -> Result<Page> {
        self.main.click(link("Profile and security"))?;
        self.main.click(button("Generate new codes"))?;
        let form = dialog("Generate new backup codes");
        self.main.fill(textbox("Current password").within(form.clone()), PASSWORD)?;
        self.main.click(button("Generate new codes").within(form))?;
        let sheet = self.program.window("sheet")?;
        sheet.see_text("Not saved yet")?;
        Ok(sheet)
    }

    /// What may stand nowhere on this computer's disk.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let secret = |what: &str, text: &str| Secret { what: what.to_owned(), text: text.to_owned() };
        let codes = self.owner.codes.iter().map(|code| secret("a backup code", code));
        let fixed = [
            ("the passphrase", PASSPHRASE),
            ("the password", PASSWORD),
            ("the authenticator secret", &self.owner.phone.base32),
            ("the code of the recovery kit", &self.kit),
        ];
        codes.chain(fixed.map(|(what, text)| secret(what, text))).collect()
    }
}

pub(crate) fn open(main: &Page, name: &str) -> Result<()> {
    main.click(link(name).in_part())?;
    main.fill(textbox("Vault passphrase"), PASSPHRASE)?;
    main.click(button("Open"))
}

pub(crate) fn password(main: &Page, email: &str, password: &str) -> Result<()> {
    main.fill(textbox("E-mail"), email)?;
    main.fill(textbox("Password"), password)?;
    main.click(button("Sign in"))
}

pub(crate) fn give_code(main: &Page, code: &str) -> Result<()> {
    main.see(heading("Enter your code"))?;
    main.fill(textbox("Code"), code)?;
    main.click(button("Verify"))
}

/// Adds a member and reads the invitation code off the sheet.
pub(crate) fn add_member(program: &Program, main: &Page, name: &str, email: &str) -> Result<String> {
    main.click(link("Users"))?;
    main.click(button("Add user"))?;
    let form = dialog("Add user");
    main.fill(textbox("Name").within(form.clone()), name)?;
    main.fill(textbox("E-mail").within(form.clone()), email)?;
    main.click(button("Create invitation").within(form))?;
    let sheet = program.window("sheet")?;
    let code = shown(&sheet, "Invitation code")?;
    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;
    Ok(code)
}

/// Saves the recovery kit that stands on the sheet, closes it, and gives its code.
pub(crate) fn keep_kit(program: &Program, stage: &Stage) -> Result<String> {
    let sheet = program.window("sheet")?;
    let code = shown(&sheet, "Kit code")?;
    sheet.click(button("Save as PDF"))?;
    stage.screen().save_as(&stage.home().join("recovery-kit.pdf"))?;
    sheet.see_text("Saved as recovery-kit.pdf")?;
    sheet.click(button("Done"))?;
    program.window_gone("sheet")?;
    Ok(code)
}

/// A secret as it is shown, without the gaps between its groups.
pub(crate) fn shown(sheet: &Page, name: &str) -> Result<String> {
    Ok(sheet.text(named("group", name))?.chars().filter(|c| !c.is_whitespace()).collect())
}
