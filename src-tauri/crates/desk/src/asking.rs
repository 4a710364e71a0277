//! One request as it is sent, and its answer.

use data_encoding::BASE64URL_NOPAD;
use domain::device::Shown;
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use serde_json::Value;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, Request, SessionToken,
    seam::{Outcome, UseCaseName},
};
use zeroize::Zeroizing;

use crate::{
    line::{Line, Lost, Sent},
    pairing::digest,
    replica::reads,
    told,
};

/// SHA-256 of what is sent.
pub(crate) type Signed = [u8; 32];

/// Bytes that are set aside for a request.
const ROOM: usize = 8 * 1024;
/// Bytes of an answer that are read: far more than any screen shows.
const USUAL: usize = 16 * 1024 * 1024;
/// The same of a list of people, or of the verdicts on one.
const LIST: usize = 512 * 1024 * 1024;

/// The same request once more, where a replica can answer it.
pub(crate) fn again(request: &Request) -> Option<Request> {
    if !reads(request) {
        return None;
    }
    let written = serde_json::to_string(request).ok()?;
    request.name().read(&mut serde_json::Deserializer::from_str(&written)).ok()
}

/// Sends one request and reads its answer.
pub(crate) async fn exchange(
    line: &Line,
    request: &Request,
    session: Option<&SessionToken>,
    show: impl FnOnce(&str, Signed) -> Shown,
) -> Result<Result<Outcome, Refusal>, Lost> {
    exchange_once(line, request, session, None, show).await
}

/// The same, to be carried out once under this key.
pub(crate) async fn exchange_once(
    line: &Line,
    request: &Request,
    session: Option<&SessionToken>,
    key: Option<Uuid>,
    show: impl FnOnce(&str, Signed) -> Shown,
) -> Result<Result<Outcome, Refusal>, Lost> {
    let name = request.name();
    let path = path(name);
    // With room for all that anybody types: what grows leaves copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer(&mut *body, request).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?;
    let proof = Some(show(&path, digest(&body)).to_string());
    let bearer = session.map(bearer).transpose()?;
    let is_list = takes_or_gives_list(name);
    let answered = line.send(Sent { path, body, bearer, proof, key, most: if is_list { LIST } else { USUAL }, is_list }).await?;
    Ok(told::read(name, &answered))
}

fn bearer(token: &SessionToken) -> Result<HeaderValue, Lost> {
    let text = Zeroizing::new(format!("Bearer {}", BASE64URL_NOPAD.encode(token.expose_secret())));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?;
    value.set_sensitive(true);
    Ok(value)
}

fn path(name: UseCaseName) -> String {
    match serde_json::to_value(name) {
        Ok(Value::String(name)) => format!("/v1/{name}"),
        _ => String::new(),
    }
}

fn takes_or_gives_list(name: UseCaseName) -> bool {
    use UseCaseName as Name;
    matches!(
        name,
        Name::CheckPeople
            | Name::ImportPeople
            | Name::UndoImport
            | Name::CheckTokens
            | Name::ImportTokens
            | Name::UndoTokenImport
            | Name::ExportPeople
    )
}

/// Whether it could matter that a request was carried out whose answer was lost. What only reads is asked again.
pub(crate) fn changes(name: UseCaseName) -> bool {
    let word = serde_json::to_value(name).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let reads = [
        "read-",
        "list-",
        "search-",
        "check-",
        "preflight-",
        "begin-verification",
        "begin-export",
        "export-",
        "prove-entry",
        "who-am-i",
        "touch",
    ];
    !reads.iter().any(|begin| word.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_could_have_changed_something_is_told_so() {
        let reading = UseCaseName::ALL.iter().filter(|name| !changes(**name)).count();
        assert!(reading > 25, "{reading}");
        for name in [
            UseCaseName::ResetSecondFactor,
            UseCaseName::GiveCode,
            UseCaseName::ProveToken,
            UseCaseName::BeginEnrolment,
            UseCaseName::AskStaff,
        ] {
            assert!(changes(name), "{name:?}");
        }
        for name in [UseCaseName::WhoAmI, UseCaseName::ListPeople, UseCaseName::ReadLines, UseCaseName::PreflightPolicy] {
            assert!(!changes(name), "{name:?}");
        }
    }
}
