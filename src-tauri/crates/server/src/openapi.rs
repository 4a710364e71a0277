//! What the server answers, described: OpenAPI 3.1, from the list of use cases and the shapes of the wire.

use std::{collections::BTreeMap, sync::OnceLock};

use authority::DEVICE_HEADER;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use wire::{RefusalCode, seam::UseCaseName};

use crate::{app, local_only::why_local, problem, seam::OPEN};

/// Where the schemas stand, and how they are pointed at.
const SCHEMAS: &str = "#/components/schemas/";
const PROBLEM: &str = "application/problem+json";

/// The document, as whoever has it already need not be sent it again.
pub(crate) fn answered(headers: &HeaderMap) -> Response {
    static WRITTEN: OnceLock<(String, String)> = OnceLock::new();
    let (text, tag) = WRITTEN.get_or_init(|| {
        let text = document().to_string();
        let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&text)[..16]));
        (text, tag)
    });
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.as_str()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The document.
pub(crate) fn document() -> Value {
    let settings = || SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let (mut requests, mut replies) = (settings().for_deserialize().into_generator(), settings().for_serialize().into_generator());
    let refusals = replies.root_schema_for::<RefusalCode>().to_value();
    let problems = problems(&refusals);
    let mut operations: Vec<(String, Value)> = Vec::new();
    for name in UseCaseName::ALL.iter().filter(|name| why_local(**name).is_none()) {
        operations.push((app::path(*name), use_case(*name, &mut requests, &mut replies, &problems)));
    }
    let mut schemas = definitions(&mut requests);
    let mut paths = paths_of(operations, &mut schemas, definitions(&mut replies));
    // What is no use case.
    paths.extend(beside(&problems));
    for (status, codes) in &problems {
        schemas.insert(problem_name(*status), problem_schema(*status, codes));
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Sallyport",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Two-factor authentication for the people of a workspace.",
            "description": "A use case is a path, asked by POST with a body of JSON. What is refused is told as problem details (RFC 9457), \
                whose code is one of a closed set, with a sentence in the language that Accept-Language asks for: English or French. \
                Moments are seconds since 1970-01-01T00:00:00Z.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": security_schemes() },
    })
}

fn security_schemes() -> Value {
    json!({
        "session": { "type": "http", "scheme": "bearer", "description": "The session that a sign-in began: 43 symbols of base64url." },
        "device": {
            "type": "apiKey", "in": "header", "name": DEVICE_HEADER,
            "description": "What a paired desktop proves itself by: its identifier, a space, and an Ed25519 signature over the request in \
                base64. A session that began through a device is good through that device alone.",
        },
        "client": { "type": "http", "scheme": "bearer", "description": "The key of a program that may ask whether codes are right." },
        "clientBare": {
            "type": "apiKey", "in": "header", "name": "Authorization", "description": "The same key by itself, as privacyIDEA has it.",
        },
    })
}

/// The codes of each status.
type Problems = BTreeMap<u16, Vec<String>>;

fn problems(refusals: &Value) -> Problems {
    let mut found = Problems::new();
    let words = |value: &Value| match (value.get("const"), value.get("enum")) {
        (Some(word), _) => vec![word.clone()],
        (None, Some(Value::Array(words))) => words.clone(),
        _ => Vec::new(),
    };
    let variants = refusals.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![refusals.clone()]);
    for word in variants.iter().flat_map(words) {
        if let (Ok(code), Some(text)) = (serde_json::from_value::<RefusalCode>(word.clone()), word.as_str()) {
            found.entry(problem::status(code).as_u16()).or_default().push(text.to_owned());
        }
    }
    for fault in problem::Fault::ALL {
        let codes = found.entry(fault.status().as_u16()).or_default();
        if !codes.iter().any(|code| code == fault.code()) {
            codes.push(fault.code().to_owned());
        }
    }
    found
}

fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem_schema(status: u16, codes: &[String]) -> Value {
    json!({
        "description": "Problem details (RFC 9457).",
        "type": "object",
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "urn:sallyport:refusal: or urn:sallyport:request:, and the code." },
            "title": { "type": "string" },
            "status": { "const": status },
            "detail": { "type": "string", "description": "A sentence for whoever asked, in the language that was asked for." },
            "code": { "enum": codes },
            "at": { "type": "integer", "format": "int64", "description": "The moment that the sentence names, in seconds since 1970." },
            "number": { "type": "integer", "format": "int64", "description": "The number that the sentence names." },
        },
        "required": ["type", "title", "status", "detail", "code"],
    })
}

