//! The outbox, through the real desk and a real server.

use desk::{Desk, Pairing, Remote};
use wire::{
    RefusalCode, SessionToken,
    address::CorrectName,
    device::{ListDevices, RevokeDevice},
    outbox::WaitingState,
    proof::Proof,
    sign_in::WhoAmI,
    support::{ReadChecklist, SetChecklist},
};

use crate::{
    desk::{PASSPHRASE, QUICK, STILL, ask, begin, paired},
    offline::{synced, until, within},
    served::{Harbour, PASSWORD},
};

async fn me(remote: &Remote, session: Option<&SessionToken>) -> (uuid::Uuid, String) {
    let person = ask(remote, session, WhoAmI {}).await.expect("somebody").person;
    (person.id, person.name)
}

fn correct(account: uuid::Uuid, name: &str) -> CorrectName {
    CorrectName { account, name: name.into(), was: None }
}

fn checklist(entry: &str) -> SetChecklist {
    SetChecklist { entries: vec![entry.into(), " ".into()], was: None }
}

async fn states(remote: &Remote, session: Option<&SessionToken>) -> Vec<(WaitingState, Option<RefusalCode>, bool)> {
    let list = remote.read_waiting(session).await.expect("one's own");
    list.rows.into_iter().map(|row| (row.state, row.refusal.map(|refusal| refusal.code), row.journalled.is_some())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_without_the_server_is_sent_when_it_is_back_and_its_verdicts_are_told() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let address = served.client.address.to_string();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, QUICK).await;
    let session = synced(&remote, invitation).await;
    let (id, name) = me(&remote, Some(&session)).await;
    let there = ask(&remote, Some(&session), correct(id, &format!("{name} I"))).await.expect("done");
    assert!(!there.waits, "the server did it");

    let mut link = remote.watch();
    drop(served);
    within("lost", link.wait_for(|link| !link.connected)).await.expect("watched");
    for asked in ["Olive A", "Olive B"] {
        assert!(ask(&remote, Some(&session), correct(id, asked)).await.expect("kept").waits);
    }
    assert!(ask(&remote, Some(&session), checklist("A face")).await.expect("kept").waits);
    assert_eq!(ask(&remote, Some(&session), correct(id, " ")).await.expect_err("none").code, RefusalCode::NameEmpty);
    assert_eq!(ask(&remote, None, correct(id, "X")).await.expect_err("nobody").code, RefusalCode::Offline);
    assert_eq!(remote.read_waiting(None).await.expect_err("nobody").code, RefusalCode::NotAllowed);
    let proof = Proof { password: PASSWORD.into(), code: None };
    let secret = RevokeDevice { device: id, proof };
    assert_eq!(ask(&remote, Some(&session), secret).await.expect_err("not kept").code, RefusalCode::Offline);
    assert_eq!(remote.waiting(), 3);
    let waiting = (WaitingState::Waiting, None, false);
    assert_eq!(states(&remote, Some(&session)).await, [waiting; 3]);
    // The second name rests on the first.
    let first = remote.read_waiting(Some(&session)).await.expect("one's own").rows.remove(0).key;
    remote.put_aside(Some(&session), first).await.expect("never sent");

    let again = harbour.serve_tls_at(&address);
    until("sent", || remote.waiting() == 0).await;
    assert_eq!(remote.refused(), 1);
    let done = (WaitingState::Accepted, None, true);
    assert_eq!(states(&remote, Some(&session)).await, [(WaitingState::Refused, Some(RefusalCode::ChangedMeanwhile), false), done]);
    let list = ask(&remote, Some(&session), serde_json::from_str::<ReadChecklist>("{}").expect("a request")).await.expect("read");
    assert_eq!(list.entries, ["A face"]);
    assert_ne!(me(&remote, Some(&session)).await.1, "Olive B");
    // Asked for anew, it is a change of now.
    let refused = remote.read_waiting(Some(&session)).await.expect("one's own").rows.remove(0).key;
    remote.ask_again(Some(&session), refused).await.expect("kept");
    until("sent", || remote.waiting() == 0).await;
    assert_eq!(states(&remote, Some(&session)).await, [done; 2]);
    assert_eq!(remote.refused(), 0);
    until("synced", || remote.kept().at.is_some()).await;
    assert_eq!(me(&remote, Some(&session)).await.1, "Olive B");
    drop(again);
    drop(remote);
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_outlives_the_program_and_goes_with_the_device() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let address = served.client.address.to_string();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, QUICK).await;
    let session = synced(&remote, invitation).await;
    let (id, _) = me(&remote, Some(&session)).await;
    let mine = ask(&remote, Some(&session), ListDevices::default()).await.expect("devices").rows.remove(0).id;
    drop(served);
    let mut link = remote.watch();
    within("lost", link.wait_for(|link| !link.connected)).await.expect("watched");
    drop(remote);
    let vault_id = vault.id();
    vault.close().await;

    let vault = vault::open(root.path(), vault_id, &PASSPHRASE.into()).await.expect("opened");
    let pairing = || async { Pairing::of(&vault).await.expect("read").expect("a desk") };
    let remote = begin(pairing().await, &vault, STILL).await;
    remote.read_alone().await.expect("read");
    assert!(ask(&remote, None, correct(id, "Olive Alone")).await.expect("kept").waits, "by whoever gave the desk passphrase");
    drop(remote);
    let remote = begin(pairing().await, &vault, STILL).await;
    assert_eq!(remote.waiting(), 1, "it is there again");
    assert_eq!(remote.read_waiting(None).await.expect_err("nobody reads").code, RefusalCode::NotAllowed);
    remote.read_alone().await.expect("read");
    let again = harbour.serve_tls_at(&address);
    remote.knock().await;
    assert_eq!(
        remote.send_waiting(None).await.expect_err("no session").code,
        RefusalCode::ReadingAlone,
        "nothing is sent in nobody's name"
    );
    assert_eq!(states(&remote, None).await, [(WaitingState::Waiting, None, false)]);
    // The device is taken back: what waited goes with all else.
    let proof = Proof { password: PASSWORD.into(), code: None };
    let owner = RevokeDevice { device: mine, proof };
    assert!(remote.ask(Some(&session), owner.into()).await.is_ok(), "revoked");
    remote.knock().await;
    assert_eq!(vault.desk_operations().await.expect("reads"), []);
    drop(again);
    drop(remote);
    vault.close().await;
}
