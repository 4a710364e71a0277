//! The connection as the conversation sees it: always TLS, and bounded.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// How much a server may say in one conversation. Its replies to one message are a few hundred bytes.
pub(crate) const MOST: usize = 256 * 1024;

/// A TLS connection. There is no other kind: what is not this cannot be given to the conversation.
#[derive(Debug)]
pub(crate) struct Link {
    tls: TlsStream<TcpStream>,
    /// Said before anything is read: STARTTLS has had its greeting, and the conversation expects one.
    before: &'static [u8],
    left: usize,
}

impl Link {
    pub(crate) fn greeted(tls: TlsStream<TcpStream>) -> Self {
        Self { tls, before: b"220 \r\n", left: MOST }
    }

    pub(crate) fn fresh(tls: TlsStream<TcpStream>) -> Self {
        Self { tls, before: b"", left: MOST }
    }
}

impl AsyncRead for Link {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let (now, later) = self.before.split_at(self.before.len().min(buffer.remaining()));
            buffer.put_slice(now);
            self.before = later;
            return Poll::Ready(Ok(()));
        }
        let already = buffer.filled().len();
        ready!(Pin::new(&mut self.tls).poll_read(context, buffer))?;
        let read = buffer.filled().len() - already;
        self.left = self.left.checked_sub(read).ok_or_else(|| io::Error::other("the server says too much"))?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Link {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tls).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tls).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tls).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Link {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tls.get_ref().0.peer_addr()
    }
}