fn answer_of(status: u16) -> Value {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let schema = json!({ "$ref": format!("{SCHEMAS}{}", problem_name(status)) });
    let mut answer = json!({ "description": reason, "content": { PROBLEM: { "schema": schema } } });
    let told = match status {
        401 => Some(("WWW-Authenticate", json!({ "description": "How one comes in.", "schema": { "type": "string" } }))),
        429 | 503 => {
            Some(("Retry-After", json!({ "description": "Seconds to wait.", "schema": { "type": "string", "pattern": "^[0-9]+$" } })))
        }
        _ => None,
    };
    if let Some((name, header)) = told {
        answer["headers"] = json!({ name: header });
    }
    answer
}

fn use_case(name: UseCaseName, requests: &mut SchemaGenerator, replies: &mut SchemaGenerator, problems: &Problems) -> Value {
    let [request, reply] = name.schemas(requests, replies).map(schemars::Schema::to_value);
    let path = app::path(name);
    let mut responses = Map::new();
    responses.insert(
        "200".into(),
        json!({
            "description": "Done.",
            "content": { "application/json": { "schema": {
                "type": "object",
                "properties": {
                    "reply": reply,
                    "session": { "type": "string", "description": "The session that began with it, where one did.", "pattern": "^[A-Za-z0-9_-]{43}$" },
                    "journalled": {
                        "type": "integer", "format": "uint64", "minimum": 0,
                        "description": "The entry of the journal that tells of it, where something was done.",
                    },
                },
                "required": ["reply"],
            } } },
        }),
    );
    for status in problems.keys().filter(|status| **status != StatusCode::METHOD_NOT_ALLOWED.as_u16()) {
        responses.insert(status.to_string(), answer_of(*status));
    }
    let security =
        if OPEN.contains(&name) { json!([{}, { "device": [] }]) } else { json!([{ "session": [] }, { "session": [], "device": [] }]) };
    json!({ "post": {
        "operationId": path.trim_start_matches("/v1/"),
        "tags": [name.part().replace('_', "-")],
        "requestBody": { "required": true, "content": { "application/json": { "schema": request } } },
        "responses": responses,
        "security": security,
    } })
}

/// What a generator met on its way, with what JSON Schema leaves to be said.
fn definitions(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let mut found = generator.take_definitions(true);
    found.values_mut().for_each(bounded);
    found
}

/// Says how large numbers may be, and which of them are moments.
fn bounded(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            // In two words, because what is null has no format.
            if object.get("format").is_some_and(|format| format == "uuid") && object.get("type").is_some_and(Value::is_array) {
                object.remove("type");
                object.remove("format");
                object.insert("anyOf".into(), json!([{ "type": "string", "format": "uuid" }, { "type": "null" }]));
            }
            let range = match object.get("format").and_then(Value::as_str) {
                Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
                Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
                Some("uint64" | "uint") => Some((json!(0), json!(u64::MAX))),
                Some("uint32") => Some((json!(0), json!(u32::MAX))),
                _ => None,
            };
            if let Some((least, most)) = range {
                object.entry("minimum").or_insert(least);
                object.entry("maximum").or_insert(most);
            }
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties.iter_mut() {
                    if (name == "at" || name.ends_with("At")) && property["format"] == "int64" {
                        let said = property["description"].as_str().unwrap_or("When.").trim_end();
                        property["description"] = format!("{said} Seconds since 1970-01-01T00:00:00Z.").into();
                    }
                }
            }
            object.values_mut().for_each(bounded);
        }
        Value::Array(items) => items.iter_mut().for_each(bounded),
        _ => {}
    }
}

