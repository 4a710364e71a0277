//! What was right about a rehearsed call, what was too much, and what was missing. There is no score, and no hurry.

use uuid::Uuid;
use wire::{
    drill::{DrillCall, DrillEnd, DrillFinding as Finding, DrillTone as Tone},
    journal::JournalRow,
};

const RESET: &str = "factor.reset";
const PASSWORD_CODE: &str = "password.code-issued";
const UNLOCKED: &str = "person.unlocked";
const CASE_OPENED: &str = "case.opened";
/// What stands between the entries of a checklist in the journal.
const BETWEEN: &str = " · ";

/// What was heard of the code that the caller read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The symbol that the caller got wrong was found.
    pub(crate) wrong: bool,
    /// All of it was right at last.
    pub(crate) whole: bool,
}

/// How a call was taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken<'a> {
    pub(crate) call: DrillCall,
    pub(crate) caller: Uuid,
    pub(crate) staff: Uuid,
    /// The checklist, in the order in which the caller's answers stand.
    pub(crate) checks: &'a [String],
    /// The journal of the sample workspace.
    pub(crate) rows: &'a [JournalRow],
    pub(crate) heard: Heard,
    pub(crate) end: DrillEnd,
}

/// Which entries of the usual checklist the caller can show. Nobody on a phone shows a document.
fn shown(call: DrillCall) -> &'static [usize] {
    match call {
        DrillCall::Locked | DrillCall::LostPhone => &[2],
        DrillCall::Administrator => &[0, 2],
        DrillCall::Stranger => &[],
    }
}

impl<'a> Taken<'a> {
    fn deeds(&self) -> impl Iterator<Item = &'a JournalRow> {
        let staff = self.staff;
        let by_staff = move |row: &&JournalRow| row.actor.as_ref().is_some_and(|actor| actor.id == staff);
        self.rows.iter().filter(by_staff).filter(|row| [RESET, PASSWORD_CODE, UNLOCKED, CASE_OPENED].contains(&row.kind.as_str()))
    }

    fn is_on_caller(&self, row: &JournalRow) -> bool {
        row.subject.as_ref().is_some_and(|subject| subject.id == self.caller)
    }

    fn did(&self, kind: &str) -> bool {
        self.deeds().any(|row| row.kind == kind && self.is_on_caller(row))
    }

    /// What gave the caller a way in, or asked for one.
    fn given(&self) -> impl Iterator<Item = &'a JournalRow> {
        let caller = self.caller;
        let on_caller = move |row: &&JournalRow| row.subject.as_ref().is_some_and(|subject| subject.id == caller);
        self.deeds().filter(on_caller).filter(|row| row.kind != UNLOCKED)
    }

    fn ticked_unproven(&self, row: &JournalRow) -> bool {
        let ticked = row.words.get("checked").map(String::as_str).unwrap_or_default();
        ticked.split(BETWEEN).any(|entry| match self.checks.iter().position(|check| check == entry) {
            Some(place) => !shown(self.call).contains(&place),
            None => true,
        })
    }
}

/// Judges. Each finding once, what was right first.
pub(crate) fn judge(taken: &Taken<'_>) -> Vec<Finding> {
    let mut found = what_was_done(taken);
    found.extend(how_it_was_done(taken));
    found.extend(what_was_told(taken));
    if taken.deeds().any(|row| !taken.is_on_caller(row)) {
        found.push(Finding::WrongPerson);
    }
    let mut each: Vec<Finding> = Vec::new();
    for finding in found {
        if !each.contains(&finding) {
            each.push(finding);
        }
    }
    each.sort_by_key(|finding| match tone(*finding) {
        Tone::Right => 0,
        Tone::TooMuch => 1,
        Tone::Missed => 2,
    });
    each
}

fn what_was_done(taken: &Taken<'_>) -> Vec<Finding> {
    let (reset, password, unlocked) = (taken.did(RESET), taken.did(PASSWORD_CODE), taken.did(UNLOCKED));
    let mut found = Vec::new();
    match taken.call {
        DrillCall::Locked => {
            found.push(if unlocked { Finding::Unlocked } else { Finding::NotUnlocked });
            found.extend(reset.then_some(Finding::ResetNeedless));
        }
        DrillCall::LostPhone => found.push(if reset { Finding::Reset } else { Finding::NotReset }),
        DrillCall::Administrator => found.extend(taken.given().next().is_none().then_some(Finding::NothingChanged)),
        DrillCall::Stranger => {
            found.extend(taken.given().next().is_some().then_some(Finding::WayInForStranger));
            return found;
        }
    }
    found.extend(password.then_some(Finding::PasswordCodeNeedless));
    found
}

