use proptest::prelude::*;

use super::*;
use crate::{account::Password, gate::Membership, testing::*};

const ELSEWHERE: CommunityId = CommunityId(uuid::Uuid::from_u128(2));

fn tightenings() -> impl Strategy<Value = Tightening> {
    let required = prop_oneof![Just(None), Just(Some(Required::Nobody)), Just(Some(Required::Staff)), Just(Some(Required::Everyone))];
    let numbers = (
        proptest::option::of(0u8..=90),
        proptest::option::of(1i64..=24),
        proptest::option::of(3u8..=10),
        proptest::option::of(1i64..=1440),
        proptest::option::of(1i64..=60),
        proptest::option::of(0u16..=50),
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (required, numbers, switches, 0i64..100, 0i64..100).prop_map(|(required, numbers, switches, staff, everyone)| {
        let (grace_days, hours, per_minute, minutes, idle, offline_budget) = numbers;
        let (no_disabling, no_backup_codes, exact_step, unlock_asks_code) = switches;
        Tightening {
            required,
            since: Since { staff: Moment(staff), everyone: Moment(everyone) },
            grace_days,
            no_disabling,
            no_backup_codes,
            recovery_validity: hours.map(|hours| hours * HOUR),
            exact_step,
            per_minute,
            wait: minutes.map(|minutes| minutes * MINUTE),
            idle: idle.map(|minutes| minutes * MINUTE),
            unlock_asks_code,
            offline_budget,
        }
    })
}

fn policies() -> impl Strategy<Value = Policy> {
    let required = prop_oneof![Just(Required::Nobody), Just(Required::Staff), Just(Required::Everyone)];
    (required, 0u8..=90, tightenings()).prop_map(|(required, grace_days, rest)| {
        let since = rest.since;
        Policy { required, since, grace_days, ..Policy::default() }.and(&Tightening { required: None, grace_days: None, ..rest })
    })
}

proptest! {
    #[test]
    fn what_holds_is_never_looser_than_any_part(policy in policies(), first in tightenings(), second in tightenings()) {
        let held = policy.clone().and(&first).and(&second);
        for part in [policy.clone(), policy.clone().and(&first), policy.clone().and(&second)] {
            prop_assert!(held.is_as_strict_as(&part), "{held:?} is looser than {part:?}");
        }
        prop_assert!(held.is_within_bounds());
    }

    #[test]
    fn the_order_of_communities_does_not_matter(policy in policies(), first in tightenings(), second in tightenings()) {
        prop_assert_eq!(policy.clone().and(&first).and(&second), policy.and(&second).and(&first));
    }

    #[test]
    fn asking_twice_is_asking_once(policy in policies(), asked in tightenings()) {
        let once = policy.and(&asked);
        prop_assert_eq!(once.clone().and(&asked), once);
    }

    #[test]
    fn nobody_is_obliged_later_by_one_more_community(policy in policies(), asked in tightenings(), joined in 0i64..200) {
        let mut person = person(1, Some(Role::Member));
        (person.created_at, person.memberships[0].since) = (Moment(50), Moment(50));
        let alone = grace_ends(&policy, &person);
        person.memberships.push(Membership { community: ELSEWHERE, role: Role::Member, since: Moment(joined) });
        let held = effective(&workspace(policy), &[community(ELSEWHERE, asked)], &person);
        if let Some(end) = alone {
            prop_assert!(grace_ends(&held, &person).is_some_and(|ends| ends <= end));
        }
    }
}

#[test]
fn the_strictest_of_a_persons_communities_wins_and_others_do_not_count() {
    let strict = community(COMMUNITY, Tightening { required: Some(Required::Everyone), idle: Some(MINUTE), ..Tightening::default() });
    let stricter = community(ELSEWHERE, Tightening { no_backup_codes: true, ..Tightening::default() });
    let workspace = workspace(Policy::default());
    let member = person(1, Some(Role::Member));
    let held = effective(&workspace, &[strict, stricter], &member);
    assert_eq!((held.required, held.idle, held.backup_codes), (Required::Everyone, MINUTE, true));
}

#[test]
fn grace_is_counted_for_each_person_from_the_day_the_rule_reached_them() {
    let begins = NOW.plus(100 * DAY);
    let policy =
        Policy { required: Required::Everyone, grace_days: 5, since: Since { staff: Moment(0), everyone: begins }, ..Policy::default() };
    let member = person(1, Some(Role::Member));
    for (day, expected) in [(0, true), (4, true), (5, false), (50, false)] {
        let now = begins.plus(day * DAY);
        let got = obligation(&policy, &member, now);
        assert_eq!(got, if expected { Obligation::Until(begins.plus(5 * DAY)) } else { Obligation::Now }, "day {day}");
    }
    // Who came later has as many days from then on, and none before the first sign-in count.
    let mut late = person(2, Some(Role::Member));
    late.created_at = begins.plus(20 * DAY);
    assert_eq!(grace_ends(&policy, &late), Some(begins.plus(25 * DAY)));
    late.first_in_at = Some(begins.plus(30 * DAY));
    assert_eq!(grace_ends(&policy, &late), Some(begins.plus(35 * DAY)));
    // Who became staff is obliged as staff from then on, but was obliged as anyone before.
    let staff = Policy { required: Required::Staff, since: Since::default(), ..policy };
    let mut support = person(3, Some(Role::Support));
    support.memberships[0].since = begins;
    assert_eq!(grace_ends(&staff, &support), Some(begins.plus(5 * DAY)));
    assert_eq!(grace_ends(&staff, &member), None);
    let owner = Account { owner_since: Some(begins), ..person(4, None) };
    assert_eq!(grace_ends(&staff, &owner), Some(begins.plus(5 * DAY)));
}

#[test]
fn a_short_password_a_factor_and_a_clock_set_back_get_no_grace() {
    let policy = Policy { required: Required::Everyone, grace_days: 5, since: Since { staff: NOW, everyone: NOW }, ..Policy::default() };
    let mut short = person(1, Some(Role::Member));
    short.password = short.password.map(|password| Password { stands_alone: false, ..password });
    assert_eq!(obligation(&policy, &short, NOW), Obligation::Now);
    assert_eq!(obligation(&policy, &enrolled(person(1, None)).account, NOW.plus(90 * DAY)), Obligation::None);
    assert_eq!(obligation(&policy, &person(1, Some(Role::Member)), NOW.plus(-2 * DAY)), Obligation::Now);
}

#[test]
fn what_was_required_before_keeps_its_beginning() {
    use Required::{Everyone, Nobody, Staff};
    let (old, now) = (Since { staff: Moment(1), everyone: Moment(2) }, Moment(9));
    let table = [
        (Staff, Staff, (1, 2)),
        (Staff, Everyone, (1, 9)),
        (Nobody, Staff, (9, 2)),
        (Nobody, Everyone, (9, 9)),
        (Everyone, Staff, (1, 2)),
        (Everyone, Nobody, (1, 2)),
        (Everyone, Everyone, (1, 2)),
    ];
    for (from, to, (staff, everyone)) in table {
        assert_eq!(old.changed(from, to, now), Since { staff: Moment(staff), everyone: Moment(everyone) }, "{from:?} to {to:?}");
    }
}

#[test]
fn numbers_out_of_bounds_are_none() {
    let good = Policy::default();
    assert!(good.is_within_bounds());
    let limits = |per_minute, wait, in_a_row| Limits { per_minute, wait, in_a_row };
    let bad = [
        Policy { grace_days: 91, ..good.clone() },
        Policy { recovery_validity: 0, ..good.clone() },
        Policy { recovery_validity: 25 * HOUR, ..good.clone() },
        Policy { recovery_validity: HOUR + 1, ..good.clone() },
        Policy { totp_window: 2, ..good.clone() },
        Policy { limits: limits(2, 30 * MINUTE, 100), ..good.clone() },
        Policy { limits: limits(11, 30 * MINUTE, 100), ..good.clone() },
        Policy { limits: limits(5, 0, 100), ..good.clone() },
        Policy { limits: limits(5, 25 * HOUR, 100), ..good.clone() },
        Policy { limits: limits(5, 30 * MINUTE, 101), ..good.clone() },
        Policy { idle: 0, ..good.clone() },
        Policy { idle: 61 * MINUTE, ..good },
    ];
    for policy in bad {
        assert!(!policy.is_within_bounds(), "{policy:?}");
    }
}

#[test]
fn a_vault_of_before_opens_with_the_rules_it_had() {
    let old = r#"{"required":"staff","may_disable":true,"recovery_validity":86400,"totp_window":1,"limits":{"per_minute":5,"wait":1800,"in_a_row":100},"idle":600}"#;
    assert_eq!(serde_json::from_str::<Policy>(old).expect("read"), Policy::default());
}

#[test]
fn the_first_door_counts_alike_for_everybody() {
    let tight = community(ELSEWHERE, Tightening { per_minute: Some(3), wait: Some(2 * HOUR), ..Tightening::default() });
    let limits = at_the_door(&workspace(Policy::default()), &[community(COMMUNITY, Tightening::default()), tight]);
    assert_eq!((limits.per_minute, limits.wait, limits.in_a_row), (3, 2 * HOUR, 100));
}
