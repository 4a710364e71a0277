//! Processes that end with their owner.

use crate::{Error, Result};
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

/// A process that is killed, with everything in its group, when this is dropped.
#[derive(Debug)]
pub(crate) struct Kept {
    child: Child,
}

impl Kept {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Self::spawn(command.stdin(Stdio::null()))
    }

    /// Starts one that is told something on its standard input.
    pub(crate) fn start_told(command: &mut Command) -> Result<Self> {
        Self::spawn(command.stdin(Stdio::piped()))
    }

    /// Starts one that talks on a socket.
    pub(crate) fn start_on(command: &mut Command, socket: OwnedFd) -> Result<Self> {
        Self::spawn(command.stdin(Stdio::from(socket)))
    }

    fn spawn(command: &mut Command) -> Result<Self> {
        let child = command
            .process_group(0)
            .spawn()
            .map_err(|error| Error::said(format!("{} cannot be started: {error}.", command.get_program().display())))?;
        Ok(Self { child })
    }

    /// Tells it on its standard input, which ends with that.
    pub(crate) fn hear(&mut self, tell: impl FnOnce(&mut ChildStdin) -> std::io::Result<()>) -> Result<()> {
        let mut input = self.child.stdin.take().ok_or_else(|| Error::said("Its input is not piped."))?;
        Ok(tell(&mut input)?)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line on standard output, for servers that say there where they listen.
    pub(crate) fn first_line(&mut self) -> Result<String> {
        let out = self.child.stdout.as_mut().ok_or_else(|| Error::said("Its output is not piped."))?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let line = line.trim().to_owned();
        if line.is_empty() { Err(Error::said("It ended before saying where it listens.")) } else { Ok(line) }
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        signal("KILL", &format!("-{}", self.child.id()));
        let _ = self.child.wait();
    }
}

/// Sends a signal; a process that is already gone is no error.
pub(crate) fn signal(name: &str, to: &str) {
    let _ = Command::new("kill").args([&format!("-{name}"), "--", to]).stderr(Stdio::null()).status();
}

/// A process and all below it, parents first.
pub(crate) fn tree(root: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // The second field is the name in parentheses and may hold anything: count from its end.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        if fields.next() == Some("Z") {
            continue;
        }
        if let Some(parent) = fields.next().and_then(|field| field.parse::<u32>().ok()) {
            parents.push((id, parent));
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        next += 1;
    }
    found
}