/// The case behind each code, and the code on its way.
fn how_it_was_done(taken: &Taken<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in taken.given() {
        found.push(if taken.ticked_unproven(row) { Finding::TickedUnproven } else { Finding::Checked });
        let by_phone = row.words.get("channel").is_some_and(|channel| channel == "phone");
        found.push(if by_phone { Finding::ByPhone } else { Finding::WrongChannel });
        if row.kind != CASE_OPENED {
            found.push(match taken.heard {
                Heard { whole: false, .. } => Finding::NotReadBack,
                Heard { wrong: false, .. } => Finding::NotHeard,
                Heard { wrong: true, whole: true } => Finding::ReadBack,
            });
        }
    }
    // What somebody ticked falsely once is not made right by having ticked truly before. And a code in a stranger's hands
    // is not made better by how well it got there.
    if found.contains(&Finding::TickedUnproven) {
        found.retain(|finding| *finding != Finding::Checked);
    }
    if found.contains(&Finding::WrongChannel) {
        found.retain(|finding| *finding != Finding::ByPhone);
    }
    if taken.call == DrillCall::Stranger {
        found.retain(|finding| *finding == Finding::TickedUnproven);
    }
    found
}

fn what_was_told(taken: &Taken<'_>) -> Vec<Finding> {
    let comes_in = match taken.call {
        DrillCall::Locked => taken.did(UNLOCKED) || taken.did(RESET),
        DrillCall::LostPhone => taken.did(RESET),
        DrillCall::Administrator | DrillCall::Stranger => false,
    };
    match (taken.call, taken.end) {
        (DrillCall::Locked | DrillCall::LostPhone, DrillEnd::Helped) if comes_in => Vec::new(),
        (DrillCall::Locked | DrillCall::LostPhone, DrillEnd::HandedOn | DrillEnd::Declined) => vec![Finding::SentAway],
        (DrillCall::Administrator, DrillEnd::HandedOn) => vec![Finding::HandedOn],
        (DrillCall::Administrator, DrillEnd::Declined) => vec![Finding::NotHandedOn],
        (DrillCall::Administrator, DrillEnd::Helped) => vec![Finding::ToldWrong, Finding::NotHandedOn],
        (DrillCall::Stranger, _) if taken.given().next().is_some() => Vec::new(),
        (DrillCall::Stranger, DrillEnd::Declined) => vec![Finding::Declined],
        (DrillCall::Stranger, DrillEnd::HandedOn) => vec![Finding::HandedOn],
        (_, DrillEnd::Helped) => vec![Finding::ToldWrong],
    }
}

