//! Mail to a real server: what arrives, what each refusal is called, and what is never done twice or in the clear.

use std::{collections::BTreeMap, io::Write as _, net::TcpListener, time::Duration};

use data_encoding::BASE64;
use jiff::tz::TimeZone;
use mail::{Patience, Stop, Trust, compose, send};
use sallyport_tests::smtp::{Certificate, Delivered, Endless, MailServer, Meddling, PASSWORD, Relay, Setup, USER};
use uuid::Uuid;
use wire::{
    delivery::{Delivery, MailServer as Server, Outcome},
    mail::{MailFailure, MailSecurity, NoticeKind},
    window::Language,
};

use crate::played::secret;

/// 22 November 2026, 14:05 UTC.
const AT: i64 = 1_795_356_300;
const CODE: &str = "N4T9W-0ABCD-EFGHJ-5MNPQ-RSTV8";
/// What would break out of a header.
const HOSTILE: &str = "Ada\r\nBcc: eve@example.org\r\n\r\n<script>";

fn to(address: &str, port: u16) -> Delivery {
    Delivery {
        id: Uuid::from_u128(7),
        message_id: "<00000000000000000000000000000007@harbour.example.org>".into(),
        address: address.into(),
        person: "Ada Lovelace".into(),
        language: Language::En,
        workspace: "Harbour".into(),
        kind: NoticeKind::PasswordChanged,
        at: AT,
        words: BTreeMap::new(),
        code: None,
        code_until: None,
        report: Some(secret(CODE)),
        report_until: AT + 7 * 86_400,
        attempt: 1,
        server: Server {
            host: "localhost".into(),
            port,
            security: MailSecurity::Starttls,
            user: Some(USER.into()),
            password: Some(secret(PASSWORD)),
            sender: "sallyport@example.org".into(),
            sender_name: "Sallyport".into(),
            contact: None,
        },
    }
}

fn trust(server: &MailServer) -> Trust {
    Trust { also: vec![server.authority().expect("an authority").0] }
}

/// Patient where a busy machine may be slow.
fn patience() -> Patience {
    Patience::default()
}

async fn sent(delivery: &Delivery, trust: &Trust, patience: &Patience) -> Outcome {
    let message = match compose(delivery, &TimeZone::UTC) {
        Ok(message) => message,
        Err(outcome) => return outcome,
    };
    let (_asks, stop) = Stop::new();
    send(&delivery.server, &message, trust, patience, AT, stop).await
}

fn failed(failure: MailFailure) -> Outcome {
    Outcome::Failed { failure, for_good: false }
}

fn for_good(failure: MailFailure) -> Outcome {
    Outcome::Failed { failure, for_good: true }
}

fn only(server: &MailServer) -> Delivered {
    let delivered = server.delivered().expect("read back");
    assert_eq!(delivered.len(), 1, "{}", server.log());
    delivered.into_iter().next().expect("one")
}

