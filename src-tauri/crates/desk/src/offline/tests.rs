//! Codes that are issued out of reach: how many, with which numbers and when, whatever the clock, the vault and the program do.

mod world;

use domain::{
    gate::Role,
    offline::Way,
    time::{HOUR, MINUTE},
};
use secrecy::ExposeSecret;
use wire::{Refusal, RefusalCode, offline::GrantRenewed};

use world::{At, Fails, NOW, PASSPHRASE, World};

fn code(refused: Result<impl std::fmt::Debug, Refusal>) -> RefusalCode {
    refused.expect_err("refused").code
}

#[tokio::test]
async fn a_code_is_of_the_grant_for_one_person_and_nobody_keeps_what_made_it() {
    let world = World::granted(5).await;
    let issued = world.issue().await.expect("issued");
    assert_eq!(issued.person.id, world.target.id.0);
    let (claimed, tick) = world.read(&issued).expect("proved");
    assert_eq!((claimed.way(), claimed.number().sequence.get(), claimed.number().issuer.get()), (Way::Grant, 100, 7));
    assert!((0..10 * MINUTE).contains(&(NOW - tick.begins().0)));
    assert_eq!(issued.expires_at, tick.begins().plus(4 * HOUR).0, "no longer than the grant says");
    let kept = world.keeps.body().expect("kept");
    let key = data_encoding::BASE64.encode(world.key(7).expose());
    assert!(!kept.contains(&key) && !kept.contains("AGE-SECRET-KEY") && !kept.contains(issued.code.expose()));
}

#[tokio::test]
async fn a_number_is_used_up_before_its_code_is_shown() {
    let world = World::granted(5).await;
    let mut shown = Vec::new();
    for fails in [Fails::Not, Fails::Before, Fails::After, Fails::Not, Fails::Before, Fails::Not] {
        world.keeps.fail(fails);
        match world.issue().await {
            Ok(issued) => shown.push(world.read(&issued).expect("proved").0.number().sequence.get()),
            Err(refusal) => assert!(fails != Fails::Not, "{refusal:?}"),
        }
    }
    assert_eq!(shown, [100, 102, 103], "one was lost with its answer, and none is shown twice");
    // As a program that was ended and started.
    let again = world.restarted();
    assert_eq!(again.read(&again.issue().await.expect("issued")).expect("proved").0.number().sequence.get(), 104);
    assert_eq!(code(again.issue().await), RefusalCode::OfflineBudgetSpent);
}

#[tokio::test]
async fn the_passphrase_of_somebody_else_opens_nothing_and_costs_time() {
    let world = World::granted(5).await;
    for _ in 0..5 {
        assert_eq!(code(world.issue_by("another passphrase of mine").await), RefusalCode::DeskPassphraseWrong);
    }
    let refused = world.issue().await.expect_err("not now");
    assert_eq!((refused.code, refused.at), (RefusalCode::Wait, Some(NOW + MINUTE)));
    assert_eq!(world.left().await, Ok(5), "nothing was used up");
    world.at(At { wall: NOW + MINUTE, ..At::default() });
    assert!(world.issue().await.is_ok());
}

#[tokio::test]
async fn who_takes_two_or_is_not_seen_gets_no_code_and_no_number_is_used() {
    let mut world = World::granted(5).await;
    for (staff, role, expected) in [
        (Role::Administrator, Some(Role::Administrator), RefusalCode::OfflineTakesTwo),
        (Role::Support, Some(Role::Support), RefusalCode::NotAllowed),
        (Role::Administrator, None, RefusalCode::NotAllowed),
        (Role::Member, Some(Role::Member), RefusalCode::NotAllowed),
    ] {
        world.staff.memberships[0].role = staff;
        world.target = world.person("Target", role);
        assert_eq!(code(world.issue().await), expected, "{role:?} by {staff:?}");
    }
    world.staff.memberships[0].role = Role::Support;
    world.target = world.person("Target", Some(Role::Member));
    domain::effect::mark(&mut world.target, domain::effect::Effect::Password, domain::time::Moment(NOW - HOUR));
    assert_eq!(code(world.issue().await), RefusalCode::OfflineTakesTwo);
    assert_eq!(world.left().await, Ok(5));
}

#[tokio::test]
async fn a_case_that_is_not_filled_in_gets_no_code() {
    let mut world = World::granted(5).await;
    world.support.checked = Vec::new();
    assert_eq!(code(world.issue().await), RefusalCode::CaseIncomplete);
    world.support.checked = vec!["Nothing that is on the list".into()];
    assert_eq!(code(world.issue().await), RefusalCode::ChecklistChanged);
    assert_eq!(world.left().await, Ok(5));
}

