//! Who may lean on whom: the edges between our crates, and what each can reach.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

// Our crates and those of ours that each may name. What is not here may name none, and has to be added here.
const MAY_LEAN_ON: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("journal", &[]),
    ("wire", &[]),
    ("documents", &["wire"]),
    ("mail", &["documents", "wire"]),
    ("intake", &[]),
    ("authority", &["domain", "journal", "wire"]),
    ("vault", &["authority", "domain", "journal"]),
    ("postgres", &["authority", "domain", "journal"]),
    // Its replica is read as a local workspace is: by the authority's own use cases, over the vault.
    ("desk", &["authority", "wire", "domain", "journal", "vault"]),
    // It delivers the outbox as the window does, and a workspace that leaves it goes into a vault.
    ("server", &["authority", "mail", "postgres", "vault", "wire"]),
    // The window verifies the journal with the rules of the stand-alone verifier, not with others of its own.
    ("sallyport", &["authority", "vault", "desk", "documents", "intake", "journal", "mail", "wire"]),
    ("sallyport-verify", &["journal"]),
    ("xtask", &[]),
    ("bare", &[]),
];

// Only these may reach such a package, through whatever it takes.
const SQL: &[&str] = &["sqlx", "sqlx-core", "sqlx-sqlite", "sqlx-postgres", "libsqlite3-sys", "tokio-postgres", "rusqlite"];
const MAY_REACH_SQL: &[&str] = &["vault", "postgres", "desk", "server", "sallyport", "sallyport-tests"];
const WINDOWS: &[&str] = &["tauri", "wry", "tao", "gtk"];
const MAY_REACH_WINDOWS: &[&str] = &["sallyport", "bare"];
const NETWORK: &[&str] = &["lettre", "rustls", "reqwest"];
const MAY_REACH_NETWORK: &[&str] = &["mail", "postgres", "desk", "server", "sallyport", "sallyport-tests"];
// What sqlx is built with for one store alone: features of all members are put together, so that it seems to be there for both.
const OF_POSTGRES: &[(&str, &[&str])] = &[("sqlx", &["sqlx-postgres"]), ("sqlx-core", &["rustls", "rustls-native-certs"])];
const PURE: &[&str] = &["domain", "journal", "wire", "documents", "intake", "sallyport-verify"];
const IMPURE: &[&str] = &["tokio", "sqlx", "sqlx-core", "reqwest", "hyper", "async-std"];

struct House {
    /// Every edge between members: kind and names.
    edges: Vec<(String, DependencyKind, String)>,
    /// What a member can reach when it is built for use; build scripts and tests are left out.
    reach: BTreeMap<String, BTreeSet<String>>,
    direct: BTreeMap<String, BTreeSet<String>>,
    /// With which features a member asks for sqlx.
    asks_sqlx: BTreeMap<String, BTreeSet<String>>,
    /// The features that foreign crates are built with.
    features: BTreeMap<String, BTreeSet<String>>,
}

fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let metadata = MetadataCommand::new()
            .manifest_path(super::root().join("Cargo.toml"))
            .other_options(["--locked", "--filter-platform", "host-tuple"].map(str::to_owned))
            .exec()
            .expect("cargo describes the workspace");
        read(&metadata)
    })
}

fn read(metadata: &Metadata) -> House {
    let name = |id: &PackageId| metadata[id].name.to_string();
    let members: BTreeSet<String> = metadata.workspace_members.iter().map(name).collect();
    let mut edges = Vec::new();
    let mut direct = BTreeMap::new();
    let mut asks_sqlx = BTreeMap::new();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            if members.contains(&dependency.name) {
                edges.push((package.name.to_string(), dependency.kind, dependency.name.clone()));
            }
        }
        let names = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development).map(|one| one.name.clone());
        direct.insert(package.name.to_string(), names.collect());
        let sqlx = package.dependencies.iter().filter(|one| one.name == "sqlx").flat_map(|one| one.features.iter().cloned());
        asks_sqlx.insert(package.name.to_string(), sqlx.collect());
    }
    let resolve = metadata.resolve.as_ref().expect("cargo resolved the workspace");
    let nodes: HashMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let walk = |member: &PackageId, with_all: bool| {
        let mut seen = BTreeSet::new();
        let mut open = vec![member.clone()];
        while let Some(id) = open.pop() {
            let left_out = OF_POSTGRES.iter().find(|(from, _)| !with_all && *from == name(&id)).map_or(&[][..], |(_, brought)| brought);
            for dependency in &nodes[&id].deps {
                let normal = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
                if normal && !left_out.contains(&name(&dependency.pkg).as_str()) && seen.insert(dependency.pkg.clone()) {
                    open.push(dependency.pkg.clone());
                }
            }
        }
        seen.iter().map(name).collect::<BTreeSet<String>>()
    };
    let mut reach = BTreeMap::new();
    for member in &metadata.workspace_members {
        let without = walk(member, false);
        let speaks = name(member) == "postgres" || without.contains("postgres");
        reach.insert(name(member), if speaks { walk(member, true) } else { without });
    }
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in &resolve.nodes {
        features.entry(name(&node.id)).or_default().extend(node.features.iter().map(ToString::to_string));
    }
    House { edges, reach, direct, asks_sqlx, features }
}