/// Puts the shapes of replies beside those of requests. One that is read otherwise than it is written has two names.
fn paths_of(operations: Vec<(String, Value)>, schemas: &mut Map<String, Value>, mut replies: Map<String, Value>) -> Map<String, Value> {
    let mut renamed: Vec<String> = Vec::new();
    // A shape that points at a renamed one is another too.
    loop {
        let differs = |name: &String| {
            !renamed.contains(name) && schemas.get(name).is_some_and(|other| other != &replies[name] || points_at(&replies[name], &renamed))
        };
        let more: Vec<String> = replies.keys().filter(|name| differs(name)).cloned().collect();
        if more.is_empty() {
            break;
        }
        renamed.extend(more);
    }
    for schema in replies.values_mut() {
        point_anew(schema, &renamed);
    }
    let mut paths = Map::new();
    for (path, mut item) in operations {
        let post = &mut item["post"];
        let request = post["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().and_then(|it| it.strip_prefix(SCHEMAS));
        let said = request.and_then(|name| schemas.get(name)).and_then(|schema| schema["description"].as_str()).unwrap_or_default();
        let (first, rest) = said.split_once(". ").unwrap_or((said, ""));
        let (summary, description) = (first.trim().trim_end_matches('.').replace('\n', " "), rest.trim().to_owned());
        post["summary"] = summary.into();
        if !description.is_empty() {
            post["description"] = description.into();
        }
        point_anew(&mut post["responses"]["200"], &renamed);
        paths.insert(path, item);
    }
    for (name, schema) in replies {
        let name = if renamed.contains(&name) { written(&name) } else { name };
        schemas.insert(name, schema);
    }
    paths
}

fn written(name: &str) -> String {
    format!("{name}.Written")
}

fn points_at(schema: &Value, names: &[String]) -> bool {
    match schema {
        Value::Object(object) => object.iter().any(|(key, value)| match value {
            Value::String(to) if key == "$ref" => to.strip_prefix(SCHEMAS).is_some_and(|to| names.iter().any(|name| name == to)),
            value => points_at(value, names),
        }),
        Value::Array(items) => items.iter().any(|item| points_at(item, names)),
        _ => false,
    }
}

fn point_anew(schema: &mut Value, renamed: &[String]) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(to) if key == "$ref" => {
                        let other = to.strip_prefix(SCHEMAS).filter(|to| renamed.iter().any(|name| name == to)).map(written);
                        if let Some(other) = other {
                            *to = format!("{SCHEMAS}{other}");
                        }
                    }
                    value => point_anew(value, renamed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| point_anew(item, renamed)),
        _ => {}
    }
}

/// The paths that are no use cases.
fn beside(problems: &Problems) -> Vec<(String, Value)> {
    let text = |said: &str| json!({ "description": said, "content": { "text/plain": { "schema": { "type": "string" } } } });
    let refused = |statuses: &[u16], first: (&str, Value)| {
        let told = statuses.iter().filter(|status| problems.contains_key(status)).map(|status| (status.to_string(), answer_of(*status)));
        let mut responses: Map<String, Value> = told.collect();
        responses.insert(first.0.to_owned(), first.1);
        Value::Object(responses)
    };
    let watched = |id: &str, summary: &str, responses: Value| json!({ "get": { "operationId": id, "tags": ["running"], "summary": summary, "security": [], "responses": responses } });
    let mut readiness = refused(&[408], ("200", text("It is.")));
    readiness["503"] = text("It is not; the log says why.");
    let mut itself = refused(
        &[408],
        ("200", json!({ "description": "The document.", "content": { "application/json": { "schema": { "type": "object" } } } })),
    );
    itself["304"] = json!({ "description": "It is the one that the asker has." });
    vec![
        (app::CHECK.to_owned(), asking("check", "code", &refused(&ASKED, ("204", json!({ "description": "The code is right." }))))),
        (app::VALIDATE.to_owned(), asking("validate-check", "pass", &validated())),
        (app::ALIVE.to_owned(), watched("healthz", "Whether the process is alive", refused(&[408], ("200", text("It is."))))),
        (app::READY.to_owned(), watched("readyz", "Whether use cases can be carried out now", readiness)),
        (
            app::METRICS.to_owned(),
            watched("metrics", "Numbers for Prometheus, for those who may read them", refused(&[404, 408], ("200", text("The numbers.")))),
        ),
        (app::OPENAPI.to_owned(), watched("openapi", "This document", itself)),
    ]
}

