//! The licences of what the shipped program is built from: which crates cargo links into it, and the texts that lie
//! beside their sources. One text of each, with the names of what it covers.

use crate::{Error, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package};
use spdx::{Expression, Licensee, ParseMode};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the text lies, from the top of the repository.
pub const FILE: &str = "src-tauri/licences.txt";

/// Licences that we accept, the preferred first: where a crate offers several, the first of these is taken. The words
/// beside each stand in its text, whoever wrote the rest.
const ACCEPTED: &[(&str, &str)] = &[
    ("Apache-2.0", "Apache License"),
    ("MIT", "Permission is hereby granted, free of charge"),
    ("BSD-2-Clause", "Redistribution and use in source and binary forms"),
    ("BSD-3-Clause", "Redistribution and use in source and binary forms"),
    ("ISC", "Permission to use, copy, modify, and/or distribute"),
    ("Zlib", "freely, subject to the following restrictions"),
    ("Unicode-3.0", "UNICODE LICENSE V3"),
    ("MPL-2.0", "Mozilla Public License"),
    ("0BSD", "Permission to use, copy, modify, and/or distribute"),
    ("CC0-1.0", "CC0 1.0 Universal"),
    ("Unlicense", "This is free and unencumbered software"),
];

const PREFACE: &str = "\
Sallyport is licensed under the Apache License 2.0. It is built from the works below, each under the licence that stands with
it. GTK, WebKitGTK, OpenSSL and the other libraries of the system are not part of it and come with licences of their own.
Where a work offers several licences, one of them is named. `cargo xtask licences` writes this file.
";

/// Writes the text for the program as `Cargo.lock` has it now. Needs the sources of its crates, which building it needs too.
///
/// # Errors
/// When cargo does not answer, or a crate has a licence that is not accepted.
pub fn text(root: &Path) -> Result<String> {
    let linked = linked(root)?;
    let metadata = metadata(root)?;
    let mut covers: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut cover = |name: &str, text: String, work: String| {
        covers.entry((name.to_owned(), text)).or_default().insert(work);
    };
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let work = format!("{} {}", package.name, package.version);
        if !linked.contains(&work) {
            continue;
        }
        for licence in chosen(package)? {
            cover(&licence, licence_text(package, &licence)?, work.clone());
        }
        for notice in beside(package, &["NOTICE"])? {
            cover("Notice", plain(&std::fs::read_to_string(notice)?), work.clone());
        }
        if package.name.as_str() == "libsqlite3-sys" {
            let file = folder(package).join("sqlcipher/LICENSE");
            cover("BSD-3-Clause", plain(&std::fs::read_to_string(file)?), "SQLCipher, which is built on SQLite (public domain)".into());
        }
    }
    cover("Apache-2.0", canonical("Apache-2.0")?, "Rust standard library".into());
    let fonts = plain(&std::fs::read_to_string(root.join("src-tauri/crates/documents/fonts/OFL.txt"))?);
    cover("OFL-1.1", fonts, "Noto Sans and Noto Sans Mono, in the papers".into());
    Ok(written(&covers))
}

