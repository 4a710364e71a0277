//! Who is prepared for losing something, and who is locked: the same in numbers, in lists, in rows and in the side panel.

use uuid::Uuid;
use wire::{
    RefusalCode,
    account::{BeginEnrolment, NoteCodesSaved, SavedAs},
    people::{Being, ListPeople, PeopleOrder, PeoplePage, PeopleState, ReadReadiness, Readiness, RoleName},
    person::{ReadPerson, UnlockPerson, WhyCode},
    sign_in::{GiveCode, SignIn},
};

use crate::played::{Person, Played, secret};

const STATES: [PeopleState; 9] = [
    PeopleState::Protected,
    PeopleState::NoSecondFactor,
    PeopleState::RecoveryPending,
    PeopleState::Invited,
    PeopleState::OneAuthenticator,
    PeopleState::FewCodes,
    PeopleState::UnsavedCodes,
    PeopleState::UnfinishedEnrolment,
    PeopleState::Locked,
];

async fn listed(played: &Played, by: &Person, state: PeopleState) -> PeoplePage {
    played.call(Some(&by.session), ListPeople { state: Some(state), ..ListPeople::default() }).await.expect("a list")
}

async fn ids(played: &Played, by: &Person, state: PeopleState) -> Vec<Uuid> {
    listed(played, by, state).await.rows.iter().map(|row| row.person.id).collect()
}

