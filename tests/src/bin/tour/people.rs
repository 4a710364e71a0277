//! Who takes part in the tour, and what they hold in their hands.

use crate::call::Call;
use data_encoding::BASE64;
use sallyport_tests::smtp::{MailServer, Setup};
use sallyport_tests::witness::Secret;
use sallyport_tests::{Error, LoginManager, PATIENCE, Page, Program, Result, Stage, until, witness};
use std::cell::{Cell, RefCell};
use std::path::PathBuf;

/// What the tour leaves beside its pictures.
const EXPORTED: [&str; 12] = [
    "backup-codes.txt",
    "backup-codes.txt.age",
    "backup-codes.pdf",
    "backup-codes-printed.pdf",
    "recovery-letter.pdf",
    "notice-letter.pdf",
    "enrolment-qr.png",
    "recovery-kit.pdf",
    "recovery-kit-renewed.pdf",
    "workspace-backup.backup",
    "people.csv",
    "journal.jsonl",
];

/// A person: what they know, and what their phone knows.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: RefCell<String>,
    /// The Base32 secret in the authenticator app, once scanned.
    pub(crate) authenticator: RefCell<Option<String>>,
    pub(crate) backup_codes: RefCell<Vec<String>>,
    pub(crate) invitation: RefCell<String>,
    last_step: Cell<u64>,
}

impl Person {
    fn new(name: &'static str, email: &'static str, password: &str) -> Self {
        Self {
            name,
            email,
            password: RefCell::new(password.to_owned()),
            authenticator: RefCell::default(),
            backup_codes: RefCell::default(),
            invitation: RefCell::default(),
            last_step: Cell::new(0),
        }
    }
}

/// The tour's world: a computer, the program on it, and the people in front of it.
#[derive(Debug)]
pub(crate) struct World {
    // Before the stage: the program ends first.
    program: RefCell<Option<Program>>,
    pub(crate) stage: Stage,
    pub(crate) login_manager: LoginManager,
    pub(crate) out: PathBuf,
    pub(crate) owner: Person,
    pub(crate) member: Person,
    pub(crate) guest: Person,
    /// The recovery code that was issued last.
    pub(crate) recovery_code: RefCell<String>,
    /// The codes of the recovery kits, the last one last.
    pub(crate) kits: RefCell<Vec<String>>,
    /// The call that was taken last.
    pub(crate) call: RefCell<Call>,
    /// Codes that have been replaced: an invitation, and then backup codes.
    pub(crate) kept_codes: RefCell<Vec<String>>,
    pub(crate) passphrase: &'static str,
    /// The mail server of the house; the computer trusts whoever signed its certificate.
    pub(crate) mail: MailServer,
    /// What answers "this was not me" in the message about the member's reset.
    pub(crate) answer: RefCell<String>,
    /// All that was secret on the way and may stand nowhere on the disk at the end.
    secrets: RefCell<Vec<Secret>>,
}

impl World {
    pub(crate) fn new(out: PathBuf) -> Result<Self> {
        // A file that is there already would make the save dialog ask.
        for file in EXPORTED {
            let _ = std::fs::remove_file(out.join(file));
        }
        let mail = MailServer::start(Setup::default())?;
        let mut stage = Stage::new()?;
        stage.set_variable("SSL_CERT_FILE", Some(&mail.authority()?.1.display().to_string()));
        let world = Self {
            program: RefCell::default(),
            login_manager: stage.login_manager()?,
            stage,
            out,
            owner: Person::new("Olivia Owner", "olivia@example.org", "plum-tractor-58-violin"),
            member: Person::new("Marc Membre", "marc@example.org", "granite-otter-17-lamp"),
            guest: Person::new("Noa Nouvelle", "noa@example.org", "velvet-anchor-93-drum"),
            recovery_code: RefCell::default(),
            kits: RefCell::default(),
            call: RefCell::default(),
            kept_codes: RefCell::default(),
            passphrase: "seven quiet lanterns over the harbour",
            mail,
            answer: RefCell::default(),
            secrets: RefCell::default(),
        };
        world.keep_secret("the vault passphrase", world.passphrase);
        for person in [&world.owner, &world.member, &world.guest] {
            world.keep_secret(&format!("the password of {}", person.name), &person.password.borrow());
        }
        Ok(world)
    }

    /// Starts the program (or starts it again) and waits for its main window.
    pub(crate) fn start(&self) -> Result<Page> {
        self.program.replace(None);
        let program = self.stage.start("tour")?;
        let main = program.main()?;
        self.program.replace(Some(program));
        Ok(main)
    }

