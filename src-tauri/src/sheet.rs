//! What the sheet shows, held here for as long as it is open.

use documents::{PaperError, backup_codes::Sheet as Paper, notice, qr, recovery_kit::Kit as KitPaper, recovery_letter::Letter};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use uuid::Uuid;
use vault::Kit;
use wire::{
    Refusal, RefusalCode, ShownOnce,
    account::EnrolmentOffer,
    device::DeviceInvited,
    mail,
    people::{IssuedCode, PersonName},
    sign_in::Me,
    window::{Language, ReadBackView, Sheet, SheetKind},
};

use crate::{catalogue::Catalogue, papers, preferences::Preferences, read_back};

const QR_SIDE: u32 = 280;
const SECRET_GROUP: usize = 4;

/// What the sheet shows, and what has become of it.
#[derive(Debug)]
pub(crate) struct SheetState {
    pub(crate) kind: SheetKind,
    pub(crate) person: PersonName,
    /// Papers speak to the person, not to whoever sits at the window.
    pub(crate) language: Language,
    pub(crate) workspace: String,
    expires_at: Option<i64>,
    qr: Option<ShownOnce>,
    secret: Option<ShownOnce>,
    codes: Vec<ShownOnce>,
    pub(crate) saved: bool,
    /// The recovery kit, on its sheet.
    pub(crate) kit: Option<KitOnSheet>,
    /// Whether the code goes to its person by mail too.
    pub(crate) mailed: bool,
    /// Whether the server has not heard of the code.
    pub(crate) unheard: bool,
    /// A notice that goes to its person on paper.
    notice: Option<mail::Letter>,
}

/// The recovery kit that a sheet shows.
#[derive(Clone, Debug)]
pub(crate) struct KitOnSheet {
    pub(crate) kit: Kit,
    /// What is to be done once it was kept; nothing for the first kit, which opens the vault already.
    pub(crate) change: Option<KitChange>,
    vault: Uuid,
    made_at: i64,
    first: bool,
}

/// What makes a new kit count.
#[derive(Clone, Debug)]
pub(crate) struct KitChange {
    pub(crate) passphrase: SecretString,
    /// Ways in that go with it.
    pub(crate) without: Vec<Uuid>,
}

/// A QR code as a data URL: a PNG picture of at most so many pixels a side.
pub(crate) fn qr_url(text: &SecretString, side: u32) -> Result<String, Refusal> {
    let picture = qr::png_within(text, side).map_err(|error| {
        tracing::error!(%error, "a QR code could not be drawn");
        RefusalCode::Unexpected
    })?;
    Ok(format!("data:image/png;base64,{}", data_encoding::BASE64.encode(picture.expose_secret())))
}

impl SheetState {
    /// A QR code to scan, and the same secret to type.
    pub(crate) fn enrolment(me: Me, offer: EnrolmentOffer) -> Result<Self, Refusal> {
        let url = qr_url(&offer.uri.into_inner(), QR_SIDE)?;
        Ok(Self {
            kind: SheetKind::Enrolment,
            person: me.person,
            language: me.language,
            workspace: me.workspace,
            expires_at: Some(offer.expires_at),
            qr: Some(SecretString::from(url).into()),
            secret: Some(grouped(&offer.secret)),
            codes: Vec::new(),
            saved: false,
            kit: None,
            mailed: false,
            unheard: false,
            notice: None,
        })
    }

    /// Ten backup codes.
    pub(crate) fn backup_codes(person: PersonName, language: Language, workspace: String, codes: Vec<ShownOnce>) -> Self {
        Self {
            kind: SheetKind::BackupCodes,
            person,
            language,
            workspace,
            expires_at: None,
            qr: None,
            secret: None,
            codes,
            saved: false,
            kit: None,
            mailed: false,
            unheard: false,
            notice: None,
        }
    }

