//! `receive`: a workspace moves to a server over HTTPS, by whoever has its moving code, and goes on after the server was killed.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use authority::{
    Drawing, Store, Surroundings, System,
    moving::{End, Leaving, Mover, MovingCode, Part, Progress},
};
use desk::{Carrier, Destination, Patience};
use serde::Serialize;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use wire::{Refusal, RefusalCode};

use crate::{
    client::{Answer, Client},
    ground::open,
    moving::{Local, seen, watched},
    served::{Harbour, refused, well},
};

/// A server that waits for a workspace. It is killed when this is dropped.
struct Waiting {
    child: Child,
    client: Client,
    code: String,
    said: String,
    rest: Mutex<Box<dyn BufRead + Send>>,
}

impl Waiting {
    fn begin(harbour: &Harbour) -> Self {
        Self::run(harbour.command(&["receive", "--insecure-loopback", "--listen", "127.0.0.1:0"]))
    }

    fn begin_tls(harbour: &Harbour) -> Self {
        let mut command = harbour.command(&["receive", "--listen", "127.0.0.1:0", "--tls-cert"]);
        command.arg(harbour.path("tls.crt")).arg("--tls-key").arg(harbour.path("tls.key"));
        Self::run(command)
    }

    fn run(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut lines = [String::new(), String::new(), String::new()];
        for line in &mut lines {
            out.read_line(line).expect("text");
        }
        let [said, _, code] = lines;
        let address = said.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or_else(|| panic!("no address: {said}"));
        let rest: Mutex<Box<dyn BufRead + Send>> = Mutex::new(Box::new(out));
        Self { child, client: Client::plain(address), code: code.trim().to_owned(), said, rest }
    }

    fn post(&self, step: &str, code: &str, body: &impl Serialize) -> Answer {
        let head = format!("POST /v1/move/{step} HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {code}");
        self.client.send(&head, &serde_json::to_vec(body).expect("JSON"))
    }

    /// What it said at its end.
    fn ended(mut self) -> String {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut *self.rest.lock().expect("the rest"), &mut said).expect("text");
        assert!(self.child.wait().expect("it ends").success(), "{said}");
        said
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The desktop's side of the line. It is cut after so many parts.
struct Line<'a> {
    to: &'a Waiting,
    parts: AtomicU64,
}

impl Line<'_> {
    fn asked(&self, step: &str, body: &impl Serialize) -> Result<Progress, Refusal> {
        let answer = tokio::task::block_in_place(|| self.to.post(step, &self.to.code, body));
        if answer.status == 200 {
            return Ok(serde_json::from_str(&answer.text).expect("progress"));
        }
        let code: RefusalCode = serde_json::from_value(answer.json()["code"].clone()).unwrap_or(RefusalCode::Unexpected);
        Err(code.into())
    }
}

