//! Asking somebody at the console: on a terminal, where what is secret is not shown as it is typed, or line by line from whatever
//! standard input is.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    process,
};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;
use tokio::signal::ctrl_c;
use zeroize::Zeroizing;

/// What a shell makes of a program that Ctrl+C ended.
const INTERRUPTED: i32 = 130;

/// Standard input, and whether somebody types there.
pub(crate) struct Asking {
    /// How the terminal was found.
    terminal: Option<Termios>,
}

impl Asking {
    /// Whoever is there. Ctrl+C goes on to end the program, and leaves a terminal that shows what is typed.
    pub(crate) fn begin() -> Self {
        let input = io::stdin();
        let terminal = if input.is_terminal() { tcgetattr(&input).ok() } else { None };
        if let Some(found) = terminal.clone() {
            tokio::spawn(async move {
                if ctrl_c().await.is_ok() {
                    set(&found);
                    process::exit(INTERRUPTED);
                }
            });
        }
        Self { terminal }
    }

    /// Whether somebody is there who can be asked again.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal.is_some()
    }

    /// A line.
    pub(crate) fn line(&self, what: &str) -> io::Result<String> {
        self.typed(what).map(|line| line.trim().to_owned())
    }

    /// A line that is not shown. Nothing is taken off it but its end.
    pub(crate) fn secret(&self, what: &str) -> io::Result<SecretString> {
        let Some(found) = &self.terminal else { return Ok(self.typed(what)?.as_str().into()) };
        let mut silent = found.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        set(&silent);
        let typed = self.typed(what);
        set(found);
        Ok(typed?.as_str().into())
    }

    fn typed(&self, what: &str) -> io::Result<Zeroizing<String>> {
        let mut shown = io::stdout();
        write!(shown, "{what}: ")?;
        if !self.is_terminal() {
            writeln!(shown)?;
        }
        shown.flush()?;
        let mut line = Zeroizing::new(String::new());
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = line.trim_end_matches(['\r', '\n']).len();
        line.truncate(length);
        Ok(line)
    }
}

fn set(modes: &Termios) {
    // An error: it is no terminal any more.
    let _ = tcsetattr(io::stdin(), OptionalActions::Flush, modes);
}
