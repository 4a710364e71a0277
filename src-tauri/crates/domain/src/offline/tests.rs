use std::collections::HashSet;

use data_encoding::HEXLOWER;
use proptest::prelude::*;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::*;
use crate::code::{Typed, read};

const NOW: Moment = Moment(1_800_000_000);
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
const USER: AccountId = AccountId(Uuid::from_u128(2));

fn epoch_key() -> EpochKey {
    EpochKey::new(Zeroizing::new([7; 32]))
}

fn issuer() -> Issuer {
    Issuer {
        way: Way::Grant,
        epoch: KeyEpoch(5),
        number: IssuerNumber(4095),
        device: DeviceId(Uuid::from_u128(3)),
        staff: AccountId(Uuid::from_u128(4)),
    }
}

fn number(sequence: u16) -> Number {
    Number { epoch: KeyEpoch(5), issuer: IssuerNumber(4095), sequence: Sequence(sequence) }
}

fn code(at: Moment) -> Code {
    epoch_key().issuing(WORKSPACE, &issuer()).issue(Way::Grant, number(1023), WORKSPACE, USER, Tick::of(at))
}

fn claimed(code: &Code) -> Claimed {
    Claimed::of(code).expect("issued offline")
}

fn issued(code: &Code, now: Moment) -> Option<Tick> {
    let claimed = claimed(code);
    let key = epoch_key().issuing(WORKSPACE, &Issuer { way: claimed.way(), ..issuer() });
    claimed.issued(&key, WORKSPACE, USER, now)
}

#[test]
fn a_code_is_read_back_with_who_and_which_and_when() {
    for way in [Way::Grant, Way::HandOver] {
        let issuer = Issuer { way, ..issuer() };
        let key = epoch_key().issuing(WORKSPACE, &issuer);
        let code = key.issue(way, number(1023), WORKSPACE, USER, Tick::of(NOW));
        let Ok(Typed::Code(read)) = read(code.grouped().expose_secret()) else { panic!("a code") };
        let claimed = claimed(&read);
        assert_eq!((read.kind(), claimed.way(), claimed.number()), (way.kind(), way, number(1023)));
        assert_eq!(claimed.issued(&key, WORKSPACE, USER, NOW), Some(Tick::of(NOW)));
    }
}

#[test]
fn codes_of_other_kinds_say_nothing_of_an_issuer() {
    for kind in [Kind::Backup, Kind::Recovery, Kind::Pairing] {
        assert!(Claimed::of(&Code::random(kind, &mut crate::testing::Counting(1))).is_none());
    }
}

#[test]
fn a_key_is_of_one_issuer_and_a_code_of_one_person() {
    let other = Uuid::from_u128(9);
    let code = code(NOW);
    let tried = |issuer: Issuer, workspace, user| claimed(&code).issued(&epoch_key().issuing(workspace, &issuer), workspace, user, NOW);
    assert!(tried(issuer(), WORKSPACE, USER).is_some());
    assert_eq!(tried(issuer(), WORKSPACE, AccountId(other)), None);
    assert_eq!(tried(issuer(), WorkspaceId(other), USER), None);
    for other in [
        Issuer { way: Way::HandOver, ..issuer() },
        Issuer { epoch: KeyEpoch(4), ..issuer() },
        Issuer { number: IssuerNumber(4094), ..issuer() },
        Issuer { device: DeviceId(other), ..issuer() },
        Issuer { staff: AccountId(other), ..issuer() },
    ] {
        assert_eq!(tried(other, WORKSPACE, USER), None, "{other:?}");
    }
    assert_eq!(claimed(&code).issued(&IssuingKey::of_nobody(), WORKSPACE, USER, NOW), None);
    let elsewhere = EpochKey::new(Zeroizing::new([8; 32])).issuing(WORKSPACE, &issuer());
    assert_eq!(claimed(&code).issued(&elsewhere, WORKSPACE, USER, NOW), None);
}

/// The check symbol is made to fit again each time, so that only the proof is left to say no.
#[test]
fn no_symbol_can_be_changed() {
    let code = code(NOW);
    let values = code.values();
    for at in 1..values.len() - 1 {
        for wrong in (0..32).filter(|wrong| *wrong != values[at]) {
            let mut symbols = values[1..values.len() - 1].to_vec();
            symbols[at - 1] = wrong;
            let changed = Code::of(Kind::Granted, symbols.into_iter());
            assert_eq!(issued(&changed, NOW), None, "symbol {at}");
        }
    }
    let as_hand_over = Code::of(Kind::HandedOver, values[1..values.len() - 1].iter().copied());
    assert_eq!(issued(&as_hand_over, NOW), None, "its key is another");
}

