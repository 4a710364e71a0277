//! A real mail server: Exim, as a private process for each conversation, with certificates made for the test. It delivers
//! into files, which Python's `email` reads back. What it does to a message depends on whom the message is for: see
//! [`MailServer::start`]. Beside it stands what happens to a connection on its way.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;

mod delivered;
mod door;
mod meddling;

pub use delivered::Delivered;
use door::Door;
pub use meddling::{Endless, Meddling, Relay};

/// Who may sign in at every server here.
pub const USER: &str = "sallyport";
/// With which password.
pub const PASSWORD: &str = "correct horse 🐎";

const EXIM: &str = "/usr/sbin/exim4";

/// Which certificate a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// For `localhost`, by the test's authority.
    Good,
    /// By the same authority, for another name.
    OtherName,
    /// By the same authority, and no longer valid.
    Expired,
    /// By an authority that nobody knows.
    Stranger,
}

/// How a server is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// What it shows.
    pub certificate: Certificate,
    /// TLS from the first byte.
    pub implicit_tls: bool,
    /// Whether it offers STARTTLS.
    pub starttls: bool,
    /// Whether it takes addresses beyond ASCII (RFC 6531).
    pub smtputf8: bool,
    /// The one way to sign in that it offers: `PLAIN`, `LOGIN` or `CRAM-MD5`.
    pub sign_in: &'static str,
}

impl Default for Setup {
    fn default() -> Self {
        Self { certificate: Certificate::Good, implicit_tls: false, starttls: true, smtputf8: false, sign_in: "PLAIN" }
    }
}

/// A running server. It ends, with every conversation, when this is dropped.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    door: Door,
    talks: Arc<Mutex<Vec<Kept>>>,
    folder: TempDir,
}

impl MailServer {
    /// Starts one. Whom a message is for decides what becomes of it:
    ///
    /// | before the `@` | what the server does |
    /// | --- | --- |
    /// | `nobody` | refuses the recipient: 550 |
    /// | `later` | not now: 451 |
    /// | `full` | the mailbox is full: 452 at the recipient |
    /// | `overfull` | the mailbox is full: 552 at the end of the message |
    /// | `spam` | refuses the message at its end: 554 |
    /// | `slow` | lets the recipient wait for an hour |
    /// | `slow-end` | lets the end of the message wait for an hour |
    /// | `shuts` | says 421: it is going down |
    /// | `dies` | dies at the recipient |
    /// | `dies-at-data` | dies before it takes the message |
    /// | `dies-at-end` | dies with the whole message, and without an answer |
    /// | anything else | delivers |
    ///
    /// A sender that begins with `stranger` is refused with 553, and whoever has not signed in with 530.
    pub fn start(setup: Setup) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sallyport-mail-").tempdir()?;
        let at = folder.path();
        std::fs::set_permissions(at, Permissions::from_mode(0o755))?;
        let program = at.join("exim");
        // A copy without the right to become root: what it may, it may as whoever runs the test.
        std::fs::copy(EXIM, &program).map_err(|error| Error::said(format!("{EXIM} is missing: {error}.")))?;
        std::fs::set_permissions(&program, Permissions::from_mode(0o755))?;
        for part in ["spool", "log", "mail"] {
            std::fs::create_dir(at.join(part))?;
        }
        certificates(at)?;
        // Exim delivers nothing as root.
        let me = std::fs::metadata(at)?;
        let owner = if me.uid() == 0 { (65534, 65534) } else { (me.uid(), me.gid()) };
        for part in ["spool", "log", "mail", "good.key", "other.key", "expired.key", "stranger.key"] {
            std::os::unix::fs::chown(at.join(part), Some(owner.0), Some(owner.1))?;
        }
        let config = at.join("exim.conf");
        std::fs::write(&config, config_of(at, setup, owner))?;

        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let talks = Arc::new(Mutex::new(Vec::new()));
        let running = talks.clone();
        let door = Door::open(listener, move |caller| {
            let mut command = Command::new(&program);
            // Delivers before it ends, so that a conversation that is over has come to all that it will come to.
            command.arg("-C").arg(&config).args(["-bs", "-odi"]);
            if setup.implicit_tls {
                command.arg("-tls-on-connect");
            }
            let Ok(output) = caller.try_clone() else { return };
            let talk = Kept::start_on(command.stdout(Stdio::from(std::os::fd::OwnedFd::from(output))).stderr(Stdio::null()), caller.into());
            if let Ok(talk) = talk {
                running.lock().unwrap_or_else(PoisonError::into_inner).push(talk);
            }
        })?;
        Ok(Self { port, door, talks, folder })
    }

    /// The authority that signed its certificate, in DER; and as a PEM file.
    pub fn authority(&self) -> Result<(Vec<u8>, PathBuf)> {
        Ok((std::fs::read(self.folder.path().join("authority.der"))?, self.folder.path().join("authority.pem")))
    }

    /// How many conversations were begun.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.door.calls()
    }

    /// Waits until a conversation has come to where the server takes its hour: `RCPT` or `DATA`.
    pub fn wait_until_it_waits(&self, at: &str) -> Result<()> {
        let line = format!("waits at {at}");
        until(PATIENCE, &line, || Ok(if self.log().contains(&line) { Ok(()) } else { Err(self.log()) }))
    }

    /// Ends every conversation, as a computer does whose power fails.
    pub fn fail(&self) {
        self.talks.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// All that was delivered, once every conversation is over.
    pub fn delivered(&self) -> Result<Vec<Delivered>> {
        until(PATIENCE, "every conversation to end", || {
            let mut talks = self.talks.lock().unwrap_or_else(PoisonError::into_inner);
            let running = talks.iter_mut().any(Kept::is_running);
            Ok(if running { Err(self.log()) } else { Ok(()) })
        })?;
        let mut files: Vec<PathBuf> = match std::fs::read_dir(self.folder.path().join("mail/new")) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) => Vec::new(),
        };
        files.sort();
        files.iter().map(|file| Delivered::read(file)).collect()
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        ["main", "reject", "panic"]
            .map(|kind| std::fs::read_to_string(self.folder.path().join(format!("log/{kind}"))).unwrap_or_default())
            .concat()
    }
}