/// The numbers, each of which is the total of its list.
async fn readiness(played: &Played, by: &Person) -> Readiness {
    let found = played.call(Some(&by.session), ReadReadiness::default()).await.expect("numbers");
    let numbers = [
        found.protected,
        found.no_second_factor,
        found.recovery_pending,
        found.invited,
        found.one_authenticator,
        found.few_codes,
        found.unsaved_codes,
        found.unfinished_enrolment,
        found.locked,
    ];
    for (state, number) in STATES.into_iter().zip(numbers) {
        let page = listed(played, by, state).await;
        assert_eq!((page.total, page.rows.len() as u64), (number, number), "{state:?}");
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_the_total_of_its_list() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (tom, other) = played.join(&owner, "tom@example.org", RoleName::Member).await;
    let (new, _) = played.invite(&owner, "new@example.org", RoleName::Member).await;
    let before = readiness(&played, &owner).await;
    assert_eq!((before.people, before.protected, before.invited, before.one_authenticator), (4, 3, 1, 3));
    assert_eq!((before.unsaved_codes, before.few_codes, before.locked), (3, 0, 0), "nobody has saved theirs");

    played.call(Some(&member.session), NoteCodesSaved { how: SavedAs::Printed }).await.expect("saved");
    let proof = Some(played.proof(&other));
    played.call(Some(&other.session), BeginEnrolment { name: "Tablet".into(), proof }).await.expect("begun");
    for code in &member.codes[..7] {
        played.sign_in(&member.email, code).await.expect("a backup code");
    }
    assert_eq!(ids(&played, &owner, PeopleState::FewCodes).await, [mia]);
    assert_eq!(ids(&played, &owner, PeopleState::UnfinishedEnrolment).await, [tom]);
    assert!(!ids(&played, &owner, PeopleState::UnsavedCodes).await.contains(&mia));
    assert_eq!(ids(&played, &owner, PeopleState::Invited).await, [new]);
    readiness(&played, &owner).await;
    played.reset(&owner, mia).await.expect("reset");
    let after = readiness(&played, &owner).await;
    assert_eq!((after.recovery_pending, after.few_codes, after.protected), (1, 0, 2));
    played.clock.turn(600);
    let session = played.sign_in_with_phone(&owner).await.expect("in");
    let owner = Person { session, ..owner };
    assert_eq!(readiness(&played, &owner).await.unfinished_enrolment, 0, "it died after ten minutes");
    let reopened = played.reopen().await;
    let session = reopened.sign_in_with_phone(&owner).await.expect("in");
    let again = readiness(&reopened, &Person { session, ..owner }).await;
    assert_eq!((again.recovery_pending, again.people), (1, 4), "read from the disk it is the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_for_staff_and_end_at_their_communities() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let refused = played.call(Some(&member.session), ReadReadiness::default()).await.expect_err("a member");
    assert_eq!(refused.code, RefusalCode::NotAllowed);
    let elsewhere = ReadReadiness { community: Some(Uuid::from_u128(9)) };
    assert_eq!(played.call(Some(&support.session), elsewhere).await.expect_err("elsewhere").code, RefusalCode::NotAllowed);
    let community = played.community(&owner.session).await;
    let here = played.call(Some(&support.session), ReadReadiness { community: Some(community) }).await.expect("their own");
    assert_eq!(here.people, 2, "the owner holds no role there");
    assert_eq!(readiness(&played, &support).await.people, 2);
    assert_eq!(readiness(&played, &owner).await.people, 3);
}

/// The list of the locked, the row and the sentence in the side panel say the same at every step.
async fn agrees(played: &Played, by: &Person, account: Uuid, locked: bool) {
    let page = listed(played, by, PeopleState::Locked).await;
    let row = page.rows.iter().find(|row| row.person.id == account);
    assert_eq!(row.is_some(), locked);
    let everybody = played.call(Some(&by.session), ListPeople::default()).await.expect("a list");
    let plain = everybody.rows.iter().find(|row| row.person.id == account).expect("within reach");
    let seen = played.call(Some(&by.session), ReadPerson { account }).await.expect("within reach");
    assert_eq!((plain.locked, plain.locked_until), (locked, seen.locked_until));
    assert_eq!(row.and_then(|row| row.locked_until), seen.locked_until.filter(|_| locked));
    assert_eq!(matches!(seen.why.code, WhyCode::PasswordWait | WhyCode::CodeWait | WhyCode::MethodDisabled), locked);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_is_in_the_list_of_the_locked_and_nobody_else() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let wrong = async |email: &str| {
        for _ in 0..5 {
            let request = SignIn { email: email.into(), password: secret("not the password at all") };
            played.call(None, request).await.expect_err("wrong");
        }
    };
    agrees(&played, &owner, mia, false).await;
    wrong(&member.email).await;
    agrees(&played, &owner, mia, true).await;
    // An address that is nobody's waits too, and is in no list.
    wrong("nobody@example.org").await;
    wrong("later@example.org").await;
    assert_eq!(ids(&played, &owner, PeopleState::Locked).await, [mia]);
    played.call(Some(&owner.session), UnlockPerson { account: mia }).await.expect("unlocked");
    agrees(&played, &owner, mia, false).await;
    // Who is invited under an address that was tried before waits as they would.
    let (later, _) = played.invite(&owner, "later@example.org", RoleName::Member).await;
    agrees(&played, &owner, later, true).await;

    let (_, door) = played.first_door(&member.email).await.expect("the first door");
    for number in 0..5 {
        played.call(Some(&door), GiveCode { code: secret(&format!("00000{number}")) }).await.expect_err("wrong");
    }
    agrees(&played, &owner, mia, true).await;
    let reopened = played.reopen().await;
    let session = reopened.sign_in_with_phone(&owner).await.expect("in");
    let owner = Person { session, ..owner };
    agrees(&reopened, &owner, mia, true).await;
    agrees(&reopened, &owner, later, true).await;
    reopened.clock.turn(30 * 60);
    let session = reopened.sign_in_with_phone(&owner).await.expect("in");
    let owner = Person { session, ..owner };
    agrees(&reopened, &owner, mia, false).await;
    agrees(&reopened, &owner, later, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_paged_by_position_within_its_bounds() {
    let (played, owner) = Played::begin().await;
    for number in 0..5 {
        played.invite(&owner, &format!("mia{number}@example.org"), RoleName::Member).await;
    }
    let list = async |request: ListPeople| played.call(Some(&owner.session), request).await.expect("a list");
    let by_email = ListPeople { search: "mia".into(), order: PeopleOrder::Email, descending: true, ..ListPeople::default() };
    let page = list(ListPeople { from: 3, limit: Some(5), ..by_email.clone() }).await;
    let emails: Vec<&str> = page.rows.iter().map(|row| row.person.email.as_str()).collect();
    assert_eq!((emails, page.from, page.total), (vec!["mia1@example.org", "mia0@example.org"], 3, 5));
    assert_eq!(list(ListPeople { from: 99, ..by_email.clone() }).await.rows.len(), 0);
    assert_eq!(list(ListPeople { limit: Some(0), ..by_email.clone() }).await.rows.len(), 1, "at least one");
    let owners = ListPeople { being: Some(Being::Owner), state: Some(PeopleState::Protected), ..ListPeople::default() };
    assert_eq!(list(owners).await.total, 1);
}
