//! A served workspace: a database of its own, a key file, the real program, and people with phones.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
};

use authority::{Surroundings, System};
use domain::{oath::OathSecret, time::Moment};
use rustls::pki_types::CertificateDer;
use sallyport_tests::{Cluster, Database};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;

pub(crate) const OWNER: &str = "olive@example.org";
pub(crate) const PASSWORD: &str = "a password long enough alone";

/// A database with its keys, and whoever sits at the console.
pub(crate) struct Harbour {
    pub(crate) database: Database<'static>,
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

/// A running server. It is killed when this is dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) client: Client,
    log: Arc<Mutex<String>>,
}

/// Somebody who has enrolled.
pub(crate) struct Person {
    pub(crate) session: String,
    pub(crate) secret: String,
    pub(crate) codes: Vec<String>,
}

impl Person {
    /// The code of their phone so many steps from now: each is good once, and the neighbouring ones are taken.
    pub(crate) fn code(&self, steps: i64) -> String {
        let bytes = data_encoding::BASE32_NOPAD.decode(self.secret.as_bytes()).expect("unpadded Base32");
        let secret = OathSecret::from_bytes(&bytes).expect("160 bits");
        secret.code_at(Moment(System.now().0 + 30 * steps)).expose_secret().to_owned()
    }
}

fn program() -> PathBuf {
    let me = std::env::current_exe().expect("this test");
    let program = me.ancestors().nth(2).expect("the folder of the build").join("sallyport-server");
    assert!(program.is_file(), "cargo build --package server first");
    program
}

/// What the console said, where it went well.
pub(crate) fn well(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// What it complained of, where it did not.
pub(crate) fn refused(output: &Output) -> (i32, String) {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().expect("a code"), String::from_utf8(output.stderr.clone()).expect("text"))
}

/// The code that stands indented below these words.
pub(crate) fn code_below(said: &str, words: &str) -> String {
    let mut lines = said.lines().skip_while(|line| !line.contains(words));
    lines.nth(1).unwrap_or_else(|| panic!("no {words} in {said}")).trim().to_owned()
}

impl Harbour {
    /// An empty database, and a key.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        fs::write(folder.path().join("tls.crt"), made.cert.pem()).expect("written");
        private(&folder.path().join("tls.key"), &made.signing_key.serialize_pem());
        let harbour = Self { database: Cluster::shared().database(), certificate: made.cert.der().clone(), folder };
        harbour.keep_keys(&[&harbour.new_key(), &harbour.new_epoch_key(0)]);
        harbour
    }

    /// A workspace that was founded, and its owner's invitation.
    pub(crate) fn founded() -> (Self, String) {
        let harbour = Self::empty();
        let said = well(&harbour.init());
        let code = code_below(&said, "Invitation code");
        (harbour, code)
    }

    /// A client of somebody else's server, that believes only what stands here.
    pub(crate) fn stranger_to(&self, served: &Serving) -> Client {
        Client::believing(served.client.address, &self.certificate)
    }

    /// The public key that the certificate is for, as its SubjectPublicKeyInfo.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        let parsed = rustls::server::ParsedCertificate::try_from(&self.certificate).expect("a certificate");
        parsed.subject_public_key_info().to_vec()
    }

    pub(crate) fn init(&self) -> Output {
        self.run(&["init", "--name", "Harbour", "--owner-name", "Olive Owner", "--owner-email", OWNER])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn new_key(&self) -> String {
        well(&Command::new(program()).arg("new-key").output().expect("run")).trim().to_owned()
    }

    /// A line with a key for codes that are issued out of reach.
    pub(crate) fn new_epoch_key(&self, epoch: u8) -> String {
        well(&Command::new(program()).args(["new-key", "--offline", &epoch.to_string()]).output().expect("run")).trim().to_owned()
    }

    /// Puts these keys into the key file.
    pub(crate) fn keep_keys(&self, keys: &[&str]) {
        private(&self.path("keys"), &keys.join("\n"));
    }

    pub(crate) fn keys(&self) -> String {
        fs::read_to_string(self.path("keys")).expect("the keys")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).env_clear().env("SALLYPORT_DATABASE", self.database.url()).env("SALLYPORT_KEY_FILE", self.path("keys"));
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("run")
    }

    /// Serves in plain HTTP on a loopback address.
    pub(crate) fn serve(&self, more: &[&str]) -> Serving {
        Serving::start(self.command(&["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"]).args(more), None)
    }

    /// Serves in TLS.
    pub(crate) fn serve_tls(&self) -> Serving {
        self.serve_tls_at("127.0.0.1:0")
    }

    /// Serves in TLS at this address.
    pub(crate) fn serve_tls_at(&self, address: &str) -> Serving {
        let mut command = self.command(&["serve", "--listen", address, "--tls-cert"]);
        command.arg(self.path("tls.crt")).arg("--tls-key").arg(self.path("tls.key"));
        Serving::start(&mut command, Some(&self.certificate))
    }
}

fn private(path: &std::path::Path, text: &str) {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path).expect("a file");
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
}

impl Serving {
    pub(crate) fn start(command: &mut Command, certificate: Option<&CertificateDer<'static>>) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("started");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {}", log.lock().expect("the log"))).expect("text");
            log.lock().expect("the log").push_str(&format!("{line}\n"));
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = said["fields"]["address"].as_str() {
                break address.parse::<SocketAddr>().expect("an address");
            }
        };
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().expect("the log").push_str(&format!("{line}\n"));
            }
        });
        let client = certificate.map_or_else(|| Client::plain(address), |certificate| Client::believing(address, certificate));
        Self { child, client, log }
    }

    /// All that it logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Asks it to stop, as systemd does.
    pub(crate) fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(asked.success());
    }

    /// Kills it, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.ended();
    }

    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// The owner, by the invitation of the console, with an authenticator.
    pub(crate) fn owner(&self, invitation: &str) -> Person {
        self.accept(OWNER, invitation)
    }

    /// Somebody who accepts an invitation and enrols.
    pub(crate) fn accept(&self, email: &str, invitation: &str) -> Person {
        let accepted = self.client.call("accept-invitation", None, &json!({ "email": email, "code": invitation, "password": PASSWORD }));
        assert_eq!(accepted.reply()["next"].as_str().map(|next| ["enrol", "in"].contains(&next)), Some(true), "{accepted:?}");
        self.enrol(&accepted.session())
    }

    /// Whoever holds this session enrols.
    pub(crate) fn enrol(&self, session: &str) -> Person {
        let request = json!({ "name": "Phone", "proof": { "password": PASSWORD } });
        let offer = self.client.call("begin-enrolment", Some(session), &request).reply();
        let secret = offer["secret"].as_str().expect("a secret").replace(' ', "");
        let person = Person { session: session.to_owned(), secret, codes: Vec::new() };
        let enrolled = self.client.call("verify-enrolment", Some(session), &json!({ "code": person.code(0) })).reply();
        let codes = enrolled["codes"].as_array().expect("codes").iter().filter_map(|code| code.as_str().map(str::to_owned)).collect();
        Person { codes, ..person }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
