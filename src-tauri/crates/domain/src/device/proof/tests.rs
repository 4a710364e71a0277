use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};

use super::*;

#[test]
fn a_key_under_which_anything_is_signed_is_none() {
    // The neutral element, and a point of order 8 (RFC 7748 §7, "Twist security, small subgroups").
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let eight = HEXLOWER.decode(b"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a").expect("hex");
    assert!(PublicKey::from_bytes(neutral).is_none());
    assert!(PublicKey::from_bytes(eight.try_into().expect("32 bytes")).is_none());
    assert!(PublicKey::from_bytes([2; 32]).is_none(), "no point at all");
    let own = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    let text = BASE64.encode(&own);
    assert_eq!(PublicKey::read(&text).map(PublicKey::to_bytes), Some(own));
    for wrong in ["", &text[..43], &format!("{text}="), &format!(" {text}")] {
        assert!(PublicKey::read(wrong).is_none(), "{wrong:?}");
    }
}

#[test]
fn a_header_is_written_in_one_way() {
    let shown = Shown { device: DeviceId(Uuid::from_u128(0xabc)), signature: [9; 64] };
    let text = shown.to_string();
    assert_eq!(Shown::read(&text), Some(shown));
    let signature = text.split_once(' ').expect("two parts").1;
    for wrong in [
        String::new(),
        text.to_uppercase(),
        text.replace(' ', "  "),
        format!("{text} "),
        text.trim_end_matches('=').to_owned(),
        text.replacen('-', "", 4),
        format!("{{00000000-0000-0000-0000-000000000abc}} {signature}"),
        signature.to_owned(),
    ] {
        assert_eq!(Shown::read(&wrong), None, "{wrong:?}");
    }
}

/// The path has its length before it: no part of it can be taken for what follows.
#[test]
fn no_two_requests_are_signed_alike() {
    let asked = |path, body| Asked { workspace: WorkspaceId(Uuid::nil()), device: DeviceId(Uuid::nil()), path, body, session: None };
    assert_ne!(asked("/a", [b'b'; 32]).text(), asked("/ab", [b'b'; 32]).text());
    let text = asked("/v1/x", [5; 32]).text();
    assert_eq!(text.len(), 28 + 16 + 16 + 4 + 5 + 32 + 32);
    let signed = SigningKey::from_bytes(&[7; 32]).sign(&text).to_bytes();
    let key = PublicKey::from_bytes(SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes()).expect("a key");
    assert!(key.proves(&asked("/v1/x", [5; 32]), &signed));
}

#[derive(serde::Deserialize)]
struct Vector {
    what: String,
    expect: String,
    key: String,
    header: String,
    workspace: Uuid,
    path: String,
    body: String,
    token: Option<String>,
    text: String,
}

#[test]
fn the_frozen_proofs_hold_or_fail_as_the_format_says() {
    use sha2::{Digest, Sha256};
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../../../../tests/vectors/devices/proofs.json")).expect("the vectors");
    assert!(!vectors.is_empty());
    for Vector { what, expect, key, header, workspace, path, body, token, text } in vectors {
        let session = token.map(|token| Opaque(Sha256::digest(HEXLOWER.decode(token.as_bytes()).expect("hex")).into()));
        let found = match (Shown::read(&header), PublicKey::read(&key)) {
            (None, _) => "no-header",
            (_, None) => "no-key",
            (Some(shown), Some(key)) => {
                let body = Sha256::digest(body.as_bytes()).into();
                let asked = Asked { workspace: WorkspaceId(workspace), device: shown.device, path: &path, body, session };
                assert_eq!(HEXLOWER.encode(&asked.text()), text, "{what}");
                if key.proves(&asked, &shown.signature) { "proved" } else { "not-proved" }
            }
        };
        assert_eq!(found, expect, "{what}");
    }
}
