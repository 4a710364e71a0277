//! Every test that THREATS.md says shows something is there, and every kind of attacker has some.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where a test may stand that is named like this.
fn places(root: &Path, name: &str) -> Vec<PathBuf> {
    let parts: Vec<&str> = name.split("::").collect();
    let [first, path @ .., _function] = &parts[..] else { return Vec::new() };
    let within = path.join("/");
    let source = root.join("src-tauri/crates").join(first).join("src");
    if ["workspace", "window", "faults", "house", "server"].contains(first) {
        return vec![root.join("tests/tests").join(first).join(format!("{within}.rs"))];
    }
    if let ["suite", rest @ ..] = path {
        return vec![root.join("src-tauri/crates").join(first).join("tests/suite").join(format!("{}.rs", rest.join("/")))];
    }
    // The tests of the real server stand apart from those within it.
    if *first == "server" {
        return vec![root.join("tests/tests/server").join(format!("{within}.rs")), source.join(format!("{within}.rs"))];
    }
    // In a file of its own, or at the foot of what it tests.
    vec![source.join(format!("{within}.rs")), source.join(format!("{}.rs", within.trim_end_matches("/tests")))]
}

fn named(page: &str) -> Vec<&str> {
    let code = page.split('`').skip(1).step_by(2);
    // A sentence for a name is a test; what is shorter is something else.
    code.filter(|code| code.contains("::") && code.rsplit("::").next().is_some_and(|last| last.matches('_').count() > 2)).collect()
}

fn missing(root: &Path, name: &str) -> bool {
    let function = format!("fn {}(", name.rsplit("::").next().unwrap_or_default());
    !places(root, name).iter().filter_map(|path| fs::read_to_string(path).ok()).any(|text| text.contains(&function))
}

#[test]
fn every_test_that_is_named_exists_and_every_attacker_has_some() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("src-tauri/docs/THREATS.md")).expect("a page");
    let gone: Vec<&str> = named(&page).into_iter().filter(|name| missing(&root, name)).collect();
    assert!(gone.is_empty(), "named in THREATS.md, and not there: {gone:#?}");
    let attackers = page.split("\n## ").find(|part| part.starts_with("Who may attack")).expect("attackers");
    let sections: Vec<&str> = attackers.split("\n### ").skip(1).collect();
    assert!(sections.len() >= 8, "{}", sections.len());
    for section in sections {
        assert!(named(section).len() >= 3, "{}", section.lines().next().unwrap_or_default());
    }
    assert!(missing(&root, "workspace::erasure::nobody_ever_wrote_such_a_test"), "a test that is not there is found missing");
}
