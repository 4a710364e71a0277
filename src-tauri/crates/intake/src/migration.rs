//! Google Authenticator's transfer codes: `otpauth-migration://offline?data=` and a small protobuf message in Base64.
//!
//! Read by hand: one message with five fields and one beneath it with eight do not need a compiler of their own.

use crate::read::Batch;
use crate::secret_text;
use crate::seed::{Draft, Entry, Problem};
use percent_encoding::percent_decode_str;
use secrecy::SecretSlice;
use zeroize::Zeroizing;

const PREFIX: &str = "otpauth-migration:";

/// The message of a link; `None` for any other link, `Some(None)` for one that is damaged.
pub(crate) fn payload(link: &str) -> Option<Option<Zeroizing<Vec<u8>>>> {
    link.get(..PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(PREFIX))?;
    let data = link.split_once('?').and_then(|(_, query)| query.split('&').find_map(|pair| pair.strip_prefix("data=")));
    // Some readers of QR codes turn an unescaped plus into a space.
    Some(data.and_then(|data| {
        let text = Zeroizing::new(percent_decode_str(data).decode_utf8().ok()?.replace(' ', "+"));
        secret_text::base64(&text)
    }))
}

/// The accounts of a message, whose places the caller knows, and which part of an export it is. `None` when it is damaged.
pub(crate) fn read(message: &[u8]) -> Option<(Vec<Entry>, Option<Batch>)> {
    let mut entries = Vec::new();
    let (mut id, mut index, mut size) = (0, 0, 0);
    for field in Fields(message) {
        match field? {
            (1, Value::Bytes(account)) => entries.push(entry(account)?),
            (3, Value::Number(value)) => size = u32::try_from(value).ok()?,
            (4, Value::Number(value)) => index = u32::try_from(value).ok()?,
            // A negative int32 is written as ten bytes: the low half is the number.
            (5, Value::Number(value)) => id = value as i32,
            _ => {}
        }
    }
    let batch = (size > 0 && size <= 1_000 && index < size).then_some(Batch { id, index, size });
    Some((entries, batch))
}

fn entry(account: &[u8]) -> Option<Entry> {
    let mut draft = Draft::default();
    let (mut secret, mut kind, mut algorithm, mut digits): (&[u8], _, _, _) = (&[], 0, 0, 0);
    for field in Fields(account) {
        match field? {
            (1, Value::Bytes(bytes)) => secret = bytes,
            (2, Value::Bytes(name)) => draft.label = std::str::from_utf8(name).ok()?.to_owned(),
            (3, Value::Bytes(issuer)) => draft.issuer = std::str::from_utf8(issuer).ok()?.to_owned(),
            (4, Value::Number(value)) => algorithm = value,
            (5, Value::Number(value)) => digits = value,
            (6, Value::Number(value)) => kind = value,
            (7, Value::Number(value)) => draft.counter = value.to_string(),
            _ => {}
        }
    }
    if let Some((issuer, account)) = draft.label.split_once(':')
        && (draft.issuer.is_empty() || draft.issuer == issuer)
    {
        (draft.issuer, draft.label) = (issuer.to_owned(), account.trim().to_owned());
    }
    draft.kind = match kind {
        1 => "hotp".to_owned(),
        0 | 2 => "totp".to_owned(),
        other => format!("type {other}"),
    };
    draft.algorithm = match algorithm {
        0 | 1 => "SHA1".to_owned(),
        2 => "SHA256".to_owned(),
        3 => "SHA512".to_owned(),
        4 => "MD5".to_owned(),
        other => format!("algorithm {other}"),
    };
    draft.digits = match digits {
        0 | 1 => "6".to_owned(),
        2 => "8".to_owned(),
        3 => "7".to_owned(),
        other => format!("{other}?"),
    };
    let secret = if secret.is_empty() { Err(Problem::NoSecret) } else { Ok(SecretSlice::from(secret.to_vec())) };
    Some(draft.entry(0, secret))
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

// The wire format of protobuf: fields of a message, or `None` once where it breaks off.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Other)?,
            _ => return None,
        };
        (tag >> 3 != 0).then_some((tag >> 3, value))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
