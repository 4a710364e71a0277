//! The desktop's side, against the real server and against whatever else may answer at its address.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use authority::{Surroundings, System};
use desk::{Desk, Pace, Pairing, Patience, Remote, Wish, pair};
use domain::oath::OathSecret;
use rustls::{
    ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use secrecy::SecretString;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    account::{BeginEnrolment, VerifyEnrolment},
    device::{ListDevices, RevokeDevice},
    proof::Proof,
    sign_in::{AcceptInvitation, SignOut, WhoAmI},
};

use crate::served::{Harbour, OWNER, PASSWORD, Serving, code_below, well};

pub(crate) const PASSPHRASE: &str = "seven quiet lanterns at the desk";
const PATIENCE: Patience = Patience { connect: Duration::from_secs(5), answer: Duration::from_secs(20), list: Duration::from_secs(20) };
/// Never by itself: a test asks when it wants to know.
pub(crate) const STILL: Pace = Pace { rest: Duration::from_secs(3600), soon: Duration::from_secs(3600), late: Duration::from_secs(3600) };
pub(crate) const QUICK: Pace = Pace { rest: Duration::from_millis(20), soon: Duration::from_millis(20), late: Duration::from_millis(40) };

/// The code that the console gives for a server in TLS, with its fingerprint.
fn pinned_code(harbour: &Harbour) -> String {
    let certificate = harbour.path("tls.crt");
    let said = well(&harbour.run(&["pair", "--name", "Desk of Sam", "--tls-cert", certificate.to_str().expect("text")]));
    code_below(&said, "Pairing code")
}

pub(crate) fn plain_code(harbour: &Harbour) -> String {
    code_below(&well(&harbour.run(&["pair", "--name", "Desk of Sam"])), "Pairing code")
}

pub(crate) fn wish(address: &str, code: &str) -> Wish {
    Wish::read(address, &code.into(), "sam-laptop", PASSPHRASE.into()).expect("a wish")
}

/// A desk that was paired with a server in TLS.
pub(crate) async fn paired(harbour: &Harbour, served: &Serving, root: &Path) -> Desk {
    pair(root, wish(&served.client.address.to_string(), &pinned_code(harbour)), &System).await.expect("paired")
}

/// A desk that was paired with a server that speaks plainly, which somebody else may be put in the place of.
async fn plainly_paired(harbour: &Harbour, served: &Serving, root: &Path) -> Desk {
    let address = format!("http://{}", served.client.address);
    pair(root, wish(&address, &plain_code(harbour)), &System).await.expect("paired")
}

pub(crate) async fn begin(pairing: Pairing, vault: &Vault, pace: Pace) -> Remote {
    Remote::begin(pairing, vault.clone(), System, PATIENCE, pace).await.expect("TLS")
}

pub(crate) async fn ask<U: UseCase>(remote: &Remote, session: Option<&SessionToken>, request: U) -> Result<U::Reply, Refusal> {
    U::reply(remote.call(session, request.into()).await?.response)
}

/// The owner, through both doors by this desktop.
pub(crate) async fn owner(remote: &Remote, invitation: String) -> SessionToken {
    let accepted = AcceptInvitation { email: OWNER.into(), code: SecretString::from(invitation), password: PASSWORD.into() };
    let outcome = remote.call(None, accepted.into()).await.expect("accepted");
    let session = outcome.opened.expect("a session");
    let offer = ask(remote, Some(&session), BeginEnrolment { name: "Phone".into(), proof: None }).await.expect("an offer");
    let secret = data_encoding::BASE32_NOPAD.decode(offer.secret.expose().replace(' ', "").as_bytes()).expect("unpadded Base32");
    let code = OathSecret::from_bytes(&secret).expect("160 bits").code_at(System.now());
    let codes = ask(remote, Some(&session), VerifyEnrolment { code }).await.expect("enrolled").codes;
    assert_eq!(codes.len(), 10, "secrets shown once come through");
    session
}

