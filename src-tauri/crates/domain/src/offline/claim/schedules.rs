//! Schedules of desks that issue out of reach, lose their line, are put back from a copy, and of a server that renews, voids, demotes and
//! replaces its key meanwhile: no number lets anybody in twice, nothing that the rules forbid is taken, and whatever a desk issued as it
//! was granted is taken, however much was renewed, lost or told since. `SALLYPORT_SCHEDULES=10000` runs more, `SALLYPORT_SEED=7` begins
//! elsewhere.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{
    super::{Desktop, EpochKey, Issuer, IssuerNumber, KeyEpoch, Number, Report, Sequence, Way, Window, first_good, tell, void},
    *,
};
use crate::{
    Entropy,
    account::OutOfReach,
    code::{Code, Typed},
    device::{PublicKey, State},
    draw,
    gate::Role,
    id::DeviceId,
    policy::DAY,
    secret_hash::{Hashed, Recipe},
    sign_in::{CodeTry, with_code},
    testing::*,
    time::MINUTE,
    words::Name,
};

const WORKSPACE: WorkspaceId = WorkspaceId(uuid::Uuid::from_u128(9));
const STEPS: usize = 80;
const DESKS: usize = 3;
const USERS: usize = 3;

/// What a desk knows by itself.
#[derive(Clone, Default)]
struct Known {
    grant: Option<(usize, Issuer, Window)>,
    /// The first number of that issuer that is not used up, with its key.
    spent: Vec<(usize, u16, u16)>,
    tick: u64,
    untold: Vec<Told>,
}

#[derive(Clone)]
struct Told {
    key: usize,
    number: Number,
    tick: Tick,
    user: usize,
}

struct Desk {
    known: Known,
    copy: Option<Known>,
    /// Whether it was ever put back: from then on its numbers may come twice.
    put_back: bool,
    /// Whether the policy allows fewer since it was granted what it has.
    too_many: bool,
    device: Device,
    staff: Account,
    /// Seconds by which its clock is off.
    off: i64,
}

/// A code that somebody was given.
struct Given {
    code: Code,
    desk: usize,
    what: Told,
    /// Whether the desk issued it as it was granted, by the policy of then and now, and was never put back.
    sound: bool,
    at: Moment,
}

struct World {
    random: Counting,
    now: Moment,
    policy: Policy,
    keys: Vec<EpochKey>,
    records: Vec<(usize, IssuerRecord)>,
    desks: Vec<Desk>,
    users: Vec<Account>,
    given: Vec<Given>,
    accepted: BTreeSet<(usize, u16, u16)>,
    void: BTreeSet<(usize, u16, u16)>,
    hash: Hashed,
    seen: [usize; 4],
}

impl World {
    fn new(seed: u64) -> Self {
        let desk = |number: usize| {
            let key = ed25519_dalek::SigningKey::from_bytes(&[number as u8 + 1; 32]).verifying_key();
            let shown = PublicKey::read(&data_encoding::BASE64.encode(key.as_bytes())).expect("a key");
            let device = Device {
                id: DeviceId(uuid::Uuid::from_u128(700 + number as u128)),
                name: Name::read("Quay").expect("a name"),
                state: State::Paired { key: shown, paired_at: NOW },
                invited_by: None,
                invited_at: NOW,
                person: None,
                seen_at: None,
                signed_in: Vec::new(),
                told: Vec::new(),
            };
            let staff = person(10 + number as u64, Some(Role::Support));
            Desk { known: Known::default(), copy: None, put_back: false, too_many: false, device, staff, off: 0 }
        };
        let user =
            |number: usize| Account { out_of_reach: OutOfReach::default(), ..enrolled(person(number as u64, Some(Role::Member))).account };
        Self {
            random: Counting(seed.wrapping_mul(0x1000)),
            now: NOW,
            // Short, so that codes grow old on the way.
            policy: Policy { recovery_validity: 240 * MINUTE, ..Policy::default() },
            keys: vec![EpochKey::new(Zeroizing::new([1; 32]))],
            records: Vec::new(),
            desks: (0..DESKS).map(desk).collect(),
            users: (1..=USERS).map(user).collect(),
            given: Vec::new(),
            accepted: BTreeSet::new(),
            void: BTreeSet::new(),
            hash: Recipe::random(CHEAP, &mut Counting(4)).hash(&"code".into()),
            seen: [0; 4],
        }
    }

    fn below(&mut self, count: usize) -> usize {
        let bytes: [u8; 8] = draw(&mut self.random as &mut dyn Entropy);
        (u64::from_le_bytes(bytes) % count as u64) as usize
    }

