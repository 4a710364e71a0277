//! Reading without the network, through the real desk and a real server.

use std::{future::Future, time::Duration};

use authority::{Store as _, store::PeopleQuery};
use desk::{Desk, Pairing, Remote};
use domain::{readiness::Hour, time::Moment};
use wire::{
    RefusalCode, SessionToken,
    communities::ListCommunities,
    device::{ListDevices, RevokeDevice},
    people::ListPeople,
    policies::ReadPolicies,
    proof::Proof,
    sign_in::{Lock, Touch, WhoAmI},
};

use crate::{
    desk::{PASSPHRASE, QUICK, STILL, ask, begin, owner, paired},
    served::{Harbour, OWNER, PASSWORD},
};

const FOR_EVER: Duration = Duration::from_secs(60);

fn everybody() -> ListPeople {
    serde_json::from_str("{}").expect("a request")
}

pub(crate) async fn until(what: &str, mut is: impl FnMut() -> bool) {
    let waiting = async {
        while !is() {
            tokio::task::yield_now().await;
        }
    };
    within(what, waiting).await;
}

pub(crate) async fn within<T>(what: &str, waiting: impl Future<Output = T>) -> T {
    tokio::time::timeout(FOR_EVER, waiting).await.unwrap_or_else(|_| panic!("never {what}"))
}

/// The owner is signed in, and what they may see is here.
pub(crate) async fn synced(remote: &Remote, invitation: String) -> SessionToken {
    let session = owner(remote, invitation).await;
    assert!(ask(remote, Some(&session), WhoAmI {}).await.expect("in").own_device, "they first signed in here");
    until("synced", || remote.kept().at.is_some()).await;
    session
}

async fn emails(remote: &Remote, session: Option<&SessionToken>) -> Result<Vec<String>, RefusalCode> {
    let page = ask(remote, session, everybody()).await.map_err(|refusal| refusal.code)?;
    Ok(page.rows.into_iter().map(|row| row.person.email).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_synced_is_read_without_the_server_and_nothing_is_changed() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let address = served.client.address.to_string();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, QUICK).await;
    let session = synced(&remote, invitation).await;
    assert_eq!(emails(&remote, Some(&session)).await, Ok(vec![OWNER.into()]));

    let mut link = remote.watch();
    drop(served);
    within("lost", link.wait_for(|link| !link.connected)).await.expect("watched");
    assert_eq!(emails(&remote, Some(&session)).await, Ok(vec![OWNER.into()]), "signed in, and the line is cut");
    ask(&remote, Some(&session), serde_json::from_str::<ReadPolicies>("{}").expect("a request")).await.expect("read here");
    ask(&remote, Some(&session), serde_json::from_str::<ListCommunities>("{}").expect("a request")).await.expect("read here");
    ask(&remote, Some(&session), Touch {}).await.expect("a sign of life");
    assert_eq!(ask(&remote, Some(&session), ListDevices::default()).await.expect_err("not kept").code, RefusalCode::Offline);
    assert_eq!(emails(&remote, None).await, Err(RefusalCode::Offline), "nobody without a session");
    assert_eq!(ask(&remote, Some(&session), Lock {}).await.expect_err("nobody there").code, RefusalCode::Offline);
    assert_eq!(emails(&remote, Some(&session)).await, Err(RefusalCode::Offline), "what was locked reads nothing");
    drop(remote);
    let id = vault.id();
    vault.close().await;

    // As the program that is started again where there is no network.
    let vault = vault::open(root.path(), id, &PASSPHRASE.into()).await.expect("opened");
    let pairing = Pairing::of(&vault).await.expect("read").expect("a desk");
    let remote = begin(pairing, &vault, QUICK).await;
    assert_eq!(emails(&remote, None).await, Err(RefusalCode::Offline), "nobody chose to read alone");
    remote.read_alone().await.expect("read");
    assert_eq!(emails(&remote, None).await, Ok(vec![OWNER.into()]));
    assert!(ask(&remote, None, WhoAmI {}).await.is_ok());
    remote.lock_after(Some(3600));
    assert!(!remote.is_idle());

    let again = harbour.serve_tls_at(&address);
    let mut link = remote.watch();
    within("found again", link.wait_for(|link| link.connected)).await.expect("watched");
    assert_eq!(emails(&remote, None).await, Ok(vec![OWNER.into()]), "nobody is thrown out of what they read");
    assert_eq!(ask(&remote, None, ListDevices::default()).await.expect_err("no session").code, RefusalCode::ReadingAlone);
    remote.let_go();
    assert_eq!(emails(&remote, None).await, Err(RefusalCode::SessionEnded), "the server answers, and asks who");
    drop(again);
    vault.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_hears_that_it_is_revoked_keeps_nothing() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let root = tempfile::tempdir().expect("a folder");
    let Desk { vault, pairing } = paired(&harbour, &served, root.path()).await;
    let remote = begin(pairing, &vault, STILL).await;
    let session = synced(&remote, invitation).await;
    let mine = ask(&remote, Some(&session), ListDevices::default()).await.expect("devices").rows.remove(0).id;
    let proof = Proof { password: PASSWORD.into(), code: None };
    ask(&remote, Some(&session), RevokeDevice { device: mine, proof }).await.expect("revoked");
    drop(remote);
    // Read alone, with nobody signed in: the server says so to whoever knocks.
    let pairing = Pairing::of(&vault).await.expect("read").expect("a desk");
    let remote = begin(pairing, &vault, STILL).await;
    let query = PeopleQuery::everybody(Hour::plain(Moment(0)), 100);
    assert_eq!(vault.people(&query).await.expect("reads").rows.len(), 1);
    remote.read_alone().await.expect("it has not heard of it");
    remote.knock().await;
    assert_eq!((remote.kept().at, remote.kept().alone), (None, false));
    assert!(vault.people(&query).await.expect("reads").rows.is_empty() && vault.replica().await.expect("reads").is_none());
    assert_eq!(remote.read_alone().await.expect_err("nothing").code, RefusalCode::Offline);
    vault.close().await;
}
