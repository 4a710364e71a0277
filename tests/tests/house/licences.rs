//! Whoever is given the program is given the licences of all that it is built from.

use sallyport_tests::licences::{FILE, covered, linked, text};

#[test]
fn every_crate_in_the_program_is_covered_by_the_licences_that_ship_and_nothing_else_is_named() {
    let shipped = std::fs::read_to_string(super::root().join(FILE)).expect("the licences");
    let linked = linked(&super::root()).expect("cargo tells what is linked");
    assert!(linked.len() > 100, "cargo told of {} crates", linked.len());
    let covered = covered(&shipped);
    let missing: Vec<_> = linked.difference(&covered).collect();
    assert!(missing.is_empty(), "`cargo xtask licences` adds {missing:?}");
    assert!(text(&super::root()).expect("the sources have licences") == shipped, "{FILE} is not of today: `cargo xtask licences`");
}
