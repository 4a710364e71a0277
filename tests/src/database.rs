//! A real PostgreSQL, private to the test: made by initdb in a folder of its own, reached by a socket in it and by nothing
//! else, run by a plain user, and gone with the process that started it, however that ends.

use crate::{Error, Result};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where Debian keeps the programs, a folder a version.
const PROGRAMS: &str = "/usr/lib/postgresql";
/// The user of the database, who may do everything in it.
const USER: &str = "postgres";
/// Who runs it where this is root: it refuses to be run by root.
const PLAIN: &str = "nobody";

/// Waits until nobody holds its input any more, stops the server and takes its folder away. Signals to the test are not for it.
const WATCH: &str = r#"trap '' INT TERM HUP; cat > /dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -w stop > /dev/null 2>&1; rm -rf "$2""#;

/// A running server. It ends, and its folder goes, when this is dropped or the process ends.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    watch: Option<Child>,
    databases: AtomicU32,
}

/// A database of its own, with nothing in it.
#[derive(Debug)]
pub struct Database<'a> {
    cluster: &'a Cluster,
    name: String,
}

impl Cluster {
    /// The one that all tests of a program may share: each takes a database of its own.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Starts one with these settings beside the usual ones.
    ///
    /// # Errors
    /// When there is no PostgreSQL on this machine, or it does not start.
    pub fn start(settings: &[(&str, &str)]) -> Result<Self> {
        let programs = programs()?;
        // Not where TMPDIR points: a socket's path is short, and a plain user must get there.
        let folder = tempfile::Builder::new().prefix("sallyport-pg-").tempdir_in("/tmp")?.keep();
        if is_root() {
            done(Command::new("chown").arg(PLAIN).arg(&folder).output()?, "chown")?;
        }
        let mut watch = plain("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&programs).arg(&folder);
        std::os::unix::process::CommandExt::process_group(&mut watch, 0);
        let watch = watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let cluster = Self { folder, programs, watch: Some(watch), databases: AtomicU32::new(0) };
        let data = cluster.folder.join("data");
        let made = cluster
            .program("initdb")
            .args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data)
            .output()?;
        done(made, "initdb")?;
        let mut lines = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\n\
             # The machine stays up: what a process that died had written is there.\nfsync = off\n",
            cluster.folder.display()
        );
        for (name, value) in settings {
            lines.push_str(&format!("{name} = '{value}'\n"));
        }
        let file = data.join("postgresql.auto.conf");
        std::fs::write(&file, lines)?;
        if is_root() {
            done(Command::new("chown").arg(PLAIN).arg(&file).output()?, "chown")?;
        }
        cluster.control(&["start"])?;
        Ok(cluster)
    }

    /// A new database.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> Database<'_> {
        let name = format!("case_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = self.psql("postgres", &format!("CREATE DATABASE {name}"));
        made.unwrap_or_else(|error| panic!("{error}"));
        Database { cluster: self, name }
    }

    /// Stops it as a power cut would, and starts it again.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn restart(&self) -> Result<()> {
        self.control(&["-m", "immediate", "restart"])
    }

    /// Stops it as a power cut would.
    ///
    /// # Errors
    /// When it runs on.
    pub fn stop(&self) -> Result<()> {
        self.control(&["-m", "immediate", "stop"])
    }

    /// Starts it after [`Self::stop`].
    ///
    /// # Errors
    /// When it does not.
    pub fn go_on(&self) -> Result<()> {
        self.control(&["start"])
    }

    /// The process whose children serve its databases.
    ///
    /// # Errors
    /// When it does not run.
    pub fn process(&self) -> Result<u32> {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        file.lines().next().and_then(|line| line.parse().ok()).ok_or_else(|| Error::said("PostgreSQL does not run."))
    }

    /// The folder with the socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn control(&self, what: &[&str]) -> Result<()> {
        let mut command = self.program("pg_ctl");
        command.arg("-D").arg(self.folder.join("data")).arg("-l").arg(self.folder.join("log")).args(["-w", "-s"]).args(what);
        // The server keeps what it was started with: a pipe of ours would never end.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status()?.success() {
            return Ok(());
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(Error::said(format!("PostgreSQL did not {}: {}", what.join(" "), log.lines().last().unwrap_or_default())))
    }

    fn psql(&self, database: &str, sql: &str) -> Result<String> {
        let mut command = self.program("psql");
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", database, "-h"])
            .arg(&self.folder)
            .args(["-c", sql]);
        done(command.output()?, "psql")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = plain(self.programs.join(name));
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(mut watch) = self.watch.take() else { return };
        drop(watch.stdin.take());
        // What it could not do is left to whoever finds the folder.
        let _ended = watch.wait();
    }
}

impl Database<'_> {
    /// By which it is reached, as libpq writes it.
    pub fn url(&self) -> String {
        self.url_as(USER)
    }

    /// As somebody else than who may do everything.
    pub fn url_as(&self, user: &str) -> String {
        format!("postgres:///{}?host={}&user={user}", self.name, self.cluster.folder.display())
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Somebody who goes on saying SQL, in one session.
    ///
    /// # Errors
    /// When psql does not start.
    pub fn session(&self) -> Result<Session> {
        let mut command = self.cluster.program("psql");
        command.args(["-X", "-q", "-A", "-t", "-U", USER, "-d", &self.name, "-h"]).arg(&self.cluster.folder);
        let mut psql = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = psql.stdout.take().ok_or_else(|| Error::said("Its output is not piped."))?;
        Ok(Session { psql, output: BufReader::new(output) })
    }

    /// Whatever SQL says, with psql: a row a line, its columns separated by `|`.
    ///
    /// # Errors
    /// What psql says.
    pub fn psql(&self, sql: &str) -> Result<String> {
        self.cluster.psql(&self.name, sql)
    }
}

/// A session of psql. It ends when this is dropped.
#[derive(Debug)]
pub struct Session {
    psql: Child,
    output: BufReader<ChildStdout>,
}

impl Session {
    /// Says something, and waits until it is done. Answers the lines that came.
    ///
    /// # Errors
    /// When psql is gone.
    pub fn say(&mut self, sql: &str) -> Result<Vec<String>> {
        const DONE: &str = "-- done --";
        let input = self.psql.stdin.as_mut().ok_or_else(|| Error::said("Its input is not piped."))?;
        writeln!(input, "{sql}\nSELECT '{DONE}';")?;
        input.flush()?;
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err(Error::said(format!("psql ended at {sql}")));
            }
            match line.trim_end() {
                DONE => return Ok(lines),
                line => lines.push(line.to_owned()),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.psql.stdin.take());
        let _ended = self.psql.wait();
    }
}

fn programs() -> Result<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut found: Vec<PathBuf> = std::fs::read_dir(PROGRAMS).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.retain(|folder| version(folder).is_some() && folder.join("bin/initdb").is_file());
    found.sort_by_key(|folder| version(folder));
    let newest = found.pop().ok_or_else(|| Error::said(format!("There is no PostgreSQL under {PROGRAMS}: install postgresql.")))?;
    Ok(newest.join("bin"))
}

/// A program run by a plain user.
fn plain(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", PLAIN, "--regid", "nogroup", "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("a process has a folder there")) == 0)
}

fn done(output: Output, what: &str) -> Result<String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(Error::said(format!("{what} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
