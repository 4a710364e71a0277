//! What lies at the top of the repository.

use std::process::Command;

const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".gitattributes",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "icons",
    "rust-toolchain.toml",
    "src-tauri",
    "tests",
    "ui",
];

#[test]
fn the_top_of_the_repository_holds_only_what_it_should() {
    // As git sees it: what is ignored is nobody's business.
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(super::root())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git could not list the files");
    let listed = String::from_utf8(listed.stdout).expect("names are plain");
    let mut tops: Vec<_> = listed.lines().filter_map(|path| path.split('/').next()).collect();
    tops.sort_unstable();
    tops.dedup();
    assert!(tops.contains(&"Cargo.toml"), "git listed nothing");
    let strangers: Vec<_> = tops.into_iter().filter(|top| !TOP.contains(top)).collect();
    assert!(strangers.is_empty(), "these do not belong at the top: {strangers:?}");
}

#[test]
fn the_shipped_page_holds_no_checks_and_no_foreign_code() {
    let ui = super::root().join("ui");
    let mut files = Vec::new();
    sallyport_tests::witness::files_below(&ui, &mut files).expect("the page can be listed");
    for file in files {
        let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
        let plain = ["html", "css", "js", "json", "svg", "png"].contains(&end);
        assert!(plain, "{} is shipped with the page, but is no page", file.display());
        assert!(!file.iter().any(|part| part == "node_modules"), "{} is foreign code", file.display());
    }
}
