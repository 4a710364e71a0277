use std::collections::BTreeMap;

use super::*;
use crate::{
    Change, EventKind, Refusal,
    account::Account,
    gate::{Membership, Role},
    id::{AccountId, CommunityId, ImportId},
    policy::{Policy, Tightening},
    session::Stage,
    testing::*,
    words::{Email, Language, Name},
    workspace::Community,
};

const ELSEWHERE: CommunityId = CommunityId(uuid::Uuid::from_u128(2));

fn communities() -> Vec<Community> {
    let named = |id, name: &str| Community { id, name: Name::read(name).expect("a name"), tightening: Tightening::default() };
    vec![named(COMMUNITY, "Étage Nord"), named(ELSEWHERE, "South")]
}

fn row(line: u64, name: &str, email: &str) -> Row {
    Row { line, name: name.into(), email: email.into(), ..Row::default() }
}

/// Somebody who never signed in.
fn invited(number: u64, role: Role) -> Account {
    Account { password: None, ..person(number, Some(role)) }
}

fn planned(actor: &Account, known: &[Account], rows: &[Row]) -> Vec<Verdict> {
    let (workspace, communities) = (workspace(Policy::default()), communities());
    let known: BTreeMap<String, Account> = known.iter().map(|account| (account.email.folded(), account.clone())).collect();
    plan(actor, &Facts { workspace: &workspace, communities: &communities, known: &known }, rows, NOW)
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Add(person) => format!("add {}", person.membership.map_or("owner", |held| held.role.as_str())),
        Verdict::Change(_, what) => format!("change {}", what.len()),
        Verdict::Same => "same".into(),
        Verdict::Refused(why) => format!("{why:?}"),
    }
}

fn says(actor: &Account, known: &[Account], row: Row) -> String {
    words(&planned(actor, known, &[row])[0])
}

#[test]
fn one_address_in_other_letters_or_another_form_is_one_person() {
    let rows = [row(2, "Zoë", "zoë@example.org"), row(3, "Zoë", "ZOE\u{308}@Example.org"), row(9, "Zoë", "zoë@EXAMPLE.ORG")];
    let verdicts = planned(&person(1, Some(Role::Administrator)), &[], &rows);
    assert_eq!(verdicts.iter().map(words).collect::<Vec<_>>(), ["add member", "Twice(2)", "Twice(2)"]);
}

#[test]
fn a_cell_is_read_as_people_write_it() {
    let owner = person(1, None);
    let within = |role: &str, community: &str, language: &str| Row {
        role: role.into(),
        community: community.into(),
        language: language.into(),
        ..row(2, "Ana", "ana@example.org")
    };
    for (role, community, language, expected) in [
        ("", "étage  NORD", "", "add member"),
        ("Administratrice", "E\u{301}tage Nord", "fr-CA", "add administrator"),
        ("SUPPORT", "South", "English", "add support"),
        ("Propriétaire", "", "", "add owner"),
        ("emperor", "South", "", "RoleUnknown"),
        ("", "South", "de", "LanguageUnknown"),
        ("", "", "", "CommunityMissing"),
        ("", "West", "", "CommunityUnknown"),
    ] {
        assert_eq!(says(&owner, &[], within(role, community, language)), expected, "{role} {community} {language}");
    }
    assert_eq!(says(&owner, &[], Row { name: " ".into(), ..within("", "South", "") }), "NameEmpty");
    assert_eq!(says(&owner, &[], Row { email: "ana".into(), ..within("", "South", "") }), "EmailInvalid");
    let flaw = Some(Flaw::TooManyCells);
    assert_eq!(says(&owner, &[], Row { flaw, ..within("", "South", "") }), "Unread(TooManyCells)");
}

/// A role is given by a list as by hand: never above one's own reach, and only by owners where it is administrator or owner.
#[test]
fn a_list_gives_what_its_importer_could_give_by_hand() {
    for (actor, expected) in [
        (person(1, None), ["add member", "add support", "add administrator", "add owner"]),
        (person(1, Some(Role::Administrator)), ["add member", "add support", "OutOfReach", "OutOfReach"]),
        (person(1, Some(Role::Support)), ["CommunityUnknown", "CommunityUnknown", "CommunityUnknown", "OutOfReach"]),
    ] {
        for (role, expected) in ["member", "support", "administrator", "owner"].into_iter().zip(expected) {
            let row = Row { role: role.into(), community: "Étage Nord".into(), ..row(2, "Ana", "ana@example.org") };
            assert_eq!(says(&actor, &[], row), expected, "{role}");
        }
    }
    let elsewhere = Row { community: "South".into(), ..row(2, "Ana", "ana@example.org") };
    assert_eq!(says(&person(1, Some(Role::Administrator)), &[], elsewhere), "CommunityUnknown");
}

