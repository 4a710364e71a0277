//! Connections: how many, how long, in TLS or not; and an end in which whoever is being answered still is.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use authority::Store;
use axum::{Router, body::Body, http::Request};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    app::{App, Bounds, router},
    source::Peer,
};

/// Bytes of the head of a request, and how many headers.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// After an error of the listener that is not one connection's: out of files, out of memory.
const BREATH: Duration = Duration::from_millis(100);

/// A server that listens.
pub struct Listening<S> {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Arc<App<S>>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Whoever was being answered was.
    Whole,
    /// So many connections were cut off, because they took too long.
    Cut(usize),
}

impl<S: Store> Listening<S> {
    /// Listens at an address; in TLS where it is configured.
    ///
    /// # Errors
    /// When the address cannot be taken.
    pub async fn begin(address: SocketAddr, tls: Option<Arc<ServerConfig>>, app: Arc<App<S>>) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, tls: tls.map(TlsAcceptor::from), app })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until it is asked to stop; then takes no more connections, and gives those that there are time to be answered.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> Stopped {
        let bounds = self.app.bounds;
        let router = router(&self.app);
        let places = Arc::new(Semaphore::new(bounds.connections));
        let crowd = Arc::new(Crowd::default());
        let mut tasks = JoinSet::new();
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                () = asked(&mut stop) => break,
                Some(_ended) = tasks.join_next() => continue,
                accepted = accepted => accepted,
            };
            let (Ok(place), Ok((stream, peer))) = (place, accepted) else {
                sleep(BREATH).await;
                continue;
            };
            let believed = self.app.proxies.iter().any(|network| network.contains(peer.ip()));
            let Some(seat) = Seat::take(&crowd, peer.ip(), if believed { usize::MAX } else { bounds.connections_of_one }) else {
                self.app.metrics.turned_away();
                continue;
            };
            let (app, router, tls, stop) = (Arc::clone(&self.app), router.clone(), self.tls.clone(), stop.clone());
            tasks.spawn(async move {
                let _held = (place, seat);
                let _counted = app.metrics.connected();
                connected(stream, peer, tls, router, bounds, stop).await;
            });
        }
        drop(self.listener);
        let end = Instant::now() + bounds.grace;
        while let Ok(Some(_)) = timeout_at(end, tasks.join_next()).await {}
        let left = tasks.len();
        tasks.shutdown().await;
        if left == 0 { Stopped::Whole } else { Stopped::Cut(left) }
    }
}

/// Comes when somebody asks to stop, or nobody could any more.
pub(crate) async fn asked(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn connected(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    bounds: Bounds,
    stop: watch::Receiver<bool>,
) {
    // An error: the connection is gone already.
    let _ = stream.set_nodelay(true);
    match tls {
        // Whoever does not speak TLS, or not in time, is let go without a word.
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(bounds.head, tls.accept(stream)).await {
                answer(stream, peer, router, bounds, stop).await;
            }
        }
        None => answer(stream, peer, router, bounds, stop).await,
    }
}

async fn answer<I>(stream: I, peer: SocketAddr, router: Router, bounds: Bounds, mut stop: watch::Receiver<bool>)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A connection ends after a while whatever it does, so that nobody holds one by reading slowly.
    let (old, mut asked_once) = (Instant::now() + bounds.connection, false);
    let mut end = old + bounds.grace;
    loop {
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = asked(&mut stop), if !asked_once => {
                asked_once = true;
                connection.as_mut().graceful_shutdown();
            }
            () = sleep_until(old), if !asked_once => {
                asked_once = true;
                connection.as_mut().graceful_shutdown();
            }
            () = sleep_until(end) => return,
        }
        if asked_once {
            end = end.min(Instant::now() + bounds.grace);
        }
    }
}

/// Who has how many connections.
#[derive(Debug, Default)]
struct Crowd(Mutex<HashMap<IpAddr, usize>>);

/// One of them.
struct Seat {
    crowd: Arc<Crowd>,
    address: IpAddr,
}

impl Seat {
    fn take(crowd: &Arc<Crowd>, address: IpAddr, most: usize) -> Option<Self> {
        let mut seats = crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.entry(address).or_default();
        if *taken >= most {
            return None;
        }
        *taken += 1;
        Some(Self { crowd: Arc::clone(crowd), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.address) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_so_many_connections_and_gets_them_back() {
        let crowd = Arc::new(Crowd::default());
        let (one, other) = ("192.0.2.1".parse().expect("an address"), "192.0.2.2".parse().expect("an address"));
        let first = Seat::take(&crowd, one, 2).expect("a seat");
        let second = Seat::take(&crowd, one, 2).expect("a seat");
        assert!(Seat::take(&crowd, one, 2).is_none());
        assert!(Seat::take(&crowd, other, 2).is_some(), "others are not in the way");
        drop(first);
        assert!(Seat::take(&crowd, one, 2).is_some());
        drop(second);
        assert!(crowd.0.lock().expect("unpoisoned").is_empty(), "nobody is remembered");
    }
}
