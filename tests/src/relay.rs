//! A line between a desktop and a server that can be cut, while others still reach the server.

use crate::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Hands over, byte for byte, between an address of its own and a server. Cut, it drops every connection and takes none.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    line: Arc<Line>,
}

#[derive(Debug, Default)]
struct Line {
    cut: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// Before this server.
    ///
    /// # Errors
    /// When there is no port for it.
    pub fn before(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, line) = (listener.local_addr()?, Arc::new(Line::default()));
        let shared = Arc::clone(&line);
        // It ends with the process: nobody connects to it any more.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::result::Result::ok) {
                shared.hand_over(stream, server);
            }
        });
        Ok(Self { address, line })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the line: whatever is under way breaks off, and nobody gets through.
    pub fn cut(&self) {
        self.line.cut.store(true, Ordering::SeqCst);
        for stream in self.line.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // An error: it was closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Mends it.
    pub fn mend(&self) {
        self.line.cut.store(false, Ordering::SeqCst);
    }
}

impl Line {
    fn hand_over(self: &Arc<Self>, desktop: TcpStream, server: SocketAddr) {
        // Held while it is looked at, so that no connection slips past a cut.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.cut.load(Ordering::SeqCst) {
            return;
        }
        let Ok(server) = TcpStream::connect(server) else { return };
        for (from, to) in [(&desktop, &server), (&server, &desktop)] {
            let (Ok(from), Ok(to), Ok(kept)) = (from.try_clone(), to.try_clone(), from.try_clone()) else { return };
            open.push(kept);
            thread::spawn(move || pass_on(from, to));
        }
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let mut some = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut some) {
        if count == 0 || to.write_all(&some[..count]).is_err() {
            break;
        }
    }
    // An error: it was closed already.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