fn left_in(root: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(root).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

/// Somebody who answers every request at this address with these bytes, and counts them.
struct Impostor {
    asked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    address: SocketAddr,
    listening: Option<thread::JoinHandle<()>>,
}

impl Impostor {
    fn at(address: SocketAddr, answer: impl Fn(&mut dyn Write) -> std::io::Result<()> + Send + 'static) -> Self {
        let listener = TcpListener::bind(address).expect("the address is free");
        let (asked, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        let listening = thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                if read_request(&mut stream).is_some() {
                    count.fetch_add(1, Ordering::SeqCst);
                    // An error: whoever asked has heard enough.
                    let _ = answer(&mut stream);
                }
            }
        });
        Self { asked, stop, address, listening: Some(listening) }
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _woken = std::net::TcpStream::connect(self.address);
        // Its place is free when this is gone.
        let _ended = self.listening.take().map(thread::JoinHandle::join);
    }
}

pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    let (mut text, mut some) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut some).ok().filter(|count| *count > 0)?;
        text.extend_from_slice(&some[..count]);
        let said = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = said.split_once("\r\n\r\n") {
            let announced = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= announced.unwrap_or_default() {
                return Some(said);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_is_paired_its_person_comes_in_and_what_it_keeps_opens_again() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    assert_eq!(vault.name(), "Harbour", "as the server calls it");
    let known = vault::known(root.path());
    let paired_with = known[0].paired.as_ref().expect("a desk");
    assert_eq!((known.len(), paired_with.server.as_str()), (1, served.client.address.to_string().as_str()));
    assert_eq!(paired_with.device.as_deref(), Some("sam-laptop"));

    let remote = begin(pairing, &vault, STILL).await;
    let session = owner(&remote, invitation).await;
    let me = ask(&remote, Some(&session), WhoAmI {}).await.expect("somebody");
    assert_eq!((me.person.email.as_str(), me.workspace.as_str()), (OWNER, "Harbour"));
    assert!(remote.link().connected);
    let rows = ask(&remote, Some(&session), ListDevices::default()).await.expect("devices").rows;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["sam-laptop"]);

    let id = vault.id();
    drop(remote);
    vault.close().await;
    assert!(vault::open(root.path(), id, &"not the passphrase".into()).await.is_err());
    let again = vault::open(root.path(), id, &PASSPHRASE.into()).await.expect("opened");
    let pairing = Pairing::of(&again).await.expect("read").expect("a desk");
    let remote = begin(pairing, &again, STILL).await;
    assert_eq!(ask(&remote, Some(&session), WhoAmI {}).await.expect("the same session").person.email, OWNER);
    // The session belongs to the device: it is good for nobody who only has the token.
    let token = data_encoding::BASE64URL_NOPAD.encode(secrecy::ExposeSecret::expose_secret(&session));
    let stolen = served.client.call("who-am-i", Some(&token), &serde_json::json!({}));
    assert_eq!(stolen.status, 401, "{stolen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pairing_that_fails_leaves_nothing_behind() {
    let (harbour, _) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let address = served.client.address.to_string();
    let code = pinned_code(&harbour);
    let (other, _) = Harbour::founded();
    let elsewhere = pinned_code(&other);
    // The fingerprint of another server: nothing is sent, and the code stays good.
    let mixed = format!("{}{}", &code[..29], &elsewhere[29..]);
    let refused = pair(root.path(), wish(&address, &mixed), &System).await.expect_err("another key");
    assert_eq!(refused.code, RefusalCode::ServerKeyChanged);
    // The code of another server, with the right fingerprint.
    let wrong = format!("{}{}", &elsewhere[..29], &code[29..]);
    let refused = pair(root.path(), wish(&address, &wrong), &System).await.expect_err("another code");
    assert_eq!(refused.code, RefusalCode::PairingCodeWrong);
    // Without the fingerprint the system decides, and vouches for nobody here.
    let refused = pair(root.path(), wish(&address, &code[..29]), &System).await.expect_err("nobody vouches");
    assert_eq!(refused.code, RefusalCode::ServerUntrusted);
    let refused = pair(root.path(), wish("127.0.0.1:1", &code), &System).await.expect_err("nobody there");
    assert_eq!(refused.code, RefusalCode::Offline);
    assert_eq!(left_in(root.path()), Vec::<std::path::PathBuf>::new());
    pair(root.path(), wish(&address, &code), &System).await.expect("the code is as good as before");
    let refused = pair(root.path(), wish(&address, &code), &System).await.expect_err("used");
    assert_eq!(refused.code, RefusalCode::PairingCodeWrong);
    assert_eq!(left_in(root.path()).len(), 1, "the one that was paired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pairing_that_is_killed_is_swept_away() {
    let root = tempfile::tempdir().expect("a folder");
    let (harbour, _) = Harbour::founded();
    let code = plain_code(&harbour);
    let (said, heard) = mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody");
        let asked = read_request(&mut stream);
        said.send(()).expect("the test waits");
        // Held open: no answer comes.
        let _end = stream.read(&mut [0; 1]);
        drop(asked);
    });
    let folder = root.path().to_owned();
    let pairing = tokio::spawn(async move { pair(&folder, wish(&format!("http://{address}"), &code), &System).await.map(drop) });
    tokio::task::spawn_blocking(move || heard.recv().expect("it asked")).await.expect("heard");
    assert!(vault::known(root.path()).is_empty(), "nobody finds what is not finished");
    assert_eq!(left_in(root.path()).len(), 1);
    pairing.abort();
    assert!(pairing.await.expect_err("killed").is_cancelled());
    vault::sweep(root.path());
    assert_eq!(left_in(root.path()), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_the_same_server_and_another_key_is_none() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, STILL).await;
    let session = owner(&remote, invitation).await;
    let address = served.client.address;
    drop(served);

    // Renewed, for another name even: the key is what it is known by.
    let pem = std::fs::read_to_string(harbour.path("tls.key")).expect("a key");
    let key = rcgen::KeyPair::from_pem(&pem).expect("a key");
    let renewed = rcgen::CertificateParams::new(vec!["another.example.org".to_owned()]).expect("a name").self_signed(&key).expect("signed");
    std::fs::write(harbour.path("tls.crt"), renewed.pem()).expect("written");
    let again = harbour.serve_tls_at(&address.to_string());
    assert_eq!(ask(&remote, Some(&session), WhoAmI {}).await.expect("the same server").person.email, OWNER);
    drop(again);

    // Somebody with another key in its place.
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    let listener = TcpListener::bind(address).expect("the port is free");
    let config = Arc::new(config);
    let eavesdropping = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody");
        let mut connection = ServerConnection::new(config).expect("a connection");
        let mut heard = Vec::new();
        let mut line = rustls::Stream::new(&mut connection, &mut stream);
        // An error: whoever asked has left in the middle of the handshake.
        let _ = line.read_to_end(&mut heard);
        heard
    });
    let refused = ask(&remote, Some(&session), WhoAmI {}).await.expect_err("another key");
    assert_eq!(refused.code, RefusalCode::ServerKeyChanged);
    assert_eq!((remote.link().connected, remote.link().why), (false, Some(RefusalCode::ServerKeyChanged)));
    let heard = tokio::task::spawn_blocking(move || eavesdropping.join().expect("it ended")).await.expect("joined");
    assert_eq!(heard, b"", "nothing was sent to it");
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_pinned_key_the_roots_decide_and_the_name_counts() {
    let (harbour, _) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let certificate = std::fs::read(harbour.path("tls.crt")).expect("a certificate");
    let der = CertificateDer::from_pem_slice(&certificate).expect("PEM");
    let port = served.client.address.port();
    let plain = plain_code(&harbour);
    let believing = |address: &str| Wish { also: vec![der.to_vec()], ..wish(address, &plain) };
    // The certificate is for localhost: by its number nobody vouches for it.
    let refused = pair(root.path(), believing(&format!("127.0.0.1:{port}")), &System).await.expect_err("another name");
    assert_eq!(refused.code, RefusalCode::ServerUntrusted);
    let desk = pair(root.path(), believing(&format!("localhost:{port}")), &System).await.expect("paired");
    desk.vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_else_answers_is_told_apart_and_read_no_further_than_it_may() {
    let (harbour, _) = Harbour::founded();
    let served = harbour.serve(&[]);
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = plainly_paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, STILL).await;
    let address = served.client.address;
    drop(served);

    let reply = r#"{"reply":{}}"#;
    let json = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n")
    };
    let cases: Vec<(&str, Vec<u8>, RefusalCode, RefusalCode)> = vec![
        ("cut short", format!("{}{}", json(reply.len()), &reply[..5]).into_bytes(), RefusalCode::Offline, RefusalCode::AnswerLost),
        ("nothing", Vec::new(), RefusalCode::Offline, RefusalCode::AnswerLost),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), RefusalCode::Offline, RefusalCode::AnswerLost),
        (
            "a page",
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>".to_vec(),
            RefusalCode::ServerStrange,
            RefusalCode::ServerStrange,
        ),
        ("ten gigabytes announced", json(10_000_000_000).into_bytes(), RefusalCode::ServerStrange, RefusalCode::ServerStrange),
        (
            "another reply",
            format!("{}{}", json(14), r#"{"reply":"no"}"#).into_bytes(),
            RefusalCode::ServerDiffers,
            RefusalCode::ServerDiffers,
        ),
        (
            "sent elsewhere",
            format!("HTTP/1.1 307 Temporary Redirect\r\nConnection: close\r\nLocation: http://{address}/v1/who-am-i\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            RefusalCode::ServerStrange,
            RefusalCode::ServerStrange,
        ),
    ];
    for (what, bytes, reading, changing) in cases {
        let impostor = Impostor::at(address, move |to| to.write_all(&bytes));
        assert_eq!(ask(&remote, None, WhoAmI {}).await.expect_err(what).code, reading, "{what}");
        assert_eq!(ask(&remote, None, SignOut {}).await.expect_err(what).code, changing, "{what}");
        assert_eq!(impostor.asked.load(Ordering::SeqCst), 2, "{what}: each was asked once, and nobody else was");
    }
    // It goes on and on: so much is read, and no more.
    let (said, heard) = mpsc::channel();
    let endless = Impostor::at(address, move |to| {
        to.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
        let mut sent = 0usize;
        while to.write_all(&chunk).is_ok() {
            sent += 0x10000;
        }
        said.send(sent).map_err(std::io::Error::other)
    });
    assert_eq!(ask(&remote, None, WhoAmI {}).await.expect_err("endless").code, RefusalCode::ServerStrange);
    let sent = tokio::task::spawn_blocking(move || heard.recv().expect("it was cut off")).await.expect("heard");
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes left before it was cut off");
    drop(endless);
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_told_as_offline_and_is_found_again_by_itself() {
    let (harbour, _) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, QUICK).await;
    let mut link = remote.watch();
    link.wait_for(|link| link.connected).await.expect("found");
    let address = served.client.address.to_string();
    drop(served);
    let lost = *link.wait_for(|link| !link.connected).await.expect("lost without being asked");
    assert_eq!(
        (lost.why, ask(&remote, None, WhoAmI {}).await.expect_err("nobody").code),
        (Some(RefusalCode::Offline), RefusalCode::Offline)
    );
    let again = harbour.serve_tls_at(&address);
    let found = *link.wait_for(|link| link.connected).await.expect("found again");
    assert!(found.since >= lost.since && found.why.is_none());
    assert_eq!(ask(&remote, None, WhoAmI {}).await.expect_err("nobody is signed in").code, RefusalCode::SessionEnded);
    drop(again);
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_desktop_is_told_so_and_its_session_is_over() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, STILL).await;
    let session = owner(&remote, invitation).await;
    let mine = ask(&remote, Some(&session), ListDevices::default()).await.expect("devices").rows.remove(0).id;
    let proof = Proof { password: PASSWORD.into(), code: None };
    ask(&remote, Some(&session), RevokeDevice { device: mine, proof }).await.expect("revoked");
    for _ in 0..2 {
        assert_eq!(ask(&remote, Some(&session), WhoAmI {}).await.expect_err("revoked").code, RefusalCode::DeviceRevoked);
    }
    assert!(remote.link().connected, "the server is there: it says no");
    vault.close().await;
}
