//! What a server's answer says: a reply, or a refusal.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;
use reqwest::StatusCode;
use secrecy::SecretSlice;
use serde::{Deserialize, de::IntoDeserializer, de::value::Error as Unknown};
use serde_json::value::RawValue;
use wire::{
    Refusal, RefusalCode, SessionToken,
    seam::{Outcome, UseCaseName},
};

use crate::line::Answered;

/// Bytes of a session token.
const TOKEN: usize = 32;

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    reply: &'a RawValue,
    #[serde(borrow, default)]
    session: Option<Cow<'a, str>>,
    #[serde(default)]
    journalled: Option<u64>,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(default)]
    at: Option<i64>,
    #[serde(default)]
    number: Option<i64>,
}

/// Reads the answer to a request of this name.
pub(crate) fn read(name: UseCaseName, answered: &Answered) -> Result<Outcome, Refusal> {
    if answered.is_json && answered.status == StatusCode::OK {
        return outcome(name, &answered.body).ok_or_else(|| RefusalCode::ServerDiffers.into());
    }
    Err(refusal(answered))
}

fn outcome(name: UseCaseName, body: &[u8]) -> Option<Outcome> {
    let answer: Answer<'_> = serde_json::from_slice(body).ok()?;
    let response = name.read_reply(&mut serde_json::Deserializer::from_str(answer.reply.get())).ok()?;
    let opened = answer.session.map(|text| token(&text)).map_or(Some(None), |token| token.map(Some))?;
    Some(Outcome { response, opened, journalled: answer.journalled })
}

fn token(text: &str) -> Option<SessionToken> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    (bytes.len() == TOKEN).then(|| SecretSlice::from(bytes))
}

/// What the server refuses, or why it did not understand.
pub(crate) fn refusal(answered: &Answered) -> Refusal {
    let problem: Option<Problem<'_>> = if answered.is_json { serde_json::from_slice(&answered.body).ok() } else { None };
    let Some(problem) = problem else {
        tracing::warn!(status = answered.status.as_u16(), "something else than a server of ours answers");
        return RefusalCode::ServerStrange.into();
    };
    let known: Result<RefusalCode, Unknown> =
        RefusalCode::deserialize(IntoDeserializer::<Unknown>::into_deserializer(problem.code.as_ref()));
    match (known, problem.code.as_ref()) {
        (Ok(code), _) => Refusal { code, at: problem.at, number: problem.number },
        // What HTTP itself refuses, and is nobody's fault who sits at the window.
        (Err(_), "too-slow") => RefusalCode::AnswerLost.into(),
        (Err(_), "too-large") => RefusalCode::ServerTooMuch.into(),
        (Err(_), code) => {
            tracing::warn!(code, "the server speaks of something that this program does not know");
            RefusalCode::ServerDiffers.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use wire::Response;
    use zeroize::Zeroizing;

    use super::*;

    fn answered(status: u16, body: &str) -> Answered {
        Answered { status: StatusCode::from_u16(status).expect("a status"), is_json: true, body: Zeroizing::new(body.as_bytes().to_vec()) }
    }

    fn refused(status: u16, body: &str) -> Refusal {
        read(UseCaseName::SignIn, &answered(status, body)).expect_err(body)
    }

    #[test]
    fn a_reply_comes_with_its_session_and_its_entry() {
        let session = BASE64URL_NOPAD.encode(&[7; TOKEN]);
        let body = format!(r#"{{"reply":{{"next":"code"}},"session":"{session}","journalled":12}}"#);
        let outcome = read(UseCaseName::SignIn, &answered(200, &body)).expect("a reply");
        assert!(matches!(outcome.response, Response::SignIn(_)));
        assert!(outcome.opened.is_some());
        assert_eq!(outcome.journalled, Some(12));
        for cut in 0..body.len() {
            assert_eq!(refused(200, &body[..cut]).code, RefusalCode::ServerDiffers, "cut after {cut} bytes");
        }
    }

    #[test]
    fn a_reply_to_something_else_or_half_a_session_is_none() {
        for body in [
            r#"{"reply":{}}"#,
            r#"{"reply":{"next":"nowhere"}}"#,
            r#"{"reply":{"next":"code"},"session":"short"}"#,
            r#"{"reply":{"next":"code"}}{}"#,
            r#"[]"#,
            r#"null"#,
        ] {
            assert_eq!(refused(200, body).code, RefusalCode::ServerDiffers, "{body}");
        }
    }

    #[test]
    fn a_refusal_keeps_its_code_its_moment_and_its_number() {
        let wait = refused(429, r#"{"type":"urn:sallyport:refusal:wait","status":429,"code":"wait","detail":"…","at":1800000000}"#);
        assert_eq!(wait, Refusal { code: RefusalCode::Wait, at: Some(1_800_000_000), number: None });
        let length = refused(422, r#"{"code":"code-length","number":7}"#);
        assert_eq!(length, Refusal { code: RefusalCode::CodeLength, at: None, number: Some(7) });
    }

    #[test]
    fn what_is_no_refusal_of_ours_says_whose_fault_it_is() {
        assert_eq!(refused(404, r#"{"code":"no-such-path"}"#).code, RefusalCode::ServerDiffers);
        assert_eq!(refused(400, r#"{"code":"malformed"}"#).code, RefusalCode::ServerDiffers);
        assert_eq!(refused(413, r#"{"code":"too-large"}"#).code, RefusalCode::ServerTooMuch);
        assert_eq!(refused(408, r#"{"code":"too-slow"}"#).code, RefusalCode::AnswerLost);
        assert_eq!(refused(502, "<html>Bad gateway</html>").code, RefusalCode::ServerStrange);
        assert_eq!(refused(302, "").code, RefusalCode::ServerStrange);
        assert_eq!(refused(200, "").code, RefusalCode::ServerDiffers);
    }
}
