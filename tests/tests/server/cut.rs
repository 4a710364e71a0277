//! A sync whose answers are cut off, at every place there is.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use authority::System;
use desk::{Pace, pair};
use wire::{people::ListPeople, sign_in::WhoAmI};

use crate::{
    desk::{ask, begin, owner, plain_code, read_request, wish},
    offline::until,
    served::Harbour,
};

const AT_ONCE: Pace = Pace { rest: Duration::from_millis(1), soon: Duration::from_millis(1), late: Duration::from_millis(1) };
/// Bytes at the beginning of an answer after each of which it is cut.
const EACH: usize = 32;
/// And how far apart the cuts are from there on.
const APART: usize = 211;

/// Stands between a desktop and a server, and hands over so much of each page of the feed: a little more each time, until it is whole.
struct Relay {
    address: SocketAddr,
    /// Of each path where the next answer is cut, and how often one was.
    cuts: Arc<Mutex<BTreeMap<String, (usize, usize)>>>,
}

impl Relay {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let (address, cuts) = (listener.local_addr().expect("an address"), Arc::default());
        let shared = Arc::clone(&cuts);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, cuts) = (stream.expect("a connection"), Arc::clone(&shared));
                thread::spawn(move || hand_over(stream, server, &cuts));
            }
        });
        Self { address, cuts }
    }

    fn count(&self) -> usize {
        self.cuts.lock().unwrap_or_else(PoisonError::into_inner).values().map(|(_, count)| count).sum()
    }
}

/// Until one of the two closes, or an answer was cut.
fn hand_over(mut desktop: TcpStream, server: SocketAddr, cuts: &Mutex<BTreeMap<String, (usize, usize)>>) -> Option<()> {
    let mut server = TcpStream::connect(server).ok()?;
    loop {
        let asked = read_request(&mut desktop)?;
        server.write_all(asked.as_bytes()).ok()?;
        let answer = read_answer(&mut server)?;
        let path = asked.split(' ').nth(1).unwrap_or_default().to_owned();
        if !path.starts_with("/v1/read-feed") && !path.starts_with("/v1/read-snapshot") {
            desktop.write_all(&answer).ok()?;
            continue;
        }
        let mut cuts = cuts.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, count) = cuts.entry(path).or_default();
        desktop.write_all(&answer[..answer.len().min(*at)]).ok()?;
        if *at >= answer.len() {
            continue;
        }
        let last = answer.len() - 1;
        let next = if *at < EACH { *at + 1 } else { *at + APART };
        *at = if *at == last { usize::MAX } else { next.min(last) };
        *count += 1;
        return None;
    }
}

/// A whole answer with its head.
fn read_answer(server: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let count = server.read(&mut some).ok().filter(|count| *count > 0)?;
        all.extend_from_slice(&some[..count]);
        let Some(head) = all.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&all[..head]).to_lowercase();
        let length: usize = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())?;
        if all.len() >= head + 4 + length {
            return Some(all);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_cut_at_any_byte_is_begun_again_and_nothing_is_half_written() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let relay = Relay::before(served.client.address);
    let root = tempfile::tempdir().expect("a folder");
    let address = format!("http://{}", relay.address);
    let desk = pair(root.path(), wish(&address, &plain_code(&harbour)), &System).await.expect("paired");
    let remote = begin(desk.pairing, &desk.vault, AT_ONCE).await;
    let session = owner(&remote, invitation).await;
    assert!(ask(&remote, Some(&session), WhoAmI {}).await.expect("in").own_device);
    until("whole", || remote.kept().at.is_some()).await;
    let cut = relay.count();
    assert!(cut > 2 * EACH, "{cut} answers were cut");
    assert!(remote.kept().stopped.is_none(), "no cut is taken for a lie");
    drop(served);
    until("missed", || !remote.link().connected).await;
    let here = ask(&remote, Some(&session), serde_json::from_str::<ListPeople>("{}").expect("a request")).await.expect("read here");
    assert_eq!(here.rows.len(), 1);
    desk.vault.close().await;
}