fn config_of(at: &Path, setup: Setup, (user, group): (u32, u32)) -> String {
    let certificate = match setup.certificate {
        Certificate::Good => "good",
        Certificate::OtherName => "other",
        Certificate::Expired => "expired",
        Certificate::Stranger => "stranger",
    };
    let authenticator = match setup.sign_in {
        "LOGIN" => {
            "driver = plaintext\n  server_prompts = Username:: : Password::\n  server_condition = ${if and{{eq{$auth1}{USER}}{eq{$auth2}{PASSWORD}}}}\n  server_set_id = $auth1"
        }
        "CRAM-MD5" => "driver = cram_md5\n  server_secret = PASSWORD\n  server_set_id = $auth1",
        _ => {
            "driver = plaintext\n  server_prompts = :\n  server_condition = ${if and{{eq{$auth2}{USER}}{eq{$auth3}{PASSWORD}}}}\n  server_set_id = $auth2"
        }
    };
    CONFIG
        .replace("AUTHENTICATOR", authenticator)
        .replace("MECHANISM", setup.sign_in)
        .replace("FOLDER", &at.display().to_string())
        .replace("CERTIFICATE", certificate)
        .replace("OFFERS_TLS", if setup.starttls { "*" } else { ":" })
        .replace("OFFERS_UTF8", if setup.smtputf8 { "*" } else { ":" })
        .replace("USER", USER)
        .replace("PASSWORD", PASSWORD)
        .replace("OWNER", &user.to_string())
        .replace("GROUP", &group.to_string())
}

