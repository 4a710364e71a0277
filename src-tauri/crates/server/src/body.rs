//! Bodies: how large they may be, and how they are read.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use wire::{Request, seam::UseCaseName};
use zeroize::Zeroizing;

use crate::problem::Fault;

/// Bytes of a body: far more than any form has.
const USUAL: usize = 64 * 1024;
/// Bytes of a list of people or of seeds: a file of 10 MB, written as JSON.
const LIST: usize = 24 * 1024 * 1024;

/// Whether a use case takes a list. Such a body is read from nobody who is not signed in.
pub(crate) fn takes_list(name: UseCaseName) -> bool {
    matches!(name, UseCaseName::CheckPeople | UseCaseName::ImportPeople | UseCaseName::CheckTokens | UseCaseName::ImportTokens)
}

/// How large the body of a use case may be, in bytes.
pub(crate) fn limit(name: UseCaseName) -> usize {
    if takes_list(name) { LIST } else { USUAL }
}

/// Whether the body says that it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    says(headers, "application/json")
}

fn says(headers: &HeaderMap, kind: &str) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind)
}

/// Whether the body says that it is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    says(headers, "application/x-www-form-urlencoded")
}

/// Reads a body of so many bytes at most. It is wiped when it is dropped.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Fault::TooLarge);
    }
    let mut body = Limited::new(body, limit);
    // Of the announced size at once: what grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(USUAL).min(limit)));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| if error.is::<LengthLimitError>() { Fault::TooLarge } else { Fault::Malformed })?;
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes)
}

/// The request that a body is. What is wrong with it is not said: it may hold a password.
pub(crate) fn request(name: UseCaseName, body: &[u8]) -> Result<Request, Fault> {
    // A list of the fields in their order would be read as well.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Fault::Malformed);
    }
    let mut from = serde_json::Deserializer::from_slice(body);
    let request = name.read(&mut from).map_err(|_| Fault::Malformed)?;
    from.end().map_err(|_| Fault::Malformed)?;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_one_request_and_nothing_beside_it() {
        let read = |body: &str| request(UseCaseName::SignIn, body.as_bytes()).map(|_| ());
        let good = r#"{"email":"olive@example.org","password":"hunter2"}"#;
        assert_eq!(read(good), Ok(()));
        for at in 0..good.len() {
            assert_eq!(read(&good[..at]), Err(Fault::Malformed), "cut after {at} bytes");
        }
        for wrong in [
            "[]",
            r#"["olive@example.org","hunter2"]"#,
            "null",
            &format!("{good}{good}"),
            r#"{"email":1,"password":"x"}"#,
            r#"{"email":"a","email":"b","password":"x"}"#,
        ] {
            assert_eq!(read(wrong), Err(Fault::Malformed), "{wrong}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep), Err(Fault::Malformed), "nesting costs no stack");
    }

    #[test]
    fn every_use_case_has_a_reader() {
        for name in UseCaseName::ALL {
            assert_eq!(request(*name, b"").map(|_| ()), Err(Fault::Malformed), "{name:?}");
        }
    }
}