impl Mover for Line<'_> {
    async fn begin(&self, leaving: Leaving) -> Result<Progress, Refusal> {
        self.asked("begin", &leaving)
    }

    async fn part(&self, part: Part) -> Result<Progress, Refusal> {
        if self.parts.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(RefusalCode::Unexpected.into());
        }
        self.asked("part", &part)
    }

    async fn end(&self, end: End) -> Result<Progress, Refusal> {
        self.asked("end", &end)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_moves_to_a_server_that_is_killed_in_between_and_is_served_from_there() {
    let harbour = Harbour::empty();
    let (_, said) = refused(&harbour.run(&["receive", "--discard"]));
    assert!(said.contains("no move here"), "{said}");
    let local = Local::begin().await;
    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let waiting = Waiting::begin(&harbour);
    assert!(waiting.code.starts_with('M') && waiting.code.len() == 29, "plain HTTP has no fingerprint: {}", waiting.code);
    for step in ["begin", "part", "end"] {
        let wrong = waiting.post(step, "MAAAA-AAAAA-AAAAA-AAAAA-AAAAA", &json!({}));
        assert_eq!(wrong.problem(), (401, "move-code-wrong".to_owned()));
    }
    assert_eq!(waiting.client.call("sign-in", None, &json!({})).status, 404, "nothing else is answered");
    assert_eq!(waiting.post("begin", &waiting.code, &json!({ "version": "1" })).problem(), (400, "malformed".to_owned()));
    let large = format!(
        "POST /v1/move/part HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 9000000\r\nConnection: close\r\n\r\n",
        waiting.code
    );
    assert!(waiting.client.raw(large.as_bytes()).expect("an answer").starts_with("HTTP/1.1 413"), "of 8 MiB at most");
    let cut = Line { to: &waiting, parts: AtomicU64::new(5) };
    assert!(local.authority.move_to(&cut, &watched).await.is_err());
    let code = waiting.code.clone();
    // Killed, not asked.
    drop(waiting);

    for command in [&["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"][..], &["verify"]] {
        let (_, said) = refused(&harbour.run(command));
        assert!(said.contains("receive --discard"), "{command:?}: {said}");
    }
    let (_, said) = refused(&harbour.init());
    assert!(said.contains("receive --discard"), "{said}");
    let waiting = Waiting::begin(&harbour);
    assert!(waiting.said.contains("5 parts are here"), "{}", waiting.said);
    assert_eq!(waiting.post("begin", &code, &leaving).problem().0, 401, "the code of the process that was killed");
    let part = local.authority.part(5, domain::moving::Place::first(domain::moving::Kind::Entries)).await.expect("a part");
    let early = waiting.post("part", &waiting.code, &part).problem();
    assert_eq!(early, (409, "move-out-of-order".to_owned()), "it has not begun, and has no key");
    local.authority.move_to(&Line { to: &waiting, parts: AtomicU64::new(u64::MAX) }, &watched).await.expect("moved");
    let said = waiting.ended();
    assert!(said.contains("has arrived"), "{said}");

    let said = well(&harbour.run(&["verify"]));
    assert!(said.contains("Nothing is wrong.") && said.matches("under key").count() == 1, "{said}");
    let store = open(&harbour.database).await;
    let size = leaving.journal.size;
    assert_eq!(seen(&store, size).await, seen(local.authority.store(), size).await);
    let served = harbour.serve(&[]);
    let sample = &local.sample.owner;
    let answer = served.client.sign_in(&sample.person.email, secrecy::ExposeSecret::expose_secret(&sample.password));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(served.client.call("move/begin", None, &json!({})).status, 404);
    let (_, said) = refused(&harbour.run(&["receive", "--discard"]));
    assert!(said.contains("a workspace there already"), "{said}");
    assert!(store.workspace().await.expect("a read").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_is_full_says_so_and_takes_the_rest_once_there_is_room() {
    let harbour = Harbour::empty();
    let local = Local::begin().await;
    local.let_go().await;
    let size = local.authority.leaving().await.expect("let go").journal.size;
    let waiting = Waiting::begin_tls(&harbour);
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
                CREATE TRIGGER full_disk BEFORE INSERT ON notices FOR EACH ROW EXECUTE FUNCTION full_disk()";
    harbour.database.psql(full).expect("full");
    let to = Destination::read(&format!("127.0.0.1:{}", waiting.client.address.port()), &waiting.code.clone().into()).expect("well typed");
    let carrier = Carrier::new(&to, Patience::default()).expect("TLS");
    for _again in 0..2 {
        let refused = local.authority.move_to(&carrier, &watched).await.expect_err("there is no room");
        assert_eq!(refused.code, RefusalCode::MoveDiskFull);
    }
    let store = open(&harbour.database).await;
    assert!(store.workspace().await.expect("a read").is_none());
    assert!(store.count_records(domain::moving::Kind::People).await.expect("a count") > 0, "what came before stays");
    harbour.database.psql("DROP TRIGGER full_disk ON notices").expect("room");
    local.authority.move_to(&carrier, &watched).await.expect("moved");
    assert!(waiting.ended().contains("has arrived"));
    assert_eq!(seen(&store, size).await, seen(local.authority.store(), size).await);
}

/// A network that gives so many bytes of answers through each connection, and cuts it in the middle of the next.
async fn faltering(to: std::net::SocketAddr, most: usize) -> (std::net::SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let cuts = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&cuts);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = TcpStream::connect(to).await else { continue };
            let (mut near_in, mut near_out) = near.into_split();
            let (mut far_in, mut far_out) = far.into_split();
            let asking = tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
            let cuts = Arc::clone(&cuts);
            tokio::spawn(async move {
                let (mut bytes, mut given) = ([0; 256], 0);
                while let Ok(count @ 1..) = far_in.read(&mut bytes).await {
                    given += count;
                    if given > most {
                        cuts.fetch_add(1, Ordering::SeqCst);
                        break;
                    }
                    if near_out.write_all(&bytes[..count]).await.is_err() {
                        break;
                    }
                }
                asking.abort();
            });
        }
    });
    (address, counted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_finds_out_first_then_carries_and_asks_again_where_answers_are_lost() {
    let harbour = Harbour::empty();
    let local = Local::begin().await;
    let workspace = local.authority.workspace_id().await.expect("founded");
    let waiting = Waiting::begin_tls(&harbour);
    assert_eq!(waiting.code.len(), 53, "with a fingerprint: {}", waiting.code);
    let address = waiting.client.address;
    let carrier = |address: std::net::SocketAddr, code: &str| {
        let to = Destination::read(&format!("127.0.0.1:{}", address.port()), &code.into()).expect("well typed");
        Carrier::new(&to, Patience::default()).expect("TLS")
    };
    let drawn = |key: &[u8]| MovingCode::drawn(Some(key), System.now(), &mut Drawing(&System)).1;
    let (wrong, other) = (drawn(&harbour.public_key()), drawn(b"another key"));
    let text = secrecy::ExposeSecret::expose_secret;
    assert!(
        Destination::read("127.0.0.1", &waiting.code[1..].into()).is_err()
            && Destination::read("a b", &waiting.code.clone().into()).is_err()
    );
    let why = [
        (text(&wrong).to_owned(), RefusalCode::MoveCodeWrong),
        (text(&other).to_owned(), RefusalCode::ServerKeyChanged),
        (waiting.code[..29].to_owned(), RefusalCode::ServerUntrusted),
    ];
    for (code, why) in why {
        assert_eq!(carrier(address, &code).look(workspace).await.expect_err("not that").code, why);
    }
    carrier(address, &waiting.code).look(workspace).await.expect("it would be taken in");
    local.make("Dock").await.expect("nobody let it go");

    local.let_go().await;
    let leaving = local.authority.leaving().await.expect("let go");
    let (through, cuts) = faltering(address, 2_000).await;
    local.authority.move_to(&carrier(through, &waiting.code), &watched).await.expect("moved");
    assert!(cuts.load(Ordering::SeqCst) >= 2, "answers were lost");
    let said = waiting.ended();
    assert!(said.contains("has arrived"), "{said}");
    let store = open(&harbour.database).await;
    let size = leaving.journal.size;
    assert_eq!(seen(&store, size).await, seen(local.authority.store(), size).await);
    let moved = local.authority.moved().await.expect("what arrived");
    let people = store.count_records(domain::moving::Kind::People).await.expect("a count");
    assert_eq!((moved.people, moved.entries, moved.root), (people, size, domain::moving::hex(&leaving.journal.root)));
    // A workspace of somebody else finds the place taken; a server that serves waits for none.
    let taken = Waiting::begin_tls(&harbour);
    let stranger = domain::id::WorkspaceId(uuid::Uuid::from_u128(9));
    assert_eq!(carrier(taken.client.address, &taken.code).look(stranger).await.expect_err("taken").code, RefusalCode::MoveTaken);
    let code = taken.code.clone();
    drop(taken);
    let served = harbour.serve_tls();
    let deaf = carrier(served.client.address, &code).look(workspace).await;
    assert_eq!(deaf.expect_err("it serves").code, RefusalCode::MoveNotAwaited);
}

#[test]
fn what_is_here_of_a_move_is_thrown_away_by_whoever_runs_the_server_and_a_founded_workspace_is_not() {
    let harbour = Harbour::empty();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let leaving = domain::moving::Extent { size: 0, root: [0; 32] };
        let arrival = domain::moving::Arrival::begun(domain::id::WorkspaceId(uuid::Uuid::from_u128(1)), crate::ground::NOW, leaving);
        let placing = authority::store::Placing::of(arrival, None, crate::ground::NOW);
        open(&harbour.database).await.place(placing).await.expect("begun");
    });
    let (_, said) = refused(&harbour.init());
    assert!(said.contains("receive --discard"), "{said}");
    well(&harbour.run(&["receive", "--discard"]));
    well(&harbour.init());
    let (_, said) = refused(&harbour.run(&["receive", "--insecure-loopback", "--listen", "127.0.0.1:0"]));
    assert!(said.contains("was founded here"), "{said}");
}
