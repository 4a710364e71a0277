//! Where callers come in.

use crate::Result;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// Takes callers until it is dropped.
#[derive(Debug)]
pub(super) struct Door {
    port: u16,
    closing: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Door {
    pub(super) fn open(listener: TcpListener, take: impl Fn(TcpStream) + Send + 'static) -> Result<Self> {
        let port = listener.local_addr()?.port();
        let (closing, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (is_closing, count) = (closing.clone(), calls.clone());
        let thread = std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if is_closing.load(Ordering::SeqCst) {
                    return;
                }
                take(caller);
                // Afterwards: whoever has seen the call finds its conversation.
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(Self { port, closing, calls, thread: Some(thread) })
    }

    /// How many came.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes it, to see that.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
