//! What the sheet shows, held here for as long as it is open.

use documents::{
    backup_codes::{Sheet as Paper, SheetWords},
    qr,
};
use secrecy::{ExposeSecret, SecretString};
use wire::{
    Refusal, RefusalCode, ShownOnce,
    account::EnrolmentOffer,
    people::{IssuedCode, PersonName},
    window::{Sheet, SheetKind},
};

use crate::{catalogue::Catalogue, preferences::Preferences};

const QR_SIDE: u32 = 280;
const SECRET_GROUP: usize = 4;

/// What the sheet shows, and what has become of it.
#[derive(Debug)]
pub(crate) struct SheetState {
    pub(crate) kind: SheetKind,
    pub(crate) person: PersonName,
    pub(crate) workspace: String,
    expires_at: Option<i64>,
    qr: Option<ShownOnce>,
    secret: Option<ShownOnce>,
    codes: Vec<ShownOnce>,
    pub(crate) saved: bool,
}

impl SheetState {
    /// A QR code to scan, and the same secret to type.
    pub(crate) fn enrolment(person: PersonName, workspace: String, offer: EnrolmentOffer) -> Result<Self, Refusal> {
        let picture = qr::png_within(&offer.uri.into_inner(), QR_SIDE).map_err(|error| {
            tracing::error!(%error, "the QR code could not be drawn");
            RefusalCode::Unexpected
        })?;
        let url = format!("data:image/png;base64,{}", data_encoding::BASE64.encode(picture.expose_secret()));
        Ok(Self {
            kind: SheetKind::Enrolment,
            person,
            workspace,
            expires_at: Some(offer.expires_at),
            qr: Some(SecretString::from(url).into()),
            secret: Some(grouped(&offer.secret)),
            codes: Vec::new(),
            saved: false,
        })
    }

    /// Ten backup codes.
    pub(crate) fn backup_codes(person: PersonName, workspace: String, codes: Vec<ShownOnce>) -> Self {
        Self { kind: SheetKind::BackupCodes, person, workspace, expires_at: None, qr: None, secret: None, codes, saved: false }
    }

    /// A code issued for somebody.
    pub(crate) fn issued(kind: SheetKind, workspace: String, issued: IssuedCode) -> Self {
        let IssuedCode { person, code, expires_at } = issued;
        Self { kind, person, workspace, expires_at: Some(expires_at), qr: None, secret: None, codes: vec![code], saved: false }
    }

    /// As it is written to the sheet's own window.
    pub(crate) fn view(&self, preferences: &Preferences) -> Sheet {
        Sheet {
            kind: self.kind,
            language: preferences.language,
            theme: preferences.theme,
            person: self.person.clone(),
            workspace: self.workspace.clone(),
            expires_at: self.expires_at,
            qr: self.qr.clone(),
            secret: self.secret.clone(),
            codes: self.codes.clone(),
            saved: self.saved,
        }
    }

    /// What Copy puts on the clipboard: the codes, one a line; or the secret to type, without its gaps.
    pub(crate) fn to_copy(&self) -> SecretString {
        match &self.secret {
            Some(secret) => secret.expose().replace(' ', "").into(),
            None => self.codes.iter().map(ShownOnce::expose).collect::<Vec<_>>().join("\n").into(),
        }
    }

    /// The text file of the backup codes. `made` is today's date, in words.
    pub(crate) fn to_text(&self, catalogue: &Catalogue, made: &str) -> SecretString {
        let words = SheetWords {
            title: catalogue.text("file.backupCodes.title"),
            workspace_label: catalogue.text("file.backupCodes.workspaceLabel"),
            account_label: catalogue.text("file.backupCodes.accountLabel"),
            email_label: catalogue.text("file.backupCodes.emailLabel"),
            made_label: catalogue.text("file.backupCodes.madeLabel"),
            codes_heading: catalogue.text("file.backupCodes.codesHeading"),
            how_to_use_heading: catalogue.text("file.backupCodes.howToUseHeading"),
            how_to_use: catalogue.text("file.backupCodes.howToUse").lines().map(str::to_owned).collect(),
            keep_safe_heading: catalogue.text("file.backupCodes.keepSafeHeading"),
            keep_safe: catalogue.text("file.backupCodes.keepSafe"),
        };
        let codes: Vec<SecretString> = self.codes.iter().map(|code| code.clone().into_inner()).collect();
        documents::backup_codes::text(&Paper {
            words: &words,
            workspace: &self.workspace,
            account: &self.person.name,
            email: &self.person.email,
            made,
            codes: &codes,
        })
    }
}

fn grouped(secret: &ShownOnce) -> ShownOnce {
    let symbols: Vec<char> = secret.expose().chars().collect();
    let groups: Vec<String> = symbols.chunks(SECRET_GROUP).map(|group| group.iter().collect()).collect();
    SecretString::from(groups.join(" ")).into()
}