/// What stands in the text: each work that it covers.
#[must_use]
pub fn covered(text: &str) -> BTreeSet<String> {
    let (double, single) = (double(), single());
    let heads = text.split(&double).skip(1).filter_map(|part| part.split(&single).next());
    heads.flat_map(str::lines).filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

/// Names and versions of the crates that are linked into the program; build scripts, macros and tests are left out.
///
/// # Errors
/// When cargo does not answer.
pub fn linked(root: &Path) -> Result<BTreeSet<String>> {
    let tree = [
        "tree",
        "--locked",
        "--package",
        "sallyport",
        "--package",
        "sallyport-verify",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).args(tree).current_dir(root).output()?;
    if !output.status.success() {
        return Err(Error::said(format!("cargo tree failed: {}", String::from_utf8_lossy(&output.stderr))));
    }
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    // Ours have a path behind the version.
    let foreign = lines.lines().filter(|line| !line.contains("(/"));
    Ok(foreign.filter_map(|line| line.split_once(" v")).map(|(name, version)| format!("{name} {}", first_word(version))).collect())
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn metadata(root: &Path) -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--locked", "--filter-platform", "host-tuple"].map(str::to_owned))
        .exec()
        .map_err(|error| Error::said(format!("cargo does not describe the workspace: {error}")))
}

/// The fewest licences, of those that we prefer, that let a crate be used.
fn chosen(package: &Package) -> Result<Vec<String>> {
    let name = &package.name;
    let said = package.license.as_deref().ok_or_else(|| Error::said(format!("{name} names no licence.")))?;
    let wrong = |error: &dyn std::fmt::Display| Error::said(format!("The licence of {name}, “{said}”: {error}"));
    let expression = Expression::parse_mode(said, ParseMode::LAX).map_err(|error| wrong(&error))?;
    let accepted: Vec<Licensee> =
        ACCEPTED.iter().map(|(id, _)| Licensee::parse(id).map_err(|error| wrong(&error))).collect::<Result<_>>()?;
    let chosen = expression.minimized_requirements(&accepted).map_err(|error| wrong(&error))?;
    Ok(chosen.iter().map(ToString::to_string).collect())
}

fn licence_text(package: &Package, licence: &str) -> Result<String> {
    let mark = ACCEPTED.iter().find(|(id, _)| *id == licence).map_or("", |(_, mark)| *mark);
    for file in beside(package, &["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "COPYRIGHT"])? {
        let text = plain(&std::fs::read_to_string(file)?);
        if text.contains(mark) {
            // The licence is the same for all who take it as it is; what some wrote below it as an example says nothing.
            return if licence == "Apache-2.0" && same_terms(&text)? { canonical(licence) } else { Ok(text) };
        }
    }
    let authors = if package.authors.is_empty() { format!("The {} authors", package.name) } else { package.authors.join(", ") };
    Ok(canonical(licence)?.replace("<year> <copyright holders>", &authors).replace("<year> <owner>", &authors))
}

fn same_terms(text: &str) -> Result<bool> {
    let terms = |text: &str| -> String {
        let end = text.find("END OF TERMS AND CONDITIONS").unwrap_or(text.len());
        text[..end].split_whitespace().filter(|word| !word.contains("www.apache.org")).collect()
    };
    Ok(terms(text) == terms(&canonical("Apache-2.0")?))
}

fn canonical(licence: &str) -> Result<String> {
    let id = spdx::license_id(licence).ok_or_else(|| Error::said(format!("There is no licence {licence}.")))?;
    Ok(plain(id.text()))
}

fn folder(package: &Package) -> PathBuf {
    package.manifest_path.parent().map(|folder| folder.as_std_path().to_owned()).unwrap_or_default()
}

/// Files beside a crate's manifest whose names begin so, whatever their letters' case, in the order of their names.
fn beside(package: &Package, beginnings: &[&str]) -> Result<Vec<PathBuf>> {
    let folder = folder(package);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        beginnings.iter().any(|beginning| name.starts_with(beginning))
    });
    // The most particular name first: LICENSE-APACHE says more than LICENSE, which may hold several.
    files.sort_by_key(|path| (path.file_stem().unwrap_or_default().len() <= 9, path.clone()));
    if let Some(named) = &package.license_file {
        files.push(folder.join(named.as_std_path()));
    }
    Ok(files)
}

/// The same text whoever's editor it went through.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    lines[first..].join("\n").trim_end().to_owned()
}

// Lines that stand in no licence. The program knows them too.
fn double() -> String {
    "═".repeat(72)
}

fn single() -> String {
    "─".repeat(72)
}

fn written(covers: &BTreeMap<(String, String), BTreeSet<String>>) -> String {
    let (double, single) = (double(), single());
    let mut text = PREFACE.to_owned();
    let mut sorted: Vec<_> = covers.iter().collect();
    sorted.sort_by_key(|((name, _), works)| (name, std::cmp::Reverse(works.len())));
    for ((name, licence), works) in sorted {
        let works: String = works.iter().map(|work| format!("    {work}\n")).collect();
        text.push_str(&format!("\n{double}\n{name}\n\n{works}{single}\n{licence}\n"));
    }
    text
}