    /// A pairing code: in the place of a person stands what the device is called.
    pub(crate) fn pairing(me: Me, invited: DeviceInvited) -> Self {
        let DeviceInvited { device, name, code, expires_at } = invited;
        let person = PersonName { id: device, name, email: String::new() };
        Self::issued(SheetKind::Pairing, me.workspace, IssuedCode { person, language: me.language, code, expires_at })
    }

    /// A code issued for somebody.
    pub(crate) fn issued(kind: SheetKind, workspace: String, issued: IssuedCode) -> Self {
        let IssuedCode { person, language, code, expires_at } = issued;
        Self {
            kind,
            person,
            language,
            workspace,
            expires_at: Some(expires_at),
            qr: None,
            secret: None,
            codes: vec![code],
            saved: false,
            kit: None,
            mailed: false,
            unheard: false,
            notice: None,
        }
    }

    /// The recovery kit. The first one of a workspace must be kept before the sheet is closed.
    pub(crate) fn recovery_kit(me: Me, kit: Kit, vault: Uuid, made_at: i64, change: Option<KitChange>) -> Self {
        let codes = vec![kit.code().grouped().into()];
        let first = change.is_none();
        Self {
            kind: SheetKind::RecoveryKit,
            person: me.person,
            language: me.language,
            workspace: me.workspace,
            expires_at: None,
            qr: None,
            secret: None,
            codes,
            saved: false,
            kit: Some(KitOnSheet { kit, change, vault, made_at, first }),
            mailed: false,
            unheard: false,
            notice: None,
        }
    }

    /// A notice as a letter.
    pub(crate) fn letter_of(letter: mail::Letter) -> Self {
        Self {
            kind: SheetKind::Letter,
            person: letter.person.clone(),
            language: letter.language,
            workspace: letter.workspace.clone(),
            expires_at: None,
            qr: None,
            secret: None,
            codes: Vec::new(),
            saved: false,
            kit: None,
            mailed: false,
            unheard: false,
            notice: Some(letter),
        }
    }

    /// Whether it must not be closed yet.
    pub(crate) fn must_keep(&self) -> bool {
        !self.saved && self.kit.as_ref().is_some_and(|kit| kit.first)
    }

    /// Whether closing it would lose what nobody has kept.
    pub(crate) fn is_unkept(&self) -> bool {
        !self.saved && matches!(self.kind, SheetKind::BackupCodes | SheetKind::RecoveryKit)
    }

