//! One list of commands: the program's handler, the capabilities and the wire agree.

use std::collections::BTreeSet;

use wire::commands::{COMMANDS, Caller};

fn capability(text: &str) -> BTreeSet<String> {
    let capability: serde_json::Value = serde_json::from_str(text).expect("a capability file");
    let permissions = capability["permissions"].as_array().expect("permissions").iter().filter_map(|p| p.as_str());
    permissions.filter_map(|p| p.strip_prefix("allow-")).map(|name| name.replace('-', "_")).collect()
}

fn listed(caller: Caller) -> BTreeSet<String> {
    COMMANDS
        .iter()
        .filter(|command| command.caller == caller || command.caller == Caller::Both)
        .map(|command| command.name.to_owned())
        .collect()
}

#[test]
fn each_window_may_call_exactly_its_own_commands() {
    assert_eq!(capability(include_str!("../../capabilities/main.json")), listed(Caller::Main));
    assert_eq!(capability(include_str!("../../capabilities/sheet.json")), listed(Caller::Sheet));
}

#[test]
fn every_listed_command_is_handled() {
    let source = include_str!("mod.rs");
    let handled: BTreeSet<String> = source
        .lines()
        .filter_map(|line| line.trim().strip_suffix(',')?.split_once("::"))
        .map(|(_, name)| name.to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect();
    assert_eq!(handled, COMMANDS.iter().map(|command| command.name.to_owned()).collect());
}