#[tokio::test]
async fn no_more_than_the_budget_within_a_day_and_none_when_the_grant_is_over() {
    let world = World::granted_with(|grant| (grant.count, grant.budget) = (4, 2)).await;
    assert_eq!(world.left().await, Ok(2));
    world.issue().await.expect("issued");
    world.at(At::later(2 * HOUR));
    world.issue().await.expect("issued");
    let refused = world.issue().await.expect_err("spent");
    let first = NOW - NOW % (10 * MINUTE);
    assert_eq!((refused.code, refused.at), (RefusalCode::OfflineBudgetSpent, Some(first + 24 * HOUR)));
    world.at(At::later(24 * HOUR));
    assert_eq!(world.left().await, Ok(1), "the first is a day old");
    world.at(At::later(30 * HOUR));
    world.issue().await.expect("issued");
    world.issue().await.expect("issued");
    world.at(At::later(60 * HOUR));
    let refused = world.issue().await.expect_err("all numbers are used");
    assert_eq!((refused.code, refused.at), (RefusalCode::OfflineBudgetSpent, None));
    world.at(At::later(7 * 24 * HOUR));
    let refused = world.issue().await.expect_err("over");
    assert_eq!((refused.code, refused.at), (RefusalCode::OfflineGrantOver, Some(NOW + 7 * 24 * HOUR)));
}

#[tokio::test]
async fn what_the_policy_and_the_server_do_not_give_is_said() {
    let world = World::granted_with(|grant| grant.budget = 0).await;
    assert_eq!(world.left().await, Err(RefusalCode::OfflineForbidden));
    assert_eq!(code(world.issue().await), RefusalCode::OfflineForbidden);
    let none = GrantRenewed { grant: None, refused: Some(RefusalCode::OfflineForbidden.into()), now: NOW };
    world.renew(none).await;
    assert_eq!(code(world.issue().await), RefusalCode::OfflineForbidden, "what was granted before is gone");
    let never = World::new().await;
    assert_eq!((never.left().await, code(never.issue().await)), (Err(RefusalCode::OfflineNoGrant), RefusalCode::OfflineNoGrant));
    let somebody_else = World::granted(5).await.with_other_staff();
    assert_eq!(code(somebody_else.issue().await), RefusalCode::OfflineNoGrant);
}

#[tokio::test]
async fn a_clock_that_goes_back_makes_no_code_of_an_earlier_time() {
    let world = World::granted(9).await;
    world.at(At::later(5 * HOUR));
    let (_, first) = world.read(&world.issue().await.expect("issued")).expect("proved");
    // Set back while it runs: nobody asks that clock.
    world.at(At { wall: NOW - 90 * HOUR, ..At::later(5 * HOUR) });
    let (_, second) = world.read(&world.issue().await.expect("issued")).expect("proved");
    assert_eq!(first, second);
    assert_eq!(world.desk().await.clock_off, Some(-95 * HOUR));
    // Set back by less than the code is old, and started anew.
    let world = world.restarted();
    world.at(At { wall: NOW + HOUR, boot: "second", up: 1 });
    let (_, third) = world.read(&world.issue().await.expect("issued")).expect("proved");
    assert_eq!(third, first);
    world.at(At { wall: NOW - 1, boot: "second", up: 1 });
    assert_eq!(code(world.issue().await), RefusalCode::OfflineClock);
    assert_eq!(world.left().await, Err(RefusalCode::OfflineClock));
}

