//! A server for trying out: the real one, before a PostgreSQL of its own whose data stay under `target/serve`. Both end with
//! this program, whatever ends it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::Done;
use crate::cargo::{cargo, target};
use crate::install::is_root;

const ADDRESS: &str = "127.0.0.1:8443";
const OWNER: &str = "olive@example.org";
/// Of the cluster and of the database in it.
const NAME: &str = "sallyport";
/// Whom PostgreSQL runs as where this is root, whom it refuses.
const PLAIN: &str = "nobody";
/// A socket's path has 107 bytes at most, of which PostgreSQL takes some for the name.
const LONGEST: usize = 90;

/// Is told which server runs. Once nobody holds its input any more, it ends the server and then the database. The keys that end
/// this program are not for it.
const WATCH: &str = r#"trap '' INT TERM HUP
server=$(cat)
if [ -n "$server" ]; then
    kill -TERM "$server" 2> /dev/null
    while kill -0 "$server" 2> /dev/null; do sleep 0.1; done
fi
exec "$@""#;

/// Starts it, and goes on until it ends.
pub(crate) fn serve() -> Done {
    cargo(&["build", "--package", "server"])?;
    let folder = target().join("serve");
    private_folder(&folder)?;
    let database = Cluster::at(&folder)?;
    let mut watch = database.start()?;
    let files = Files::of(&folder)?;
    let url = format!("postgres:///{NAME}?host={}&user={NAME}", percent(&database.socket));
    let server = |arguments: &[&str]| {
        let mut command = Command::new(program());
        command.args(arguments).env("SALLYPORT_DATABASE", &url).env("SALLYPORT_KEY_FILE", &files.keys);
        command
    };
    let said = server(&["init", "--name", "Harbour", "--owner-name", "Olive Owner", "--owner-email", OWNER]).output();
    let said = said.map_err(|error| error.to_string())?;
    let complaint = String::from_utf8_lossy(&said.stderr);
    if said.status.success() {
        println!("\n{}", String::from_utf8_lossy(&said.stdout).trim_end());
    } else if complaint.contains("there is a workspace in this database already") {
        println!("\nThe workspace of the last time goes on.");
    } else {
        return Err(complaint.trim().to_owned());
    }
    println!("\nAddress:      https://{ADDRESS}  (a certificate for trying out, {})", files.certificate.display());
    println!("Its console:  export SALLYPORT_DATABASE='{url}' SALLYPORT_KEY_FILE='{}'", files.keys.display());
    println!("              export SALLYPORT_TLS_CERT='{}'", files.certificate.display());
    println!("              {} pair --name 'My desk'    (a pairing code: the window's start screen takes it)", program().display());
    println!("              {} recover-owner --email {OWNER}    (another invitation, or a way back in)", program().display());
    println!("Data:         {}. Remove it to begin anew.", folder.display());
    println!("Ctrl+C stops the server and its database.\n");
    let mut serving = server(&["serve", "--listen", ADDRESS, "--tls-cert"])
        .arg(&files.certificate)
        .arg("--tls-key")
        .arg(&files.certificate_key)
        .spawn()
        .map_err(|error| error.to_string())?;
    let told = watch.stdin.as_mut().map_or(Ok(()), |input| writeln!(input, "{}", serving.id()));
    let ended = serving.wait();
    drop(watch.stdin.take());
    let stopped = watch.wait();
    told.map_err(|error| error.to_string())?;
    stopped.map_err(|error| error.to_string())?;
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("The server ended ({status}).")),
        Err(error) => Err(error.to_string()),
    }
}

fn program() -> PathBuf {
    target().join("debug").join("sallyport-server")
}

fn private_folder(folder: &Path) -> Done {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// What the server reads: made the first time.
struct Files {
    keys: PathBuf,
    certificate: PathBuf,
    certificate_key: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Done<Self> {
        let files = Self { keys: folder.join("keys"), certificate: folder.join("tls.crt"), certificate_key: folder.join("tls.key") };
        if !files.keys.exists() {
            let seals = done(Command::new(program()).arg("new-key"), "sallyport-server new-key")?;
            let issues = done(Command::new(program()).args(["new-key", "--offline", "0"]), "sallyport-server new-key --offline 0")?;
            private_file(&files.keys, &format!("{}\n{issues}", seals.trim_end()))?;
        }
        if !files.certificate.exists() || !files.certificate_key.exists() {
            // Made private before openssl writes into it.
            private_file(&files.certificate_key, "")?;
            let mut openssl = Command::new("openssl");
            openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "365"]);
            openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout"]);
            done(openssl.arg(&files.certificate_key).arg("-out").arg(&files.certificate), "openssl")?;
        }
        Ok(files)
    }
}

fn private_file(file: &Path, text: &str) -> Done {
    let mut options = OpenOptions::new();
    let written =
        options.write(true).create(true).truncate(true).mode(0o600).open(file).and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|error| format!("{}: {error}", file.display()))
}

