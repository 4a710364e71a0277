//! Lists of people that leave the program: who may take them, how much of them, and that it is written down.

use wire::{
    RefusalCode,
    communities::MakeCommunity,
    journal::ReadJournal,
    people::{Being, ExportPeople, Invite, ListPeople, PeopleOrder, PeopleState, RoleName},
};

use crate::played::Played;

fn everybody() -> ExportPeople {
    ExportPeople { search: String::new(), order: PeopleOrder::Name, descending: false, community: None, being: None, state: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_out_as_it_is_narrowed_and_the_journal_says_how_many_went() {
    let (played, owner) = Played::begin().await;
    played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.invite(&owner, "zoe@example.org", RoleName::Support).await;
    let session = Some(&owner.session);
    let all = played.call(session, everybody()).await.expect("a list").0;
    let emails: Vec<&str> = all.iter().map(|line| line.email.as_str()).collect();
    assert_eq!(emails.len(), 3);
    let page = played.call(session, ListPeople::default()).await.expect("a page");
    assert_eq!(emails, page.rows.iter().map(|row| row.person.email.as_str()).collect::<Vec<_>>(), "in the order of the list");
    let mia = all.iter().find(|line| line.email == "mia@example.org").expect("Mia");
    assert_eq!((mia.state.as_str(), mia.authenticators, mia.codes_left), ("protected", Some(1), Some(10)));

    let invited = ExportPeople { state: Some(PeopleState::Invited), ..everybody() };
    assert_eq!(played.call(session, invited).await.expect("a list").0.len(), 1);
    let members = ExportPeople { being: Some(Being::Member), search: "MIA".into(), ..everybody() };
    assert_eq!(played.call(session, members).await.expect("a list").0.len(), 1);

    let journal = played.call(session, ReadJournal { person: None, before: None }).await.expect("a page");
    let told: Vec<_> = journal.rows.iter().filter(|row| row.kind == "people.exported").map(|row| row.words["people"].as_str()).collect();
    assert_eq!(told, ["1", "1", "3"], "newest first");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_out_their_communities_and_nobody_below_takes_out_anything() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (_, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let here = played.community(&owner.session).await;
    let make = MakeCommunity { name: "Elsewhere".into() };
    played.call(Some(&owner.session), make).await.expect("made");
    let page = played.call(Some(&owner.session), ListPeople::default()).await.expect("a page");
    let elsewhere = page.communities.iter().find(|community| community.id != here).expect("two").id;
    let stranger = Invite { name: "Sten".into(), email: "sten@example.org".into(), community: Some(elsewhere), role: RoleName::Member };
    played.call(Some(&owner.session), stranger).await.expect("invited");

    let theirs = played.call(Some(&administrator.session), everybody()).await.expect("a list").0;
    let mut emails: Vec<&str> = theirs.iter().map(|line| line.email.as_str()).collect();
    emails.sort_unstable();
    assert_eq!(emails, ["admin@example.org", "desk@example.org", "mia@example.org"], "neither the owner nor Sten");
    let there = ExportPeople { community: Some(elsewhere), ..everybody() };
    let refused = [
        played.call(Some(&administrator.session), there).await.map(drop),
        played.call(Some(&support.session), everybody()).await.map(drop),
        played.call(Some(&member.session), everybody()).await.map(drop),
    ];
    for outcome in refused {
        assert_eq!(outcome.expect_err("refused").code, RefusalCode::NotAllowed);
    }
    assert!(played.call(None, everybody()).await.is_err(), "without a session");

    let journal = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page");
    let of = |kind: &str| journal.rows.iter().filter(|row| row.kind == kind).count();
    assert_eq!((of("people.exported"), of("gate.refused")), (1, 3));
    let pages = [(&administrator, true), (&support, false)];
    for (reader, may) in pages {
        assert_eq!(played.call(Some(&reader.session), ListPeople::default()).await.expect("a page").may_export, may);
    }
}

/// The file, read by our own import: the apostrophe before a formula comes off again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_is_read_back_as_it_was() {
    let (played, owner) = Played::begin().await;
    let community = Some(played.community(&owner.session).await);
    let names = ["=HYPERLINK(\"http://evil\")", "+33 1 23", "-Dash-", "@home", "Zoë; \"Z\", O’Neil", "يعل"];
    for (number, name) in names.iter().enumerate() {
        let person = Invite { name: (*name).into(), email: format!("p{number}@example.org"), community, role: RoleName::Member };
        played.call(Some(&owner.session), person).await.expect("invited");
    }
    let lines = played.call(Some(&owner.session), everybody()).await.expect("a list").0;
    for separator in [b',', b';'] {
        let file = documents::people_list::csv(&lines, separator, |_| "2026-11-22 10:00:00".into()).expect("bytes");
        let text = String::from_utf8(file.clone()).expect("UTF-8");
        assert!(text.contains("'+33 1 23") && text.contains("'@home") && !text.contains("\n+33"), "{text}");
        let read = intake::people::read(&file).expect("a list");
        let mut found: Vec<(&str, &str, &str)> =
            read.rows.iter().map(|row| (row.email.as_str(), row.name.as_str(), row.role.as_str())).collect();
        found.retain(|(email, ..)| email.starts_with('p'));
        found.sort_unstable();
        let expected: Vec<(String, &str)> =
            names.iter().enumerate().map(|(number, name)| (format!("p{number}@example.org"), *name)).collect();
        assert_eq!(found, expected.iter().map(|(email, name)| (email.as_str(), *name, "member")).collect::<Vec<_>>());
    }
}