fn nothing(server: &MailServer) {
    assert_eq!(server.delivered().expect("read back").len(), 0, "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_arrives_whole_by_every_way_there_is() {
    for (implicit_tls, sign_in) in [(false, "PLAIN"), (true, "PLAIN"), (false, "LOGIN")] {
        let server = MailServer::start(Setup { implicit_tls, sign_in, ..Setup::default() }).expect("a server");
        let mut delivery = to("ada@example.org", server.port);
        if implicit_tls {
            delivery.server.security = MailSecurity::Tls;
        }
        delivery.server.contact = Some("desk@example.org".into());
        assert_eq!(sent(&delivery, &trust(&server), &patience()).await, Outcome::Sent, "{}", server.log());
        let mail = only(&server);
        assert_eq!(mail.defects, Vec::<String>::new());
        assert!(mail.plain_lines);
        for (name, value) in [
            ("From", "Sallyport <sallyport@example.org>"),
            ("To", "Ada Lovelace <ada@example.org>"),
            ("Reply-To", "desk@example.org"),
            ("Subject", "Your password was changed – Harbour"),
            ("Date", "Sun, 22 Nov 2026 14:05:00 +0000"),
            ("Message-ID", "<00000000000000000000000000000007@harbour.example.org>"),
            ("Auto-Submitted", "auto-generated"),
            ("Content-Language", "en"),
            ("MIME-Version", "1.0"),
            ("Return-path", "<sallyport@example.org>"),
            ("Envelope-to", "ada@example.org"),
        ] {
            assert_eq!(mail.one(name), value, "{name}");
        }
        assert!(!mail.headers.iter().any(|(name, _)| name.to_lowercase().starts_with("list-")), "{:?}", mail.headers);
        assert_eq!(mail.kind, "multipart/alternative");
        let kinds: Vec<&str> = mail.parts.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html"], "the plain one first, so that the better one is shown (RFC 2046 §5.1.4)");
        for (kind, text) in &mail.parts {
            assert!(text.contains("Hello Ada Lovelace,") && text.contains("22 November 2026, 14:05 (UTC)"), "{kind}: {text}");
            assert_eq!(text.matches(CODE).count(), 1, "{kind}: {text}");
        }
        let headers = format!("{:?}", mail.headers);
        assert!(!headers.contains(CODE), "{headers}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_every_script_arrive_and_none_breaks_out_of_its_header() {
    let server = MailServer::start(Setup::default()).expect("a server");
    let long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(5);
    let names = ["Zoë Ångström", "Ada 👩‍💻 \"the\" <Great>, of: Spain;", "山田太郎", "שרה אברהם", long.trim(), "=?utf-8?q?fake?=", HOSTILE];
    for (number, name) in names.into_iter().enumerate() {
        let mut delivery = to("ada@bücher.example", server.port);
        delivery.message_id = format!("<{number}@example.org>");
        delivery.language = Language::Fr;
        delivery.kind = NoticeKind::AuthenticatorAdded;
        delivery.words.insert("name".into(), name.into());
        delivery.person = name.into();
        delivery.workspace = name.into();
        delivery.server.sender_name = name.into();
        assert_eq!(sent(&delivery, &trust(&server), &patience()).await, Outcome::Sent, "{name}: {}", server.log());
        let delivered = server.delivered().expect("read back");
        let mail = delivered.iter().find(|mail| mail.one("Message-ID") == delivery.message_id).expect("it is there");
        let name = documents::notice::one_line(name);
        assert_eq!(mail.defects, Vec::<String>::new(), "{name}");
        assert!(mail.plain_lines, "{name}");
        let shown = name.replace("=?", "= ?");
        assert_eq!(mail.one("Subject"), format!("Un authentificateur a été ajouté – {shown}"));
        for (header, address) in [("To", "ada@xn--bcher-kva.example"), ("From", "sallyport@example.org")] {
            let value = mail.one(header);
            assert!(
                value.ends_with(&format!("<{address}>")) && value.replace(['"', '\\'], "").starts_with(&shown.replace('"', "")),
                "{value}"
            );
        }
        assert_eq!(mail.one("Envelope-to"), "ada@xn--bcher-kva.example");
        assert_eq!(mail.all("Bcc"), Vec::<&str>::new());
        let text = &mail.parts[0].1;
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&name), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_beyond_ascii_takes_a_server_that_speaks_it() {
    for (smtputf8, outcome) in [(false, for_good(MailFailure::RefusedAddress)), (true, Outcome::Sent)] {
        let server = MailServer::start(Setup { smtputf8, ..Setup::default() }).expect("a server");
        assert_eq!(sent(&to("zoë@example.org", server.port), &trust(&server), &patience()).await, outcome, "{}", server.log());
        if smtputf8 { assert_eq!(only(&server).one("Envelope-to"), "zoë@example.org") } else { nothing(&server) }
    }
    // What is no address reaches no server.
    for address in ["ada", "ada@example.org>\r\nRCPT TO:<eve@example.org", ""] {
        assert_eq!(sent(&to(address, 1), &Trust::default(), &patience()).await, for_good(MailFailure::RefusedAddress), "{address:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_of_the_server_has_its_name_and_delivers_nothing() {
    let server = MailServer::start(Setup::default()).expect("a server");
    for (whom, outcome) in [
        ("nobody", for_good(MailFailure::RefusedAddress)),
        ("later", failed(MailFailure::Busy)),
        ("shuts", failed(MailFailure::Busy)),
        ("full", failed(MailFailure::Full)),
        ("overfull", for_good(MailFailure::Full)),
        ("spam", for_good(MailFailure::RefusedMessage)),
    ] {
        let delivery = to(&format!("{whom}@example.org"), server.port);
        assert_eq!(sent(&delivery, &trust(&server), &patience()).await, outcome, "{whom}: {}", server.log());
    }
    let mut stranger = to("ada@example.org", server.port);
    stranger.server.sender = "stranger@example.org".into();
    assert_eq!(sent(&stranger, &trust(&server), &patience()).await, for_good(MailFailure::RefusedSender));
    nothing(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_no_password_and_an_unknown_way_to_sign_in_are_told_alike() {
    let server = MailServer::start(Setup::default()).expect("a server");
    let other = MailServer::start(Setup { sign_in: "CRAM-MD5", ..Setup::default() }).expect("a server");
    let mut wrong = to("ada@example.org", server.port);
    wrong.server.password = Some(secret("something else"));
    let mut none = to("ada@example.org", server.port);
    (none.server.user, none.server.password) = (None, None);
    let unknown = to("ada@example.org", other.port);
    for (delivery, server, good) in [(wrong, &server, true), (none, &server, true), (unknown, &other, false)] {
        let outcome = sent(&delivery, &trust(server), &patience()).await;
        assert_eq!(outcome, Outcome::Failed { failure: MailFailure::RefusedPassword, for_good: good }, "{}", server.log());
        nothing(server);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_good_ends_it_before_the_password() {
    for certificate in [Certificate::OtherName, Certificate::Expired, Certificate::Stranger] {
        for implicit_tls in [false, true] {
            let server = MailServer::start(Setup { certificate, implicit_tls, ..Setup::default() }).expect("a server");
            let mut delivery = to("ada@example.org", server.port);
            if implicit_tls {
                delivery.server.security = MailSecurity::Tls;
            }
            assert_eq!(sent(&delivery, &trust(&server), &patience()).await, failed(MailFailure::Tls), "{certificate:?}");
            nothing(&server);
            assert!(!server.log().contains("A=only"), "somebody signed in: {}", server.log());
        }
    }
    // Only what the system trusts, where nothing is added; and by the clock that is passed in.
    let server = MailServer::start(Setup::default()).expect("a server");
    let delivery = to("ada@example.org", server.port);
    assert_eq!(sent(&delivery, &Trust::default(), &patience()).await, failed(MailFailure::Tls));
    let message = compose(&delivery, &TimeZone::UTC).expect("a message");
    let (year_2091, (_asks, stop)) = (3_818_448_000, Stop::new());
    let outcome = send(&delivery.server, &message, &trust(&server), &patience(), year_2091, stop).await;
    assert_eq!(outcome, failed(MailFailure::Tls));
    nothing(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_opening_is_ever_said_in_the_clear() {
    for (setup, meddling) in [
        (Setup { starttls: false, ..Setup::default() }, Meddling::Listening),
        (Setup { certificate: Certificate::Stranger, ..Setup::default() }, Meddling::Listening),
        (Setup::default(), Meddling::Injecting),
    ] {
        let server = MailServer::start(setup).expect("a server");
        let relay = Relay::start(server.port, meddling).expect("a relay");
        assert_eq!(sent(&to("ada@example.org", relay.port), &trust(&server), &patience()).await, failed(MailFailure::Tls), "{meddling:?}");
        let heard = String::from_utf8_lossy(&relay.heard()).into_owned();
        let expected = if setup.starttls { "EHLO [127.0.0.1]\r\nSTARTTLS\r\n" } else { "EHLO [127.0.0.1]\r\n" };
        assert!(heard.starts_with(expected), "{heard:?}");
        for told in ["AUTH", "MAIL", "ada@", USER, &BASE64.encode(format!("\0{USER}\0{PASSWORD}").as_bytes())] {
            assert!(!heard.contains(told), "{meddling:?}: {told} in {heard:?}");
        }
        nothing(&server);
    }
    // The same relay, when it only listens, lets a message through, and hears nothing of it either.
    let server = MailServer::start(Setup::default()).expect("a server");
    let relay = Relay::start(server.port, Meddling::Listening).expect("a relay");
    assert_eq!(sent(&to("ada@example.org", relay.port), &trust(&server), &patience()).await, Outcome::Sent, "{}", server.log());
    assert!(!String::from_utf8_lossy(&relay.heard()).contains("AUTH"));
    only(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_or_says_nothing_is_not_reached() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let mut nowhere = to("ada@example.org", 25);
    nowhere.server.host = "nowhere.invalid".into();
    for delivery in [to("ada@example.org", closed), nowhere] {
        assert_eq!(sent(&delivery, &Trust::default(), &patience()).await, failed(MailFailure::CannotReach));
    }
    // It takes the call and says nothing, or never comes to an end.
    let short = Patience { connect: Duration::from_millis(400), command: Duration::from_millis(400), ..patience() };
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("a port").port();
    assert_eq!(sent(&to("ada@example.org", port), &Trust::default(), &short).await, failed(MailFailure::CannotReach));
    let mut implicit = to("ada@example.org", port);
    implicit.server.security = MailSecurity::Tls;
    assert_eq!(sent(&implicit, &Trust::default(), &short).await, failed(MailFailure::Tls));

    let endless = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = endless.local_addr().expect("a port").port();
    let talking = std::thread::spawn(move || {
        let (mut caller, _) = endless.accept().expect("a caller");
        let mut said = 0_u64;
        while caller.write_all(&[b'2'; 4096]).is_ok() {
            said += 4096;
        }
        said
    });
    assert_eq!(sent(&to("ada@example.org", port), &Trust::default(), &patience()).await, failed(MailFailure::CannotReach));
    let said = talking.join().expect("it ends when nobody listens any more");
    assert!(said < 16 << 20, "{said} bytes were taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_broke_off_before_the_end_is_not_sent_and_what_broke_off_after_it_is_uncertain() {
    for (whom, outcome) in
        [("dies", failed(MailFailure::BrokeOff)), ("dies-at-data", failed(MailFailure::BrokeOff)), ("dies-at-end", Outcome::Uncertain)]
    {
        let server = MailServer::start(Setup::default()).expect("a server");
        let delivery = to(&format!("{whom}@example.org"), server.port);
        assert_eq!(sent(&delivery, &trust(&server), &patience()).await, outcome, "{whom}: {}", server.log());
        nothing(&server);
    }
    // The server has it and says so, and nobody hears it.
    let server = MailServer::start(Setup::default()).expect("a server");
    let relay = Relay::start(server.port, Meddling::SwallowingAfter(4000)).expect("a relay");
    assert_eq!(sent(&to("ada@example.org", relay.port), &trust(&server), &patience()).await, Outcome::Uncertain, "{}", server.log());
    only(&server);
    // Half of it arrives. Whether the rest had left when the line broke depends on the moment; "sent" is never said.
    let server = MailServer::start(Setup::default()).expect("a server");
    let relay = Relay::start(server.port, Meddling::CuttingAfter(4000)).expect("a relay");
    let outcome = sent(&to("ada@example.org", relay.port), &trust(&server), &patience()).await;
    assert!([failed(MailFailure::BrokeOff), Outcome::Uncertain].contains(&outcome), "{outcome:?}");
    nothing(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_wait_is_without_a_bound() {
    let server = MailServer::start(Setup::default()).expect("a server");
    let moment = Duration::from_millis(500);
    let slow = to("slow@example.org", server.port);
    for short in [Patience { command: 4 * moment, ..patience() }, Patience { whole: 4 * moment, ..patience() }] {
        assert_eq!(sent(&slow, &trust(&server), &short).await, failed(MailFailure::BrokeOff), "{}", server.log());
    }
    let short = Patience { end: moment, ..patience() };
    assert_eq!(sent(&to("slow-end@example.org", server.port), &trust(&server), &short).await, Outcome::Uncertain, "{}", server.log());
    server.fail();
    nothing(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_closes_the_workspace_does_not_wait_and_is_told_what_is_certain() {
    let server = MailServer::start(Setup::default()).expect("a server");
    let trust = trust(&server);
    for (whom, reached, outcome) in [("slow", "RCPT", failed(MailFailure::BrokeOff)), ("slow-end", "DATA", Outcome::Uncertain)] {
        let delivery = to(&format!("{whom}@example.org"), server.port);
        let message = compose(&delivery, &TimeZone::UTC).expect("a message");
        let patience = Patience { parting: Duration::from_millis(300), ..patience() };
        let (asks, stop) = Stop::new();
        let (server_of, trust) = (delivery.server, trust.clone());
        let sending = tokio::spawn(async move { send(&server_of, &message, &trust, &patience, AT, stop).await });
        tokio::task::block_in_place(|| server.wait_until_it_waits(reached)).expect("it waits");
        asks.send(true).expect("somebody listens");
        let told = tokio::time::timeout(Duration::from_secs(5), sending).await.expect("closing does not wait");
        assert_eq!(told.expect("no panic"), outcome, "{whom}");
        server.fail();
    }
    nothing(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_under_tls_is_not_listened_to_without_end() {
    let server = MailServer::start(Setup::default()).expect("a server");
    let endless = Endless::start(&server).expect("a server");
    let mut delivery = to("ada@example.org", endless.port);
    delivery.server.security = MailSecurity::Tls;
    assert_eq!(sent(&delivery, &trust(&server), &patience()).await, failed(MailFailure::BrokeOff));
    let said = endless.said().expect("it ended");
    assert!(said < 16 << 20, "{said} bytes were taken");
}
