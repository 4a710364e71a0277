//! A delivery as the bytes that leave (RFC 5322, RFC 2045).

use std::time::{Duration, UNIX_EPOCH};

use documents::{Person, notice};
use jiff::{Timestamp, tz::TimeZone};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use secrecy::{ExposeSecret, SecretSlice};
use wire::{
    delivery::{Delivery, Outcome},
    mail::MailFailure,
    window::Language,
};

use crate::address;

/// A message, ready to leave. Its bytes may hold codes.
#[derive(Debug)]
pub struct Composed {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: SecretSlice<u8>,
}

impl Composed {
    /// The whole message, lines ended by CRLF, dots as they are.
    #[must_use]
    pub fn bytes(&self) -> &SecretSlice<u8> {
        &self.bytes
    }
}

/// Composes the message of a delivery. Moments are told in `zone`. The same delivery gives the same bytes, apart from
/// `MIME` boundaries, which are made of its id.
///
/// # Errors
/// What the delivery comes to when an address in it is none.
pub fn compose(delivery: &Delivery, zone: &TimeZone) -> Result<Composed, Outcome> {
    let server = &delivery.server;
    let no = |failure| Outcome::Failed { failure, for_good: true };
    let from = address::read(&server.sender).ok_or(no(MailFailure::RefusedSender))?;
    let to = address::read(&delivery.address).ok_or(no(MailFailure::RefusedAddress))?;

    let moment = |at| moment(delivery.language, at, zone);
    let (at, code_until, report_until) =
        (moment(delivery.at), delivery.code_until.map(moment).unwrap_or_default(), moment(delivery.report_until));
    let said = notice::Notice {
        language: delivery.language,
        kind: delivery.kind,
        workspace: &delivery.workspace,
        person: Person { name: &delivery.person, email: &delivery.address },
        at: &at,
        words: &delivery.words,
        code: delivery.code.as_ref().map(|code| notice::Code { code, until: &code_until }),
        report: delivery.report.as_ref().map(|code| notice::Code { code, until: &report_until }),
        contact: server.contact.as_deref(),
    };
    let (text, html) = (said.text(), said.html());

    let name = |name: &str| Some(in_header(&notice::one_line(name))).filter(|name| !name.is_empty());
    let parts = MultiPart::builder()
        .kind(lettre::message::MultiPartKind::Alternative)
        .boundary(format!("sallyport-{}", delivery.id.simple()))
        .singlepart(SinglePart::plain(text.expose_secret().to_owned()))
        .singlepart(SinglePart::html(html.expose_secret().to_owned()));
    let mut message = Message::builder()
        .message_id(Some(delivery.message_id.clone()))
        .date(UNIX_EPOCH + Duration::from_secs(delivery.at.try_into().unwrap_or_default()))
        .from(Mailbox::new(name(&server.sender_name), from.clone()))
        .to(Mailbox::new(name(&delivery.person), to.clone()))
        .subject(in_header(&said.subject()))
        // RFC 3834: nobody's absence is answered to it.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Content-Language"), language(delivery.language).into()));
    if let Some(contact) = server.contact.as_deref().and_then(address::read) {
        message = message.reply_to(Mailbox::new(None, contact));
    }
    let message = message.multipart(parts).map_err(|_| no(MailFailure::RefusedAddress))?;
    Ok(Composed { from, to, bytes: message.formatted().into() })
}

/// Without what a reader would take for an encoded word (RFC 2047): the encoder lets it stand, and something else would be
/// read than what was written.
fn in_header(text: &str) -> String {
    text.replace("=?", "= ?")
}

/// A moment in words, with how far that clock is from UTC: it is read elsewhere.
fn moment(language: Language, at: i64, zone: &TimeZone) -> String {
    let local = Timestamp::from_second(at).unwrap_or_default().to_zoned(zone.clone());
    let (month, offset) = (local.month().unsigned_abs(), local.offset().seconds() / 60);
    let sign = if offset < 0 { '−' } else { '+' };
    let apart = match offset.unsigned_abs() {
        0 => String::new(),
        minutes => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    };
    let date = notice::date(language, local.day().unsigned_abs(), month, local.year());
    format!("{date}, {:02}:{:02} (UTC{apart})", local.hour(), local.minute())
}

fn language(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Fr => "fr",
    }
}
