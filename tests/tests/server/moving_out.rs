//! A workspace leaves its server: by two owners at the console and nobody else, into a file that a desktop restores, with nothing lost
//! and nobody answered meanwhile; cut anywhere, it goes on or is called off.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use authority::{Authority, Drawing, Restored, Store, Surroundings, System, moving::Credentials, store::JournalQuery};
use domain::{Change, EventKind, time::Moment};
use postgres::Postgres;
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;
use vault::{BackupKey, Unpublished, Vault, unwatched};
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    people::ListPeople,
    sign_in::{GiveCode, Next, SignIn},
};

use crate::{
    checks::add_client,
    client::Answer,
    ground::{commit_of, open},
    moving::{Cut, seen, watched},
    served::{Harbour, OWNER, PASSWORD, Person, Serving, refused, well},
};

const PASSPHRASE: &str = "seven quiet herons on a quay";
const SECOND: &str = "sam@example.org";
const THIRD: &str = "tess@example.org";
const FOURTH: &str = "uma@example.org";
const MEMBER: &str = "mia@example.org";

/// A clock that is ahead of the system's by so many seconds.
#[derive(Clone, Default)]
struct Ahead(Arc<AtomicI64>);

impl Ahead {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn code(&self, person: &Person) -> SecretString {
        person.code(self.0.load(Ordering::SeqCst) / 30).into()
    }
}

