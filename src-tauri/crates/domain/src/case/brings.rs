//! What a case brings its target: an address, or a token.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    account::Account,
    address::NewEmail,
    id::TokenId,
    token::{self, Token},
    words::Email,
};

use super::CaseAct;

/// What a case brings its target, as it was approved.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Brings {
    /// Nothing.
    #[default]
    Nothing,
    /// This address.
    Email(Email),
    /// This token of the stock.
    Token(TokenId),
}

/// The same, with all that is known of it now.
#[derive(Clone, Debug)]
pub enum Bringing {
    /// Nothing.
    Nothing,
    /// An address.
    Email(NewEmail),
    /// A token.
    Token(Box<Token>),
}

impl Bringing {
    pub(super) fn brings(&self) -> Brings {
        match self {
            Self::Nothing => Brings::Nothing,
            Self::Email(new) => Brings::Email(new.email.clone()),
            Self::Token(token) => Brings::Token(token.id),
        }
    }

    pub(super) fn is(&self, approved: &Brings) -> bool {
        match (self, approved) {
            (Self::Nothing, Brings::Nothing) => true,
            (Self::Email(new), Brings::Email(email)) => new.email.as_str() == email.as_str(),
            (Self::Token(token), Brings::Token(id)) => token.id == *id,
            _ => false,
        }
    }

    /// Whether it is what the act is about, and could be brought by whoever acts.
    pub(super) fn fits(&self, act: CaseAct, actor: &Account, target: &Account) -> Result<(), Refusal> {
        match (act, self) {
            (CaseAct::Email, Self::Email(new)) => new.fits(target),
            (CaseAct::Token, Self::Token(token)) => token::may_take(actor, token),
            (CaseAct::Email | CaseAct::Token, _) => Err(Refusal::CaseIncomplete),
            _ => Ok(()),
        }
    }
}