/// What asking about a code may come to.
const ASKED: [u16; 10] = [400, 401, 403, 408, 413, 415, 422, 429, 500, 503];

fn asking(id: &str, code: &str, responses: &Value) -> Value {
    let schema = json!({
        "type": "object",
        "properties": {
            "user": { "type": "string", "description": "The e-mail address of whoever the code is of.", "pattern": "\\S" },
            code: { "type": "string", "description": "What they typed.", "format": "password", "writeOnly": true },
            "realm": { "type": ["string", "null"], "description": "A community, by name or identifier; all that the key may ask about without one." },
        },
        "required": ["user", code],
    });
    let body = json!({ "schema": schema });
    json!({ "post": {
        "operationId": id,
        "tags": ["programs"],
        "summary": if id == "check" { "Whether a code is right: 204 or 401" } else { "The same, answered as privacyIDEA does" },
        "requestBody": { "required": true, "content": { "application/json": body, "application/x-www-form-urlencoded": body } },
        "responses": responses,
        "security": [{ "client": [] }, { "clientBare": [] }],
    } })
}

/// The answers in privacyIDEA's shape.
fn validated() -> Value {
    let schema = json!({
        "type": "object",
        "properties": {
            "id": { "const": 1 },
            "jsonrpc": { "const": "2.0" },
            "detail": { "type": ["object", "null"], "properties": { "message": { "type": "string" } } },
            "result": {
                "type": "object",
                "properties": {
                    "status": { "type": "boolean", "description": "Whether the question was understood." },
                    "value": { "type": "boolean", "description": "Whether the code is right." },
                    "authentication": { "enum": ["ACCEPT", "REJECT"] },
                    "error": {
                        "type": "object",
                        "properties": { "code": { "enum": [905, 4033, -500] }, "message": { "type": "string" } },
                        "required": ["code", "message"],
                    },
                },
                "required": ["status"],
            },
            "time": { "type": "number", "description": "Seconds since 1970-01-01T00:00:00Z." },
            "version": { "type": "string" },
            "versionnumber": { "type": "string" },
        },
        "required": ["id", "jsonrpc", "detail", "result", "time", "version", "versionnumber"],
    });
    let mut responses = Map::new();
    for status in [200].into_iter().chain(ASKED) {
        let mut answer = answer_of(status);
        answer["content"] = json!({ "application/json": { "schema": schema } });
        responses.insert(status.to_string(), answer);
    }
    // Only this one is told before privacyIDEA's shape is known to be wanted.
    responses.insert("408".into(), answer_of(408));
    Value::Object(responses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_case_of_the_network_is_described_and_no_other() {
        let document = document();
        let paths = document["paths"].as_object().expect("paths");
        for name in UseCaseName::ALL {
            let described = paths.get(&app::path(*name)).map(|item| &item["post"]);
            assert_eq!(described.is_some(), why_local(*name).is_none(), "{name:?}");
            if let Some(post) = described {
                assert!(post["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name:?} says what it does");
                assert_eq!(post["security"][0] == json!({}), OPEN.contains(name), "{name:?}");
            }
        }
        for own in [app::CHECK, app::VALIDATE, app::ALIVE, app::READY, app::METRICS, app::OPENAPI] {
            assert!(paths.contains_key(own), "{own}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_secrets_are_marked() {
        let document = document();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    object.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        references(&document, &mut found);
        for reference in found {
            let name = reference.strip_prefix(SCHEMAS).unwrap_or_else(|| panic!("{reference}"));
            assert!(schemas.contains_key(name), "{reference}");
        }
        let password = &schemas["SignIn"]["properties"]["password"];
        assert_eq!((&password["format"], &password["writeOnly"]), (&json!("password"), &json!(true)));
        assert_eq!(schemas["Problem429"]["properties"]["code"]["enum"], json!(["wait", "locked-out"]));
    }

    #[test]
    fn who_has_the_document_is_not_sent_it_again() {
        let first = answered(&HeaderMap::new());
        let tag = first.headers()[header::ETAG].clone();
        assert_eq!(first.status(), StatusCode::OK);
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, tag);
        assert_eq!(answered(&headers).status(), StatusCode::NOT_MODIFIED);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"another\""));
        assert_eq!(answered(&headers).status(), StatusCode::OK);
    }
}