impl Surroundings for Ahead {
    fn now(&self) -> Moment {
        System.now().plus(self.0.load(Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

/// A served workspace with four owners, an administrator and a member.
struct Crew {
    harbour: Harbour,
    served: Serving,
    owners: Vec<(&'static str, Person)>,
    administrator: Person,
    member: Person,
    /// Of a program that asks whether codes are right.
    key: String,
}

impl Crew {
    fn gathered() -> Self {
        let (harbour, invitation) = Harbour::founded();
        let served = harbour.serve(&[]);
        let owner = served.owner(&invitation);
        let joined = |email: &str, community: Option<&str>, role: &str| {
            let mut request = json!({ "name": email, "email": email, "role": role });
            if let Some(community) = community {
                request["community"] = community.into();
            }
            let issued = served.client.call("invite", Some(&owner.session), &request).reply();
            served.accept(email, issued["code"].as_str().expect("a code"))
        };
        served.client.call("make-community", Some(&owner.session), &json!({ "name": "North" })).reply();
        let rows = served.client.call("list-communities", Some(&owner.session), &json!({})).reply()["rows"].clone();
        let north = rows.as_array().expect("rows").iter().find(|row| row["name"] == "North").expect("made")["id"].clone();
        let north = north.as_str().expect("an identifier");
        let others = [SECOND, THIRD, FOURTH].map(|email| (email, joined(email, None, "member")));
        let (administrator, member) = (joined("ada@example.org", Some(north), "administrator"), joined(MEMBER, Some(north), "member"));
        let key = add_client(&harbour, "VPN", &[]);
        let owners = std::iter::once((OWNER, owner)).chain(others).collect();
        Self { harbour, served, owners, administrator, member, key }
    }

    fn file(&self) -> PathBuf {
        self.harbour.path("moved.backup")
    }

    fn part(&self) -> PathBuf {
        self.harbour.path("moved.backup.part")
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = self.harbour.command(&["move-out"]);
        command.args(more).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn moving(&self) -> Command {
        self.command(&["--to", self.file().to_str().expect("text")])
    }

    /// What two of the owners type, each with the next code of their phone.
    fn two(&self, one: usize, other: usize) -> String {
        [one, other].map(|at| typed(self.owners[at].0, PASSWORD, &self.owners[at].1.code(1))).concat()
    }

    fn move_out(&self, one: usize, other: usize) -> Output {
        answered(&mut self.moving(), &format!("{}{}", passphrases(), self.two(one, other)))
    }

    /// The same workspace, by whoever is at the console.
    async fn console(&self, clock: &Ahead) -> Authority<Postgres> {
        let keys = server::read_keys(&self.harbour.keys()).expect("keys").sealing;
        Authority::open(open(&self.harbour.database).await, keys, clock.clone()).await.expect("founded")
    }

    /// Whether it is served as ever.
    fn is_here(&self) -> bool {
        let asked = self.served.client.call("list-people", Some(&self.owners[0].1.session), &json!({}));
        let ready = self.served.client.get("/readyz");
        assert_eq!(asked.status == 200, ready.status == 200, "{asked:?} {ready:?}");
        asked.status == 200
    }

    fn validate(&self, key: &str, user: &str, code: &str) -> Answer {
        let head = format!("POST /validate/check HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: {key}");
        self.served.client.send(&head, json!({ "user": user, "pass": code }).to_string().as_bytes())
    }

    /// Runs it until it says that the workspace is let go, and kills it there: nothing was carried.
    fn killed_once_let_go(&self) {
        let mut child = self.moving().spawn().expect("started");
        let mut input = child.stdin.take().expect("piped");
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        input.write_all(passphrases().as_bytes()).expect("typed");
        until(&mut said, "First owner");
        let mut holder = self.harbour.database.session().expect("a session");
        holder.say("BEGIN; LOCK TABLE notices IN ACCESS EXCLUSIVE MODE;").expect("held");
        input.write_all(self.two(0, 1).as_bytes()).expect("typed");
        until(&mut said, "is let go");
        end(child);
    }
}

fn end(mut child: Child) {
    child.kill().expect("killed");
    child.wait().expect("it ended");
}

fn until(said: &mut impl BufRead, words: &str) {
    let mut all = String::new();
    while !all.contains(words) {
        assert!(said.read_line(&mut all).expect("text") > 0, "no {words}: {all}");
    }
}

fn passphrases() -> String {
    format!("{PASSPHRASE}\n{PASSPHRASE}\n")
}

fn typed(email: &str, password: &str, code: &str) -> String {
    format!("{email}\n{password}\n{code}\n")
}

fn answered(command: &mut Command, input: &str) -> Output {
    let mut child = command.spawn().expect("started");
    // An error: it ended before it asked for all of it.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// Reads what a terminal shows until these words come.
fn shown(screen: &mut impl Read, all: &mut String, words: &str) {
    let from = all.len();
    let mut byte = [0];
    while !all[from..].contains(words) {
        assert_eq!(screen.read(&mut byte).expect("a byte"), 1, "no {words}: {all}");
        all.push(char::from(byte[0]));
    }
}

/// The file at a desktop.
struct Home {
    authority: Authority<Vault>,
    clock: Ahead,
    made: Unpublished,
    _folder: TempDir,
}

impl Home {
    /// Restores it, as the window does.
    async fn restored(file: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Ahead::default();
        let view = vault::inspect(file).await.expect("a backup");
        assert_eq!(view.name, "Harbour");
        let restore = |passphrase: &str| {
            let key = BackupKey::Passphrase(passphrase.into());
            vault::restore(folder.path(), file, key, &PASSPHRASE.into(), clock.now(), &mut Drawing(&System), unwatched())
        };
        assert!(restore("seven loud herons on a quay").await.is_err(), "it opens with its passphrase alone");
        let made = restore(PASSPHRASE).await.expect("restored");
        let authority = Authority::over(made.store().clone(), made.sealing_key(), clock.clone(), "test").await.expect("its own key");
        let epoch = Restored { backup: view.id, taken_at: view.made_at, keep_codes: true };
        authority.begin_epoch(&epoch, &watched).await.expect("an epoch");
        Self { authority, clock, made, _folder: folder }
    }

    async fn sign_in(&self, email: &str, code: SecretString) -> Result<SessionToken, Refusal> {
        let outcome = self.authority.call(None, SignIn { email: email.into(), password: PASSWORD.into() }.into()).await?;
        let session = outcome.opened.ok_or(RefusalCode::Unexpected)?;
        let step = GiveCode::reply(self.authority.call(Some(&session), GiveCode { code }.into()).await?.response)?;
        if step.next == Next::In { Ok(session) } else { Err(RefusalCode::SessionStage.into()) }
    }
}

async fn kinds(store: &impl Store) -> Vec<(String, Option<uuid::Uuid>, Option<uuid::Uuid>)> {
    let all = JournalQuery { person: None, communities: None, before: None, limit: 10_000 };
    let mut lines = store.journal(&all).await.expect("the journal");
    lines.reverse();
    lines.into_iter().map(|line| (line.entry.kind().to_owned(), line.entry.actor(), line.entry.subject())).collect()
}

async fn id_of(store: &impl Store, email: &str) -> uuid::Uuid {
    store.account_by_email(email).await.expect("a read").expect("there").record.id.0
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime")
}

#[test]
fn a_workspace_leaves_its_server_and_opens_at_a_desktop_with_nothing_lost() {
    let crew = Crew::gathered();
    let (served, member) = (&crew.served, &crew.member);
    let spent = served.client.sign_in(MEMBER, PASSWORD).session();
    assert_eq!(served.client.call("give-code", Some(&spent), &json!({ "code": member.codes[0] })).reply()["next"], "in");
    fs::write(crew.file(), "something else").expect("written");
    assert!(refused(&crew.move_out(0, 1)).1.contains("is there already"));
    fs::remove_file(crew.file()).expect("removed");
    let nowhere = crew.harbour.path("nowhere/moved.backup");
    let nowhere = answered(&mut crew.command(&["--to", nowhere.to_str().expect("text")]), "");
    assert!(refused(&nowhere).1.contains("nowhere/moved.backup.part cannot be made"));
    assert!(refused(&answered(&mut crew.moving(), "too short\ntoo short\n")).1.contains("12 characters"));
    assert!(refused(&answered(&mut crew.moving(), &format!("{PASSPHRASE}\n{PASSPHRASE}!\n"))).1.contains("differ"));
    assert!(refused(&answered(&mut crew.moving(), &passphrases())).1.contains("nobody answered"));
    assert!(crew.is_here() && !crew.part().exists(), "nothing was begun");

    let sessions = || crew.harbour.database.psql("SELECT count(*) FROM sessions").expect("a count");
    let before = sessions();
    let said = well(&crew.move_out(0, 1));
    assert!(said.contains("6 people, 2 communities"), "{said}");
    assert_eq!(sessions(), before, "nobody stays signed in at the console");
    assert!(!said.contains(PASSPHRASE) && !said.contains(PASSWORD), "{said}");
    assert_eq!(fs::metadata(crew.file()).expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(!crew.part().exists(), "nothing is left beside it");

    // Nobody is answered, whoever they are; a program is told no.
    for session in [Some(&*crew.owners[0].1.session), Some(&*spent), Some("AAAA")] {
        let asked = served.client.call("list-people", session, &json!({}));
        assert!(asked.status == 409 || session == Some("AAAA"), "{asked:?}");
    }
    let owner = served.client.call("list-people", Some(&crew.owners[2].1.session), &json!({}));
    assert_eq!(owner.problem(), (409, "workspace-moved-out".into()));
    assert_eq!(served.client.sign_in(THIRD, PASSWORD).problem(), (409, "workspace-moved-out".into()));
    let ready = served.client.get("/readyz");
    assert_eq!((ready.status, ready.text.as_str()), (503, "moved out\n"));
    let answer = crew.validate(&crew.key, THIRD, &crew.owners[2].1.code(1));
    assert_eq!((answer.status, &answer.json()["result"]["value"]), (200, &json!(false)), "a right code: {answer:?}");
    assert_ne!(crew.validate("AAAA", THIRD, "000000").status, 200, "of nobody it says nothing");
    let (_, late) = refused(&crew.harbour.run(&["recover-owner", "--email", THIRD]));
    assert!(late.contains("has left this server"), "{late}");
    // It left once, and for good.
    let elsewhere = crew.harbour.path("second.backup");
    // Whatever a move that was called off left beside another place is not the workspace.
    let stale = crew.harbour.path("second.backup.part");
    fs::create_dir(&stale).expect("made");
    fs::set_permissions(&stale, fs::Permissions::from_mode(0o700)).expect("set");
    fs::write(stale.join("whole.backup"), "of before").expect("written");
    let again = answered(&mut crew.command(&["--to", elsewhere.to_str().expect("text")]), &format!("{}{}", passphrases(), crew.two(2, 3)));
    assert!(refused(&again).1.contains("it lives there now") && !elsewhere.exists());
    let off = answered(&mut crew.command(&["--call-off", "--certain"]), &crew.two(2, 3));
    assert!(refused(&off).1.contains("it lives there now"));

    runtime().block_on(async {
        let store = open(&crew.harbour.database).await;
        let away = store.workspace().await.expect("a read").expect("there").record.away.expect("it left");
        let journal = away.journal.expect("settled");
        assert!(said.contains(&format!("{} entries of the journal, root {}", journal.size, domain::moving::hex(&journal.root))), "{said}");
        let home = Home::restored(&crew.file()).await;
        let here = home.authority.store();
        assert_eq!(seen(here, journal.size).await, seen(&store, journal.size).await);
        let found = home.authority.examine_journal(&watched).await.expect("a look");
        assert_eq!((found.wrong, found.checkpoints > 1), (0, true), "{found:?}");
        let seals = home.authority.try_seals(&watched).await.expect("a look");
        assert_eq!((seals.broken, seals.keys.into_keys().collect::<Vec<_>>()), (0, vec![home.made.sealing_key().id()]));
        let (one, other) = (id_of(here, OWNER).await, id_of(here, SECOND).await);
        let named = (EventKind::WorkspaceMovedOut.as_str().to_owned(), Some(one), Some(other));
        assert!(kinds(here).await.contains(&named), "the file's own journal names both");

        home.clock.pass(90);
        let mia = home.sign_in(MEMBER, home.clock.code(&crew.member)).await.expect("by their authenticator");
        assert!(home.authority.call(Some(&mia), ListPeople::default().into()).await.is_err(), "still a member");
        assert_eq!(home.sign_in(MEMBER, (&*crew.member.codes[0]).into()).await.expect_err("spent there").code, RefusalCode::CodeUsed);
        home.sign_in(MEMBER, (&*crew.member.codes[1]).into()).await.expect("not spent");
        let owner = home.sign_in(OWNER, home.clock.code(&crew.owners[0].1)).await.expect("an owner");
        let people = ListPeople::reply(home.authority.call(Some(&owner), ListPeople::default().into()).await.expect("a list").response);
        assert_eq!(people.expect("a list").total, 6);
    });

    // Killed after the server noted the file and before it had its name: the name is all that is missing.
    fs::create_dir(crew.part()).expect("made");
    fs::set_permissions(crew.part(), fs::Permissions::from_mode(0o755)).expect("set");
    assert!(refused(&answered(&mut crew.moving(), "")).1.contains("is there already"));
    fs::rename(crew.file(), crew.part().join("whole.backup")).expect("moved");
    assert!(refused(&answered(&mut crew.moving(), "")).1.contains("nobody else may enter"));
    fs::set_permissions(crew.part(), fs::Permissions::from_mode(0o700)).expect("set");
    well(&answered(&mut crew.moving(), ""));
    assert!(crew.file().is_file() && !crew.part().exists());
}

#[test]
fn killed_once_it_is_let_go_the_server_refuses_and_any_two_owners_go_on() {
    let crew = Crew::gathered();
    crew.killed_once_let_go();
    assert!(!crew.is_here() && !crew.file().exists());
    // And once more, in the middle of what was carried: a vault is left that nobody finished.
    runtime().block_on(async {
        let console = crew.console(&Ahead::default()).await;
        let leaving = console.leaving().await.expect("let go");
        let begun = vault::prepare(&crew.part(), "Harbour", &PASSPHRASE.into(), &mut Drawing(&System)).await.expect("a vault");
        let home = Authority::receiving(begun.store().clone(), begun.sealing_key(), &leaving, System);
        console.carry_to(&Cut::new(&home, 5, true), &watched).await.expect_err("cut");
        begun.store().close().await;
    });
    assert!(!crew.is_here() && fs::read_dir(crew.part()).expect("a folder").count() > 0);
    let said = well(&crew.move_out(2, 3));
    assert!(said.contains("was let go on"), "{said}");
    assert!(!crew.part().exists(), "nothing is left of it");
    runtime().block_on(async {
        let home = Home::restored(&crew.file()).await;
        let (one, other) = (id_of(home.authority.store(), OWNER).await, id_of(home.authority.store(), SECOND).await);
        let moved: Vec<_> = kinds(home.authority.store()).await.into_iter().filter(|(kind, ..)| kind == "workspace.moved-out").collect();
        assert_eq!(moved, [("workspace.moved-out".to_owned(), Some(one), Some(other))], "told once, of the two who began it");
        home.clock.pass(90);
        home.sign_in(MEMBER, home.clock.code(&crew.member)).await.expect("everybody comes in");
    });
}

#[test]
fn called_off_the_server_answers_again_and_its_journal_says_so() {
    let crew = Crew::gathered();
    let nothing = answered(&mut crew.command(&["--call-off"]), "");
    assert!(refused(&nothing).1.contains("nothing to call off"));
    crew.killed_once_let_go();
    let one = answered(&mut crew.command(&["--call-off"]), &typed(THIRD, PASSWORD, &crew.owners[2].1.code(1)));
    assert!(refused(&one).1.contains("nobody answered") && !crew.is_here(), "one alone calls nothing off");
    let clock = Ahead::default();
    runtime().block_on(async {
        // All of it was carried, and it is not known whether there is a file.
        let console = crew.console(&clock).await;
        console.leaving().await.expect("let go");
        console.end_of_move().await.expect("told");
    });
    let unsure = answered(&mut crew.command(&["--call-off"]), "");
    assert!(refused(&unsure).1.contains("Destroy it"), "{unsure:?}");
    runtime().block_on(async {
        clock.pass(60);
        let console = crew.console(&clock).await;
        let two = come_in(&console, &clock, &[(THIRD, &crew.owners[2].1), (FOURTH, &crew.owners[3].1)]).await;
        let unsure = console.call_off_move_out([&two[0], &two[1]], false).await;
        assert_eq!(unsure.expect_err("it may be whole").code, RefusalCode::MoveMayHaveArrived);
        console.call_off_move_out([&two[0], &two[1]], true).await.expect("called off");
        let (one, other) = (id_of(console.store(), THIRD).await, id_of(console.store(), FOURTH).await);
        let named = (EventKind::WorkspaceMoveOutCalledOff.as_str().to_owned(), Some(one), Some(other));
        assert!(kinds(console.store()).await.contains(&named));
        let late = console.accept_file(clock.now()).await;
        assert_eq!(late.expect_err("called off").code, RefusalCode::ChangedMeanwhile, "a file that comes late counts for nothing");
    });
    assert!(crew.is_here(), "and people go on where they were");
}

async fn come_in(console: &Authority<Postgres>, clock: &Ahead, who: &[(&str, &Person)]) -> Vec<SessionToken> {
    let mut sessions = Vec::new();
    for (email, person) in who {
        sessions.push(console.come_in_at_console(credentials(email, PASSWORD, clock.code(person))).await.expect("in"));
    }
    sessions
}

fn credentials(email: &str, password: &str, code: SecretString) -> Credentials {
    Credentials { email: email.into(), password: password.into(), code }
}

#[test]
fn nobody_but_two_owners_takes_it_out() {
    let crew = Crew::gathered();
    let clock = Ahead::default();
    runtime().block_on(async {
        let console = crew.console(&clock).await;
        let record =
            || async { serde_json::to_string(&console.store().workspace().await.expect("a read").expect("there").record).expect("text") };
        let before = record().await;
        let tried = |credentials: Credentials| {
            let console = &console;
            async move { console.come_in_at_console(credentials).await.map(drop).expect_err("refused").code }
        };
        clock.pass(60);
        let owner = &crew.owners[0].1;
        assert_eq!(tried(credentials(OWNER, "not the password", clock.code(owner))).await, RefusalCode::WrongCredentials);
        assert_eq!(tried(credentials("nobody@example.org", PASSWORD, clock.code(owner))).await, RefusalCode::WrongCredentials);
        assert_eq!(tried(credentials(OWNER, PASSWORD, "000000".into())).await, RefusalCode::CodeWrong);
        assert_eq!(tried(credentials(OWNER, PASSWORD, (&*owner.codes[0]).into())).await, RefusalCode::CodeKind, "no backup code");
        let code = clock.code(owner);
        let one = console.come_in_at_console(credentials(OWNER, PASSWORD, code.clone())).await.expect("in");
        assert_eq!(tried(credentials(OWNER, PASSWORD, code)).await, RefusalCode::CodeUsed, "a code is spent");

        clock.pass(60);
        let again = come_in(&console, &clock, &[(OWNER, owner)]).await;
        let twice = console.move_out([&one, &again[0]], "a file").await;
        assert_eq!(twice.expect_err("one person").code, RefusalCode::SamePerson);
        assert_eq!(console.move_out([&one, &one], "a file").await.expect_err("one session").code, RefusalCode::SamePerson);
        let lesser = come_in(&console, &clock, &[("ada@example.org", &crew.administrator), (MEMBER, &crew.member)]).await;
        for lesser in &lesser {
            for two in [[&one, lesser], [lesser, &one]] {
                assert_eq!(console.move_out(two, "a file").await.expect_err("no owner").code, RefusalCode::NotAllowed);
            }
        }
        let refused = kinds(console.store()).await.into_iter().filter(|(kind, ..)| kind == "gate.refused").count();
        assert_eq!(refused, 4, "and that is journalled");

        // Somebody who was deactivated has no way in, nor what they came in by before.
        let second = come_in(&console, &clock, &[(SECOND, &crew.owners[1].1)]).await;
        let mut gone = console.store().account_by_email(SECOND).await.expect("a read").expect("there").record;
        gone.deactivated_at = Some(clock.now());
        console.store().commit(commit_of(vec![Change::Account(Box::new(gone))])).await.expect("written");
        assert_eq!(console.move_out([&one, &second[0]], "a file").await.expect_err("gone").code, RefusalCode::SessionEnded);
        clock.pass(60);
        assert_eq!(tried(credentials(SECOND, PASSWORD, clock.code(&crew.owners[1].1))).await, RefusalCode::AccountDeactivated);

        // A code that was given five minutes ago vouches for nothing.
        let third = come_in(&console, &clock, &[(THIRD, &crew.owners[2].1)]).await;
        clock.pass(300);
        let fourth = come_in(&console, &clock, &[(FOURTH, &crew.owners[3].1)]).await;
        assert_eq!(console.move_out([&third[0], &fourth[0]], "a file").await.expect_err("stale").code, RefusalCode::FactorNeeded);
        assert_eq!(record().await, before, "nothing changed");
        for wrong in 0..5 {
            assert_eq!(
                tried(credentials(THIRD, &format!("wrong {wrong}"), clock.code(&crew.owners[2].1))).await,
                if wrong == 4 { RefusalCode::Wait } else { RefusalCode::WrongCredentials }
            );
        }
    });
    assert!(crew.is_here());
    let short = answered(&mut crew.moving(), &format!("{}{}", passphrases(), typed(OWNER, PASSWORD, "000000")));
    let (_, said) = refused(&short);
    assert!(!said.contains(PASSWORD) && crew.is_here() && !crew.file().exists() && !crew.part().exists(), "{said}");
}

#[test]
fn on_a_terminal_nothing_secret_is_shown_and_a_slip_is_typed_again() {
    let crew = Crew::gathered();
    let moving = crew.moving();
    let said: Vec<_> = std::iter::once(moving.get_program()).chain(moving.get_args()).map(|part| part.to_str().expect("text")).collect();
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &said.join(" "), "/dev/null"]).envs(moving.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script, of bsdutils");
    let (mut input, mut screen) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    let mut all = String::new();
    let code = crew.owners[0].1.code(1);
    for (prompt, typed) in [
        ("of the file", "too short"),
        ("of the file", PASSPHRASE),
        ("again", PASSPHRASE),
        ("E-mail", OWNER),
        ("Password", "not my password"),
        ("authenticator", "000000"),
        ("E-mail", OWNER),
        ("Password", PASSWORD),
        ("authenticator", &code),
        ("E-mail", SECOND),
        ("Password", PASSWORD),
    ] {
        shown(&mut screen, &mut all, &format!("{prompt}: "));
        writeln!(input, "{typed}").expect("typed");
    }
    shown(&mut screen, &mut all, "authenticator: ");
    child.kill().expect("killed");
    child.wait().expect("it ended");
    for secret in [PASSPHRASE, "too short", PASSWORD, "not my password", "000000", &code] {
        assert!(!all.contains(secret), "{all}");
    }
    assert!(all.contains(OWNER) && all.contains("Second owner"), "{all}");
}