#[test]
fn when_it_was_issued_is_known_a_day_ahead_and_six_days_back_and_beyond_that_it_is_no_code() {
    let day = 24 * HOUR;
    for (age, known) in [
        (0, true),
        (TICK, true),
        (day, true),
        (6 * day, true),
        (-day, true),
        (-day - TICK, false),
        (6 * day + day, false),
        (7 * day + 2 * HOUR, false),
    ] {
        let at = Moment(NOW.0 - age);
        assert_eq!(issued(&code(at), NOW), known.then_some(Tick::of(at)), "{age} s old");
    }
    // The number of its tick comes again, its code does not.
    let wrapped = Moment(NOW.0 - TICK * 1024);
    assert_eq!(Tick::of(wrapped).0 % TICKS, Tick::of(NOW).0 % TICKS);
    assert_eq!(issued(&code(wrapped), NOW), None);
}

#[test]
fn no_two_codes_of_an_issuer_are_alike() {
    let key = epoch_key().issuing(WORKSPACE, &issuer());
    let all: HashSet<String> = (0..Sequence::COUNT)
        .map(|sequence| key.issue(Way::Grant, number(sequence), WORKSPACE, USER, Tick::of(NOW)).canonical().expose_secret().to_owned())
        .collect();
    assert_eq!(all.len(), usize::from(Sequence::COUNT));
}

#[test]
fn no_key_is_shown_by_debug() {
    let key = epoch_key();
    assert_eq!(format!("{key:?} {:?}", key.issuing(WORKSPACE, &issuer())), "EpochKey(…) IssuingKey(…)");
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    what: String,
    typed: String,
    now: i64,
    epoch_key: String,
    workspace: Uuid,
    device: Uuid,
    staff: Uuid,
    user: Uuid,
    reads: String,
    says: Option<Says>,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Says {
    epoch: u16,
    issuer: u16,
    sequence: u16,
    tick: Option<u64>,
    issuing_key: Option<String>,
}

/// What a vector's code comes to, and what it says of itself.
fn outcome(vector: &Vector) -> (&'static str, Option<Says>) {
    let code = match read(&vector.typed) {
        Ok(Typed::Code(code)) => code,
        Err(crate::code::FormError::Mistyped) => return ("mistyped", None),
        other => panic!("{other:?}"),
    };
    let Some(claimed) = Claimed::of(&code) else { return ("recovery", None) };
    let Number { epoch, issuer: number, sequence } = claimed.number();
    let bytes = HEXLOWER.decode(vector.epoch_key.as_bytes()).expect("hexadecimal").try_into().expect("32 bytes");
    let (way, workspace) = (claimed.way(), WorkspaceId(vector.workspace));
    let issuer = Issuer { way, epoch, number, device: DeviceId(vector.device), staff: AccountId(vector.staff) };
    let key = EpochKey::new(Zeroizing::new(bytes)).issuing(workspace, &issuer);
    let tick = claimed.issued(&key, workspace, AccountId(vector.user), Moment(vector.now));
    let says = Says {
        epoch: epoch.get(),
        issuer: number.get(),
        sequence: sequence.get(),
        tick: tick.map(|tick| tick.0),
        issuing_key: tick.map(|_| HEXLOWER.encode(key.expose())),
    };
    let reads = match (tick, way) {
        (None, _) => "not-proved",
        (Some(_), Way::Grant) => "granted",
        (Some(_), Way::HandOver) => "handed-over",
    };
    (reads, Some(says))
}

#[test]
fn the_frozen_codes_come_to_what_the_format_says() {
    let text = include_str!("../../../../../tests/vectors/offline/codes.json");
    let vectors: Vec<Vector> = serde_json::from_str(text).expect("the vectors");
    assert!(vectors.len() > 15);
    for vector in vectors {
        let (reads, says) = outcome(&vector);
        assert_eq!((reads, &says), (vector.reads.as_str(), &vector.says), "{}", vector.what);
    }
}

proptest! {
    #[test]
    fn numbers_stand_in_their_own_bits(epoch in 0u16..8, issuer in 0u16..4096, sequence in 0u16..1024, tick: u32, user: u128) {
        let number = Number { epoch: KeyEpoch(epoch), issuer: IssuerNumber(issuer), sequence: Sequence(sequence) };
        let key = IssuingKey::new(Zeroizing::new([1; 32]));
        let (user, tick) = (AccountId(Uuid::from_u128(user)), Tick(u64::from(tick)));
        let claimed = claimed(&key.issue(Way::HandOver, number, WORKSPACE, user, tick));
        prop_assert_eq!(claimed.number(), number);
        prop_assert_eq!(claimed.issued(&key, WORKSPACE, user, tick.begins()), Some(tick));
        prop_assert_eq!(KeyEpoch::new(8).is_none() && IssuerNumber::new(4096).is_none() && Sequence::new(1024).is_none(), true);
    }

    #[test]
    fn the_nearest_tick_has_the_number_and_lies_in_reach(number in 0u64..1024, now in 0i64..1_000_000_000_000) {
        let tick = Tick::near(number, Moment(now));
        let last = Tick::of(Moment(now)).0 + AHEAD;
        prop_assert!(tick.0 <= last && last - tick.0 < TICKS);
        prop_assert!(last < TICKS || tick.0 % TICKS == number);
    }
}
