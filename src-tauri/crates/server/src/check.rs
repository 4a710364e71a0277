//! Programs that ask whether a code is right: `POST /v1/check`, which answers by its status alone, and `POST /validate/check`, which
//! answers as privacyIDEA does, so that what was written for it can ask here.

use std::{borrow::Cow, sync::Arc};

use authority::{Check, ClientKey, Store, Surroundings, System};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64URL_NOPAD;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use wire::{RefusalCode, window::Language};

use crate::{
    app::App,
    body,
    problem::{Failed, Fault, Problem},
    words,
};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a question: an address, a code and a realm, and whatever else a plugin sends along.
const QUESTION: usize = 16 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Where some plugins put the key.
const PRIVACYIDEA: &str = "pi-authorization";
/// What privacyIDEA's plugin for FreeRADIUS calls itself. It encodes user and pass once more than a form does.
const ENCODES_TWICE: &str = "FreeRADIUS";
/// privacyIDEA's numbers of errors: a parameter is missing, nobody who may ask, and whatever went wrong within.
const MISSING: i32 = 905;
const NO_CLIENT: i32 = 4033;
const INTERNAL: i32 = -500;

/// What is asked, under the names of either path. What else is sent is not looked at: there are no challenges to answer, and tokens
/// are not asked about by their serial number.
#[derive(Default, Deserialize)]
struct Question {
    user: Option<String>,
    #[serde(alias = "pass")]
    code: Option<SecretString>,
    realm: Option<String>,
}

impl Question {
    fn of_form(bytes: &[u8]) -> Result<Self, Fault> {
        let mut question = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            let twice = match &*name {
                "user" => question.user.replace(value.into_owned()).is_some(),
                "code" | "pass" => question.code.replace(value.into_owned().into()).is_some(),
                "realm" => question.realm.replace(value.into_owned()).is_some(),
                _ => false,
            };
            if twice {
                return Err(Fault::Malformed);
            }
        }
        Ok(question)
    }

    fn of(headers: &HeaderMap, bytes: &[u8]) -> Result<Self, Fault> {
        if body::is_json(headers) {
            return serde_json::from_slice(bytes).map_err(|_| Fault::Malformed);
        }
        if body::is_form(headers) { Self::of_form(bytes) } else { Err(Fault::FormMediaType) }
    }

    fn check(self, encoded_twice: bool) -> Result<Check, Fault> {
        let decoded = |text: String| if encoded_twice { once_more(&text) } else { text };
        let user = self.user.filter(|user| !user.trim().is_empty()).ok_or(Fault::Malformed)?;
        let code = self.code.ok_or(Fault::Malformed)?;
        let code = if encoded_twice { once_more(code.expose_secret()).into() } else { code };
        Ok(Check { user: decoded(user), code, realm: self.realm.unwrap_or_default() })
    }
}

fn once_more(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// The key of whoever asks: by itself, as privacyIDEA has it, or as a bearer token.
fn key(headers: &HeaderMap) -> Option<ClientKey> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter().chain(headers.get_all(PRIVACYIDEA));
    let value = given.next()?.to_str().ok()?;
    if given.next().is_some() {
        return None;
    }
    let bare = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => value,
    };
    let key = BASE64URL_NOPAD.decode(bare.trim().as_bytes()).ok().filter(|key| key.len() == KEY_BYTES)?;
    Some(key.into())
}

/// A key as it is shown and sent.
pub(crate) fn shown(key: &ClientKey) -> String {
    BASE64URL_NOPAD.encode(key.expose_secret())
}

async fn answered<S: Store>(app: &App<S>, request: Request) -> Result<bool, Failed> {
    let (parts, given) = request.into_parts();
    // Before the body: whoever has no key is nobody to read anything from.
    let key = key(&parts.headers).ok_or(RefusalCode::ClientUnknown)?;
    let read = body::read(&parts.headers, given, QUESTION).await?;
    let twice = parts.headers.get(header::USER_AGENT).is_some_and(|agent| agent == ENCODES_TWICE);
    let check = Question::of(&parts.headers, &read)?.check(twice)?;
    drop(read);
    Ok(app.authority.check(&key, &check).await?)
}

/// 204 or 401: for whoever takes any 200 for a yes.
pub(crate) async fn plain<S: Store>(app: Arc<App<S>>, request: Request) -> Response {
    let language = words::language(request.headers());
    match answered(&app, request).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => Failed::from(RefusalCode::CheckRefused).told(language).into_response(),
        Err(failed) => failed.told(language).into_response(),
    }
}

/// As privacyIDEA answers.
pub(crate) async fn validate<S: Store>(app: Arc<App<S>>, request: Request) -> Response {
    let language = words::language(request.headers());
    match answered(&app, request).await {
        Ok(right) => ([(header::CONTENT_TYPE, JSON)], Validated::verdict(right, language).written()).into_response(),
        Err(failed) => {
            let code = match &failed {
                Failed::Fault(Fault::Malformed) => MISSING,
                Failed::Refused(refusal) if refusal.code == RefusalCode::ClientUnknown => NO_CLIENT,
                _ => INTERNAL,
            };
            in_its_shape(failed.told(language), code)
        }
    }
}

