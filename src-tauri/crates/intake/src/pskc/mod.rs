//! PSKC, RFC 6030: key containers of token makers, plain, under a pre-shared key, or under a passphrase.

mod keys;
mod xml;

use crate::read::{SeedFileError, Unlock};
use crate::secret_text;
use crate::seed::{Draft, Entry, Problem};
use keys::Keys;
use secrecy::{ExposeSecret, SecretSlice};
use xml::Element;

const NAMESPACE: &str = "urn:ietf:params:xml:ns:keyprov:pskc";

/// Algorithm profiles (§10, RFC 6030's registry): what follows the namespace.
const PROFILES: [&str; 2] = ["hotp", "totp"];

pub(crate) fn read(text: &str, unlock: Option<&Unlock>) -> Result<Vec<Entry>, SeedFileError> {
    let container = xml::parse(text.trim_start(), NAMESPACE, "KeyContainer")?;
    if container.attribute("Version").is_some_and(|version| version.trim() != "1.0") {
        return Err(SeedFileError::Version);
    }
    let packages = || container.children.iter().filter(|child| child.name == "KeyPackage");
    let sealed = packages().any(|package| package.children.iter().any(is_sealed));
    let keys = if sealed { Some(keys::keys(&container, unlock)?) } else { None };
    let entries: Vec<_> = (1..).zip(packages()).map(|(place, package)| entry(place, package, keys.as_ref())).collect();
    // Where not one MAC holds, the key is wrong rather than every token tampered with.
    let wrong = |entry: &Entry| matches!(entry.seed, Err(Problem::WrongMac));
    if sealed && entries.iter().any(wrong) && entries.iter().all(|entry| entry.seed.is_err()) {
        return Err(SeedFileError::WrongKey);
    }
    Ok(entries)
}

fn is_sealed(key: &Element) -> bool {
    let data = key.child("Data").map(|data| data.children.as_slice()).unwrap_or_default();
    data.iter().any(|value| value.child("EncryptedValue").is_some())
}

// A package holds at most one key (§4.1); one without is a device of which nothing is said.
fn entry(place: u64, package: &Element, keys: Option<&Keys>) -> Entry {
    let text = |path: &[&str]| package.at(path).map(|element| element.text().to_owned()).unwrap_or_default();
    let mut draft = Draft {
        serial: text(&["DeviceInfo", "SerialNo"]),
        maker: text(&["DeviceInfo", "Manufacturer"]),
        issuer: text(&["Key", "Issuer"]),
        label: text(&["Key", "FriendlyName"]),
        ..Draft::default()
    };
    let Some(key) = package.child("Key") else {
        return Entry { place, name: draft.name(), seed: Err(Problem::NoSecret) };
    };
    if draft.serial.is_empty() {
        key.attribute("Id").unwrap_or_default().clone_into(&mut draft.serial);
    }
    let algorithm = key.attribute("Algorithm").unwrap_or_default();
    let profile = algorithm.strip_prefix(NAMESPACE).and_then(|rest| rest.strip_prefix([':', '#'])).unwrap_or(algorithm);
    profile.clone_into(&mut draft.kind);
    if !PROFILES.contains(&profile.to_ascii_lowercase().as_str()) {
        let kind = if profile.is_empty() { "Algorithm".to_owned() } else { crate::seed::clean(profile) };
        return Entry { place, name: draft.name(), seed: Err(Problem::OtherKind(kind)) };
    }
    match fill(&mut draft, key, keys) {
        Ok(secret) => draft.entry(place, Ok(secret)),
        Err(problem) => Entry { place, name: draft.name(), seed: Err(problem) },
    }
}

fn fill(draft: &mut Draft, key: &Element, keys: Option<&Keys>) -> Result<SecretSlice<u8>, Problem> {
    if let Some(parameters) = key.child("AlgorithmParameters") {
        parameters.child("Suite").map(Element::text).unwrap_or_default().clone_into(&mut draft.algorithm);
        if let Some(format) = parameters.child("ResponseFormat") {
            if format.attribute("Encoding").is_some_and(|encoding| encoding != "DECIMAL") {
                return Err(Problem::Unreadable("ResponseFormat"));
            }
            format.attribute("Length").unwrap_or_default().clone_into(&mut draft.digits);
        }
    }
    let data = key.child("Data").ok_or(Problem::NoSecret)?;
    draft.counter = number(data, "Counter", keys)?;
    draft.step = number(data, "TimeInterval", keys)?;
    let secret = data.child("Secret").ok_or(Problem::NoSecret)?;
    match secret.child("PlainValue") {
        Some(plain) => {
            let bytes = secret_text::base64(plain.text()).ok_or(Problem::BadSecret)?;
            Ok(SecretSlice::from(bytes.to_vec()))
        }
        None => opened(secret, keys),
    }
}

fn opened(element: &Element, keys: Option<&Keys>) -> Result<SecretSlice<u8>, Problem> {
    keys.ok_or(Problem::NoSecret)?.open(element)
}

// In plain a decimal; encrypted, the four or eight bytes of the number, most significant first (§6.1 leaves it to
// xs:int and xs:long, and libpskc writes text): both are taken.
fn number(data: &Element, name: &'static str, keys: Option<&Keys>) -> Result<String, Problem> {
    let Some(element) = data.child(name) else { return Ok(String::new()) };
    if let Some(plain) = element.child("PlainValue") {
        return Ok(plain.text().to_owned());
    }
    if element.child("EncryptedValue").is_none() {
        return Ok(String::new());
    }
    let bytes = opened(element, keys)?;
    let bytes = bytes.expose_secret();
    if bytes.iter().all(u8::is_ascii_digit) {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    match bytes.len() {
        4 | 8 => Ok(bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)).to_string()),
        _ => Err(Problem::Unreadable(name)),
    }
}