#[test]
fn every_crate_leans_only_on_those_it_may() {
    let mut wrong = Vec::new();
    for (from, kind, to) in &house().edges {
        // Tests may lean on anything, ours and those within a crate.
        if from == "sallyport-tests" || *kind == DependencyKind::Development {
            continue;
        }
        let allowed = MAY_LEAN_ON.iter().find(|(name, _)| name == from).map_or(&[][..], |(_, allowed)| allowed);
        if !allowed.contains(&to.as_str()) {
            wrong.push(format!("{from} leans on {to}"));
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE says who may lean on whom: {}", wrong.join(", "));
}

#[test]
fn every_crate_is_known_to_the_architecture() {
    let unknown: Vec<_> =
        house().reach.keys().filter(|name| *name != "sallyport-tests" && !MAY_LEAN_ON.iter().any(|(known, _)| known == name)).collect();
    assert!(unknown.is_empty(), "these have no line in the architecture: {unknown:?}");
}

#[test]
fn only_the_stores_name_an_sql_driver() {
    for (name, direct) in &house().direct {
        let named: Vec<_> = SQL.iter().filter(|driver| direct.contains(**driver)).collect();
        let store = ["vault", "postgres", "sallyport-tests"].contains(&name.as_str());
        assert!(store || named.is_empty(), "{name} names {named:?}; only the stores may");
    }
    nobody_else_reaches(SQL, MAY_REACH_SQL);
}

#[test]
fn only_the_store_on_postgresql_asks_for_what_is_its_own() {
    let its = |feature: &String| feature.starts_with("postgres") || feature.starts_with("tls");
    let asking: Vec<_> = house().asks_sqlx.iter().filter(|(_, features)| features.iter().any(its)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(asking, ["postgres"], "the desktop program needs neither, and is built without");
    let sqlite: Vec<_> = house().asks_sqlx.iter().filter(|(_, features)| features.iter().any(|one| one.starts_with("sqlite"))).collect();
    assert!(sqlite.iter().all(|(name, _)| ["vault", "sallyport-tests"].contains(&name.as_str())), "{sqlite:?}");
}

#[test]
fn only_the_desktop_program_reaches_a_window() {
    nobody_else_reaches(WINDOWS, MAY_REACH_WINDOWS);
}

#[test]
fn only_what_delivers_and_what_connects_reaches_the_network() {
    nobody_else_reaches(NETWORK, MAY_REACH_NETWORK);
}

#[test]
fn what_speaks_to_a_mail_server_is_built_without_its_log() {
    for (name, log) in [("lettre", "tracing"), ("rustls", "logging")] {
        let features = &house().features[name];
        assert!(!features.contains(log), "{name} would log what it says, passwords too: {features:?}");
    }
}

#[test]
fn the_pure_crates_reach_no_runtime_no_database_and_no_network() {
    for pure in PURE {
        // Born when its first code is needed: a crate that is not there yet reaches nothing.
        let Some(reach) = house().reach.get(*pure) else { continue };
        let found: Vec<_> = IMPURE.iter().filter(|name| reach.contains(**name)).collect();
        assert!(found.is_empty(), "{pure} is pure, but reaches {found:?}");
    }
}

#[test]
fn xtask_needs_nothing_so_that_it_builds_on_an_empty_machine() {
    assert_eq!(house().reach["xtask"], BTreeSet::new());
}

fn nobody_else_reaches(what: &[&str], allowed: &[&str]) {
    for (name, reach) in &house().reach {
        let found: Vec<_> = what.iter().filter(|package| reach.contains(**package)).collect();
        assert!(allowed.contains(&name.as_str()) || found.is_empty(), "{name} reaches {found:?}");
    }
}
