//! A disk that is full, seen from the commands.

use crate::played::{PASSWORD, Played, secret, support};
use authority::{Store, store::JournalQuery};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use wire::{
    RefusalCode,
    account::{ReadProfile, RenewBackupCodes},
    people::{Invite, ListPeople, ResetSecondFactor, RoleName},
    proof::Proof,
    sign_in::{GiveCode, SignOut, WhoAmI},
};

const SMALL_DISK: &str = "SMALL_DISK";

#[test]
fn on_a_full_disk_every_change_is_refused_as_such_and_with_space_again_all_goes_on() {
    let disk = tempfile::tempdir().expect("a folder");
    let script = r#"mount -t tmpfs -o size=3m tmpfs "$1" || exit 99; shift; exec "$@""#;
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(disk.path())
        .arg(std::env::current_exe().expect("this binary"))
        .args(["--exact", "disk::works_on_a_small_disk", "--ignored"])
        .env(SMALL_DISK, disk.path())
        .status()
        .expect("unshare");
    assert!(status.success(), "{status}: 99 means that this machine lets nobody mount");
}

/// Not a test: fills a small disk, works on it, and makes space again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, on a small disk"]
async fn works_on_a_small_disk() {
    let Some(disk) = std::env::var_os(SMALL_DISK) else { return };
    let disk = Path::new(&disk);
    let (played, owner) = Played::found(&disk.join("vaults"), "Harbour", 1_800_000_000).await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, door) = played.first_door(&member.email).await.expect("the first door");
    let entries = entries(&played).await;

    let ballast = fill(disk);
    let community = Some(played.community(&owner.session).await);
    let invite = || Invite { name: "Noa".into(), email: "noa@example.org".into(), community, role: RoleName::Member };
    let own = || Proof { password: secret(PASSWORD), code: None };
    let code = || GiveCode { code: secret(&member.codes[0]) };
    // The same code for the proof of the reset, now and later: a refused change must not have spent it.
    let proof = played.proof(&owner);
    let reset = || ResetSecondFactor { account: id, support: support(), proof: proof.clone() };
    let refused = [
        played.call(Some(&owner.session), invite()).await.err(),
        played.call(Some(&member.session), RenewBackupCodes { proof: own() }).await.err(),
        played.call(Some(&door), code()).await.err(),
        played.call(Some(&owner.session), reset()).await.err(),
        played.call(Some(&member.session), SignOut {}).await.err(),
        played.first_door(&owner.email).await.err(),
    ];
    assert_eq!(refused.map(|refusal| refusal.map(|refusal| refusal.code)), [Some(RefusalCode::DiskFull); 6]);
    let page = played.call(Some(&owner.session), ListPeople::default()).await.expect("reading goes on");
    assert_eq!(page.total, 2);
    let profile = played.call(Some(&member.session), ReadProfile {}).await.expect("nobody was signed out, nothing was reset");
    assert_eq!(profile.factor.expect("enrolled").codes_left, 10);

    std::fs::remove_file(ballast).expect("space");
    assert_eq!(self::entries(&played).await, entries, "nothing of the refused changes was written down");
    played.call(Some(&door), code()).await.expect("the code was not spent");
    played.call(Some(&owner.session), invite()).await.expect("invited");
    played.call(Some(&owner.session), reset()).await.expect("reset");
    assert!(played.call(Some(&member.session), WhoAmI {}).await.is_err(), "the reset ended the session");
    played.authority.store().verify().await.expect("every page is sound");
    let played = played.reopen().await;
    assert_eq!(self::entries(&played).await, entries + 3);
}

async fn entries(played: &Played) -> usize {
    let all = JournalQuery { person: None, communities: None, before: None, limit: u32::MAX };
    played.authority.store().journal(&all).await.expect("a journal").len()
}

/// Fills what is left, to the last byte.
fn fill(disk: &Path) -> std::path::PathBuf {
    let path = disk.join("ballast");
    let mut ballast = std::fs::File::create(&path).expect("a file");
    for size in [64 * 1024, 4096, 1] {
        while ballast.write_all(&vec![1; size]).is_ok() {}
    }
    path
}
