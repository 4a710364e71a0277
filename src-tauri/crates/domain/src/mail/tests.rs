use super::*;
use crate::{
    policy::Policy,
    session::Stage,
    testing::{NOW, person, proof, session, workspace},
};

fn server(host: &str, user: &str) -> Server {
    Server::read(host, 587, Security::Starttls, user).expect("a server")
}

fn settings(server: Server, password: Option<Sealed>) -> MailSettings {
    let sender = Email::read("desk@example.org").expect("an address");
    MailSettings { server, password, sender, sender_name: None, contact: None, on: true, set_at: NOW }
}

#[test]
fn servers_are_names_or_addresses_with_a_port() {
    for good in ["mail.example.org", "MAIL.example.org.", "localhost", "192.0.2.7", "[2001:db8::1]", "2001:db8::1", "mail_relay"] {
        assert!(Server::read(good, 587, Security::Tls, "").is_ok(), "{good}");
    }
    for bad in ["", " ", "mail..org", "-a.org", "a b", "mail.example.org:587", "http://mail.example.org", "a\0b", "a@b.org", "[::1"] {
        assert_eq!(Server::read(bad, 587, Security::Tls, ""), Err(Refusal::MailHostInvalid), "{bad}");
    }
    assert_eq!(Server::read("mail.example.org", 0, Security::Tls, ""), Err(Refusal::MailHostInvalid));
    assert_eq!(Server::read("mail.example.org", 25, Security::Tls, "a\nb"), Err(Refusal::MailUserInvalid));
    assert_eq!(server(" Mail.Example.org. ", " ").host, "mail.example.org");
    assert_eq!(server("a.org", " ").user, None);
}

/// A kept password goes to the server and the user it was given for, and to nobody else.
#[test]
fn a_kept_password_is_never_sent_elsewhere() {
    let before = settings(server("mail.example.org", "desk"), Some(Sealed(vec![1])));
    let keep = |server: &Server| password_for(Some(&before), server, Typed::Nothing);
    assert!(matches!(keep(&server("MAIL.example.org", "desk")), Ok(Some(_))));
    let others = [
        server("evil.example.com", "desk"),
        server("mail.example.org", "other"),
        Server { port: 2525, ..before.server.clone() },
        Server { security: Security::Tls, ..before.server.clone() },
    ];
    for other in others {
        assert!(matches!(keep(&other), Err(Refusal::MailPasswordNeeded)), "{other:?}");
        assert!(matches!(password_for(Some(&before), &other, Typed::Password(Sealed(vec![2]))), Ok(Some(_))));
    }
    assert!(matches!(keep(&server("mail.example.org", "")), Ok(None)), "nobody signs in");
    assert!(matches!(password_for(None, &before.server, Typed::Nothing), Err(Refusal::MailPasswordNeeded)));
}

#[test]
fn only_an_owner_who_proves_it_sets_mail_up_and_the_journal_says_by_which_server() {
    let owner = person(1, None);
    let begun = session(&owner, Stage::Full);
    let new = || settings(server("mail.example.org", "desk"), Some(Sealed(vec![1])));
    let place = workspace(Policy::default());
    let set = |actor: &Account, right| {
        set(&Policy::default(), actor.clone(), session(actor, Stage::Full), place.clone(), new(), &proof(right, None), NOW.plus(5))
    };
    let done = set(&owner, true);
    assert!(done.verdict.is_ok());
    let [event] = &*done.events else { panic!("one entry") };
    assert_eq!((event.kind, event.words["host"].as_str(), event.words["user"].as_str()), (EventKind::MailSet, "mail.example.org", "desk"));
    let written = done.changes.iter().find_map(|change| if let Change::Workspace(workspace) = change { Some(workspace) } else { None });
    let written = written.expect("the workspace is written");
    assert_eq!(written.mail_in_force().map(|mail| mail.set_at), Some(NOW.plus(5)));
    assert_eq!(set(&owner, false).verdict, Err(Refusal::WrongPassword));
    for role in [crate::gate::Role::Administrator, crate::gate::Role::Support, crate::gate::Role::Member] {
        let other = person(2, Some(role));
        assert_eq!(set(&other, true).verdict, Err(Refusal::NotAllowed), "{role:?}");
        assert_eq!(test(&other, written).verdict.map(drop), Err(Refusal::NotAllowed));
    }

    let removed = remove(&Policy::default(), owner.clone(), begun, (**written).clone(), &proof(true, None), NOW);
    assert!(removed.changes.iter().any(|change| matches!(change, Change::Workspace(workspace) if workspace.mail.is_none())));
    assert_eq!(test(&owner, &place).verdict.map(drop), Err(Refusal::MailNotSetUp));
    let off = Workspace { mail: Some(MailSettings { on: false, ..new() }), ..place };
    assert!(off.mail_in_force().is_none());
    assert_eq!(test(&owner, &off).notices.len(), 1, "one tries before one switches on");
}
