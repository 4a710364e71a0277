//! What tampering is found, and how. Whoever tampers holds every key here, and signs anew.

use super::*;
use crate::{
    Draft, Entry, Stored,
    export::{self, Bytes},
    note::SigningKey,
    open, seal,
    tree::{Span, consistency, inclusion},
};

const ORIGIN: &str = "sallyport/01900000-0000-7000-8000-000000000007/0";
const WORKSPACE: Uuid = Uuid::from_u128(7);
const COMMUNITY: Uuid = Uuid::from_u128(1);
const MIA: Uuid = Uuid::from_u128(11);

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub(super) fn public() -> Vec<PublicKey> {
    vec![key().public(ORIGIN).expect("a name")]
}

pub(super) fn entry(index: u64, sequence: u64, kind: &str, word: (&str, String)) -> Entry {
    let draft = Draft {
        at: 1_790_000_000 + index as i64,
        kind: kind.into(),
        communities: vec![COMMUNITY],
        actor: Some(Uuid::from_u128(10)),
        subject: index.is_multiple_of(2).then_some(MIA),
        words: [(word.0.into(), word.1)].into(),
        facts_key: [index as u8; 32].into(),
        persons_key: [index as u8 + 100; 32].into(),
    };
    seal(draft, WORKSPACE, index, &[(COMMUNITY, sequence)]).expect("within the format")
}

pub(super) fn journal(size: u64) -> Vec<Entry> {
    (0..size).map(|index| entry(index, index + 1, "account.signed-in", ("name", format!("person {index}")))).collect()
}

pub(super) fn emptied(entry: &Entry) -> Entry {
    open(WORKSPACE, Stored { persons: None, persons_key: None, ..entry.stored() }).expect("the facts are whole")
}

fn root(entries: &[Entry]) -> TreeHash {
    let mut tree = Frontier::default();
    entries.iter().for_each(|entry| tree.push(entry.leaf().hash()));
    tree.root()
}

fn span(entries: &[Entry], span: Span) -> TreeHash {
    let hash = |subtree: crate::tree::Subtree| {
        let from = (subtree.index << subtree.level) as usize;
        Some(root(&entries[from..from + (1 << subtree.level)]))
    };
    span.hash(hash).expect("a span")
}

pub(super) fn checkpoint(entries: &[Entry]) -> String {
    Checkpoint { origin: ORIGIN.into(), size: entries.len() as u64, root: root(entries) }.sign(&key()).expect("a name")
}

pub(super) fn whole(entries: &[Entry]) -> String {
    let header = Header::new(WORKSPACE, checkpoint(entries)).line();
    let lines: String = entries.iter().map(|one| export::entry(&one.stored(), None)).collect();
    header + &lines + &export::end(entries.len() as u64)
}

pub(super) fn about_mia() -> Part {
    Part { person: Some(MIA), from: None, until: None }
}

pub(super) fn part(entries: &[Entry], part: Part, chosen: &[u64], earlier: Option<u64>) -> String {
    let mut header = Header::new(WORKSPACE, checkpoint(entries));
    header.part = Some(part);
    header.earlier = earlier.map(|size| export::Earlier {
        checkpoint: checkpoint(&entries[..size as usize]),
        consistency: consistency(size, entries.len() as u64)
            .expect("smaller")
            .into_iter()
            .map(|one| Bytes(span(entries, one).as_bytes().to_vec()))
            .collect(),
    });
    let line = |index: &u64| {
        let spans = inclusion(*index, entries.len() as u64).expect("an entry");
        let proof: Vec<TreeHash> = spans.into_iter().map(|one| span(entries, one)).collect();
        export::entry(&entries[*index as usize].stored(), Some(&proof))
    };
    header.line() + &chosen.iter().map(line).collect::<String>() + &export::end(chosen.len() as u64)
}

fn verify(file: &str, kept: &[String]) -> Report {
    let verifier = || Verifier::new(public(), kept).expect("checkpoints of this key");
    let (mut one_by_one, mut shared) = (verifier(), verifier());
    file.lines().for_each(|line| one_by_one.line(line));
    shared.lines(file);
    let (report, same) = (one_by_one.finish(), shared.finish());
    // However the lines are handed over, the same is found.
    assert_eq!(format!("{report:?}"), format!("{same:?}"));
    report
}

#[test]
fn a_whole_journal_is_sound_and_says_what_it_holds() {
    let entries = journal(23);
    let kept: Vec<String> = [0, 1, 8, 22, 23].iter().map(|size| checkpoint(&entries[..*size])).collect();
    let report = verify(&whole(&entries), &kept);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.entries, report.hashes, report.erased, report.earlier), (23, 0, 0, 5));
    assert_eq!(report.times, Some((1_790_000_000, 1_790_000_022)));
    assert!(verify(&whole(&[]), &[checkpoint(&[])]).is_sound());
}

