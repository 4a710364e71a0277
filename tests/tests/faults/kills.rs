//! A process killed at any moment: what it was answered stays, what it was not is there whole or not at all.

use crate::generations::{Ended, Generations, names};
use crate::played::{Clock, Person, Played};
use crate::remains::People;
use crate::worker::{MARK, NAME, Place, Said};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};
use uuid::Uuid;

const START: i64 = 1_800_000_000;
/// Longer than any round's clock moves on.
const BETWEEN_ROUNDS: i64 = 24 * 3600;

/// Numbers that a seed gives again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

#[derive(Debug)]
enum When {
    /// So long after the start, most often while the vault is being opened.
    AfterStart(Duration),
    /// So long after the first answer.
    AfterAnswer(Duration),
    /// Thereafter, the moment that a write to the vault's folder is seen: in the middle of a commit or of a rotation, or of
    /// what follows it.
    AtWrite(Duration),
    /// So long after a rotation's new header is seen: it counts, and is not answered yet.
    AtHeader(Duration),
}

impl When {
    fn draw(dice: &mut Dice, rotates: bool) -> Self {
        let mut within = |milliseconds: u64| Duration::from_micros(dice.below(milliseconds * 1000));
        let (start, answer, header) = (within(500), within(700), within(20));
        match dice.below(8) {
            5.. if rotates => Self::AtHeader(header),
            0 => Self::AfterStart(start),
            1..=3 => Self::AfterAnswer(answer),
            _ => Self::AtWrite(answer),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the seed, shown when it fails")]
async fn nothing_is_lost_and_nothing_half_done_when_the_process_is_killed() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let rounds = number("KILL_ROUNDS").unwrap_or(25);
    let seed = number("KILL_SEED").unwrap_or_else(clock_seed);
    println!("KILL_SEED={seed} plays these kills again, as far as the machine allows.");
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let (root, temporary) = (folder.path().join("vaults"), folder.path().join("tmp"));
    std::fs::create_dir(&temporary).expect("a folder");
    let (played, owner) = Played::found(&root, "Harbour", START).await;
    played.close().await;
    let (id, mut at, mut answered, mut rotated) = (played.id, START + BETWEEN_ROUNDS, 0, 0);
    let mut ends = Vec::new();
    for round in 0..rounds {
        let rotates = dice.below(2) == 0;
        let when = When::draw(&mut dice, rotates);
        println!("round {round}: {when:?}{}", if rotates { ", rotating" } else { "" });
        let place = place(&root, id, &owner, at, round, rotates);
        let heard = kill(&place, &when, &temporary);
        let played = Played::open(&root, id, Clock::at(at)).await;
        heard.people.are_whole(&played).await;
        played.close().await;
        ends.push(heard.generations.are_whole(&root, id));
        assert_eq!(names(&temporary), [""; 0], "no temporary file is left");
        answered += heard.people.answered();
        rotated += heard.generations.count();
        at = heard.people.latest().unwrap_or(at) + BETWEEN_ROUNDS;
    }
    let count = |end| ends.iter().filter(|found| **found == end).count();
    let (old, new) = (count(Ended::OldStayed), count(Ended::NewCounts));
    println!("{answered} answers and {rotated} rotations in {rounds} rounds; killed in a rotation: {old} before it counted, {new} after");
    assert!(answered as u64 > rounds, "hardly anything was answered before the kills: {answered} in {rounds} rounds");
    assert!(old > 0 && new > 0, "the kills came at no or only one side of the header: {old} before it counted, {new} after");
}

#[expect(clippy::disallowed_methods, reason = "each run kills at other moments")]
fn clock_seed() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| u64::from(since.subsec_nanos()))
}

fn place(root: &Path, vault: Uuid, owner: &Person, at: i64, round: u64, rotates: bool) -> Place {
    let round = u32::try_from(round).expect("few rounds");
    Place { root: root.display().to_string(), vault, at, round, owner_phone: owner.phone.base32.clone(), rotates }
}

/// All that the worker said.
struct Heard {
    people: People,
    generations: Generations,
}

impl Heard {
    fn hear(&mut self, said: Said) {
        match said {
            Said::Word(word) => self.people.hear(word),
            Said::Rotating => self.generations.asked(),
            Said::Rotated => self.generations.answered(),
        }
    }
}

/// Starts the worker, kills it then, and gives what it said.
#[expect(clippy::disallowed_methods, reason = "a kill happens in real time")]
fn kill(place: &Place, when: &When, temporary: &Path) -> Heard {
    let mut worker = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", NAME, "--ignored", "--nocapture"])
        .env(Place::VARIABLE, serde_json::to_string(place).expect("plain words"))
        .env("TMPDIR", temporary)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a worker");
    let words = listen(&mut worker);
    let root = Path::new(&place.root);
    let mut heard = Heard { people: People::default(), generations: Generations::of(root, place.vault) };
    let start = Instant::now();
    match when {
        When::AfterStart(wait) => hear_until(&words, &mut heard, start + *wait),
        When::AtHeader(_) => {}
        When::AfterAnswer(wait) | When::AtWrite(wait) => {
            let first = words.recv_timeout(Duration::from_secs(30)).expect("the worker begins to work");
            heard.hear(first);
            hear_until(&words, &mut heard, Instant::now() + *wait);
        }
    }
    let folder = root.join(place.vault.to_string());
    match when {
        When::AfterStart(_) | When::AfterAnswer(_) => {}
        When::AtWrite(_) => await_write(|| look_at(&folder, "")),
        When::AtHeader(wait) => {
            await_write(|| look_at(&folder, "vault.json"));
            let end = Instant::now() + *wait;
            while Instant::now() < end {
                std::hint::spin_loop();
            }
        }
    }
    // SIGKILL: the process has no say in it.
    worker.kill().expect("killed");
    let status = worker.wait().expect("dead");
    assert!(status.code().is_none(), "the worker ended by itself: {status}");
    words.iter().for_each(|said| heard.hear(said));
    heard
}

fn listen(worker: &mut Child) -> Receiver<Said> {
    let lines = BufReader::new(worker.stdout.take().expect("a pipe")).lines();
    let (speak, words) = channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // A line that the kill cut short is no word.
            let word = line.split_once(MARK).and_then(|(_, word)| serde_json::from_str(word).ok());
            if word.is_some_and(|word| speak.send(word).is_err()) {
                break;
            }
        }
    });
    words
}

#[expect(clippy::disallowed_methods, reason = "a kill happens in real time")]
fn hear_until(words: &Receiver<Said>, heard: &mut Heard, end: Instant) {
    loop {
        match words.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(word) => heard.hear(word),
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => panic!("the worker ended by itself"),
        }
    }
}

/// The files of a folder, or the one of this name: how long they are, and when they were written.
fn look_at(folder: &Path, name: &str) -> Vec<(OsString, u64, Option<SystemTime>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = entries.filter(|entry| name.is_empty() || entry.file_name() == name);
    let mut files: Vec<_> =
        wanted.filter_map(|entry| entry.metadata().ok().map(|file| (entry.file_name(), file.len(), file.modified().ok()))).collect();
    files.sort();
    files
}

#[expect(clippy::disallowed_methods, reason = "a kill happens in real time")]
fn await_write<T: PartialEq>(look: impl Fn() -> T) {
    let (before, start) = (look(), Instant::now());
    while look() == before {
        assert!(start.elapsed() < Duration::from_secs(60), "the worker writes nothing any more");
        std::hint::spin_loop();
    }
}