    fn step(&mut self) {
        let desk = self.below(DESKS);
        match self.below(20) {
            0..=2 => self.now = self.now.plus([5, 40, 300][self.below(3)] * MINUTE),
            3..=5 => self.renew(desk),
            6..=10 => self.issue(desk),
            11..=14 if !self.given.is_empty() => {
                let which = self.below(self.given.len());
                self.type_in(which);
            }
            15 => self.desks[desk].copy = Some(self.desks[desk].known.clone()),
            16 => {
                if let Some(copy) = self.desks[desk].copy.clone() {
                    self.desks[desk].known = copy;
                    self.desks[desk].put_back = true;
                    // What it does not know of any more it cannot tell.
                    self.given.iter_mut().filter(|given| given.desk == desk).for_each(|given| given.sound = false);
                }
            }
            17 => self.rules(desk),
            18 => self.take_back(),
            _ => {
                let user = self.below(USERS);
                // They enrolled anew.
                self.users[user].void_out_of_reach(self.now);
            }
        }
    }

    fn rules(&mut self, desk: usize) {
        match self.below(6) {
            0 => self.desks[desk].staff.memberships[0].role = Role::Member,
            1 | 2 => self.desks[desk].staff.memberships[0].role = Role::Support,
            3 => {
                let budget = [0, 3, 20, 20][self.below(4)];
                if budget < self.policy.offline_budget {
                    self.desks.iter_mut().for_each(|desk| desk.too_many = true);
                }
                self.policy.offline_budget = budget;
            }
            4 if self.keys.len() < 4 => self.keys.push(EpochKey::new(Zeroizing::new([self.keys.len() as u8 + 1; 32]))),
            _ => self.desks[desk].off = [0, 0, -25 * MINUTE, 25 * MINUTE][self.below(4)],
        }
    }

    fn take_back(&mut self) {
        let known: Vec<(usize, usize, Sequence)> = self
            .records
            .iter()
            .enumerate()
            .flat_map(|(at, (key, record))| record.codes.iter().map(move |code| (at, *key, code.sequence)))
            .collect();
        if known.is_empty() {
            return;
        }
        let (at, key, sequence) = known[self.below(known.len())];
        let record = self.records[at].1.clone();
        let whose = record.code(sequence).and_then(|code| code.person);
        let person = self.users.iter().find(|user| Some(user.id) == whose).cloned();
        let administrator = person_of_administration();
        let decision = void(&administrator, Some(record), sequence, person.as_ref(), self.now);
        if let Some(Change::Issuer(record)) = decision.changes.first() {
            self.void.insert((key, record.number.get(), sequence.get()));
            self.records[at].1 = (**record).clone();
        }
    }

    /// The desk tells, and is given a grant that goes on from there; now and then the answer is lost on the way.
    fn renew(&mut self, desk: usize) {
        let told = self.desks[desk].known.untold.clone();
        for one in &told {
            let Some(at) = self.records.iter().position(|(key, record)| *key == one.key && record.number == one.number.issuer) else {
                continue;
            };
            let report = Report { number: one.number, tick: one.tick, person: self.users[one.user].clone(), note: note() };
            let decision = Decision::accept(());
            let (_, _decision) = tell(&mut self.records[at].1, &report, Desktop { device: "Quay", staff: "Sam" }, &[], self.now, decision);
        }
        let key = self.keys.len() - 1;
        let grant = if self.policy.offline_budget == 0 || self.desks[desk].staff.memberships[0].role == Role::Member {
            None
        } else {
            let (device, staff) = (self.desks[desk].device.id, self.desks[desk].staff.id);
            let at = self.records.iter().position(|(of, record)| *of == key && record.device == device).unwrap_or_else(|| {
                let taken = self.records.iter().filter(|(of, _)| *of == key).count() as u16;
                let issuer = Issuer {
                    way: Way::Grant,
                    epoch: KeyEpoch::new(key as u16).expect("an epoch"),
                    number: IssuerNumber::new(taken).expect("a number"),
                    device,
                    staff,
                };
                self.records.push((key, IssuerRecord::new(issuer, self.keys[key].id(), self.now)));
                self.records.len() - 1
            });
            let record = &mut self.records[at].1;
            record.renew(self.policy.offline_budget, self.now).then(|| (key, record.issuer(), record.window))
        };
        if self.below(4) == 0 {
            return;
        }
        self.desks[desk].too_many = false;
        let known = &mut self.desks[desk].known;
        known.untold.drain(..told.len());
        known.grant = grant;
    }

