//! What a server's no means.

use wire::{delivery::Outcome, mail::MailFailure};

/// Where in the conversation it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The greeting, and the answer to EHLO.
    Greeting,
    /// AUTH.
    SignIn,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the end of the message.
    Message,
}

/// A reply of 4xx or 5xx, with its enhanced status code (RFC 3463) where it has one: subject and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct No {
    pub(crate) code: u16,
    pub(crate) enhanced: Option<(u16, u16)>,
}

impl No {
    /// Reads the enhanced code off the reply's text.
    pub(crate) fn new(code: u16, text: &str) -> Self {
        let first = text.split_ascii_whitespace().next().unwrap_or_default();
        let mut parts = first.split('.').map(|part| part.parse::<u16>().ok());
        let enhanced = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(class)), Some(Some(subject)), Some(Some(detail)), None) if class == code / 100 => Some((subject, detail)),
            _ => None,
        };
        Self { code, enhanced }
    }

    fn is_for_good(self) -> bool {
        self.code >= 500
    }

    /// The recipient's mailbox, and not the server's disk or the size of the message.
    fn is_full(self) -> bool {
        match self.enhanced {
            Some((subject, detail)) => (subject, detail) == (2, 2),
            None => [452, 552].contains(&self.code),
        }
    }
}

/// How the delivery came out. `signed_in` is whether user and password were accepted: a server that knows nobody refuses
/// what it would do for somebody.
pub(crate) fn outcome(phase: Phase, no: No, signed_in: bool) -> Outcome {
    let wants_sign_in = no.code == 530 || (!signed_in && no.is_for_good() && no.enhanced.is_some_and(|(subject, _)| subject == 7));
    let failure = match phase {
        Phase::Recipient | Phase::Message if no.is_full() => MailFailure::Full,
        _ if !no.is_for_good() => MailFailure::Busy,
        Phase::Greeting => MailFailure::CannotReach,
        Phase::SignIn => MailFailure::RefusedPassword,
        Phase::Sender | Phase::Recipient if wants_sign_in => MailFailure::RefusedPassword,
        Phase::Sender => MailFailure::RefusedSender,
        Phase::Recipient => MailFailure::RefusedAddress,
        Phase::Message => MailFailure::RefusedMessage,
    };
    Outcome::Failed { failure, for_good: no.is_for_good() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_no_has_its_meaning() {
        use MailFailure::{Busy, CannotReach, Full, RefusedAddress, RefusedMessage, RefusedPassword, RefusedSender};
        for (phase, code, text, signed_in, failure) in [
            (Phase::Greeting, 554, "no service", false, CannotReach),
            (Phase::Greeting, 421, "try later", false, Busy),
            (Phase::SignIn, 535, "5.7.8 wrong", false, RefusedPassword),
            (Phase::SignIn, 454, "4.7.0 later", false, Busy),
            (Phase::Sender, 530, "5.7.0 sign in first", false, RefusedPassword),
            (Phase::Sender, 553, "5.1.8 not yours", true, RefusedSender),
            (Phase::Sender, 550, "5.7.60 may not send as this", true, RefusedSender),
            (Phase::Sender, 452, "4.3.1 out of disk", true, Busy),
            (Phase::Recipient, 550, "5.1.1 nobody", true, RefusedAddress),
            (Phase::Recipient, 550, "5.7.1 relaying denied", true, RefusedAddress),
            (Phase::Recipient, 550, "5.7.1 relaying denied", false, RefusedPassword),
            (Phase::Recipient, 450, "4.2.0 greylisted", true, Busy),
            (Phase::Recipient, 452, "4.2.2 over quota", true, Full),
            (Phase::Recipient, 452, "over quota", true, Full),
            (Phase::Recipient, 452, "4.3.1 out of disk", true, Busy),
            (Phase::Recipient, 550, "5.2.2 over quota", true, Full),
            (Phase::Message, 552, "too much in there", true, Full),
            (Phase::Message, 552, "5.3.4 too big", true, RefusedMessage),
            (Phase::Message, 554, "5.7.1 looks like spam", true, RefusedMessage),
            (Phase::Message, 421, "going down", true, Busy),
        ] {
            let expected = Outcome::Failed { failure, for_good: code >= 500 };
            assert_eq!(outcome(phase, No::new(code, text), signed_in), expected, "{phase:?} {code} {text}");
        }
    }

    #[test]
    fn a_number_in_the_text_is_no_enhanced_code() {
        for text in ["", "5.7", "5.7.x no", "4.2.2 of another class", "5.7.1.2", "192.0.2.7 is blocked", "no 5.2.2"] {
            assert_eq!(No::new(550, text).enhanced, None, "{text}");
        }
    }
}
