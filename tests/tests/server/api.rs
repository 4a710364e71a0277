//! The description of the API at the real server: whether it is true.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use wire::seam::UseCaseName;

use crate::{
    checks::add_client,
    served::{Harbour, OWNER, PASSWORD},
};

/// The program that asks at random. The stage “API” of `cargo xtask test` installs it and says where it is.
const SCHEMATHESIS: &str = "SALLYPORT_SCHEMATHESIS";

#[test]
fn every_path_answers_with_a_status_and_a_code_that_the_description_has() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let described = served.client.get("/openapi.json");
    assert_eq!(described.header("cache-control"), Some("public, max-age=300"));
    let tag = described.header("etag").expect("a tag");
    let again = served.client.send(&format!("GET /openapi.json HTTP/1.1\r\nIf-None-Match: {tag}"), b"");
    assert_eq!((again.status, again.text.as_str()), (304, ""));

    let described = described.json();
    let (paths, schemas) = (described["paths"].as_object().expect("paths"), &described["components"]["schemas"]);
    let use_cases = UseCaseName::ALL.iter().filter(|name| server::why_local(**name).is_none());
    for name in use_cases {
        let name = serde_json::to_value(name).expect("a name");
        assert!(paths.contains_key(&format!("/v1/{}", name.as_str().expect("text"))), "{name} is not described");
    }
    // Leaving last: what is asked after it has no session.
    let leaves = |path: &str| ["/v1/lock", "/v1/sign-out"].contains(&path);
    let asked = paths.iter().filter(|(path, _)| !leaves(path)).chain(paths.iter().filter(|(path, _)| leaves(path)));
    for (path, item) in asked {
        let answers: Vec<_> = if item["get"].is_object() {
            vec![("get", served.client.get(path))]
        } else {
            let head = format!("POST {path} HTTP/1.1\r\nContent-Type: application/json");
            let within = format!("{head}\r\nAuthorization: Bearer {}", owner.session);
            vec![
                ("post", served.client.send(&head, b"{}")),
                ("post", served.client.send(&within, b"{}")),
                ("post", served.client.send(&within, b"[1")),
                ("post", served.client.send(&format!("POST {path} HTTP/1.1"), b"{}")),
            ]
        };
        for (method, answer) in answers {
            let said = &item[method]["responses"][answer.status.to_string()];
            assert!(said.is_object(), "{path} answers {}, which is not described: {answer:?}", answer.status);
            let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
            assert!(said["content"].get(&kind).is_some(), "{path} answers {} as {kind:?}", answer.status);
            if kind == "application/problem+json" {
                let schema = &schemas[format!("Problem{}", answer.status)];
                let codes = schema["properties"]["code"]["enum"].as_array().expect("codes");
                assert!(codes.contains(&Value::String(answer.problem().1)), "{path}: {answer:?}");
            }
        }
    }
}

#[test]
fn whatever_is_asked_at_random_is_answered_as_described() {
    let Some(program) = std::env::var_os(SCHEMATHESIS) else { return };
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&["--trusted-proxies", "127.0.0.1"]);
    let owner = served.owner(&invitation);
    let spare = served.client.sign_in(OWNER, PASSWORD).session();
    assert_eq!(served.client.call("give-code", Some(&spare), &json!({ "code": owner.code(1) })).status, 200);
    let key = add_client(&harbour, "VPN", &[]);

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("api");
    let address = format!("http://{}/openapi.json", served.client.address);
    let validator = Path::new(&program).with_file_name("openapi-spec-validator");
    let mut valid = Command::new(validator).args(["--schema", "3.1", "-"]).stdin(Stdio::piped()).spawn().expect("started");
    valid.stdin.take().expect("a pipe").write_all(served.client.get("/openapi.json").text.as_bytes()).expect("read");
    assert!(valid.wait().expect("ended").success(), "it is no OpenAPI 3.1");
    let mut run = Command::new(program);
    run.args(["--config-file", "schemathesis.toml", "run", &address]).current_dir(folder);
    let passed = run.env("SESSION", &owner.session).env("SPARE", &spare).env("KEY", &key).status().expect("started");
    assert!(passed.success(), "{}", served.log());
    assert_eq!(served.client.get("/readyz").status, 200, "and it goes on");
}
