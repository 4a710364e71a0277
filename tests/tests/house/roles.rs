//! One table says who may do what, and every command stands in it. `docs/ROLES.md` is printed from both: run this test
//! with `BLESS=1` to write it anew.

use std::{collections::BTreeSet, fmt::Write};

use authority::guards::{AT_THIS_COMPUTER, GUARDS, Guard, UNDER_ANOTHER_NAME};
use domain::gate::{Act, table};
use wire::commands::{COMMANDS, Command};

fn request_of(command: &Command) -> Option<&'static str> {
    let other = UNDER_ANOTHER_NAME.iter().find(|(name, _)| *name == command.name).map(|(_, request)| *request);
    other.or_else(|| GUARDS.iter().find(|(request, _)| *request == command.request).map(|(request, _)| *request))
}

fn guard_of(command: &Command) -> Option<String> {
    if AT_THIS_COMPUTER.contains(&command.name) {
        return Some("this computer".into());
    }
    let request = request_of(command)?;
    let (_, guard) = GUARDS.iter().find(|(name, _)| *name == request)?;
    Some(match guard {
        Guard::Door => "the door".into(),
        Guard::OwnAccount => "one's own account".into(),
        Guard::Acts(acts) => acts.iter().map(|act| format!("`{act}`")).collect::<Vec<_>>().join(", "),
    })
}

fn page() -> String {
    let mut page = String::from(
        "# Roles\n\nPrinted from `domain::gate::table` and `authority::guards`; a test fails when this page says anything else.\n\n\
         - **yes**: allowed. **no**: refused in the words for somebody who does not exist, and journalled.\n\
         - **self**: nobody does this to themselves. **two**: it takes two people; where nobody else could be the second, the recovery kit is.\n\
         - An owner reaches the whole workspace. Every other role is held in a community and reaches no further: *here* is the\n  \
         community in which the actor holds it. Several roles add up; a role from elsewhere lends nothing here.\n\
         - Somebody who was an administrator or owner counts as one for 72 hours, where it takes two.\n\
         - The last owner who can sign in is neither unmade, deactivated nor sent elsewhere. As an owner reaches every\n  \
         community, none is ever without somebody who can administer it.\n\
         - A second act of another kind that gives a way in takes two people for 72 hours after the first, whatever the table says.\n\n",
    );
    page.push_str(&table::markdown());
    page.push_str("\n## Every command, and what guards it\n\n| command | guard |\n| --- | --- |\n");
    for command in COMMANDS {
        writeln!(page, "| `{}` | {} |", command.name, guard_of(command).unwrap_or_else(|| "**nothing**".into())).expect("a string");
    }
    page
}

#[test]
fn every_command_names_what_guards_it() {
    let unguarded: Vec<&str> = COMMANDS.iter().filter(|command| guard_of(command).is_none()).map(|command| command.name).collect();
    assert!(unguarded.is_empty(), "say in authority/src/guards.rs what guards {unguarded:?}");
    let names: BTreeSet<&str> = COMMANDS.iter().map(|command| command.name).collect();
    let gone: Vec<&&str> =
        AT_THIS_COMPUTER.iter().chain(UNDER_ANOTHER_NAME.iter().map(|(name, _)| name)).filter(|name| !names.contains(**name)).collect();
    assert!(gone.is_empty(), "no such command: {gone:?}");
    // What reaches the workspace is never passed off as something of this computer.
    let passed_off: Vec<&str> = COMMANDS
        .iter()
        .filter(|command| AT_THIS_COMPUTER.contains(&command.name) && GUARDS.iter().any(|(request, _)| *request == command.request))
        .map(|command| command.name)
        .collect();
    assert!(passed_off.is_empty(), "{passed_off:?}");
}

#[test]
fn every_guard_is_an_act_and_every_act_guards_something() {
    let acts: BTreeSet<&str> = Act::NAMES.iter().copied().collect();
    let guarding: BTreeSet<&str> = GUARDS
        .iter()
        .flat_map(|(_, guard)| match guard {
            Guard::Acts(acts) => acts.to_vec(),
            Guard::Door | Guard::OwnAccount => Vec::new(),
        })
        .collect();
    assert_eq!(guarding, acts);
}

#[test]
fn the_page_of_roles_is_as_printed() {
    let file = super::root().join("src-tauri/docs/ROLES.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, page()).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page(), "src-tauri/docs/ROLES.md is out of date: run this test with BLESS=1 and look at what changed");
}
