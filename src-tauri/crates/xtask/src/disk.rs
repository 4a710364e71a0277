//! Whether the disk has room for what will be built. A build that fills it says so of one file, a long way in.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Done;
use crate::cargo::{root, target};

/// What a build from nothing takes, in MiB. All of CI took 4,294 on Linux, without what incremental builds keep.
#[derive(Clone, Copy)]
pub(crate) struct Need(u64);

/// Building the program alone.
pub(crate) const PROGRAM: Need = Need(2_000);
/// Building everything that is tested, the packages included.
pub(crate) const TESTS: Need = Need(5_000);

/// What is built again beside what is there: the largest programs, linked once more.
const ANEW: u64 = 500;

/// Refuses to begin what the disk clearly has no room for. What was built before counts as room. A disk that does not say
/// how much is free is believed to have enough.
pub(crate) fn make_sure_of(Need(all): Need) -> Done {
    let target = target();
    let there = there(&target);
    let Some(free) = answer("df", &["-Pk"], &there).and_then(|said| free(&said)) else { return Ok(()) };
    let built = if there == target { answer("du", &["-sk"], &target).and_then(|said| used(&said)).unwrap_or(0) } else { 0 };
    refusal(all.saturating_sub(built).max(ANEW), free, &target).map_or(Ok(()), Err)
}

fn refusal(need: u64, free: u64, target: &Path) -> Option<String> {
    (free < need).then(|| {
        let folder = target.display();
        format!(
            "The disk has too little room: building takes about {need} MiB more in {folder}, and {free} MiB are free. \
             Make room, or name a folder on another disk in CARGO_TARGET_DIR."
        )
    })
}

/// The folder, or the nearest above it that exists.
fn there(folder: &Path) -> PathBuf {
    folder.ancestors().find(|one| one.is_dir()).map_or_else(root, Path::to_owned)
}

fn answer(program: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(folder).output().ok()?;
    // du counts what it can read, and grumbles at what goes away meanwhile.
    String::from_utf8(output.stdout).ok()
}

/// MiB, out of `df -Pk`: a line of headings, then blocks of 1 KiB in all, used, and free to whoever asks.
fn free(said: &str) -> Option<u64> {
    let kib: u64 = said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1024)
}

/// MiB, out of `du -sk`.
fn used(said: &str) -> Option<u64> {
    let kib: u64 = said.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DF: &str =
        "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda         263112772 52000000  43985408      55% /\n";

    #[test]
    fn what_is_free_is_read_and_too_little_is_refused_by_number() {
        assert_eq!(free(DF), Some(42954));
        assert_eq!(used("4044076\t/work/target\n"), Some(3949));
        assert_eq!(free("df: /x: No such file or directory\n"), None);
        assert_eq!(refusal(4000, 4000, Path::new("/x")), None);
        let said = refusal(4000, 3999, Path::new("/x")).unwrap_or_default();
        assert!(said.contains("4000 MiB more in /x") && said.contains("3999 MiB are free"), "{said}");
    }
}
