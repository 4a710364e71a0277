//! Acts that give or change somebody's way in, and which of them one person may do alone.
//!
//! Two such acts of different kinds on one person make a take-over: a new second factor and a new password are all there
//! is to an account. So the second kind takes two people for three days after the first, by whichever buttons it is
//! composed. Every rule that does such an act asks [`may_follow`] first and leaves a [`Mark`].

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    account::Account,
    time::{HOUR, Moment},
};

/// How long an act stands in the way of one of another kind, in seconds.
pub const APART: i64 = 72 * HOUR;

/// What an act changes of somebody's way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The second factor was reset.
    SecondFactor,
    /// A code to choose a new password was issued.
    Password,
    /// A deactivated account was opened again.
    Reactivation,
    /// The e-mail address was changed.
    Email,
    /// A token was assigned, or proved by whoever it was assigned to.
    Token,
}

impl Effect {
    /// Which of the ways in it is about. A token and a reset are both about the second factor, and together no take-over: the
    /// usual way to replace a lost token is one after the other.
    fn door(self) -> Self {
        if self == Self::Token { Self::SecondFactor } else { self }
    }
}

/// An act on an account: when it was done, and again when what it gave was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it changed.
    pub effect: Effect,
    /// When.
    pub at: Moment,
}

/// The last act of each kind on an account. One of another kind never hides an earlier one: two people may have done it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(Vec<Mark>);

impl Marks {
    /// When this was last done, or what it gave last used.
    #[must_use]
    pub fn last(&self, effect: Effect) -> Option<Moment> {
        self.0.iter().find(|mark| mark.effect == effect).map(|mark| mark.at)
    }

    /// Whether that is less than 72 hours ago. A clock set back makes nothing older.
    #[must_use]
    pub fn lately(&self, effect: Effect, now: Moment) -> bool {
        self.last(effect).is_some_and(|at| now.since(at) < APART)
    }
}

/// Whether one person alone may do this to the target now. An act may be done again; one of another kind may not, until
/// 72 hours after the last. A clock set back shortens no wait.
///
/// # Errors
/// [`Refusal::SecondEffect`] with the earlier act.
pub fn may_follow(target: &Account, effect: Effect, now: Moment) -> Result<(), Refusal> {
    let others = target.way_in_changed.0.iter().filter(|mark| mark.effect.door() != effect.door() && now.since(mark.at) < APART);
    others.max_by_key(|mark| mark.at).map_or(Ok(()), |mark| Err(Refusal::SecondEffect(*mark)))
}

/// Notes that it was done, or that what it gave was used.
pub fn mark(target: &mut Account, effect: Effect, now: Moment) {
    let marks = &mut target.way_in_changed.0;
    marks.retain(|mark| mark.effect != effect);
    marks.push(Mark { effect, at: now });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{gate::Role, testing::*};

    const ALL: [Effect; 4] = [Effect::SecondFactor, Effect::Password, Effect::Reactivation, Effect::Email];

    #[test]
    fn an_account_of_before_has_no_mark() {
        let mut record = serde_json::to_value(person(1, Some(Role::Member))).expect("a record");
        record.as_object_mut().expect("an object").retain(|name, _| name != "way_in_changed" && name != "password_code");
        let account: Account = serde_json::from_value(record).expect("still read");
        assert_eq!(account.way_in_changed, Marks::default());
        assert!(account.password_code.is_none());
    }

    proptest! {
        /// However acts are ordered and timed, those that one person was let do within 72 hours are of one kind.
        #[test]
        fn no_two_kinds_within_three_days(acts in prop::collection::vec((0usize..4, 0i64..40 * HOUR), 1..30)) {
            let mut account = person(1, Some(Role::Member));
            let (mut now, mut done) = (NOW, Vec::<(Effect, Moment)>::new());
            for (which, wait) in acts {
                now = now.plus(wait);
                let effect = ALL[which];
                if may_follow(&account, effect, now).is_ok() {
                    mark(&mut account, effect, now);
                    done.push((effect, now));
                }
            }
            for (n, (effect, at)) in done.iter().enumerate() {
                prop_assert!(done[n + 1..].iter().all(|(other, later)| other == effect || later.since(*at) >= APART));
            }
        }
    }

    /// What two people did together does not free one of them.
    #[test]
    fn an_act_of_two_people_hides_no_earlier_one() {
        let mut account = person(1, Some(Role::Member));
        mark(&mut account, Effect::SecondFactor, NOW);
        mark(&mut account, Effect::Password, NOW.plus(60));
        for effect in [Effect::SecondFactor, Effect::Password] {
            assert!(may_follow(&account, effect, NOW.plus(120)).is_err());
        }
        assert!(may_follow(&account, Effect::Password, NOW.plus(APART)).is_ok());
        assert!(may_follow(&account, Effect::SecondFactor, NOW.plus(APART)).is_err());
    }

    #[test]
    fn the_wait_ends_after_72_hours_and_a_clock_set_back_does_not_end_it() {
        let mut account = person(1, Some(Role::Member));
        mark(&mut account, Effect::SecondFactor, NOW);
        let refused = Err(Refusal::SecondEffect(Mark { effect: Effect::SecondFactor, at: NOW }));
        for (now, expected) in
            [(NOW, refused.clone()), (NOW.plus(APART - 1), refused.clone()), (NOW.plus(APART), Ok(())), (NOW.plus(-HOUR), refused)]
        {
            assert_eq!(may_follow(&account, Effect::Password, now), expected);
            assert_eq!(may_follow(&account, Effect::SecondFactor, now), Ok(()));
        }
    }
}