    /// As the desk does it: by what it knows, its clock and its own numbers.
    fn issue(&mut self, desk: usize) {
        let user = self.below(USERS);
        let Desk { known, off, put_back, too_many, .. } = &mut self.desks[desk];
        let Some((key, issuer, window)) = known.grant else { return };
        let clock = self.now.plus(*off);
        let next = known.spent.iter().find(|(of, number, _)| (*of, *number) == (key, issuer.number.get())).map_or(0, |(_, _, next)| *next);
        let next = next.max(window.first);
        let tick = Tick::new(Tick::of(clock).get().max(known.tick));
        if next >= window.first + window.count || tick > Tick::of(window.until) {
            return;
        }
        known.spent.retain(|(of, number, _)| (*of, *number) != (key, issuer.number.get()));
        known.spent.push((key, issuer.number.get(), next + 1));
        known.tick = tick.get();
        let number = Number { epoch: issuer.epoch, issuer: issuer.number, sequence: Sequence::new(next).expect("a number") };
        let what = Told { key, number, tick, user };
        known.untold.push(what.clone());
        let (sound, person) = (!*put_back && !*too_many && tick >= Tick::of(window.from).before(), self.users[user].id);
        let code = self.keys[key].issuing(WORKSPACE, &issuer).issue(Way::Grant, number, WORKSPACE, person, tick);
        self.given.push(Given { code, desk, what, sound, at: self.now });
    }

    /// Its person types it at the second door. What the rules say of it is worked out apart from how they are written.
    fn type_in(&mut self, which: usize) {
        let Given { code, desk, what, sound, at } = &self.given[which];
        let claimed = Claimed::of(code).expect("of this kind");
        let (number, sequence) = (what.number.issuer.get(), what.number.sequence.get());
        let (place, user, desk) = ((what.key, number, sequence), &self.users[what.user], &self.desks[*desk]);
        let found = self.records.iter().position(|(key, record)| *key == what.key && record.number == what.number.issuer);
        let record = found.map(|at| self.records[at].1.clone());
        let tried = OfflineTry {
            claimed,
            workspace: WORKSPACE,
            key: record.as_ref().map_or_else(IssuingKey::of_nobody, |record| self.keys[what.key].issuing(WORKSPACE, &record.issuer())),
            device: Some(desk.device.clone()),
            staff: Some(desk.staff.clone()),
            hashed: Some(self.hash),
            administrators: Vec::new(),
            owners: Vec::new(),
            record,
        };
        let tried = CodeTry { typed: Typed::Code(code.clone()), secrets: Vec::new(), hashed: None, out_of_reach: Some(tried) };
        let mut session = session(user, Stage::SecondFactor);
        session.seen_at = self.now;
        let decision = with_code(&self.policy, user.clone(), session, &tried, self.now);

        let old = self.now.since(what.tick.begins()) >= self.policy.recovery_validity;
        let early = what.tick.get() > Tick::of(self.now).get() + 1;
        let allowed = self.policy.offline_budget > 0 && desk.staff.memberships[0].role == Role::Support;
        let newer = first_good(user).is_some_and(|first| what.tick < first);
        let came = self.accepted.contains(&place);
        let good = allowed && !old && !early && !newer && !came && !self.void.contains(&place);
        match &decision.verdict {
            Ok(_) => {
                assert!(
                    good,
                    "taken though the rules forbid it: {place:?} allowed {allowed} old {old} early {early} newer {newer} came {came}"
                );
                self.seen[0] += 1;
                assert!(self.accepted.insert(place), "{place:?} was taken twice");
            }
            Err(refusal) => {
                // A clock that runs behind by more than its desk was granted is no fault of the rules.
                let within = self.now.since(*at) < DAY && *sound;
                assert!(!(good && within), "refused though the rules allow it: {place:?}, {refusal:?}");
                self.seen[if came {
                    1
                } else if allowed {
                    2
                } else {
                    3
                }] += 1;
            }
        }
        for change in decision.changes {
            match change {
                Change::Account(account) => {
                    let at = self.users.iter().position(|user| user.id == account.id).expect("a user");
                    // Enrolled again in the same moment, so that the next code is for somebody with a phone to lose.
                    let out_of_reach = account.out_of_reach.clone();
                    self.users[at] = Account { out_of_reach, second_factor: self.users[at].second_factor.clone(), ..*account };
                }
                Change::Issuer(record) => self.records[found.expect("there")].1 = *record,
                _ => {}
            }
        }
    }
}

fn person_of_administration() -> Account {
    person(90, Some(Role::Administrator))
}

#[test]
fn no_number_lets_in_twice_nothing_forbidden_is_taken_and_nothing_granted_is_refused() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (first, count): (u64, u64) = (number("SALLYPORT_SEED").unwrap_or(1), number("SALLYPORT_SCHEDULES").unwrap_or(200));
    let mut seen = [0; 4];
    for seed in first..first + count {
        let played = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..STEPS {
                world.step();
            }
            world.seen
        });
        let played = played.unwrap_or_else(|_| panic!("SALLYPORT_SEED={seed} plays it again"));
        seen.iter_mut().zip(played).for_each(|(sum, one)| *sum += one);
    }
    assert!(count < 100 || seen.iter().all(|times| *times > 0), "all of it came to be: {seen:?}");
}
