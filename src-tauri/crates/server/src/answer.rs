//! What is answered: the reply, the session that began with it, and the entry that tells of it.

use authority::{DEVICE_HEADER, read_operation_key};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Serialize;
use uuid::Uuid;
use wire::{RefusalCode, Response as Reply, SessionToken, outbox::IDEMPOTENCY_KEY, seam::Outcome};

use crate::problem::Fault;

/// Bytes of a session token.
const TOKEN_BYTES: usize = 32;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    reply: &'a Reply,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journalled: Option<u64>,
}

/// The answer to a call that succeeded.
pub(crate) fn answered(outcome: &Outcome) -> Response {
    let session = outcome.opened.as_ref().map(|token| BASE64URL_NOPAD.encode(token.expose_secret()));
    let answer = Answer { reply: &outcome.response, session, journalled: outcome.journalled };
    match serde_json::to_vec(&answer) {
        Ok(body) => (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The session that a request is made in; none where it names none.
///
/// # Errors
/// [`Fault::Authorization`] for anything that is no session token: whoever sends one means to be somebody.
pub(crate) fn session(headers: &HeaderMap) -> Result<Option<SessionToken>, Fault> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(Fault::Authorization);
    }
    let text = value.to_str().map_err(|_| Fault::Authorization)?;
    let (scheme, token) = text.split_once(' ').ok_or(Fault::Authorization)?;
    let token = BASE64URL_NOPAD.decode(token.trim().as_bytes()).map_err(|_| Fault::Authorization)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() != TOKEN_BYTES {
        return Err(Fault::Authorization);
    }
    Ok(Some(SecretSlice::from(token)))
}

/// What a device shows of itself; none where the request comes by none.
///
/// # Errors
/// [`RefusalCode::DeviceUnknown`] where it is shown twice, or in no letters.
pub(crate) fn device(headers: &HeaderMap) -> Result<Option<&str>, RefusalCode> {
    let mut given = headers.get_all(DEVICE_HEADER).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(RefusalCode::DeviceUnknown);
    }
    value.to_str().map(Some).map_err(|_| RefusalCode::DeviceUnknown)
}

/// The key of an operation that is to be done once; none where the request has none.
///
/// # Errors
/// [`Fault::IdempotencyKey`] for anything that is no such key: whoever sends one counts on it.
pub(crate) fn operation(headers: &HeaderMap) -> Result<Option<Uuid>, Fault> {
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let key = value.to_str().ok().and_then(read_operation_key).filter(|_| given.next().is_none());
    key.map(Some).ok_or(Fault::IdempotencyKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Result<Option<Vec<u8>>, Fault> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).expect("a value"));
        }
        session(&headers).map(|token| token.map(|token| token.expose_secret().to_vec()))
    }

    #[test]
    fn only_the_token_of_a_session_is_one() {
        let token = BASE64URL_NOPAD.encode(&[7; TOKEN_BYTES]);
        let bearer = format!("Bearer {token}");
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[&bearer]), Ok(Some(vec![7; TOKEN_BYTES])));
        assert_eq!(read(&[&format!("bearer {token}")]), Ok(Some(vec![7; TOKEN_BYTES])));
        for wrong in ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", &token, &format!("Bearer {token}A"), &format!("Bearer {}", &token[1..])] {
            assert_eq!(read(&[wrong]), Err(Fault::Authorization), "{wrong}");
        }
        assert_eq!(read(&[&bearer, &bearer]), Err(Fault::Authorization), "two are one too many");
    }
}
