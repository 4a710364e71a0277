//! A server with its database, and whoever sits at its console.

use crate::{Cluster, Database, Error, PATIENCE, Result, Session, Stage, built_program, until};
use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A workspace as it is served in TLS, on the clock of a stage.
#[derive(Debug)]
pub struct Served {
    database: Database<'static>,
    folder: PathBuf,
    clock: Vec<(String, String)>,
    running: RefCell<Option<Running>>,
    address: RefCell<String>,
}

#[derive(Debug)]
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Served {
    /// Founds a workspace and serves it. Answers with its owner's invitation.
    ///
    /// # Errors
    /// What the console says.
    pub fn founded(stage: &Stage, name: &str, owner: (&str, &str)) -> Result<(Self, String)> {
        let served = Self::empty(stage, "server")?;
        let said = served.console(&["init", "--name", name, "--owner-name", owner.0, "--owner-email", owner.1])?;
        let invitation = below(&said, "Invitation code")?;
        served.start()?;
        Ok((served, invitation))
    }

    /// A database with nothing in it, a key and a certificate, in a folder of this name.
    ///
    /// # Errors
    /// What the console says.
    pub fn empty(stage: &Stage, folder: &str) -> Result<Self> {
        let folder = stage.folder().join(folder);
        std::fs::create_dir(&folder)?;
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(|error| Error::said(error.to_string()))?;
        std::fs::write(folder.join("tls.crt"), made.cert.pem())?;
        private(&folder.join("tls.key"), &made.signing_key.serialize_pem())?;
        let clock = stage.clock()?.variables().map(|(name, value)| (name.to_owned(), value)).into();
        let database = Cluster::shared().database();
        let served = Self { database, folder, clock, running: RefCell::default(), address: RefCell::new("127.0.0.1:0".to_owned()) };
        let keys = [served.console(&["new-key"])?, served.console(&["new-key", "--offline", "0"])?];
        private(&served.folder.join("keys"), &keys.concat())?;
        Ok(served)
    }

    /// Waits for a workspace that moves here, at the address that it had. Answers with the moving code.
    ///
    /// # Errors
    /// When it ends at once.
    pub fn receive(&self) -> Result<String> {
        let mut command = self.command(&["receive", "--listen", &self.address.borrow(), "--tls-cert"])?;
        command.arg(self.folder.join("tls.crt")).arg("--tls-key").arg(self.folder.join("tls.key"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = child.stdout.take().ok_or_else(|| Error::said("Its output is not piped."))?;
        let mut lines = BufReader::new(output).lines();
        let running = Running(child);
        let mut said = Vec::new();
        while said.len() < 3 {
            let Some(line) = lines.next() else { return Err(Error::said(format!("It ended: {said:?}"))) };
            said.push(line?);
        }
        let address = said[0].split_whitespace().find_map(|word| word.parse::<std::net::SocketAddr>().ok());
        self.address.replace(address.ok_or_else(|| Error::said("It says no address."))?.to_string());
        std::thread::spawn(move || lines.map_while(std::result::Result::ok).for_each(drop));
        self.running.replace(Some(running));
        Ok(said[2].trim().to_owned())
    }

    /// Somebody at the database who goes on saying SQL.
    ///
    /// # Errors
    /// When psql does not start.
    pub fn session(&self) -> Result<Session> {
        self.database.session()
    }

    /// Where it answers.
    pub fn address(&self) -> String {
        self.address.borrow().clone()
    }

    /// Starts it, at the address that it had.
    ///
    /// # Errors
    /// What it says when it ends at once.
    pub fn start(&self) -> Result<()> {
        let mut command = self.command(&["serve", "--listen", &self.address.borrow(), "--tls-cert"])?;
        command.arg(self.folder.join("tls.crt")).arg("--tls-key").arg(self.folder.join("tls.key"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let output = child.stderr.take().ok_or_else(|| Error::said("Its output is not piped."))?;
        let mut lines = BufReader::new(output).lines();
        let running = Running(child);
        let mut said = String::new();
        let address = loop {
            let Some(line) = lines.next() else { return Err(Error::said(format!("The server ended: {said}"))) };
            said = line?;
            let line: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
            if let Some(address) = line["fields"]["address"].as_str() {
                break address.to_owned();
            }
        };
        self.address.replace(address);
        // Read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.map_while(std::result::Result::ok).for_each(drop));
        self.running.replace(Some(running));
        Ok(())
    }

    /// Pulls its plug.
    pub fn kill(&self) {
        self.running.replace(None);
    }

    /// A pairing code for a desktop of this name, with what the server is known by.
    ///
    /// # Errors
    /// What the console says.
    pub fn pairing_code(&self, name: &str) -> Result<String> {
        let certificate = self.folder.join("tls.crt").display().to_string();
        below(&self.console(&["pair", "--name", name, "--tls-cert", &certificate])?, "Pairing code")
    }

    /// What the console says.
    ///
    /// # Errors
    /// What it complains of.
    pub fn console(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments)?.output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::said(format!("The console said: {}", String::from_utf8_lossy(&output.stderr).trim())))
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(built_program("sallyport-server")?);
        command.args(arguments).env_clear().envs(self.clock.clone());
        command.env("SALLYPORT_DATABASE", self.database.url()).env("SALLYPORT_KEY_FILE", self.folder.join("keys"));
        Ok(command)
    }

    /// Whether the journal in the database has so many entries of a kind about this person; waits until they are numbered.
    ///
    /// # Errors
    /// When there are never so many.
    pub fn journal_has(&self, kind: &str, email: &str, expected: usize) -> Result<()> {
        let who = if email.is_empty() {
            "true".to_owned()
        } else {
            format!("(SELECT id FROM accounts WHERE email_folded = '{email}') IN (subject, actor)")
        };
        let sql = format!("SELECT count(*) FROM journal WHERE kind = '{kind}' AND {who}");
        until(PATIENCE, format!("{expected} entries {kind} in the server's journal"), || {
            let found = self.database.psql(&sql)?;
            Ok(if found.trim() == expected.to_string() { Ok(()) } else { Err(format!("There are {}.", found.trim())) })
        })
    }

    /// The keys that it seals with and those that codes are issued with, as they stand in its file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn keys(&self) -> Result<Vec<String>> {
        let text = std::fs::read_to_string(self.folder.join("keys"))?;
        let lines = text.lines().filter_map(|line| line.split('#').next().unwrap_or_default().split_whitespace().next_back());
        Ok(lines.map(str::to_owned).collect())
    }

    /// What SQL says.
    ///
    /// # Errors
    /// What psql says.
    pub fn sql(&self, sql: &str) -> Result<String> {
        self.database.psql(sql)
    }
}

/// The code that stands indented below these words.
fn below(said: &str, words: &str) -> Result<String> {
    let mut lines = said.lines().skip_while(|line| !line.contains(words));
    lines.nth(1).map(|line| line.trim().to_owned()).ok_or_else(|| Error::said(format!("The console said nothing of “{words}”.")))
}

fn private(path: &Path, text: &str) -> Result<()> {
    let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
}
