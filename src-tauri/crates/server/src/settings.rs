//! Settings: by flags, by the environment, by a file in TOML; the first that says something counts.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{app::Bounds, network::Network};

/// What was said in one of the three places.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Given {
    /// The database: postgres://user@host/name. It may hold a password, so the environment or the file is its place.
    #[arg(long, env = "SALLYPORT_DATABASE", hide_env_values = true, value_name = "URL", value_parser = secret)]
    pub database: Option<SecretString>,
    /// Connections to the database.
    #[arg(long, env = "SALLYPORT_DATABASE_CONNECTIONS", value_name = "NUMBER")]
    pub database_connections: Option<u32>,
    /// The file with the sealing keys, readable by its owner alone. Without it, SALLYPORT_KEYS holds them.
    #[arg(long, env = "SALLYPORT_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Where to listen; 127.0.0.1:8443 where nothing is said.
    #[arg(long, env = "SALLYPORT_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The certificate and those above it, in PEM.
    #[arg(long, env = "SALLYPORT_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Its key, in PEM, readable by its owner alone.
    #[arg(long, env = "SALLYPORT_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Speaks plain HTTP, on a loopback address alone: for a proxy on the same machine that speaks TLS.
    #[arg(long, env = "SALLYPORT_INSECURE_LOOPBACK", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub insecure_loopback: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, divided by commas.
    #[arg(long, env = "SALLYPORT_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS")]
    pub trusted_proxies: Option<Vec<Network>>,
    /// Who may read /metrics; this machine alone where nothing is said.
    #[arg(long, env = "SALLYPORT_METRICS_FROM", value_delimiter = ',', value_name = "NETWORKS")]
    pub metrics_from: Option<Vec<Network>>,
    /// Connections of clients at once.
    #[arg(long, env = "SALLYPORT_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,
    /// Seconds that a request may take.
    #[arg(long, env = "SALLYPORT_REQUEST_SECONDS", value_name = "SECONDS")]
    pub request_seconds: Option<u64>,
    /// Seconds that requests have left once the server is to stop.
    #[arg(long, env = "SALLYPORT_GRACE_SECONDS", value_name = "SECONDS")]
    pub grace_seconds: Option<u64>,
}

#[allow(clippy::unnecessary_wraps, reason = "the shape that clap asks for")]
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(text.into())
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("{0}: the settings cannot be read ({1})")]
    File(PathBuf, std::io::Error),
    /// The file is not what it should be. Where, never what: it may hold a password.
    #[error("{0}: line {1} of the settings is not understood; `sallyport-server settings --help` lists them")]
    Line(PathBuf, usize),
    /// No database is named.
    #[error("no database: say --database postgres://…, or set SALLYPORT_DATABASE")]
    NoDatabase,
    /// Neither TLS nor leave to do without.
    #[error("no TLS: give --tls-cert and --tls-key; or --insecure-loopback, where a proxy on this machine speaks TLS")]
    NoTls,
    /// One of the two files.
    #[error("a certificate goes with its key: give both --tls-cert and --tls-key")]
    HalfTls,
    /// Plain HTTP was allowed beside TLS.
    #[error("--insecure-loopback goes without --tls-cert: say which of the two is meant")]
    BothTls,
    /// Plain HTTP would leave the machine.
    #[error("plain HTTP is spoken on a loopback address alone, and {0} is none: give --tls-cert and --tls-key")]
    NotLoopback(SocketAddr),
    /// A number that cannot be.
    #[error("{0} must be between {1} and {2}")]
    Number(&'static str, u64, u64),
}

/// What holds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database.
    pub database: SecretString,
    /// Connections to it.
    pub database_connections: u32,
    /// Where the keys are; in the environment where there is none.
    pub key_file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate and key; none where plain HTTP is spoken to this machine.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whose forwarded addresses are believed.
    pub trusted_proxies: Vec<Network>,
    /// Who may read the numbers.
    pub metrics_from: Vec<Network>,
    /// What everybody is held to.
    pub bounds: Bounds,
}