#[tokio::test]
async fn reports_stay_until_the_server_took_them_and_renewing_goes_on_from_there() {
    let world = World::granted(5).await;
    assert!(world.offline.due().await.expect("reads").is_none(), "it was renewed just now");
    world.issue().await.expect("issued");
    world.issue().await.expect("issued");
    let sent = world.offline.due().await.expect("reads").expect("there is something to tell");
    assert_eq!(sent.issued.iter().map(|report| (report.issuer, report.sequence)).collect::<Vec<_>>(), [(7, 100), (7, 101)]);
    assert_eq!(sent.issued[0].support.reason, "Ticket 4711");
    // It was not taken: a minute later it is told again.
    assert!(world.offline.due().await.expect("reads").is_none());
    world.at(At { wall: NOW + MINUTE, ..At::later(MINUTE) });
    let again = world.offline.due().await.expect("reads").expect("again");
    assert_eq!(again.issued.len(), 2);
    // Issued between what was sent and its answer.
    world.issue().await.expect("issued");
    world.offline.renewed(world.staff.id.0, &again, world.grant(|grant| grant.first = 102)).await.expect("kept");
    let desk = world.desk().await;
    assert_eq!(desk.issued.iter().map(|issued| issued.told).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(desk.left, 4, "what the server did not count yet is counted here");
    let next = world.issue().await.expect("issued");
    assert_eq!(world.read(&next).expect("proved").0.number().sequence.get(), 103, "and not made again");
    let rest = world.offline.due().await.expect("reads").expect("at once");
    assert_eq!(rest.issued.iter().map(|report| report.sequence).collect::<Vec<_>>(), [102, 103]);
    assert_eq!(world.keeps.body().expect("kept").matches("Ticket 4711").count(), 2, "what was told is not kept for longer");
}

#[tokio::test]
async fn a_grant_for_another_issuer_begins_anew_and_what_the_old_one_issued_is_still_told() {
    let world = World::granted(5).await;
    world.issue().await.expect("issued");
    let nothing = wire::offline::RenewGrant::default();
    world.offline.renewed(world.staff.id.0, &nothing, world.grant(|grant| (grant.issuer, grant.first) = (8, 0))).await.expect("kept");
    let issued = world.issue().await.expect("issued");
    let (claimed, _) = world.read(&issued).expect("of the new key");
    assert_eq!((claimed.number().issuer.get(), claimed.number().sequence.get()), (8, 0));
    let reports = world.offline.due().await.expect("reads").expect("at once").issued;
    assert_eq!(reports.iter().map(|report| (report.issuer, report.sequence)).collect::<Vec<_>>(), [(7, 100), (8, 0)]);
    // The old one again: its numbers are used.
    world.offline.renewed(world.staff.id.0, &nothing, world.grant(|_| {})).await.expect("kept");
    let issued = world.issue().await.expect("issued");
    assert_eq!(world.read(&issued).expect("proved").0.number().sequence.get(), 101);
}

#[tokio::test]
async fn a_grant_that_does_not_read_leaves_the_one_that_was_there() {
    let world = World::granted(5).await;
    for spoil in [
        (|grant| grant.epoch = 8) as fn(&mut wire::offline::IssuingGrant),
        |grant| grant.issuer = 4096,
        |grant| grant.first = 1020,
        |grant| grant.key = secrecy::SecretString::from("AAAA").into(),
    ] {
        world.renew(world.grant(spoil)).await;
        assert_eq!(world.left().await, Ok(5));
    }
}

#[tokio::test]
async fn a_grant_is_asked_for_every_hour_and_sooner_when_half_of_it_is_over() {
    let world = World::granted(5).await;
    let asks = |wall| {
        world.at(At { wall: NOW + wall, ..At::default() });
        world.offline.due()
    };
    assert!(asks(HOUR - 1).await.expect("reads").is_none());
    assert!(asks(HOUR).await.expect("reads").is_some());
    assert!(asks(HOUR + 1).await.expect("reads").is_none(), "whatever became of it");
    assert!(asks(2 * HOUR).await.expect("reads").is_some());
    assert!(asks(90 * HOUR).await.expect("reads").is_some());
    assert!(asks(90 * HOUR + MINUTE).await.expect("reads").is_some(), "half of it is over");
    let nobody = World::without_passphrase();
    assert!(nobody.offline.due().await.expect("reads").is_none(), "nothing that comes could be sealed");
}

#[tokio::test]
async fn changing_the_passphrase_changes_what_opens_the_grant_or_nothing() {
    let world = World::granted(9).await;
    let new = "eight loud lanterns at the desk";
    let refused = world.change(PASSPHRASE, new, Err(RefusalCode::DeskPassphraseWrong)).await;
    assert_eq!(code(refused), RefusalCode::DeskPassphraseWrong);
    assert_eq!(code(world.issue_by(new).await), RefusalCode::DeskPassphraseWrong);
    assert!(world.issue().await.is_ok());
    world.change(PASSPHRASE, new, Ok(())).await.expect("changed");
    assert_eq!(code(world.issue().await), RefusalCode::DeskPassphraseWrong);
    assert!(world.issue_by(new).await.is_ok());
}

#[tokio::test]
async fn a_program_that_ends_while_the_passphrase_changes_leaves_a_desk_that_issues() {
    let new = "eight loud lanterns at the desk";
    for opens in [PASSPHRASE, new] {
        let world = World::granted(9).await;
        world.change_and_die(PASSPHRASE, new).await;
        let world = world.restarted();
        world.offline.entrusted(&opens.into()).await.expect("settled");
        assert!(world.issue_by(opens).await.is_ok(), "by the one that opens the vault");
        let other = if opens == new { PASSPHRASE } else { new };
        assert_eq!(code(world.issue_by(other).await), RefusalCode::DeskPassphraseWrong, "and no more by the other");
    }
}

#[tokio::test]
async fn what_is_kept_says_nothing_of_the_secrets_in_it() {
    let world = World::granted(5).await;
    let said = format!("{:?} {:?}", world.offline, world.keeps.body().map(|body| serde_json::from_str::<super::record::Record>(&body)));
    assert!(!said.contains("AGE-SECRET") && said.contains("WrappedSecret(…)"), "{said}");
    assert!(!PASSPHRASE.is_empty() && !said.contains(secrecy::SecretString::from(PASSPHRASE).expose_secret()));
}
