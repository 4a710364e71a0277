//! The file on the import desk: held here as it was shown, while the page sees a slice of it at a time.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;
use wire::import::{CheckedRow, ChosenImport, DraftRow, ImportRows, RowVerdict};

/// Rows that the page is given at a time.
const SLICE: usize = 100;

/// What was chosen, and by whom.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// The account: nobody else is shown it.
    pub(crate) by: Uuid,
    /// Where the file lies.
    pub(crate) path: PathBuf,
    /// SHA-256 of what was read; none where it could not be.
    pub(crate) digest: Option<[u8; 32]>,
    /// The rows that were read.
    pub(crate) drafts: Vec<DraftRow>,
    /// What they come to.
    pub(crate) rows: Vec<CheckedRow>,
    /// What was shown, to be given back.
    pub(crate) seen: String,
    /// What the page is told of it.
    pub(crate) view: ChosenImport,
}

impl Chosen {
    /// A slice of the verdicts: all, or only these.
    pub(crate) fn slice(&self, verdict: Option<RowVerdict>, from: u64) -> ImportRows {
        let asked = || self.rows.iter().filter(|row| verdict.is_none_or(|verdict| row.verdict == verdict));
        let rows = asked().skip(usize::try_from(from).unwrap_or(usize::MAX)).take(SLICE).cloned().collect();
        ImportRows { rows, from, total: asked().count() as u64 }
    }

    /// The refused rows as they were written, each with its verdict.
    pub(crate) fn refused(&self) -> impl Iterator<Item = (&DraftRow, &CheckedRow)> {
        self.drafts.iter().zip(&self.rows).filter(|(_, row)| row.verdict == RowVerdict::Refused)
    }
}

/// At most one file at a time.
#[derive(Debug, Default)]
pub(crate) struct Imports(Mutex<Option<Arc<Chosen>>>);

impl Imports {
    /// Holds what was chosen, or nothing any more.
    pub(crate) fn hold(&self, chosen: Option<Chosen>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = chosen.map(Arc::new);
    }

    /// What this person chose.
    pub(crate) fn chosen(&self, by: Uuid) -> Option<Arc<Chosen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|chosen| chosen.by == by)
    }
}

#[cfg(test)]
mod tests {
    use wire::import::{ImportKind, RowCounts};

    use super::*;

    fn row(line: u64, verdict: RowVerdict) -> CheckedRow {
        CheckedRow {
            line,
            name: String::new(),
            email: String::new(),
            verdict,
            reason: None,
            first_line: None,
            role: None,
            owner: false,
            community: None,
            name_before: None,
            language_after: None,
            role_changed: None,
        }
    }

    fn chosen(rows: Vec<CheckedRow>) -> Chosen {
        let counts = RowCounts { added: 0, changed: 0, same: 0, refused: 0 };
        let view = ChosenImport {
            file: "people.csv".into(),
            kind: ImportKind::People,
            fault: None,
            line: None,
            heading: None,
            counts,
            ignored: Vec::new(),
        };
        Chosen { by: Uuid::from_u128(1), path: "people.csv".into(), digest: None, drafts: Vec::new(), rows, seen: String::new(), view }
    }

    #[test]
    fn the_page_is_given_a_slice_of_what_it_asks_for() {
        let of = |line| if line % 2 == 0 { RowVerdict::Refused } else { RowVerdict::Added };
        let chosen = chosen((2..502).map(|line| row(line, of(line))).collect());
        let slice = chosen.slice(None, 0);
        assert_eq!((slice.rows.len(), slice.total), (SLICE, 500));
        let refused = chosen.slice(Some(RowVerdict::Refused), 200);
        assert_eq!((refused.rows.len(), refused.total, refused.rows[0].line), (50, 250, 402));
        assert!(chosen.slice(None, u64::MAX).rows.is_empty());
    }

    #[test]
    fn what_one_person_chose_is_shown_to_nobody_else() {
        let imports = Imports::default();
        imports.hold(Some(chosen(Vec::new())));
        assert!(imports.chosen(Uuid::from_u128(1)).is_some());
        assert!(imports.chosen(Uuid::from_u128(2)).is_none());
        imports.hold(None);
        assert!(imports.chosen(Uuid::from_u128(1)).is_none());
    }
}