macro_rules! first_said {
    ($one:ident, $other:ident: $($field:ident),+ $(,)?) => {
        Given { $($field: $one.$field.or($other.$field)),+ }
    };
}

impl Given {
    /// What this says, and where it says nothing, what the other does.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        first_said!(self, other: database, database_connections, key_file, listen, tls_cert, tls_key, insecure_loopback,
            trusted_proxies, metrics_from, max_connections, request_seconds, grace_seconds)
    }

    /// What a file says.
    ///
    /// # Errors
    /// [`SettingsError::File`] and [`SettingsError::Line`].
    pub fn of_file(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|error| SettingsError::File(path.to_owned(), error))?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count() + 1;
            SettingsError::Line(path.to_owned(), line)
        })
    }

    /// The database alone, and the keys: for the console.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub(crate) fn database(&self) -> Result<(SecretString, u32), SettingsError> {
        let url = self.database.clone().filter(|url| !url.expose_secret().is_empty()).ok_or(SettingsError::NoDatabase)?;
        Ok((url, within("--database-connections", self.database_connections, 16, 1, 1_000)?))
    }

    /// What holds.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn settled(self) -> Result<Settings, SettingsError> {
        let (database, database_connections) = self.database()?;
        let listen = self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8443)));
        let tls = match (self.tls_cert, self.tls_key, self.insecure_loopback.unwrap_or(false)) {
            (Some(certificate), Some(key), false) => Some((certificate, key)),
            (None, None, true) if listen.ip().to_canonical().is_loopback() => None,
            (None, None, true) => return Err(SettingsError::NotLoopback(listen)),
            (None, None, false) => return Err(SettingsError::NoTls),
            (Some(_), Some(_), true) => return Err(SettingsError::BothTls),
            _ => return Err(SettingsError::HalfTls),
        };
        let usual = Bounds::default();
        let request = within("--request-seconds", self.request_seconds, usual.request.as_secs(), 1, 600)?;
        let grace = within("--grace-seconds", self.grace_seconds, usual.grace.as_secs(), 0, 600)?;
        let connections = within("--max-connections", self.max_connections, usual.connections, 1, 100_000)?;
        let (request, grace) = (Duration::from_secs(request), Duration::from_secs(grace));
        Ok(Settings {
            database,
            database_connections,
            key_file: self.key_file,
            listen,
            tls,
            trusted_proxies: self.trusted_proxies.unwrap_or_default(),
            metrics_from: self.metrics_from.unwrap_or_else(Network::this_machine),
            bounds: Bounds { request, grace, connections, ..usual },
        })
    }
}

fn within<T: Copy + PartialOrd + TryInto<u64>>(
    name: &'static str,
    said: Option<T>,
    usual: T,
    least: T,
    most: T,
) -> Result<T, SettingsError> {
    let value = said.unwrap_or(usual);
    let number = |value: T| value.try_into().unwrap_or(u64::MAX);
    if value < least || value > most { Err(SettingsError::Number(name, number(least), number(most))) } else { Ok(value) }
}

impl std::fmt::Display for Settings {
    /// As an administrator reads them; the address of the database without its password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |networks: &[Network]| networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        writeln!(f, "database = {}", without_password(self.database.expose_secret()))?;
        writeln!(f, "database-connections = {}", self.database_connections)?;
        match &self.key_file {
            Some(path) => writeln!(f, "key-file = {}", path.display())?,
            None => writeln!(f, "key-file = (the environment)")?,
        }
        writeln!(f, "listen = {}", self.listen)?;
        match &self.tls {
            Some((certificate, key)) => writeln!(f, "tls-cert = {}\ntls-key = {}", certificate.display(), key.display())?,
            None => writeln!(f, "insecure-loopback = true")?,
        }
        writeln!(f, "trusted-proxies = {}", list(&self.trusted_proxies))?;
        writeln!(f, "metrics-from = {}", list(&self.metrics_from))?;
        writeln!(f, "max-connections = {}", self.bounds.connections)?;
        writeln!(f, "request-seconds = {}", self.bounds.request.as_secs())?;
        writeln!(f, "grace-seconds = {}", self.bounds.grace.as_secs())
    }
}

