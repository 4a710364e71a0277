//! Communities and roles: what lies outside one's own cannot be acted on, nor learnt of.

use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    RefusalCode, Request, SessionToken, Workspace,
    communities::{ListCommunities, MakeCommunity, RemoveCommunity, RenameCommunity},
    journal::ReadJournal,
    people::{Being, Invite, ListPeople, RoleName},
    person::{ChangeOwner, ChangeRole, DeactivatePerson, ReadPerson, UnlockPerson},
    sign_in::AcceptInvitation,
};

use crate::played::{PASSWORD, Person, Played, secret};

/// A second community.
pub(crate) async fn south(played: &Played, owner: &Person) -> Uuid {
    played.call(Some(&owner.session), MakeCommunity { name: "South".into() }).await.expect("made");
    let all = played.call(Some(&owner.session), ListCommunities {}).await.expect("listed");
    all.rows.iter().find(|row| row.name == "South").expect("there").id
}

/// Somebody who joined a community by name.
pub(crate) async fn join_in(played: &Played, owner: &Person, community: Uuid, email: &str, role: RoleName) -> (Uuid, Person) {
    let invite = Invite { name: "Sam South".into(), email: email.into(), community: Some(community), role };
    let issued = played.call(Some(&owner.session), invite).await.expect("invited");
    let accept = AcceptInvitation { email: email.into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
    let (_, session) = played.call_opening(None, accept).await.expect("accepted");
    (issued.person.id, played.enrol(email, session.expect("a session")).await)
}

fn request<T: serde::de::DeserializeOwned + Into<Request>>(value: Value) -> Request {
    serde_json::from_value::<T>(value).expect("a request").into()
}

/// Every request about a person, made of one of them.
fn about(account: Uuid, community: Uuid) -> Vec<(&'static str, Request)> {
    use wire::{people, person};
    let proof = json!({ "password": PASSWORD });
    let (on, proved) = (json!({ "account": account }), json!({ "account": account, "proof": proof }));
    let support = json!({ "askedBy": "Sam", "checked": [], "reason": "lost phone", "channel": "phone" });
    let supported = json!({ "account": account, "proof": proof, "support": support });
    vec![
        ("ReadPerson", request::<ReadPerson>(on.clone())),
        ("InviteAgain", request::<people::InviteAgain>(on.clone())),
        ("HandOver", request::<people::HandOver>(on.clone())),
        ("ResetSecondFactor", request::<people::ResetSecondFactor>(supported.clone())),
        ("IssuePasswordCode", request::<people::IssuePasswordCode>(supported.clone())),
        ("OpenCase", case(&supported, "both")),
        ("OpenCase", case(&supported, "reactivation")),
        ("OpenCase", case(&supported, "signs-in-here")),
        ("UnlockPerson", request::<UnlockPerson>(on.clone())),
        ("SignOutPerson", request::<person::SignOutPerson>(on.clone())),
        ("DeactivatePerson", request::<DeactivatePerson>(on.clone())),
        ("ReactivatePerson", request::<person::ReactivatePerson>(proved.clone())),
        ("MarkElsewhere", request::<person::MarkElsewhere>(on)),
        ("UnmarkElsewhere", request::<person::UnmarkElsewhere>(proved)),
        ("ChangeRole", request::<ChangeRole>(json!({ "account": account, "community": community, "role": "member", "proof": proof }))),
        ("ChangeOwner", request::<ChangeOwner>(json!({ "account": account, "owner": true, "proof": proof }))),
        ("ReadJournal", request::<ReadJournal>(json!({ "person": account }))),
    ]
}

fn case(supported: &Value, act: &str) -> Request {
    let mut opening = supported.clone();
    opening["act"] = json!(act);
    request::<wire::support::OpenCase>(opening)
}

/// Every request that only owners may make.
fn owners_only(community: Uuid) -> Vec<(&'static str, Request)> {
    use wire::keeping;
    vec![
        ("ListCommunities", request::<ListCommunities>(json!({}))),
        ("MakeCommunity", request::<MakeCommunity>(json!({ "name": "East" }))),
        ("RenameCommunity", request::<RenameCommunity>(json!({ "community": community, "name": "East" }))),
        ("RemoveCommunity", request::<RemoveCommunity>(json!({ "community": community }))),
        ("ChangeVault", request::<keeping::ChangeVault>(json!({ "change": "add-keyring", "proof": { "password": PASSWORD } }))),
        ("ChangeVault", request::<keeping::ChangeVault>(json!({ "change": "remove-older-copy", "proof": { "password": PASSWORD } }))),
        ("ReadBackupRecord", request::<wire::backup::ReadBackupRecord>(json!({}))),
        ("Invite", request::<Invite>(json!({ "name": "X", "email": "x@example.org", "role": "member" }))),
    ]
}

async fn refused(played: &Played, session: &SessionToken, name: &str, request: Request) -> RefusalCode {
    match played.authority.call(Some(session), request).await {
        Ok(_) => panic!("{name} was let through"),
        Err(refusal) => refusal.code,
    }
}

async fn refusals_journalled(played: &Played, owner: &Person) -> usize {
    let (mut count, mut before) = (0, None);
    loop {
        let page = played.call(Some(&owner.session), ReadJournal { person: None, before }).await.expect("a page");
        count += page.rows.iter().filter(|row| row.kind == "gate.refused").count();
        before = page.next;
        if before.is_none() {
            return count;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_outside_ones_communities_is_refused_like_somebody_unknown_and_it_is_journalled() {
    let (played, owner) = Played::begin().await;
    let south = south(&played, &owner).await;
    let north = played.call(Some(&owner.session), ListPeople::default()).await.expect("a page").communities[0].id;
    let (_, administrator) = join_in(&played, &owner, north, "admin@example.org", RoleName::Administrator).await;
    let (_, member) = join_in(&played, &owner, north, "member@example.org", RoleName::Member).await;
    let (stranger, _) = join_in(&played, &owner, south, "sam@example.org", RoleName::Member).await;

    let mut made = 0;
    for actor in [&administrator, &member] {
        for account in [stranger, Uuid::from_u128(0xdead)] {
            for (name, request) in about(account, north) {
                let code = refused(&played, &actor.session, name, request).await;
                assert_eq!(code, RefusalCode::NotAllowed, "{name} on {account}");
                made += 1;
            }
        }
        for (name, request) in owners_only(south) {
            assert_eq!(refused(&played, &actor.session, name, request).await, RefusalCode::NotAllowed, "{name}");
            made += 1;
        }
    }
    assert_eq!(refusals_journalled(&played, &owner).await, made, "every one is written down");

    let list = |only: ListPeople| played.call(Some(&administrator.session), only);
    let all = list(ListPeople::default()).await.expect("a page");
    assert!(all.rows.iter().all(|row| row.person.id != stranger));
    assert_eq!(all.communities.len(), 1, "nor is the other community named");
    let searched = list(ListPeople { search: "sam@".into(), ..ListPeople::default() }).await.expect("a page");
    assert_eq!(searched.total, 0);
    let narrowed = list(ListPeople { community: Some(south), ..ListPeople::default() }).await.expect_err("refused");
    assert_eq!(narrowed.code, RefusalCode::NotAllowed);
    let journal = played.call(Some(&administrator.session), ReadJournal { person: None, before: None }).await.expect("a page");
    assert!(journal.rows.iter().all(|row| row.subject.as_ref().is_none_or(|subject| subject.id != stranger)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_narrowed_by_community_role_and_state() {
    let (played, owner) = Played::begin().await;
    let south = south(&played, &owner).await;
    let (sam, _) = join_in(&played, &owner, south, "sam@example.org", RoleName::Support).await;
    played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let names = async |only: ListPeople| {
        let page = played.call(Some(&owner.session), only).await.expect("a page");
        page.rows.iter().map(|row| row.person.email.clone()).collect::<Vec<_>>()
    };
    let any = ListPeople::default;
    assert_eq!(names(ListPeople { community: Some(south), ..any() }).await, ["sam@example.org"]);
    assert_eq!(names(ListPeople { being: Some(Being::Owner), ..any() }).await, ["olive@example.org"]);
    assert_eq!(names(ListPeople { being: Some(Being::Support), ..any() }).await, ["sam@example.org"]);
    let state = |state| ListPeople { state: Some(state), ..any() };
    assert_eq!(names(state(wire::people::PeopleState::Invited)).await, ["mia@example.org"]);
    played.call(Some(&owner.session), DeactivatePerson { account: sam }).await.expect("deactivated");
    assert_eq!(names(state(wire::people::PeopleState::Deactivated)).await, ["sam@example.org"]);
    assert_eq!(names(ListPeople { search: "mia".into(), ..state(wire::people::PeopleState::Deactivated) }).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn communities_are_made_renamed_and_removed_when_empty() {
    let (played, owner) = Played::begin().await;
    let session = Some(&owner.session);
    let only = played.call(session, ListCommunities {}).await.expect("listed").rows;
    let last = played.call(session, RemoveCommunity { community: only[0].id }).await.expect_err("the last");
    assert_eq!(last.code, RefusalCode::LastCommunity);
    let south = south(&played, &owner).await;
    let twice = played.call(session, MakeCommunity { name: " SOUTH ".into() }).await.expect_err("taken");
    assert_eq!(twice.code, RefusalCode::CommunityNameTaken);
    played.call(session, RenameCommunity { community: south, name: "Sud".into() }).await.expect("renamed");
    let (sam, _) = join_in(&played, &owner, south, "sam@example.org", RoleName::Member).await;
    let full = played.call(session, RemoveCommunity { community: south }).await.expect_err("not empty");
    assert_eq!(full.code, RefusalCode::CommunityNotEmpty);
    let take = ChangeRole { account: sam, community: south, role: None, proof: played.proof(&owner) };
    played.call(session, take).await.expect("taken");
    played.call(session, RemoveCommunity { community: south }).await.expect("removed");
    let give = ChangeRole { account: sam, community: south, role: Some(RoleName::Member), proof: played.proof(&owner) };
    assert_eq!(played.call(session, give).await.expect_err("gone").code, RefusalCode::NotAllowed);
    let played = played.reopen().await;
    let owner_again = played.sign_in_with_phone(&owner).await.expect("signed in");
    assert_eq!(played.call(Some(&owner_again), ListCommunities {}).await.expect("listed").rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_given_within_ones_own_and_only_owners_name_administrators() {
    let (played, owner) = Played::begin().await;
    let south = south(&played, &owner).await;
    let north = played
        .call(Some(&owner.session), ListCommunities {})
        .await
        .expect("listed")
        .rows
        .iter()
        .find(|row| row.id != south)
        .expect("two")
        .id;
    let (admin, administrator) = join_in(&played, &owner, north, "admin@example.org", RoleName::Administrator).await;
    let (mia, _) = join_in(&played, &owner, north, "mia@example.org", RoleName::Member).await;
    let (sam, _) = join_in(&played, &owner, south, "sam@example.org", RoleName::Member).await;
    let table = [
        (mia, north, Some(RoleName::Support), None),
        (mia, north, Some(RoleName::Administrator), Some(RefusalCode::NotAllowed)),
        (mia, south, Some(RoleName::Member), Some(RefusalCode::NotAllowed)),
        (sam, north, Some(RoleName::Member), Some(RefusalCode::NotAllowed)),
        (admin, north, Some(RoleName::Member), Some(RefusalCode::OnSelf)),
        (mia, Uuid::from_u128(0xdead), Some(RoleName::Member), Some(RefusalCode::NotAllowed)),
        (mia, north, None, None),
    ];
    for (account, community, role, expected) in table {
        let change = ChangeRole { account, community, role, proof: played.proof(&administrator) };
        let outcome = played.call(Some(&administrator.session), change).await.err().map(|refusal| refusal.code);
        assert_eq!(outcome, expected, "{role:?} for {account} in {community}");
    }
    let unproved = wire::proof::Proof { password: secret("not the password at all"), code: None };
    let change = ChangeRole { account: mia, community: north, role: Some(RoleName::Administrator), proof: unproved };
    assert_eq!(played.call(Some(&owner.session), change).await.expect_err("unproved").code, RefusalCode::WrongPassword);
}

/// The session is not asked once at its beginning: every command reads the account anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_taken_while_its_holders_window_is_open_is_gone_with_the_next_command() {
    let (played, owner) = Played::begin().await;
    let (desk, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let (mia, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let north = played.community(&owner.session).await;
    played.call(Some(&support.session), ReadPerson { account: mia }).await.expect("within reach");
    let take = ChangeRole { account: desk, community: north, role: Some(RoleName::Member), proof: played.proof(&owner) };
    played.call(Some(&owner.session), take).await.expect("taken");
    assert!(played.is_signed_in(&support.session).await, "the session lives on");
    let list = played.call(Some(&support.session), ListPeople::default()).await.expect_err("refused");
    let read = played.call(Some(&support.session), ReadPerson { account: mia }).await.expect_err("refused");
    let unlock = played.call(Some(&support.session), UnlockPerson { account: mia }).await.expect_err("refused");
    assert_eq!([list.code, read.code, unlock.code], [RefusalCode::NotAllowed; 3]);
}
