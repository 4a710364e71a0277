//! Why a notice was not sent.

use serde::{Deserialize, Serialize};

/// Why a notice was not sent the last time. Closed: nothing that a server says is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The server cannot be reached.
    CannotReach,
    /// No protected connection.
    Tls,
    /// User or password refused.
    RefusedPassword,
    /// The sender's address refused.
    RefusedSender,
    /// The recipient's address refused.
    RefusedAddress,
    /// The message refused.
    RefusedMessage,
    /// The server asks to come back later.
    Busy,
    /// The connection broke off.
    BrokeOff,
    /// The recipient's mailbox is full.
    Full,
    /// The kept password cannot be read.
    PasswordUnreadable,
    /// Seven days are over, or the code in it is no longer valid.
    TooLate,
    /// Another code took the place of the one in it, or it was used.
    Overtaken,
    /// Mail was switched off, and it cannot become a letter.
    MailOff,
}

impl Failure {
    /// Every reason there is, with its text at rest.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::CannotReach, "cannot-reach"),
        (Self::Tls, "tls"),
        (Self::RefusedPassword, "refused-password"),
        (Self::RefusedSender, "refused-sender"),
        (Self::RefusedAddress, "refused-address"),
        (Self::RefusedMessage, "refused-message"),
        (Self::Busy, "busy"),
        (Self::BrokeOff, "broke-off"),
        (Self::Full, "full"),
        (Self::PasswordUnreadable, "password-unreadable"),
        (Self::TooLate, "too-late"),
        (Self::Overtaken, "overtaken"),
        (Self::MailOff, "mail-off"),
    ];

    /// Its text at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(failure, _)| *failure == self).map_or("", |(_, text)| text)
    }

    /// Whether it would have met any other message too, so that none is worth an attempt for a while.
    #[must_use]
    pub fn is_of_the_server(self) -> bool {
        matches!(self, Self::CannotReach | Self::Tls | Self::RefusedPassword | Self::RefusedSender | Self::Busy | Self::PasswordUnreadable)
    }

    /// Whether a server that says "for good" is believed: what is wrong with server, user or sender can be mended.
    pub(super) fn may_be_for_good(self) -> bool {
        matches!(self, Self::RefusedAddress | Self::RefusedMessage | Self::Full)
    }
}
