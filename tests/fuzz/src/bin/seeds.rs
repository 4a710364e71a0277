//! `seeds FOLDER`: what each target begins with, from the frozen vectors, and the words that are in it.

use std::{collections::BTreeSet, fs, io, path::Path};

use intake::{Kind, detect};
use sallyport_fuzz::{cases, header};
use serde_json::Value;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors");
const PEOPLE: &[&str] = &[
    "name,email,role,community,language\nAna Silva,ana@example.org,support,North,fr\n\"Silva, \"\"Bo\"\"\",bo@example.org,,,\n",
    "\u{feff}Nom de famille;Prénom;Courriel;Rôle;Communauté;Langue\r\nSilva;Ana;ana@example.org;support;North;fr\r\n",
    "sep=;\n\"Nom\";\"Adresse e-mail\";ROLE;communaute;Langue\n\"Ana\nSilva\";ana@example.org;support;North;fr",
    "NAME\tE-Mail Address\tnotes\r'=Ana\tana@example.org\thello\r",
];
/// Larger ones only slow a fuzzer down.
const LARGEST: usize = 40_000;
const MIGRATION: &str = "otpauth-migration://offline?data=";

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("seeds FOLDER"))?;
    let folder = Path::new(&folder);
    let mut seeds: Vec<(&str, Vec<u8>)> = PEOPLE.iter().map(|text| ("people", text.as_bytes().to_vec())).collect();
    for file in fs::read_dir(Path::new(VECTORS).join("intake"))? {
        let path = file?.path();
        let bytes = fs::read(&path)?;
        let target = match detect(&bytes) {
            _ if path.ends_with("cases.json") => continue,
            Kind::People => "people",
            Kind::TokenCsv => "tokens",
            Kind::Pskc => "pskc",
            Kind::KeyLinks => "key_links",
            Kind::Aegis | Kind::TwoFas | Kind::Ente | Kind::Unknown => "exports",
            Kind::Picture => "pictures",
        };
        let messages = String::from_utf8_lossy(&bytes).lines().filter_map(message).collect::<Vec<_>>();
        seeds.extend(messages.into_iter().map(|message| ("migration", message)));
        seeds.push((target, bytes));
    }
    for case in cases("exports/cases.json") {
        let file = case["file"].as_str().unwrap_or_default();
        seeds.push(("journals", file.into()));
        let keys = case["keys"].as_array().into_iter().flatten().filter_map(Value::as_str);
        seeds.extend(keys.map(|key| ("checkpoints", key.into())));
        let lines: Vec<Value> = file.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let Some(note) = lines.first().and_then(|header| header["checkpoint"].as_str()) else { continue };
        let text = note.split_once("\n\n").map_or(note, |(text, _)| text);
        seeds.push(("checkpoints", note.into()));
        seeds.push(("checkpoints", format!("{text}\n").into()));
        let halves =
            |line: &Value| [&line["facts"], &line["persons"]].map(|half| if half.is_null() { String::new() } else { half.to_string() });
        let entries: Vec<String> = lines.iter().skip(1).filter(|line| line["facts"].is_object()).flat_map(halves).collect();
        seeds.push(("entries", entries.join("\n").into()));
    }
    seeds.extend(cases("codes/forms.json").iter().filter_map(|case| Some(("codes", case["typed"].as_str()?.into()))));
    seeds.extend(cases("devices/codes.json").iter().filter_map(|case| Some(("codes", case["typed"].as_str()?.into()))));
    seeds.extend(cases("devices/proofs.json").iter().filter_map(|case| Some(("codes", case["header"].as_str()?.into()))));
    let slots = ["vault/slots.json", "vault/keyed.json"].into_iter().flat_map(cases).filter_map(|case| header(&case));
    seeds.extend(slots.map(|header| ("key_slots", header.to_string().into_bytes())));
    let backup = fs::read(Path::new(VECTORS).join("vault/sample.backup"))?;
    seeds.extend(backup.split_inclusive(|byte| *byte == b'\n').next().map(|line| ("backups", line.to_vec())));
    seeds.retain(|(_, bytes)| !bytes.is_empty() && bytes.len() < LARGEST);
    seeds.sort();
    seeds.dedup();
    for (number, (target, bytes)) in seeds.iter().enumerate() {
        fs::create_dir_all(folder.join(target))?;
        fs::write(folder.join(target).join(number.to_string()), bytes)?;
    }
    for target in seeds.iter().map(|(target, _)| *target).collect::<BTreeSet<_>>() {
        let of_it = seeds.iter().filter(|(one, _)| *one == target).map(|(_, bytes)| bytes.as_slice());
        fs::write(folder.join(format!("{target}.words")), words(of_it))?;
    }
    Ok(())
}

/// The message of a transfer code.
fn message(link: &str) -> Option<Vec<u8>> {
    let data = percent_encoding::percent_decode_str(link.trim().strip_prefix(MIGRATION)?).collect::<Vec<u8>>();
    data_encoding::BASE64.decode(&data).ok()
}

/// A dictionary as AFL reads it. Keys and cipher texts are too long to be words.
fn words<'a>(seeds: impl Iterator<Item = &'a [u8]>) -> String {
    let mut found = BTreeSet::new();
    for seed in seeds {
        let text = String::from_utf8_lossy(seed).into_owned();
        let parts = text.split(|symbol: char| !(symbol.is_ascii_alphanumeric() || symbol == '-' || symbol == '_'));
        found.extend(parts.filter(|part| (3..=20).contains(&part.len())).map(str::to_owned));
    }
    found.iter().take(400).map(|word| format!("\"{word}\"\n")).collect()
}