#[test]
fn of_people_elsewhere_only_the_address_is_said_to_be_taken() {
    let administrator = person(1, Some(Role::Administrator));
    let mut hidden = invited(2, Role::Member);
    hidden.memberships[0].community = ELSEWHERE;
    for name in ["Ada", "Another"] {
        assert_eq!(says(&administrator, std::slice::from_ref(&hidden), row(2, name, hidden.email.as_str())), "EmailTaken");
    }
    assert_eq!(says(&person(1, None), std::slice::from_ref(&hidden), row(2, "Ada", hidden.email.as_str())), "same");
}

#[test]
fn only_who_never_signed_in_is_changed_and_nobody_made_an_owner_or_lifted() {
    let (owner, administrator) = (person(1, None), person(3, Some(Role::Administrator)));
    let (mia, signed) = (invited(2, Role::Member), person(4, Some(Role::Member)));
    let of = |account: &Account, name: &str, role: &str| Row { role: role.into(), ..row(2, name, account.email.as_str()) };
    let known = [mia.clone(), signed.clone()];
    for (row, expected) in [
        (of(&mia, "Ada", ""), "same"),
        (of(&mia, "", "member"), "same"),
        (of(&mia, "Mia", "support"), "change 2"),
        (of(&mia, "Ada", "administrator"), "OutOfReach"),
        (of(&mia, "Ada", "owner"), "OwnerByHand"),
        (of(&signed, "Ada", "member"), "same"),
        (of(&signed, "Mia", ""), "SignedIn"),
        (of(&signed, "Ada", "support"), "SignedIn"),
    ] {
        assert_eq!(says(&administrator, &known, row.clone()), expected, "{row:?}");
    }
    assert_eq!(says(&owner, &known, of(&mia, "Ada", "administrator")), "change 1");
    let privileged = [invited(2, Role::Administrator)];
    assert_eq!(says(&administrator, &privileged, of(&mia, "Mia", "")), "OutOfReach");
    let gone = [Account { deactivated_at: Some(NOW), ..mia.clone() }];
    assert_eq!(says(&owner, &gone, of(&mia, "Mia", "")), "NotAdmitted");
}

fn import(actor: Account, known: &[Account], rows: &[Row], as_shown: bool) -> crate::Decision<Imported> {
    let verdicts = planned(&actor, known, rows);
    let changed = |verdict: &Verdict| match verdict {
        Verdict::Change(account, _) => known.iter().find(|known| known.id == account.id).cloned(),
        _ => None,
    };
    let before = verdicts.iter().filter_map(changed).collect();
    let planned = Planned { id: ImportId::random(&mut Counting(50)), file: "people.csv", verdicts, before, as_shown };
    let session = session(&actor, Stage::Full);
    carry_out(&Policy::default(), actor, session, planned, &proof(true, None), &mut Counting(60), NOW)
}

fn batch(changes: &[Change]) -> Batch {
    changes.iter().find_map(|change| if let Change::Import(batch) = change { Some((**batch).clone()) } else { None }).expect("a batch")
}

/// Everybody of a batch, as it left them.
fn people(changes: &[Change]) -> Vec<Person> {
    let account = |id: AccountId| {
        changes.iter().find_map(|change| match change {
            Change::Account(account) if account.id == id => Some((**account).clone()),
            _ => None,
        })
    };
    let items = changes.iter().filter_map(|change| if let Change::ImportItem(_, item) = change { Some(item.clone()) } else { None });
    items.map(|item| Person { account: account(item.account), item, named: false }).collect()
}

fn take_back(actor: Account, batch: Batch, people: Vec<Person>) -> crate::Decision<()> {
    let session = session(&actor, Stage::Full);
    undo(&Policy::default(), actor, session, batch, people, &proof(true, None), NOW.plus(60))
}

fn two() -> (Account, Account, crate::Decision<Imported>) {
    let (administrator, mia) = (person(1, Some(Role::Administrator)), invited(2, Role::Member));
    let rows = [row(2, "Ana", "ana@example.org"), Row { language: "fr".into(), ..row(3, "Mia", mia.email.as_str()) }, row(4, "X", "x")];
    let decision = import(administrator.clone(), std::slice::from_ref(&mia), &rows, true);
    (administrator, mia, decision)
}

#[test]
fn an_import_writes_an_entry_for_each_and_one_for_all() {
    let (_, _, decision) = two();
    assert_eq!(decision.verdict, Ok(Imported { added: 1, changed: 1 }));
    let kinds: Vec<EventKind> = decision.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::PersonImported, EventKind::PersonImported, EventKind::PeopleImported]);
    let batch = batch(&decision.changes);
    assert_eq!((batch.added, batch.changed, batch.same, batch.refused), (1, 1, 0, 1));
    let added = people(&decision.changes).into_iter().find(|person| person.item.before.is_none()).expect("Ana").account.expect("hers");
    assert!(added.password.is_none() && added.invitation.is_none(), "no code is made before it is handed over");
}