#[test]
fn other_communities_come_as_hashes_and_still_prove_the_whole() {
    let entries = journal(9);
    let mut header = Header::new(WORKSPACE, checkpoint(&entries));
    header.communities = Some(vec![]);
    let lines: String =
        entries
            .iter()
            .map(|one| {
                if one.index().is_multiple_of(3) {
                    export::hash(one.index(), &one.leaf().hash())
                } else {
                    export::entry(&one.stored(), None)
                }
            })
            .collect();
    let file = header.line() + &lines + &export::end(9);
    let report = verify(&file, &[checkpoint(&entries[..4])]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.hashes, report.earlier), (3, 1));
    // Said to hold every entry of the community, it does not.
    header.communities = None;
    let report = verify(&(header.line() + &lines + &export::end(9)), &[]);
    assert!(report.findings.contains(&Finding::Gap(1, COMMUNITY, 0, 2)), "{:?}", report.findings);
}

#[test]
fn one_persons_entries_are_proved_one_by_one() {
    let entries = journal(23);
    let asked = Part { person: Some(MIA), from: Some(1_790_000_004), until: Some(1_790_000_010) };
    let report = verify(&part(&entries, asked, &[4, 6, 8], Some(5)), &[checkpoint(&entries[..5])]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.entries, report.earlier, report.part), (3, 1, Some(asked)));
    for (chosen, finding) in [
        (&[4, 5][..], Finding::Unasked(5)),
        (&[2], Finding::Unasked(2)),
        (&[10], Finding::Unasked(10)),
        (&[6, 4], Finding::OutOfOrder(7, 4)),
    ] {
        assert_eq!(verify(&part(&entries, asked, chosen, None), &[]).findings, [finding]);
    }
    let unproved = verify(&part(&entries, asked, &[4], None), &[checkpoint(&entries[..5])]);
    assert_eq!(unproved.findings, [Finding::NoConsistency(5)]);
}

/// Every way to rewrite a journal, by somebody who can open the vault and sign: a checkpoint kept elsewhere finds it.
#[test]
fn whoever_holds_an_earlier_checkpoint_finds_every_rewriting() {
    let entries = journal(16);
    let kept = [checkpoint(&entries[..12])];
    let again = |change: fn(&mut Vec<Entry>)| {
        let mut entries = entries.clone();
        change(&mut entries);
        whole(&entries)
    };
    let cases: [(&str, String, Finding); 6] = [
        ("changed", again(|all| all[3] = entry(3, 4, "account.signed-in", ("name", "somebody else".into()))), Finding::Rewritten(12)),
        ("deleted, and the rest numbered anew", again(|all| *all = journal_without(3)), Finding::Rewritten(12)),
        (
            "reordered",
            again(|all| (all[3], all[4]) = (entry(3, 4, "a", ("name", String::new())), entry(4, 5, "b", ("name", String::new())))),
            Finding::Rewritten(12),
        ),
        ("inserted", again(|all| all.insert(0, entry(0, 1, "account.added", ("name", String::new())))), Finding::OutOfOrder(1, 0)),
        ("truncated", again(|all| all.truncate(11)), Finding::RolledBack(12, 11)),
        ("an old copy", again(|all| all.truncate(5)), Finding::RolledBack(12, 5)),
    ];
    for (how, file, finding) in cases {
        let report = verify(&file, &kept);
        assert!(report.findings.contains(&finding), "{how}: {:?}", report.findings);
    }
}

fn journal_without(gone: u64) -> Vec<Entry> {
    let left = (0..16).filter(|index| *index != gone);
    (0..).zip(left).map(|(index, was)| entry(index, index + 1, "account.signed-in", ("name", format!("person {was}")))).collect()
}

/// What a vault kept of an entry may be anything: the export carries it, and the verifier names it.
#[test]
fn a_damaged_entry_is_exported_and_named() {
    let entries = journal(3);
    // Not even JSON; and JSON that reads as if nothing were there.
    for facts in ["not JSON \"\n", "null", " null\n"] {
        let damaged = Stored { facts, ..entries[1].stored() };
        let lines = [export::entry(&entries[0].stored(), None), export::entry(&damaged, None), export::entry(&entries[2].stored(), None)];
        let file = Header::new(WORKSPACE, checkpoint(&entries)).line() + &lines.concat() + &export::end(3);
        let report = verify(&file, &[]);
        assert_eq!(report.findings, [Finding::Entry(1, OpenError::FactsDoNotMatch), Finding::Gap(2, COMMUNITY, 1, 3)], "{facts:?}");
    }
}

