//! FreeRADIUS asks, by the recipe of SERVER.md: Debian's own, with `radclient` before it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::UdpSocket,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use sallyport_tests::{PATIENCE, until};

use crate::{
    checks::add_client,
    served::{Harbour, OWNER},
};

/// The recipe, as it stands in the page, with its blanks filled in.
fn recipe(heading: &str, blanks: &[(&str, &str)]) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/docs/SERVER.md");
    let page = fs::read_to_string(page).expect("a page");
    let below = page.split_once(heading).unwrap_or_else(|| panic!("no {heading} in SERVER.md")).1;
    let lines = below.lines().skip_while(|line| !line.starts_with("    ")).take_while(|line| line.starts_with("    ") || line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    blanks.iter().fold(text, |text, (blank, with)| {
        assert!(text.contains(blank), "no {blank} in {text}");
        text.replace(blank, with)
    })
}

/// A RADIUS server in a private folder. It ends with this.
struct Radius {
    child: Child,
    port: u16,
    log: Arc<Mutex<String>>,
    _folder: tempfile::TempDir,
}

impl Radius {
    fn start(harbour: &Harbour, server: u16, key: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = UdpSocket::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let (ca, uri) = (harbour.path("tls.crt"), format!("https://localhost:{server}"));
        let module = recipe(
            "`mods-enabled/rest`",
            &[("/etc/ssl/certs/ca-certificates.crt", ca.to_str().expect("text")), ("https://sallyport.example.org:8443", &uri)],
        );
        let site = recipe("`sites-enabled/default`", &[("KEY-OF-THE-CLIENT", key)]);
        let place = folder.path().display();
        // The pieces that the recipe is put into; on a Debian machine they are there.
        let whole = format!(
            "prefix = /usr\nlibdir = /usr/lib/freeradius\nlogdir = {place}\nraddbdir = {place}\nrun_dir = {place}\npidfile = {place}/pid\n\
             max_request_time = 20\nproxy_requests = no\nlog {{\n destination = stdout\n}}\n\
             security {{\n max_attributes = 200\n reject_delay = 0\n status_server = no\n}}\n\
             thread pool {{\n start_servers = 1\n max_servers = 4\n min_spare_servers = 1\n max_spare_servers = 2\n}}\n\
             client desk {{\n ipaddr = 127.0.0.1\n secret = testing123\n}}\n\
             modules {{\n expr {{\n }}\n{module}\n}}\n\
             server default {{\n listen {{\n  type = auth\n  ipaddr = 127.0.0.1\n  port = {port}\n }}\n{site}\n}}\n"
        );
        fs::write(folder.path().join("radiusd.conf"), whole).expect("written");
        let mut child = Command::new("freeradius")
            .arg("-X")
            .arg("-d")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("freeradius is installed");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut said = Vec::new();
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {}", said.join("\n"))).expect("text");
            let ready = line.contains("Ready to process requests");
            said.push(line);
            if ready {
                break;
            }
        }
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().expect("the log").push_str(&format!("{line}\n"));
            }
        });
        Self { child, port, log, _folder: folder }
    }

    /// Whether somebody is let in.
    fn admits(&self, user: &str, code: &str) -> bool {
        let mut client = Command::new("radclient")
            .args(["-r", "1", "-t", "20", &format!("127.0.0.1:{}", self.port), "auth", "testing123"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("radclient is installed");
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let asked = format!("User-Name = \"{}\"\nUser-Password = \"{}\"\n", quoted(user), quoted(code));
        client.stdin.take().expect("piped").write_all(asked.as_bytes()).expect("asked");
        let output = client.wait_with_output().expect("answered");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let (yes, no) = (said.contains("Received Access-Accept"), said.contains("Received Access-Reject"));
        assert!(yes != no, "neither yes nor no: {said}");
        yes
    }

    /// What it says it did.
    fn said(&self) -> String {
        self.log.lock().expect("the log").clone()
    }
}

impl Drop for Radius {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn freeradius_lets_in_who_gives_a_right_code_once_and_nobody_while_the_server_is_down() {
    let (harbour, invitation) = Harbour::founded();
    let mut served = harbour.serve_tls();
    let owner = served.owner(&invitation);
    let key = add_client(&harbour, "VPN", &[]);
    let radius = Radius::start(&harbour, served.client.address.port(), &key);
    assert!(!radius.admits(OWNER, "000000"), "wrong");
    let code = owner.code(1);
    assert!(radius.admits(OWNER, &code), "right: {}", radius.said());
    assert!(!radius.admits(OWNER, &code), "replayed");
    assert!(!radius.admits("nobody@example.org", &owner.codes[1]), "nobody");
    // Whoever writes a form into a name asks about a name.
    assert!(!radius.admits(&format!("nobody@example.org&user={OWNER}"), &owner.codes[1]), "another parameter");
    assert!(radius.admits(OWNER, &owner.codes[1]), "a backup code is as good: {}", radius.said());
    served.terminate();
    assert!(served.ended().success());
    let closed = || Ok(served.client.connect().err().map(drop).ok_or_else(|| "it still listens".to_owned()));
    until(PATIENCE, "the server to be down", closed).expect("down");
    assert!(!radius.admits(OWNER, &owner.codes[2]), "down");
}