/// Where the database is, without user, password and options; nothing where it cannot be told apart from a password.
fn without_password(url: &str) -> String {
    let place = url.split('?').next().unwrap_or_default();
    match (place.rsplit_once('@'), url.matches('@').count()) {
        (Some((_, place)), 1) => format!("postgres://{place}"),
        (None, 0) => place.to_owned(),
        _ => "(set)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given {
        toml::from_str(text).expect("settings")
    }

    fn settled(text: &str) -> Result<Settings, SettingsError> {
        given(&format!("database = \"postgres://harbour@localhost/harbour\"\n{text}")).settled()
    }

    #[test]
    fn plain_http_is_refused_but_on_a_loopback_address_that_was_asked_for() {
        assert!(matches!(settled(""), Err(SettingsError::NoTls)));
        assert!(settled("insecure-loopback = true").is_ok());
        assert!(settled("insecure-loopback = true\nlisten = \"[::1]:80\"").is_ok());
        assert!(matches!(settled("insecure-loopback = false"), Err(SettingsError::NoTls)));
        for open in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80"] {
            let refused = settled(&format!("insecure-loopback = true\nlisten = \"{open}\""));
            assert!(matches!(refused, Err(SettingsError::NotLoopback(_))), "{open}");
        }
        assert!(matches!(settled("tls-cert = \"a\""), Err(SettingsError::HalfTls)));
        assert!(matches!(settled("tls-key = \"a\"\ninsecure-loopback = true"), Err(SettingsError::HalfTls)));
        assert!(matches!(settled("tls-cert = \"a\"\ntls-key = \"b\"\ninsecure-loopback = true"), Err(SettingsError::BothTls)));
    }

    #[test]
    fn what_is_said_first_counts_and_the_rest_is_filled_in() {
        let flags = Given { grace_seconds: Some(3), ..Given::default() };
        let file = given("database = \"postgres://x\"\ngrace-seconds = 9\nrequest-seconds = 7\ninsecure-loopback = true");
        let settings = flags.or(file).settled().expect("settings");
        assert_eq!((settings.bounds.grace.as_secs(), settings.bounds.request.as_secs()), (3, 7));
    }

    #[test]
    fn what_is_not_understood_is_told_by_its_line_and_never_repeated() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("server.toml");
        for text in ["\ndatabse = \"postgres://olive:hunter2@host/name\"\n", "\ndatabase = postgres://olive:hunter2@host/name\n"] {
            std::fs::write(&path, text).expect("written");
            let error = Given::of_file(&path).expect_err("refused").to_string();
            assert!(error.contains("line 2") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for (url, told) in [
            ("postgres://olive:hunter2@host/name", "postgres://host/name"),
            ("postgres://host/name?password=hunter2", "postgres://host/name"),
            ("postgres://olive:hun@hunter2@host/name", "(set)"),
            ("postgres://olive:hunter2?x@host/name", "(set)"),
            ("postgres://host/name?password=x@hunter2", "(set)"),
        ] {
            let given = Given { database: Some(url.into()), insecure_loopback: Some(true), ..Given::default() };
            let shown = format!("{given:?} {}", given.clone().settled().expect("settings"));
            assert!(!shown.contains("hunter2") && shown.contains(&format!("database = {told}\n")), "{shown}");
        }
    }

    #[test]
    fn numbers_have_bounds() {
        for wrong in ["max-connections = 0", "request-seconds = 0", "request-seconds = 601", "database-connections = 0"] {
            let refused = settled(&format!("insecure-loopback = true\n{wrong}"));
            assert!(matches!(refused, Err(SettingsError::Number(..))), "{wrong}");
        }
    }
}
