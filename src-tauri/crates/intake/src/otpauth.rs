//! Key links: `otpauth://totp/Issuer:account?secret=…&issuer=…`, and the migration links beside them.

use crate::migration;
use crate::read::{Batch, MAX_ENTRIES, SeedFileError};
use crate::secret_text;
use crate::seed::{Draft, Entry, Problem};
use percent_encoding::percent_decode_str;
use zeroize::{Zeroize, Zeroizing};

const MAX_LINE: usize = 64 * 1024;

/// One link a line; empty lines and those that begin with `#` are skipped.
pub(crate) fn read(text: &str, batches: &mut Vec<Batch>) -> Result<Vec<Entry>, SeedFileError> {
    let mut entries = Vec::new();
    for (place, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.len() > MAX_LINE {
            return Err(SeedFileError::Damaged { line: Some(place) });
        }
        if entries.len() >= MAX_ENTRIES {
            return Err(SeedFileError::TooManyEntries);
        }
        match migration::payload(line) {
            Some(payload) => {
                let (found, batch) =
                    payload.and_then(|payload| migration::read(&payload)).ok_or(SeedFileError::Damaged { line: Some(place) })?;
                entries.extend(found.into_iter().map(|entry| Entry { place, ..entry }));
                batches.extend(batch);
            }
            None => entries.push(link(place, line)),
        }
    }
    Ok(entries)
}

/// Reads one `otpauth://` link.
///
/// The issuer parameter stands before the label's prefix; a prefix that repeats it is taken off the account.
pub(crate) fn link(place: u64, link: &str) -> Entry {
    match parts(link) {
        Some((draft, secret)) => {
            let secret = secret_text::base32(&secret);
            draft.entry(place, secret)
        }
        None => Entry { place, name: String::new(), seed: Err(Problem::NotAKeyLink) },
    }
}

fn parts(link: &str) -> Option<(Draft, Zeroizing<String>)> {
    let scheme = link.get(..10)?;
    if !scheme.eq_ignore_ascii_case("otpauth://") {
        return None;
    }
    let (path, query) = link.get(10..)?.split_once('?')?;
    let (kind, label) = path.split_once('/').unwrap_or((path, ""));
    let query = query.split('#').next().unwrap_or_default();
    let mut draft = Draft { kind: if kind.is_empty() { "otpauth".to_owned() } else { kind.to_owned() }, ..Draft::default() };
    let mut secret = Zeroizing::new(String::new());
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let mut value = decoded(value, true)?;
        let place = match name.to_ascii_lowercase().as_str() {
            "secret" => &mut *secret,
            "issuer" => &mut draft.issuer,
            "digits" => &mut draft.digits,
            "period" => &mut draft.step,
            "counter" => &mut draft.counter,
            "algorithm" => &mut draft.algorithm,
            _ => {
                value.zeroize();
                continue;
            }
        };
        // The first of two stands, so that a second secret cannot slip in behind the one that was shown.
        if place.is_empty() {
            *place = value;
        } else {
            value.zeroize();
        }
    }
    let label = decoded(label, false)?;
    match label.split_once(':') {
        Some((issuer, account)) if draft.issuer.is_empty() || draft.issuer.trim() == issuer.trim() => {
            issuer.trim().clone_into(&mut draft.issuer);
            account.trim().clone_into(&mut draft.label);
        }
        _ => draft.label = label,
    }
    Some((draft, secret))
}

fn decoded(text: &str, query: bool) -> Option<String> {
    // Form encoding writes a space as `+`; in a label a plus is a plus, as in `me+work@example.org`.
    let spaced = if query && text.contains('+') { text.replace('+', "%20") } else { text.to_owned() };
    let bytes = Zeroizing::new(spaced);
    percent_decode_str(&bytes).decode_utf8().ok().map(|text| text.into_owned())
}