    /// The kit was kept, and counts.
    pub(crate) fn kit_kept(&mut self) {
        self.saved = true;
        if let Some(kit) = &mut self.kit {
            kit.change = None;
        }
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
            must_keep: self.must_keep(),
            drill: false,
            reading: None,
            mailed: self.mailed,
            unheard: self.unheard,
            subject: self.with_notice(|notice| notice.subject()),
            text: self.with_notice(|notice| notice.text().into()),
        }
    }

    /// What Copy puts on the clipboard: the codes, one a line; or the secret to type, without its gaps.
    pub(crate) fn to_copy(&self) -> SecretString {
        match &self.secret {
            Some(secret) => secret.expose().replace(' ', "").into(),
            None => self.codes.iter().map(ShownOnce::expose).collect::<Vec<_>>().join("\n").into(),
        }
    }

    /// How far a code was read back right. Backup codes are read to nobody.
    pub(crate) fn read_back(&self, heard: &SecretString) -> Result<ReadBackView, Refusal> {
        match (self.kind, self.codes.first()) {
            (SheetKind::Recovery | SheetKind::Password | SheetKind::Invitation | SheetKind::Pairing, Some(code)) => {
                Ok(read_back::compare(code.expose(), heard.expose_secret()))
            }
            _ => Err(RefusalCode::NothingToShow.into()),
        }
    }

    /// The text file of the backup codes.
    pub(crate) fn to_text(&self) -> SecretString {
        self.with_paper(&Catalogue::of(self.language), documents::backup_codes::text)
    }

    /// The paper: the backup codes to keep, or a letter that hides a recovery code. `issuer` is whom the letter says to call.
    pub(crate) fn to_pdf(&self, issuer: &PersonName) -> Result<SecretSlice<u8>, Refusal> {
        let catalogue = Catalogue::of(self.language);
        let pdf = match self.kind {
            SheetKind::BackupCodes => self.with_paper(&catalogue, |paper| documents::backup_sheet::pdf(paper, catalogue.tag())),
            SheetKind::Recovery | SheetKind::Password => self.letter(&catalogue, issuer)?,
            SheetKind::RecoveryKit => self.kit_paper(&catalogue)?,
            SheetKind::Letter => self.with_notice(|notice| notice.letter()).ok_or(RefusalCode::NothingToShow)?,
            SheetKind::Enrolment | SheetKind::Invitation | SheetKind::Pairing => return Err(RefusalCode::NothingToShow.into()),
        };
        pdf.map_err(|error| {
            tracing::error!(%error, "the paper could not be made");
            RefusalCode::Unexpected.into()
        })
    }

    fn with_paper<T>(&self, catalogue: &Catalogue, make: impl FnOnce(&Paper<'_>) -> T) -> T {
        let words = papers::backup_codes(catalogue);
        let codes: Vec<SecretString> = self.codes.iter().map(|code| code.clone().into_inner()).collect();
        make(&Paper {
            words: &words,
            workspace: &self.workspace,
            account: &self.person.name,
            email: &self.person.email,
            made: &catalogue.today(),
            codes: &codes,
        })
    }

    /// The notice, in its person's language.
    fn with_notice<T>(&self, make: impl FnOnce(&notice::Notice<'_>) -> T) -> Option<T> {
        let letter = self.notice.as_ref()?;
        let catalogue = Catalogue::of(letter.language);
        let (at, until) = (catalogue.moment(letter.at), catalogue.moment(letter.report_until));
        let report = letter.report.clone().map(ShownOnce::into_inner);
        Some(make(&notice::Notice {
            language: letter.language,
            kind: letter.kind,
            workspace: &letter.workspace,
            person: papers::person(&letter.person),
            at: &at,
            words: &letter.words,
            code: None,
            report: report.as_ref().map(|code| notice::Code { code, until: &until }),
            contact: letter.contact.as_deref(),
        }))
    }

    fn kit_paper(&self, catalogue: &Catalogue) -> Result<Result<SecretSlice<u8>, PaperError>, Refusal> {
        let (Some(code), Some(kit)) = (self.codes.first(), &self.kit) else { return Err(RefusalCode::NothingToShow.into()) };
        Ok(documents::recovery_kit::pdf(&KitPaper {
            words: &papers::kit(catalogue),
            workspace: &self.workspace,
            vault: &kit.vault.to_string(),
            made: &catalogue.day(kit.made_at),
            code: &code.clone().into_inner(),
        }))
    }

    fn letter(&self, catalogue: &Catalogue, issuer: &PersonName) -> Result<Result<SecretSlice<u8>, PaperError>, Refusal> {
        let (Some(code), Some(until)) = (self.codes.first(), self.expires_at) else { return Err(RefusalCode::NothingToShow.into()) };
        let spelling: Vec<SecretString> = code.expose().split('-').map(|group| catalogue.spelled(group).into()).collect();
        Ok(documents::recovery_letter::pdf(&Letter {
            words: &papers::letter(catalogue, self.kind),
            workspace: &self.workspace,
            person: papers::person(&self.person),
            contact: papers::person(issuer),
            valid_until: &catalogue.moment(until),
            code: &code.clone().into_inner(),
            spelling: &spelling,
        }))
    }
}

fn grouped(secret: &ShownOnce) -> ShownOnce {
    let symbols: Vec<char> = secret.expose().chars().collect();
    let groups: Vec<String> = symbols.chunks(SECRET_GROUP).map(|group| group.iter().collect()).collect();
    SecretString::from(groups.join(" ")).into()
}