/// How a finding is to be taken.
pub(crate) fn tone(finding: Finding) -> Tone {
    match finding {
        Finding::Unlocked
        | Finding::Reset
        | Finding::Checked
        | Finding::ByPhone
        | Finding::ReadBack
        | Finding::HandedOn
        | Finding::Declined
        | Finding::NothingChanged => Tone::Right,
        Finding::ResetNeedless
        | Finding::PasswordCodeNeedless
        | Finding::WayInForStranger
        | Finding::TickedUnproven
        | Finding::WrongPerson => Tone::TooMuch,
        Finding::WrongChannel
        | Finding::NotUnlocked
        | Finding::NotReset
        | Finding::NotReadBack
        | Finding::NotHeard
        | Finding::ToldWrong
        | Finding::SentAway
        | Finding::NotHandedOn => Tone::Missed,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wire::people::PersonName;

    use super::*;

    const STAFF: Uuid = Uuid::from_u128(1);
    const CALLER: Uuid = Uuid::from_u128(2);
    const OTHER: Uuid = Uuid::from_u128(3);
    const GOOD: Heard = Heard { wrong: true, whole: true };
    const NONE: Heard = Heard { wrong: false, whole: false };

    fn name(id: Uuid) -> PersonName {
        PersonName { id, name: "N".into(), email: "n@harbour.example".into() }
    }

    fn checks() -> Vec<String> {
        ["voice", "document", "called back"].map(str::to_owned).into()
    }

    fn deed(kind: &str, on: Uuid, checked: &str, channel: &str) -> JournalRow {
        let words = BTreeMap::from([("checked".to_owned(), checked.to_owned()), ("channel".to_owned(), channel.to_owned())]);
        let (actor, subject) = (Some(name(STAFF)), Some(name(on)));
        JournalRow { index: 0, at: 0, kind: kind.into(), communities: Vec::new(), actor, subject, erased: false, words }
    }

    fn judged(call: DrillCall, rows: &[JournalRow], heard: Heard, end: DrillEnd) -> Vec<Finding> {
        judge(&Taken { call, caller: CALLER, staff: STAFF, checks: &checks(), rows, heard, end })
    }

    #[test]
    fn the_right_way_through_each_call_is_found_right_and_nothing_else() {
        let unlock = deed(UNLOCKED, CALLER, "", "");
        let reset = deed(RESET, CALLER, "called back", "phone");
        for (call, rows, heard, end, right) in [
            (DrillCall::Locked, vec![unlock], NONE, DrillEnd::Helped, vec![Finding::Unlocked]),
            (
                DrillCall::LostPhone,
                vec![reset],
                GOOD,
                DrillEnd::Helped,
                vec![Finding::Reset, Finding::Checked, Finding::ByPhone, Finding::ReadBack],
            ),
            (DrillCall::Administrator, vec![], NONE, DrillEnd::HandedOn, vec![Finding::NothingChanged, Finding::HandedOn]),
            (DrillCall::Stranger, vec![], NONE, DrillEnd::Declined, vec![Finding::Declined]),
            (DrillCall::Stranger, vec![], NONE, DrillEnd::HandedOn, vec![Finding::HandedOn]),
        ] {
            let found = judged(call, &rows, heard, end);
            assert_eq!(found, right, "{call:?}");
            assert!(found.iter().all(|finding| tone(*finding) == Tone::Right), "{call:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let reset = |checked: &str, channel: &str| deed(RESET, CALLER, checked, channel);
        for (call, rows, heard, end, named) in [
            (DrillCall::Locked, vec![], NONE, DrillEnd::Helped, vec![Finding::NotUnlocked, Finding::ToldWrong]),
            (DrillCall::Locked, vec![], NONE, DrillEnd::Declined, vec![Finding::NotUnlocked, Finding::SentAway]),
            (DrillCall::Locked, vec![reset("called back", "phone")], GOOD, DrillEnd::Helped, vec![Finding::ResetNeedless]),
            (DrillCall::LostPhone, vec![reset("document", "phone")], GOOD, DrillEnd::Helped, vec![Finding::TickedUnproven]),
            (DrillCall::LostPhone, vec![reset("called back · voice", "phone")], GOOD, DrillEnd::Helped, vec![Finding::TickedUnproven]),
            (DrillCall::LostPhone, vec![reset("called back", "letter")], GOOD, DrillEnd::Helped, vec![Finding::WrongChannel]),
            (DrillCall::LostPhone, vec![reset("called back", "phone")], NONE, DrillEnd::Helped, vec![Finding::NotReadBack]),
            (
                DrillCall::LostPhone,
                vec![reset("called back", "phone")],
                Heard { wrong: false, whole: true },
                DrillEnd::Helped,
                vec![Finding::NotHeard],
            ),
            (
                DrillCall::LostPhone,
                vec![deed(PASSWORD_CODE, CALLER, "called back", "phone")],
                GOOD,
                DrillEnd::Helped,
                vec![Finding::PasswordCodeNeedless, Finding::NotReset, Finding::ToldWrong],
            ),
            (
                DrillCall::LostPhone,
                vec![deed(RESET, OTHER, "called back", "phone")],
                NONE,
                DrillEnd::Helped,
                vec![Finding::WrongPerson, Finding::NotReset, Finding::ToldWrong],
            ),
            (DrillCall::Administrator, vec![], NONE, DrillEnd::Helped, vec![Finding::ToldWrong, Finding::NotHandedOn]),
            (DrillCall::Stranger, vec![], NONE, DrillEnd::Helped, vec![Finding::ToldWrong]),
            (
                DrillCall::Stranger,
                vec![reset("called back", "phone")],
                GOOD,
                DrillEnd::Helped,
                vec![Finding::WayInForStranger, Finding::TickedUnproven],
            ),
        ] {
            let found = judged(call, &rows, heard, end);
            let wrong: Vec<Finding> = found.iter().copied().filter(|finding| tone(*finding) != Tone::Right).collect();
            for finding in &named {
                assert!(wrong.contains(finding), "{call:?}: {finding:?} is not among {wrong:?}");
            }
        }
    }

    #[test]
    fn a_code_for_a_stranger_is_never_praised() {
        for channel in ["phone", "letter"] {
            let found = judged(DrillCall::Stranger, &[deed(RESET, CALLER, "voice", channel)], GOOD, DrillEnd::Declined);
            assert!(found.iter().all(|finding| tone(*finding) != Tone::Right), "{found:?}");
        }
    }

    #[test]
    fn what_others_did_counts_for_nothing() {
        let mut by_another = deed(UNLOCKED, CALLER, "", "");
        by_another.actor = Some(name(OTHER));
        let found = judged(DrillCall::Locked, &[by_another], NONE, DrillEnd::Helped);
        assert_eq!(found, [Finding::NotUnlocked, Finding::ToldWrong]);
    }
}
