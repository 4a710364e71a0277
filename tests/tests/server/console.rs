//! The console of a server: founding, keys, an owner who lost everything, and looking whether all is well.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::json;

use crate::served::{Harbour, OWNER, code_below, refused, well};

const NEW_PASSWORD: &str = "another password long enough";

#[test]
fn a_workspace_is_founded_once_and_its_invitation_shown_once() {
    let (harbour, _) = Harbour::founded();
    let (_, said) = refused(&harbour.init());
    assert!(said.contains("there is a workspace in this database already"), "{said}");
    let said = well(&harbour.run(&["verify"]));
    assert!(said.contains("Nothing is wrong."), "{said}");
    let kept = harbour.database.psql("SELECT * FROM workspace").expect("a row");
    assert!(!kept.contains(&harbour.keys()[..16]), "the key is not in the database");
}

#[test]
fn settings_that_would_speak_in_plain_words_or_without_a_key_are_refused() {
    let (harbour, _) = Harbour::founded();
    let (code, said) = refused(&harbour.run(&["serve"]));
    assert!(code == 2 && said.contains("no TLS"), "{said}");
    let (code, said) = refused(&harbour.run(&["serve", "--insecure-loopback", "--listen", "0.0.0.0:0"]));
    assert!(code == 2 && said.contains("loopback"), "{said}");
    fs::set_permissions(harbour.path("keys"), fs::Permissions::from_mode(0o644)).expect("set");
    let (_, said) = refused(&harbour.run(&["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"]));
    assert!(said.contains("chmod 600"), "{said}");
    fs::set_permissions(harbour.path("tls.key"), fs::Permissions::from_mode(0o644)).expect("set");
    fs::set_permissions(harbour.path("keys"), fs::Permissions::from_mode(0o600)).expect("set");
    let (certificate, key) = (harbour.path("tls.crt"), harbour.path("tls.key"));
    let tls = ["serve", "--tls-cert", certificate.to_str().expect("text"), "--tls-key", key.to_str().expect("text")];
    let (_, said) = refused(&harbour.run(&tls));
    assert!(said.contains("chmod 600"), "{said}");
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let harbour = Harbour::empty();
    let file = harbour.path("server.toml");
    fs::write(&file, "insecure-loopback = true\nrequest-seconds = 11\ngrace-seconds = 11\nmax-connections = 11\n").expect("written");
    let mut command = harbour.command(&["settings", "--max-connections", "13"]);
    command.env("SALLYPORT_CONFIG", &file).env("SALLYPORT_GRACE_SECONDS", "12").env("SALLYPORT_MAX_CONNECTIONS", "12");
    let said = well(&command.output().expect("run"));
    for line in ["request-seconds = 11", "grace-seconds = 12", "max-connections = 13"] {
        assert!(said.lines().any(|each| each == line), "{line} is missing in {said}");
    }
    fs::write(&file, "insecure-loopback = true\nreqest-seconds = 11\n").expect("written");
    let (code, said) = refused(&command.output().expect("run"));
    assert!(code == 2 && said.contains("line 2"), "{said}");
}

#[test]
fn another_key_opens_nothing_and_is_told_at_once() {
    let (harbour, _) = Harbour::founded();
    let right = harbour.keys();
    harbour.keep_keys(&[&harbour.new_key()]);
    for command in [&["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"][..], &["verify"], &["rotate-key"]] {
        let (_, said) = refused(&harbour.run(command));
        assert!(said.contains("none of the keys opens this workspace"), "{command:?}: {said}");
    }
    harbour.keep_keys(&[&right]);
    well(&harbour.run(&["verify"]));
}

#[test]
fn the_key_is_replaced_while_people_work_and_the_old_one_opens_nothing_any_more() {
    let (harbour, invitation) = Harbour::founded();
    let old = harbour.keys();
    let before = harbour.serve(&[]);
    let owner = before.owner(&invitation);
    assert_eq!(before.client.get("/readyz").status, 200);

    let new = harbour.new_key();
    harbour.keep_keys(&[&new, &old]);
    let both = harbour.serve(&[]);
    assert_eq!(both.client.get("/readyz").status, 200);
    let said = well(&harbour.run(&["rotate-key"]));
    assert!(said.contains("Sealed anew: 3."), "naming key, journal key, authenticator: {said}");
    assert!(well(&harbour.run(&["rotate-key"])).contains("Sealed anew: 0."), "nothing is left to do");

    assert_eq!(before.client.get("/readyz").status, 503, "who has the old key alone says so");
    assert_eq!(both.client.get("/readyz").status, 200);
    harbour.keep_keys(&[&new]);
    let after = harbour.serve(&[]);
    let session = after.client.sign_in(OWNER, crate::served::PASSWORD).session();
    let through = after.client.call("give-code", Some(&session), &json!({ "code": owner.code(1) }));
    assert_eq!(through.reply()["next"], "in", "the same phone");
    let said = well(&harbour.run(&["verify"]));
    assert!(said.contains("Nothing is wrong."), "{said}");
    harbour.keep_keys(&[&old]);
    let (_, said) = refused(&harbour.run(&["verify"]));
    assert!(said.contains("none of the keys opens"), "{said}");
}

#[test]
fn an_owner_who_lost_everything_is_let_in_from_the_console_and_nobody_else_is() {
    let (harbour, invitation) = Harbour::founded();
    let again = well(&harbour.run(&["recover-owner", "--email", OWNER]));
    let served = harbour.serve(&[]);
    let stale = served.client.call("accept-invitation", None, &json!({ "email": OWNER, "code": invitation, "password": NEW_PASSWORD }));
    assert_ne!(stale.status, 200, "the first invitation is dead");
    let owner = served.owner(&code_below(&again, "Invitation code"));

    let (_, said) = refused(&harbour.run(&["recover-owner", "--email", "mia@example.org"]));
    assert!(said.contains("nobody who owns this workspace"), "{said}");

    let said = well(&harbour.run(&["recover-owner", "--email", OWNER]));
    assert_eq!(served.client.call("who-am-i", Some(&owner.session), &json!({})).status, 401, "whoever was in is out");
    let (password, recovery) = (code_below(&said, "Password code"), code_below(&said, "Recovery code"));
    let old = served.client.sign_in(OWNER, crate::served::PASSWORD);
    assert_eq!(old.reply()["next"], "recovery-code", "a password alone opens nothing");
    let used = served.client.call("give-code", Some(&old.session()), &json!({ "code": owner.code(1) }));
    assert_ne!(used.status, 200, "the phone of before is nobody's");
    let request = json!({ "email": OWNER, "code": password, "password": NEW_PASSWORD });
    let chosen = served.client.call("redeem-password-code", None, &request);
    assert_eq!(chosen.reply()["next"], "recovery-code");
    let session = chosen.session();
    let through = served.client.call("give-code", Some(&session), &json!({ "code": recovery }));
    assert_eq!(through.reply()["next"], "enrol");
    let offer = served.client.call("begin-enrolment", Some(&session), &json!({ "name": "New phone" }));
    assert_eq!(offer.status, 200, "{offer:?}");
    let told = well(&harbour.run(&["verify"]));
    assert!(told.contains("Nothing is wrong."), "{told}");
}

#[test]
fn what_was_changed_behind_its_back_is_found() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let _owner = served.owner(&invitation);
    well(&harbour.run(&["verify"]));
    harbour.database.psql("UPDATE journal SET facts = replace(facts, '\"', ' ') WHERE idx = 0").expect("changed");
    let (_, said) = refused(&harbour.run(&["verify"]));
    assert!(said.contains("something is wrong"), "{said}");
}