    /// Puts another program in the place of the running one, and that where the other was.
    pub(crate) fn swap(&self, other: &RefCell<Option<Program>>) {
        self.program.swap(other);
    }

    /// The main window of the running program.
    pub(crate) fn main(&self) -> Result<Page> {
        self.with_program(Program::main)
    }

    /// The second window, in which secrets are shown.
    pub(crate) fn sheet(&self) -> Result<Page> {
        self.with_program(|program| program.window("sheet"))
    }

    pub(crate) fn sheet_gone(&self) -> Result<()> {
        self.with_program(|program| program.window_gone("sheet"))
    }

    pub(crate) fn with_program<T>(&self, ask: impl Fn(&Program) -> Result<T>) -> Result<T> {
        ask(self.program.borrow().as_ref().ok_or_else(|| Error::said("The program is not running."))?)
    }

    /// Kills the program where it stands, as the system would.
    pub(crate) fn kill(&self) -> Result<()> {
        self.program.take().map_or_else(|| Err(Error::said("The program is not running.")), Program::kill)
    }

    /// The one file of the vault with this ending.
    pub(crate) fn vault_file(&self, ending: &str) -> Result<PathBuf> {
        let mut files = Vec::new();
        witness::files_below(self.stage.folder(), &mut files)?;
        let found = files.into_iter().find(|file| {
            file.components().any(|part| part.as_os_str() == "workspaces") && file.extension().is_some_and(|end| end == ending)
        });
        found.ok_or_else(|| Error::said(format!("There is no .{ending} file in the workspaces' folder.")))
    }

    /// What lies in the folder of workspaces.
    pub(crate) fn vaults(&self) -> Result<Vec<PathBuf>> {
        let database = self.vault_file("db")?;
        let root = database.ancestors().find(|folder| folder.ends_with("workspaces"));
        let root = root.ok_or_else(|| Error::said("There is no folder of workspaces."))?;
        Ok(std::fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<_>>()?)
    }

    /// Every file of the vault, byte for byte.
    pub(crate) fn vault_bytes(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let database = self.vault_file("db")?;
        let mut files = Vec::new();
        witness::files_below(database.parent().unwrap_or(&database), &mut files)?;
        files.sort();
        files.into_iter().map(|file| Ok((file.clone(), std::fs::read(&file)?))).collect()
    }

    /// Remembers a secret that the disk is searched for at the end.
    pub(crate) fn keep_secret(&self, what: &str, text: &str) {
        self.secrets.borrow_mut().push(Secret { what: what.to_owned(), text: text.to_owned() });
    }

    pub(crate) fn secrets(&self) -> Vec<Secret> {
        self.secrets.borrow().clone()
    }

    /// Scans the QR code off the screen into the person's authenticator, as a phone would, and keeps the picture that
    /// the sheet shows beside the others.
    pub(crate) fn scan(&self, person: &Person) -> Result<witness::KeyUri> {
        let screen = self.stage.folder().join("screen.png");
        // What the page holds is not on the screen at once.
        let uri = until(PATIENCE, "a QR code on the screen", || {
            self.stage.screen().picture(&screen)?;
            Ok(witness::key_uri(&screen).map_err(|error| error.to_string()))
        })?;
        std::fs::remove_file(&screen)?;

        let url = self.sheet()?.script("return document.querySelector('img').src", serde_json::json!([]))?;
        let encoded = url.as_str().and_then(|url| url.strip_prefix("data:image/png;base64,")).unwrap_or_default();
        let picture = self.out.join("enrolment-qr.png");
        std::fs::write(&picture, BASE64.decode(encoded.as_bytes()).unwrap_or_default())?;
        if witness::key_uri(&picture)? != uri {
            return Err(Error::said("The picture and the screen do not say the same."));
        }

        self.keep_secret(&format!("the authenticator secret of {}", person.name), &uri.secret);
        person.authenticator.replace(Some(uri.secret.clone()));
        Ok(uri)
    }

    /// The code that the person's phone shows. As every code is good once, a second one in the same half minute
    /// waits for the next: the clock is moved on to it.
    pub(crate) fn code(&self, person: &Person) -> Result<String> {
        let secret = person.authenticator.borrow().clone();
        let secret = secret.ok_or_else(|| Error::said(format!("{} has no authenticator.", person.name)))?;
        let clock = self.stage.clock()?;
        if clock.now() / 30 <= person.last_step.get() {
            let next = (person.last_step.get() + 1) * 30 + 1;
            clock.advance_seconds(i64::try_from(next.saturating_sub(clock.now())).unwrap_or(30))?;
        }
        let now = clock.now();
        person.last_step.set(now / 30);
        witness::totp(&secret, now)
    }
}
