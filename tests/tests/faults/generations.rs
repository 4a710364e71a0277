//! Rotations under way when the process was killed: the vault is of the generation before or after, and nothing else is left.

use std::path::Path;
use uuid::Uuid;

/// What was told of rotations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Generations {
    before: u64,
    asked: u64,
    answered: u64,
}

impl Generations {
    /// As the vault is before the process begins.
    pub(crate) fn of(root: &Path, vault: Uuid) -> Self {
        Self { before: number(root, vault), ..Self::default() }
    }

    pub(crate) fn asked(&mut self) {
        self.asked += 1;
    }

    pub(crate) fn answered(&mut self) {
        self.answered += 1;
    }

    /// Every answered rotation counts; the one under way counts or not. For a vault that was opened since, and closed.
    pub(crate) fn are_whole(&self, root: &Path, vault: Uuid) -> Ended {
        let found = number(root, vault);
        let (least, most) = (self.before + self.answered, self.before + self.asked);
        assert!((least..=most).contains(&found), "{self:?}, found {found}");
        let expected = [format!("vault-{found}.db"), "vault.json".to_owned(), "vault.lock".to_owned()];
        assert_eq!(names(&root.join(vault.to_string())), expected, "nothing of another generation is left");
        assert_eq!(names(root), [vault.to_string()], "nothing is left beside the vault");
        match (self.asked > self.answered, found == most) {
            (false, _) => Ended::Between,
            (true, false) => Ended::OldStayed,
            (true, true) => Ended::NewCounts,
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.answered
    }
}

/// How the last rotation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// None was under way.
    Between,
    /// It was killed before it counted.
    OldStayed,
    /// It was killed after it counted, and before it was answered.
    NewCounts,
}

fn number(root: &Path, vault: Uuid) -> u64 {
    let header = std::fs::read(root.join(vault.to_string()).join("vault.json")).expect("a header");
    let header: serde_json::Value = serde_json::from_slice(&header).expect("a whole header");
    header["generation"].as_u64().expect("a generation")
}

/// The names in a folder, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().expect("text")).collect();
    names.sort();
    names
}