/// privacyIDEA takes GET too. A code in an address would stay in the logs of every proxy on the way.
fn not_in_an_address(headers: &HeaderMap) -> Response {
    let mut response = in_its_shape(Fault::InAddress.told(words::language(headers)), MISSING);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

/// Whatever else than POST there is.
pub(crate) async fn not_posted(request: Request) -> Response {
    if request.method() == Method::GET {
        return not_in_an_address(request.headers());
    }
    Fault::Method.told(words::language(request.headers())).into_response()
}

/// A problem as privacyIDEA tells it. Its status stays, and how long to wait or how to come in.
fn in_its_shape(problem: Problem, code: i32) -> Response {
    let told = Validated::error(code, problem.detail.clone());
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    *response.body_mut() = told.written().into();
    response
}

/// An answer in privacyIDEA's shape.
#[derive(Serialize)]
struct Validated {
    detail: Option<Detail>,
    id: u8,
    jsonrpc: &'static str,
    result: Outcome,
    /// Seconds since 1970.
    time: f64,
    version: &'static str,
    versionnumber: &'static str,
}

#[derive(Serialize)]
struct Detail {
    message: &'static str,
}

#[derive(Serialize)]
struct Outcome {
    status: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

#[derive(Serialize)]
struct Failure {
    code: i32,
    message: String,
}

impl Validated {
    fn written(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    fn of(detail: Option<Detail>, result: Outcome) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "seconds fit for millions of years")]
        let time = System.now().0 as f64;
        let (version, versionnumber) = (concat!("Sallyport ", env!("CARGO_PKG_VERSION")), env!("CARGO_PKG_VERSION"));
        Self { detail, id: 1, jsonrpc: "2.0", result, time, version, versionnumber }
    }

    fn verdict(right: bool, language: Language) -> Self {
        let message = match (language, right) {
            (Language::En, true) => "The code is right.",
            (Language::En, false) => "The code is not right.",
            (Language::Fr, true) => "Le code est juste.",
            (Language::Fr, false) => "Le code n’est pas juste.",
        };
        let authentication = Some(if right { "ACCEPT" } else { "REJECT" });
        Self::of(Some(Detail { message }), Outcome { status: true, value: Some(right), authentication, error: None })
    }

    fn error(code: i32, message: String) -> Self {
        Self::of(None, Outcome { status: false, value: None, authentication: None, error: Some(Failure { code, message }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: &'static str, text: &str) -> Result<(String, String, String), Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let check = Question::of(&headers, text.as_bytes())?.check(false)?;
        Ok((check.user, check.code.expose_secret().to_owned(), check.realm))
    }

    #[test]
    fn forms_and_json_say_the_same_and_what_else_is_sent_is_not_looked_at() {
        let expected = ("olive+x@example.org".to_owned(), "123456".to_owned(), "North".to_owned());
        for (kind, text) in [
            ("application/x-www-form-urlencoded", "user=olive%2Bx%40example.org&pass=123456&realm=North&serial=X&transaction_id=1"),
            ("application/x-www-form-urlencoded; charset=UTF-8", "code=123456&realm=North&user=olive%2bx@example.org&client=10.0.0.1"),
            ("application/json", r#"{"user":"olive+x@example.org","pass":"123456","realm":"North","serial":7}"#),
            ("application/json", r#"{"user":"olive+x@example.org","code":"123456","realm":"North","otponly":null}"#),
        ] {
            assert_eq!(asked(kind, text).as_ref(), Ok(&expected), "{text}");
        }
        for (kind, text) in [
            ("application/x-www-form-urlencoded", "user=olive"),
            ("application/x-www-form-urlencoded", "pass=123456"),
            ("application/x-www-form-urlencoded", "user=&pass=123456"),
            ("application/x-www-form-urlencoded", "user=a&user=b&pass=123456"),
            ("application/x-www-form-urlencoded", "user=a&pass=1&code=2"),
            ("application/json", r#"{"user":"a","pass":"1","code":"2"}"#),
            ("application/json", r#"{"user":"a","pass":1}"#),
            ("application/json", "user=a&pass=b"),
        ] {
            assert_eq!(asked(kind, text), Err(Fault::Malformed), "{text}");
        }
        assert_eq!(asked("text/plain", "user=a&pass=b"), Err(Fault::FormMediaType));
        assert_eq!(once_more("zo%C3%AB%40example.org"), "zoë@example.org");
    }

    #[test]
    fn a_key_is_one_key_wherever_it_stands() {
        let shown = shown(&vec![7; KEY_BYTES].into());
        let read = |given: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                headers.append(*name, HeaderValue::from_str(value).expect("a value"));
            }
            key(&headers).map(|key| key.expose_secret().to_vec())
        };
        let bearer = format!("Bearer {shown}");
        for good in [("authorization", &*shown), ("authorization", &bearer), (PRIVACYIDEA, &shown)] {
            assert_eq!(read(&[good]), Some(vec![7; KEY_BYTES]), "{good:?}");
        }
        let basic = format!("Basic {shown}");
        for wrong in ["", "Bearer", &basic, &shown[1..], &format!("{shown}A")] {
            assert_eq!(read(&[("authorization", wrong)]), None, "{wrong}");
        }
        assert_eq!(read(&[("authorization", &shown), (PRIVACYIDEA, &shown)]), None, "two are one too many");
        assert_eq!(read(&[]), None);
    }
}
