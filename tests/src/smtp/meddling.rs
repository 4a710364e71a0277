//! What happens to a connection on its way, and a server that means no good.

use super::{Door, MailServer};
use crate::processes::Kept;
use crate::{Error, Result};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// What a relay does to the connection.
#[derive(Clone, Copy, Debug)]
pub enum Meddling {
    /// Nothing: it only listens in.
    Listening,
    /// Puts replies of its own behind the server's yes to STARTTLS, still in the clear.
    Injecting,
    /// Breaks off once so many bytes have come from the caller; the last of them do not arrive.
    CuttingAfter(usize),
    /// From so many bytes on keeps the server's words to itself, and breaks off when there are some.
    SwallowingAfter(usize),
}

/// A relay in front of a server.
#[derive(Debug)]
pub struct Relay {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
    _door: Door,
}

impl Relay {
    /// Starts one before the server at a port.
    pub fn start(server: u16, meddling: Meddling) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = heard.clone();
        let door = Door::open(listener, move |caller| {
            let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { return };
            let (Ok(to_caller), Ok(from_server)) = (caller.try_clone(), server.try_clone()) else { return };
            let (hearing, counting) = (hearing.clone(), hearing.clone());
            std::thread::spawn(move || forth(caller, server, meddling, &hearing));
            std::thread::spawn(move || back(from_server, to_caller, meddling, &counting));
        })?;
        Ok(Self { port, heard, _door: door })
    }

    /// All that callers said.
    #[must_use]
    pub fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn forth(mut caller: TcpStream, mut server: TcpStream, meddling: Meddling, heard: &Mutex<Vec<u8>>) {
    let mut block = [0; 4096];
    while let Ok(read @ 1..) = caller.read(&mut block) {
        let total = {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.extend_from_slice(&block[..read]);
            heard.len()
        };
        if matches!(meddling, Meddling::CuttingAfter(bytes) if total > bytes) || server.write_all(&block[..read]).is_err() {
            let _ = caller.shutdown(Shutdown::Both);
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn back(mut server: TcpStream, mut caller: TcpStream, meddling: Meddling, heard: &Mutex<Vec<u8>>) {
    let mut block = [0; 4096];
    while let Ok(read @ 1..) = server.read(&mut block) {
        let (said, total) = (&block[..read], heard.lock().unwrap_or_else(PoisonError::into_inner).len());
        if matches!(meddling, Meddling::SwallowingAfter(bytes) if total > bytes) {
            break;
        }
        let asked = heard.lock().unwrap_or_else(PoisonError::into_inner).ends_with(b"STARTTLS\r\n");
        let more: &[u8] = if matches!(meddling, Meddling::Injecting) && asked && said.starts_with(b"220") {
            b"250-evil.example.org\r\n250 AUTH PLAIN LOGIN\r\n235 signed in\r\n250 yes\r\n250 yes\r\n354 go on\r\n250 taken\r\n"
        } else {
            b""
        };
        // In one piece, as an attacker would have it.
        if caller.write_all(&[said, more].concat()).is_err() {
            break;
        }
    }
    let _ = caller.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

/// A server that speaks TLS from the first byte, and then says one line without an end.
#[derive(Debug)]
pub struct Endless {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    talk: Kept,
}

impl Endless {
    /// Starts one with the certificate of a mail server.
    pub fn start(server: &MailServer) -> Result<Self> {
        let mut talk = Kept::start(
            Command::new("/usr/bin/python3")
                .args(["-u", "-c", ENDLESS])
                .current_dir(server.folder.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let port = talk.first_line()?.parse().map_err(|_| Error::said("It did not say where it listens."))?;
        Ok(Self { port, talk })
    }

    /// How many bytes it was let say to its one caller.
    pub fn said(mut self) -> Result<u64> {
        self.talk.first_line()?.parse().map_err(|_| Error::said("It did not say how much it said."))
    }
}

const ENDLESS: &str = r#"
import socket, ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("good.pem", "good.key")
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1])
caller, said = context.wrap_socket(listener.accept()[0], server_side=True), 0
try:
    while True:
        said += caller.send(b"2" * 4096)
except OSError:
    print(said)
"#;