/// A PostgreSQL with nothing in it but ours, which listens on a socket alone.
struct Cluster {
    programs: PathBuf,
    /// The folder of the socket, with the data in it.
    socket: PathBuf,
}

impl Cluster {
    /// Makes it, unless it is there.
    fn at(folder: &Path) -> Done<Self> {
        let socket = folder.join("database");
        private_folder(&socket)?;
        if socket.as_os_str().len() > LONGEST {
            return Err(format!("{} is too long a path for a socket: name a shorter folder in CARGO_TARGET_DIR.", socket.display()));
        }
        let data = socket.join("data");
        let version = fs::read_to_string(data.join("PG_VERSION")).ok();
        let cluster = Self { programs: programs(version.as_deref().map(str::trim))?, socket };
        if is_root() {
            // Of the folder above, only that it may be passed through.
            done(Command::new("chmod").arg("0711").arg(folder), "chmod")?;
            done(Command::new("chown").arg(PLAIN).arg(&cluster.socket), "chown")?;
        }
        if version.is_none() {
            if !plain("test").arg("-w").arg(&cluster.socket).status().is_ok_and(|status| status.success()) {
                let unreachable = cluster.socket.display();
                return Err(format!(
                    "PostgreSQL does not run as root, and {PLAIN} cannot get to {unreachable}: name another folder in CARGO_TARGET_DIR."
                ));
            }
            let mut initdb = cluster.program("initdb");
            initdb.args(["--username", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]).arg(&data);
            done(&mut initdb, "initdb")?;
        }
        Ok(cluster)
    }

    /// Starts it, and whoever stops it once this program is gone.
    fn start(&self) -> Done<Child> {
        let data = self.socket.join("data");
        // Where the last one was killed before it could stop it.
        let _none_runs = self.program("pg_ctl").args(["stop", "-s", "-w", "-m", "fast", "-D"]).arg(&data).stderr(Stdio::null()).status();
        // As whoever starts the server: nobody else may end it.
        let mut watch = Command::new("sh");
        let stop = self.program("pg_ctl");
        watch.args(["-c", WATCH, "watch"]).arg(stop.get_program()).args(stop.get_args());
        watch.args(["stop", "-s", "-w", "-m", "fast", "-D"]).arg(&data).current_dir("/").process_group(0).stdin(Stdio::piped());
        let watch = watch.spawn().map_err(|error| error.to_string())?;
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{}'", self.socket.display());
        let mut start = self.program("pg_ctl");
        start.args(["start", "-s", "-w", "-o", &options, "-l"]).arg(self.socket.join("log")).arg("-D").arg(&data);
        // It keeps what it was started with: a pipe of ours would never end.
        start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !start.status().is_ok_and(|status| status.success()) {
            let log = fs::read_to_string(self.socket.join("log")).unwrap_or_default();
            return Err(format!("PostgreSQL does not start: {}", log.lines().last().unwrap_or_default()));
        }
        if self.psql(&format!("SELECT count(*) FROM pg_database WHERE datname = '{NAME}'"))? == "0" {
            self.psql(&format!("CREATE DATABASE {NAME}"))?;
        }
        Ok(watch)
    }

    fn psql(&self, sql: &str) -> Done<String> {
        let mut psql = self.program("psql");
        psql.args(["-X", "-q", "-A", "-t", "-U", NAME, "-d", "postgres", "-h"]).arg(&self.socket).args(["-c", sql]);
        done(&mut psql, "psql")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = plain(self.programs.join(name));
        command.current_dir("/");
        command
    }
}

/// Those of this version, or of the newest that is installed.
fn programs(version: Option<&str>) -> Done<PathBuf> {
    const ALL: &str = "/usr/lib/postgresql";
    let numbered = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut found: Vec<PathBuf> = fs::read_dir(ALL).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.retain(|path| numbered(path).is_some() && path.join("bin/initdb").is_file());
    found.sort_by_key(|path| numbered(path));
    let wanted = match version {
        Some(version) => found.into_iter().find(|path| path.ends_with(version)),
        None => found.pop(),
    };
    let missing = || format!("PostgreSQL {} is not under {ALL}: install postgresql.", version.unwrap_or_default());
    Ok(wanted.ok_or_else(missing)?.join("bin"))
}

/// A program that a plain user runs.
fn plain(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", PLAIN, "--regid", "nogroup", "--clear-groups", "--"]).arg(program);
    command
}

fn done(command: &mut Command, called: &str) -> Done<String> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| format!("`{called}` cannot be started: {error}."))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).trim().to_owned());
    }
    Err(format!("`{called}` failed: {}", String::from_utf8_lossy(&stderr).trim()))
}

/// A path as part of a URL.
fn percent(path: &Path) -> String {
    let byte = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    path.as_os_str().as_encoded_bytes().iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_in_a_url() {
        assert_eq!(percent(Path::new("/home/é m/target-1")), "/home/%C3%A9%20m/target-1");
    }
}