/// Tampering with the file itself, by somebody without the key.
#[test]
fn a_file_that_was_tampered_with_says_where() {
    let entries = journal(9);
    let file = whole(&entries);
    let lines: Vec<&str> = file.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let without = |gone: usize| joined(&lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect::<Vec<_>>());
    let swapped = |a: usize, b: usize| {
        let mut lines = lines.clone();
        lines.swap(a, b);
        joined(&lines)
    };
    let cases: [(String, Finding); 12] = [
        (file.replace("person 4", "person 5"), Finding::Entry(4, OpenError::PersonsDoNotMatch)),
        (file.replace("1790000004", "1790000005"), Finding::Entry(4, OpenError::FactsDoNotMatch)),
        (without(5), Finding::OutOfOrder(4, 5)),
        (swapped(3, 6), Finding::OutOfOrder(2, 5)),
        (without(10), Finding::CutShort(9)),
        (joined(&lines[..5]), Finding::CutShort(4)),
        (file.replace(r#"{"end":9}"#, r#"{"end":8}"#), Finding::Count(8, 9)),
        (file.replace(r#"{"end":9}"#, "{}"), Finding::Line(11)),
        (format!("{file}{}\n", lines[9]), Finding::Line(12)),
        (file.replace(r#""v":1,"workspace""#, r#""v":2,"workspace""#), Finding::NewerVersion),
        (file.replace("sallyport-journal", "something-else"), Finding::NotAnExport),
        (String::new(), Finding::NotAnExport),
    ];
    for (file, finding) in cases {
        let report = verify(&file, &[]);
        assert!(report.findings.contains(&finding), "{finding:?}: {:?}", report.findings);
    }
    // The last entries taken away, and the count mended: the checkpoint still knows.
    let cut = joined(&lines[..6]) + &export::end(5);
    assert_eq!(verify(&cut, &[]).findings, [Finding::Length(9, 5)]);
    // Another journal's entries under this checkpoint.
    let mut other = entries.clone();
    other[8] = entry(8, 9, "account.added", ("name", String::new()));
    let mixed = file.lines().next().map(|line| format!("{line}\n")).unwrap_or_default()
        + &whole(&other).lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(verify(&mixed, &[]).findings, [Finding::Root]);
}

#[test]
fn another_key_is_not_believed() {
    let entries = journal(3);
    let stranger = vec![SigningKey::from_seed(&[8; 32]).public(ORIGIN).expect("a name")];
    let mut verifier = Verifier::new(stranger.clone(), &[]).expect("none kept");
    whole(&entries).lines().for_each(|line| verifier.line(line));
    assert!(matches!(verifier.finish().findings[..], [Finding::Checkpoint(_)]));
    assert!(Verifier::new(stranger, &[checkpoint(&entries)]).is_err());
}

#[test]
fn a_person_may_be_erased_where_an_entry_declares_it_and_nowhere_else() {
    let mut entries = journal(8);
    entries.push(entry(8, 9, ERASED.0, (ERASED.1, "2,4-5".into())));
    let erased = |which: &[usize]| {
        let mut file = entries.clone();
        which.iter().for_each(|at| file[*at] = emptied(&entries[*at]));
        verify(&whole(&file), &[checkpoint(&entries[..6])])
    };
    let report = erased(&[2, 4, 5]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.erased, report.earlier), (3, 1));
    assert_eq!(erased(&[2, 3, 4]).findings, [Finding::Undeclared(3)]);
}

#[test]
fn declarations_hold_in_any_order_overlapping_and_side_by_side() {
    let mut entries = journal(12);
    // The last is of no entry: it ends before it begins.
    for (at, list) in ["7,3-9", "1", "4-5,5-6", "11-10"].into_iter().enumerate() {
        let at = 12 + at as u64;
        entries.push(entry(at, at + 1, ERASED.0, (ERASED.1, list.into())));
    }
    entries.iter_mut().take(12).for_each(|entry| *entry = emptied(entry));
    let undeclared = verify(&whole(&entries), &[]).findings;
    assert_eq!(undeclared, [0, 2, 10, 11].map(Finding::Undeclared));
}

/// A million entries, every other one erased by a declaration of its own.
#[test]
fn very_many_erasures_are_verified_in_one_pass() {
    let mut verifier = Verifier::new(public(), &[]).expect("none kept");
    verifier.erased = (0..500_000).rev().map(|index| index * 2).collect();
    verifier.declared = (1..500_000).rev().map(|index| index * 2..=index * 2).collect();
    verifier.whole(&Checkpoint { origin: ORIGIN.into(), size: 0, root: TreeHash::empty() });
    assert_eq!(verifier.report.findings, [Finding::Undeclared(0)]);
}

#[test]
fn ranges_are_read_and_nonsense_says_nothing() {
    assert_eq!(ranges("3,7-9"), [3..=3, 7..=9]);
    assert_eq!(ranges(",x,5-,-,4"), [4..=4]);
}

#[test]
fn no_key_shows_in_debug_output() {
    let file = whole(&journal(1));
    let mut verifier = Verifier::new(public(), &[]).expect("none kept");
    file.lines().for_each(|line| verifier.line(line));
    let shown = format!("{verifier:?}");
    assert!(!shown.contains("person 0") && !shown.contains("ZGRkZGRk"), "{shown}");
}