const CONFIG: &str = r#"
primary_hostname = mail.example.org
keep_environment =
spool_directory = FOLDER/spool
log_file_path = FOLDER/log/%s
pid_file_path = FOLDER/exim.pid
exim_user = OWNER
exim_group = GROUP
never_users =
# Whoever runs it is no Exim of the system: without this it would keep no log.
deliver_drop_privilege = true
host_lookup =
rfc1413_hosts =
tls_advertise_hosts = OFFERS_TLS
tls_certificate = FOLDER/CERTIFICATE.pem
tls_privatekey = FOLDER/CERTIFICATE.key
smtputf8_advertise_hosts = OFFERS_UTF8
auth_advertise_hosts = ${if def:tls_in_cipher{*}{}}
smtp_accept_max_nonmail = 100
acl_smtp_mail = sender
acl_smtp_rcpt = recipient
acl_smtp_predata = before
acl_smtp_data = end

begin acl
sender:
  deny !authenticated = *
    message = 530 5.7.0 sign in first
  deny senders = ^stranger
    message = 553 5.1.8 this sender is not yours
  accept
recipient:
  warn set acl_m_play = $local_part
  deny condition = ${if eq{$acl_m_play}{nobody}}
    message = 550 5.1.1 nobody of this name
  defer condition = ${if eq{$acl_m_play}{later}}
    message = 451 4.2.0 come back later
  defer condition = ${if eq{$acl_m_play}{full}}
    message = 452 4.2.2 over quota
  defer condition = ${if eq{$acl_m_play}{shuts}}
    message = 421 4.3.2 shutting down
  accept condition = ${if eq{$acl_m_play}{slow}}
    logwrite = waits at RCPT
    delay = 1h
  accept condition = ${if eq{$acl_m_play}{dies}}
    condition = ${run{/bin/kill -KILL $pid}{yes}{yes}}
  accept
before:
  accept condition = ${if eq{$acl_m_play}{dies-at-data}}
    condition = ${run{/bin/kill -KILL $pid}{yes}{yes}}
  accept
end:
  deny condition = ${if eq{$acl_m_play}{overfull}}
    message = 552 5.2.2 over quota
  deny condition = ${if eq{$acl_m_play}{spam}}
    message = 554 5.7.1 not wanted here
  accept condition = ${if eq{$acl_m_play}{slow-end}}
    logwrite = waits at DATA
    delay = 1h
  accept condition = ${if eq{$acl_m_play}{dies-at-end}}
    condition = ${run{/bin/kill -KILL $pid}{yes}{yes}}
  accept

begin authenticators
only:
  public_name = MECHANISM
  AUTHENTICATOR

begin routers
all:
  driver = accept
  transport = files

begin transports
files:
  driver = appendfile
  directory = FOLDER/mail
  maildir_format
  create_directory
  user = OWNER
  group = GROUP
  envelope_to_add
  return_path_add

begin retry
"#;

/// Keys and certificates as files: `good`, `other`, `expired`, `stranger`; and the authority that tests trust.
fn certificates(folder: &Path) -> Result<()> {
    let output = Command::new("/usr/bin/python3").args(["-c", CERTIFICATES]).current_dir(folder).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::said(format!("No certificates were made: {}", String::from_utf8_lossy(&output.stderr))))
}

const CERTIFICATES: &str = r#"
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

def year(number):
    return datetime.datetime(number, 1, 1)

def made(name, issuer, key, signing, serial, until, extension):
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(serial).not_valid_before(year(2020)).not_valid_after(year(until))
    return builder.add_extension(extension, True).sign(signing, hashes.SHA256())

def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

def authority(name):
    key = ec.generate_private_key(ec.SECP256R1())
    return named(name), key, made(named(name), named(name), key, key, 1, 2090, x509.BasicConstraints(True, None))

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
known, stranger = authority("Tests"), authority("Stranger")
open("authority.der", "wb").write(known[2].public_bytes(DER))
open("authority.pem", "wb").write(known[2].public_bytes(PEM))
for serial, (file, by, host, until) in enumerate([
    ("good", known, "localhost", 2090),
    ("other", known, "mail.example.net", 2090),
    ("expired", known, "localhost", 2021),
    ("stranger", stranger, "localhost", 2090),
], 2):
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    open(file + ".pem", "wb").write(made(named(host), by[0], key, by[1], serial, until, names).public_bytes(PEM))
    unencrypted = serialization.NoEncryption()
    open(file + ".key", "wb").write(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, unencrypted))
"#;
