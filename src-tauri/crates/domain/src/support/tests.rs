use super::*;
use crate::{
    gate::Role,
    policy::Policy,
    testing::{person, workspace},
};

fn answers(checked: &[&str]) -> Answers {
    Answers {
        asked_by: "Mia herself".into(),
        checked: checked.iter().map(|&entry| entry.to_owned()).collect(),
        reason: "New phone".into(),
        channel: Channel::Phone,
    }
}

#[test]
fn a_note_needs_every_answer_and_a_tick_on_the_list_of_today() {
    let list = Checklist::read(&["Badge".into(), "Call back".into()]).expect("a list");
    let read = |answers: Answers| SupportNote::read(&answers, &list);
    let table = [
        (answers(&["Badge"]), Ok(())),
        (answers(&["Badge", "Call back", "Badge"]), Ok(())),
        (answers(&[]), Err(Refusal::CaseIncomplete)),
        (answers(&["badge"]), Err(Refusal::ChecklistChanged)),
        (answers(&["Badge", "Something else"]), Err(Refusal::ChecklistChanged)),
        (Answers { asked_by: " ".into(), ..answers(&["Badge"]) }, Err(Refusal::CaseIncomplete)),
        (Answers { reason: String::new(), ..answers(&["Badge"]) }, Err(Refusal::CaseIncomplete)),
        (Answers { reason: "x".repeat(301), ..answers(&["Badge"]) }, Err(Refusal::NameTooLong)),
    ];
    for (answers, expected) in table {
        assert_eq!(read(answers.clone()).map(|_| ()), expected, "{answers:?}");
    }
    assert_eq!(read(answers(&["Badge", "Badge"])).expect("a note").checked.len(), 1);
}

#[test]
fn a_checklist_has_one_to_eight_different_entries() {
    let lines =
        |lines: &[&str]| Checklist::read(&lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>()).map(|list| list.entries().count());
    assert_eq!(lines(&["Badge", "", "  ", "Call back"]), Ok(2));
    assert_eq!(lines(&["", " "]), Err(Refusal::ChecklistLength));
    assert_eq!(lines(&["Badge", "bADGE"]), Err(Refusal::ChecklistLength));
    assert_eq!(lines(&["1", "2", "3", "4", "5", "6", "7", "8", "9"]), Err(Refusal::ChecklistLength));
    for language in [Language::En, Language::Fr] {
        assert_eq!(Checklist::usual(language).entries().count(), 3);
    }
}

fn list() -> Checklist {
    Checklist::read(&["Badge".into()]).expect("a list")
}

#[test]
fn only_owners_write_the_list_and_it_is_journalled() {
    for role in [Role::Administrator, Role::Support, Role::Member] {
        assert_eq!(set_checklist(&person(1, Some(role)), workspace(Policy::default()), list(), None).verdict, Err(Refusal::NotAllowed));
    }
    let decision = set_checklist(&person(1, None), workspace(Policy::default()), list(), None);
    assert_eq!(decision.verdict, Ok(()));
    assert_eq!(decision.events[0].words["checked"], "Badge");
    let Change::Workspace(changed) = &decision.changes[0] else { panic!("the workspace") };
    assert_eq!(changed.checklist(), list());
}

#[test]
fn a_workspace_of_before_has_the_usual_list() {
    let mut record = serde_json::to_value(workspace(Policy::default())).expect("a record");
    record.as_object_mut().expect("an object").remove("checklist");
    let read: Workspace = serde_json::from_value(record).expect("still read");
    assert_eq!(read.checklist(), Checklist::usual(Language::En));
}

#[test]
fn a_checklist_that_is_no_longer_what_it_was_is_left_as_it_is() {
    let owner = person(1, None);
    let now: Vec<String> = workspace(Policy::default()).checklist().entries().map(str::to_owned).collect();
    let set = |was: &[String]| set_checklist(&owner, workspace(Policy::default()), list(), Some(was)).verdict;
    assert_eq!(set(&now), Ok(()));
    assert_eq!(set(&now[1..]), Err(Refusal::ChangedMeanwhile));
    assert_eq!(set(&[]), Err(Refusal::ChangedMeanwhile));
}
