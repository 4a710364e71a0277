//! Checks of codes in a second, as a program asks for them over HTTP, against a handler that does nothing but a commit of one row.

use super::served::{Person, Served};
use super::timed::Timed;
use super::{ONE_ROW, run, said};
use crate::rows::Row;
use authority::{Surroundings, System};
use domain::time::Moment;
use sallyport_tests::{Cluster, Error, Result, measure};
use secrecy::ExposeSecret;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

/// A body as large as an account's.
const BODY: usize = 2_600;

pub(super) fn rows(cluster: &Cluster) -> Result<Vec<Row>> {
    let (served, invitation) = Served::begin(cluster)?;
    let codes = served.enrol(&invitation)?;
    let key = served.client()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Nobody's code is asked for twice.
    let people = runtime.block_on(served.crowd(u32::try_from(run().as_secs()).unwrap_or(8) * 5_000))?;
    let bare = runtime.block_on(handler(served.database.url()))?;
    let totp = Codes { people: &people, turn: AtomicU32::new(0) };
    let mut rows = Vec::new();
    for clients in [1, 8] {
        let (mut ours, mut limit) = (Timed::default(), Timed::default());
        let (mut computed, mut database) = (Duration::ZERO, [Duration::ZERO; 2]);
        let spent = || Ok::<_, Error>((measure::computed(served.id()), measure::computed(cluster.process()?)));
        // The first round only warms up.
        for round in 0..3 {
            let before = spent()?;
            let asked = together(clients, || asking(served.address, || Some(totp.next(&key))))?;
            let between = spent()?;
            let committed = together(clients, || asking(bare, || Some(request("/", "none", "nothing=at-all"))))?;
            if round > 0 {
                ours.and(asked);
                limit.and(committed);
                let after = spent()?;
                computed += between.0.saturating_sub(before.0);
                database[0] += between.1.saturating_sub(before.1);
                database[1] += after.1.saturating_sub(between.1);
            }
        }
        let name = |what: &str| format!("server, {what}, {clients} at once");
        rows.push(Row::new(name("TOTP checks (aims 4000, 0.5)"), ours.rate(), Some(limit.rate()), "/s"));
        rows.push(Row::new(name("99 of 100 (aim 20)"), ours.p99(), Some(limit.p99()), "ms"));
        rows.push(Row::new(name("computing, server"), ours.each(computed), None, "µs"));
        rows.push(Row::new(name("computing, PostgreSQL"), ours.each(database[0]), Some(limit.each(database[1])), "µs"));
    }
    // Each person's ten, in their order.
    for clients in [1, 8] {
        let turn = AtomicU32::new(0);
        let backup = || {
            let turn = turn.fetch_add(1, Ordering::Relaxed) as usize;
            // From the other end of the crowd for the second round.
            let (person, code) = (turn % 50 + 50 * clients as usize, codes.get(turn / 50)?);
            Some(of_form(&key, &people.get(person)?.email, code))
        };
        let mut asked = together(clients, || asking(served.address, backup))?;
        rows.push(Row::new(format!("server, backup codes, {clients} at once"), asked.rate(), None, "/s"));
        rows.push(Row::new(format!("server, 99 of 100 backup codes, {clients} at once"), asked.p99(), None, "ms"));
    }
    Ok(rows)
}

/// Codes that were not used yet: three steps of each person.
struct Codes<'a> {
    people: &'a [Person],
    turn: AtomicU32,
}

impl Codes<'_> {
    fn next(&self, key: &str) -> String {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let person = &self.people[(turn % count) as usize];
        // The step before first, so that the two after it are still good. Whoever comes round later finds later steps.
        let step = i64::from(turn / count % 3) - 1;
        let code = person.secret.code_at(Moment(System.now().0 + 30 * step));
        of_form(key, &person.email, code.expose_secret())
    }
}

fn of_form(key: &str, user: &str, code: &str) -> String {
    request("/validate/check", key, &format!("user={}&pass={code}", user.replace('@', "%40")))
}

fn request(path: &str, key: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {key}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// Clients at the same time, a thread each.
fn together(clients: u32, each: impl Fn() -> Result<Vec<std::time::Duration>> + Sync) -> Result<Timed> {
    let begin = Instant::now();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..clients).map(|_| scope.spawn(&each)).collect();
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(Error::said("A client broke off.")))).collect()
    });
    let mut took = Vec::new();
    for outcome in outcomes {
        took.extend(outcome?);
    }
    Ok(Timed { took, lasted: begin.elapsed() })
}

/// One client: asks, waits for the answer, asks again. Every answer must be a yes.
fn asking(address: SocketAddr, next: impl Fn() -> Option<String>) -> Result<Vec<std::time::Duration>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let (mut to, mut from) = (stream.try_clone()?, BufReader::new(stream));
    let (end, mut took) = (Instant::now() + run(), Vec::new());
    while Instant::now() < end {
        let Some(request) = next() else { break };
        let begin = Instant::now();
        to.write_all(request.as_bytes())?;
        let answered = answer(&mut from)?;
        took.push(begin.elapsed());
        if !answered.contains("\"value\":true") {
            return Err(Error::said(format!("The answer is no yes: {answered}")));
        }
    }
    Ok(took)
}

fn answer(from: &mut BufReader<TcpStream>) -> Result<String> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let begin = head.len();
        if from.read_line(&mut head)? == 0 {
            return Err(Error::said(format!("The connection ended: {head}")));
        }
        let line = &head[begin..];
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(said)?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(head + &String::from_utf8_lossy(&body))
}

/// A handler in this process that does nothing but one commit of one row, each request another row.
async fn handler(url: String) -> Result<SocketAddr> {
    let pool = super::bare(&url, 40_000, BODY).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let turn = Arc::new(AtomicU32::new(0));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (pool, turn) = (pool.clone(), Arc::clone(&turn));
            tokio::spawn(async move {
                let _nodelay = stream.set_nodelay(true);
                let (from, mut to) = stream.into_split();
                let mut from = tokio::io::BufReader::new(from);
                loop {
                    let (mut line, mut length) = (String::new(), 0);
                    while from.read_line(&mut line).await.is_ok_and(|read| read > 2) {
                        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                            length = value.trim().parse().unwrap_or(0);
                        }
                        line.clear();
                    }
                    let mut body = vec![0; length];
                    if line.is_empty() || from.read_exact(&mut body).await.is_err() {
                        return;
                    }
                    let row = turn.fetch_add(1, Ordering::Relaxed) % 40_000;
                    let done = sqlx::query(ONE_ROW).bind("y".repeat(BODY)).bind(row.cast_signed()).execute(&pool).await;
                    let text = if done.is_ok() { "{\"value\":true}" } else { "{}" };
                    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
                    if to.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(address)
}
