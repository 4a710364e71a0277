//! What of a record opens anything.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every hash, salt and sealed secret of a record: as Base64, as a list of numbers, and as bytes.
pub(crate) fn secrets(value: &Value, found: &mut BTreeSet<Vec<u8>>) {
    match value {
        Value::String(text) => {
            if let Ok(bytes) = data_encoding::BASE64.decode(text.as_bytes())
                && bytes.len() >= 16
            {
                found.insert(text.clone().into_bytes());
                found.insert(bytes);
            }
        }
        Value::Array(items) => {
            let bytes: Option<Vec<u8>> = items.iter().map(|item| item.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect();
            match bytes.filter(|bytes| bytes.len() >= 16) {
                Some(bytes) => {
                    found.insert(value.to_string().into_bytes());
                    found.insert(data_encoding::BASE64.encode(&bytes).into_bytes());
                    found.insert(bytes);
                }
                None => items.iter().for_each(|item| secrets(item, found)),
            }
        }
        Value::Object(fields) => fields.values().for_each(|field| secrets(field, found)),
        _ => {}
    }
}