#[test]
fn nothing_is_imported_by_others_nor_unproven_nor_unseen_nor_for_nobody() {
    let rows = [Row { community: "South".into(), ..row(2, "Ana", "ana@example.org") }];
    for role in [Role::Support, Role::Member] {
        let refused = import(person(1, Some(role)), &[], &rows, true);
        assert_eq!((refused.verdict, refused.changes.len()), (Err(Refusal::NotAllowed), 0));
    }
    let wrote = |decision: &crate::Decision<Imported>| {
        decision.changes.iter().any(|change| matches!(change, Change::Import(_) | Change::ImportItem(..)))
    };
    let unseen = import(person(1, None), &[], &rows, false);
    assert!(unseen.verdict == Err(Refusal::PreflightStale) && !wrote(&unseen));
    let nobody = import(person(1, None), &[], &[row(2, "", "")], true);
    assert!(nobody.verdict == Err(Refusal::ImportEmpty) && !wrote(&nobody));
    let owner = person(1, None);
    let planned = Planned { id: ImportId::random(&mut Counting(1)), file: "x", verdicts: Vec::new(), before: Vec::new(), as_shown: true };
    let unproven =
        carry_out(&Policy::default(), owner.clone(), session(&owner, Stage::Full), planned, &proof(false, None), &mut Counting(2), NOW);
    assert_eq!(unproven.verdict, Err(Refusal::WrongPassword));
}

#[test]
fn taking_back_removes_whom_it_added_and_puts_back_what_it_changed() {
    let (administrator, mia, decision) = two();
    let undone = take_back(administrator.clone(), batch(&decision.changes), people(&decision.changes));
    assert_eq!(undone.verdict, Ok(()));
    assert_eq!(undone.changes.iter().filter(|change| matches!(change, Change::RemoveAccount(_))).count(), 1);
    let back = undone.changes.iter().find_map(|change| match change {
        Change::Account(account) if account.id == mia.id => Some(Traits::of(account)),
        _ => None,
    });
    assert_eq!(back, Some(Traits::of(&mia)));
    assert_eq!(take_back(administrator, batch(&undone.changes), Vec::new()).verdict, Err(Refusal::ImportUndone));
}

#[test]
fn whoever_came_in_or_was_changed_holds_the_whole_batch() {
    type Touch = fn(&mut Person);
    let (administrator, _, decision) = two();
    let (batch, people) = (batch(&decision.changes), people(&decision.changes));
    let with = |touch: Touch| {
        let mut people = people.clone();
        touch(&mut people[0]);
        (moved(&people[0]), take_back(administrator.clone(), batch.clone(), people))
    };
    let cases: [(Touch, Option<Moved>); 8] = [
        (|person| person.account.as_mut().expect("there").password = crate::testing::person(9, None).password, Some(Moved::SignedIn)),
        (|person| person.account.as_mut().expect("there").first_in_at = Some(NOW), Some(Moved::SignedIn)),
        (|person| person.account.as_mut().expect("there").signed_in_at = Some(NOW), Some(Moved::SignedIn)),
        (|person| person.account.as_mut().expect("there").deactivated_at = Some(NOW), Some(Moved::Changed)),
        (|person| person.account.as_mut().expect("there").language = Language::Fr, Some(Moved::Changed)),
        (|person| person.account = None, Some(Moved::Gone)),
        (|person| person.named = true, Some(Moved::Changed)),
        (|person| person.account.as_mut().expect("there").email = Email::read("ANA@example.org").expect("hers"), Some(Moved::Changed)),
    ];
    for (number, (touch, expected)) in cases.into_iter().enumerate() {
        let (moved, decision) = with(touch);
        assert_eq!(moved, expected, "case {number}");
        assert_eq!(decision.verdict, Err(Refusal::ImportMoved), "case {number}");
        assert!(!decision.changes.iter().any(|change| matches!(change, Change::RemoveAccount(_) | Change::Import(_))), "case {number}");
    }
}

#[test]
fn owners_take_back_every_batch_and_others_their_own_within_reach() {
    let (administrator, _, decision) = two();
    let (batch, people) = (batch(&decision.changes), people(&decision.changes));
    assert_eq!(take_back(person(7, None), batch.clone(), people.clone()).verdict, Ok(()));
    assert_eq!(take_back(person(7, Some(Role::Administrator)), batch.clone(), people.clone()).verdict, Err(Refusal::NotAllowed));
    let demoted =
        Account { memberships: vec![Membership { role: Role::Support, ..administrator.memberships[0] }], ..administrator.clone() };
    assert_eq!(take_back(demoted, batch.clone(), people.clone()).verdict, Err(Refusal::NotAllowed));
    let moved = Account { memberships: vec![Membership { community: ELSEWHERE, ..administrator.memberships[0] }], ..administrator };
    assert_eq!(take_back(moved, batch, people).verdict, Err(Refusal::NotAllowed), "whom one does not reach any more one does not remove");
}
