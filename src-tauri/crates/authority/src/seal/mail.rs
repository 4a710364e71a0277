//! What mail keeps sealed: the password of the server, and codes that wait in the outbox (FORMATS.md, "Sealed for mail"). And
//! the codes that answer a notice, which are kept nowhere.

use domain::{
    Entropy,
    factor::Sealed,
    id::{MailId, WorkspaceId},
    mail::Server,
    report::ReportCode,
    time::Moment,
};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyId, SealBroken, SealingKey};

impl SealingKey {
    /// Seals the password of a mail server for this workspace, this server and this user.
    pub(crate) fn seal_mail_password(
        &self,
        password: &SecretString,
        workspace: WorkspaceId,
        server: &Server,
        entropy: &mut dyn Entropy,
    ) -> Sealed {
        self.seal_bytes(password.expose_secret().as_bytes(), &|key| password_data(key, workspace, server), entropy)
    }

    /// Opens it again.
    ///
    /// # Errors
    /// [`SealBroken`], without saying why.
    pub(crate) fn open_mail_password(&self, sealed: &Sealed, workspace: WorkspaceId, server: &Server) -> Result<SecretString, SealBroken> {
        text(&self.open_bytes(sealed, &|key| password_data(key, workspace, server))?)
    }

    /// Seals the code that a notice carries, for this notice alone.
    pub(crate) fn seal_mail_code(
        &self,
        code: &SecretString,
        workspace: WorkspaceId,
        (mail, until): (MailId, Moment),
        entropy: &mut dyn Entropy,
    ) -> Sealed {
        self.seal_bytes(code.expose_secret().as_bytes(), &|key| code_data(key, workspace, (mail, until)), entropy)
    }

    /// Opens it again.
    ///
    /// # Errors
    /// [`SealBroken`], without saying why.
    pub(crate) fn open_mail_code(
        &self,
        sealed: &Sealed,
        workspace: WorkspaceId,
        (mail, until): (MailId, Moment),
    ) -> Result<SecretString, SealBroken> {
        text(&self.open_bytes(sealed, &|key| code_data(key, workspace, (mail, until)))?)
    }

    /// The code that answers a notice: always the same for it, and nothing to whoever has not this key.
    pub(crate) fn report_code(&self, mail: MailId) -> ReportCode {
        ReportCode::of(&self.keyed(b"sallyport/report-code-key/v1\0", mail.0.as_bytes()))
    }

    /// What a store finds such a code by.
    pub(crate) fn report_hash(&self, code: &ReportCode) -> [u8; 32] {
        *self.keyed(b"sallyport/report-hash-key/v1\0", code.canonical().expose_secret().as_bytes())
    }

    fn keyed(&self, label: &[u8], message: &[u8]) -> Zeroizing<[u8; 32]> {
        let key = self.named(label);
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length");
        mac.update(message);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

pub(super) fn password_data(key: KeyId, workspace: WorkspaceId, server: &Server) -> Vec<u8> {
    let mut data = b"sallyport/sealed-mail-password/v1\0".to_vec();
    data.extend(workspace.0.as_bytes());
    data.extend(key.0);
    let user = server.user.as_deref().unwrap_or_default();
    data.extend(format!("{}\0{}\0{}\0{user}", server.security.as_str(), server.host, server.port).as_bytes());
    data
}

pub(super) fn code_data(key: KeyId, workspace: WorkspaceId, (mail, until): (MailId, Moment)) -> Vec<u8> {
    let mut data = b"sallyport/sealed-mail-code/v1\0".to_vec();
    [workspace.0, mail.0].iter().for_each(|id| data.extend(id.as_bytes()));
    data.extend(key.0);
    data.extend(until.0.to_be_bytes());
    data
}

fn text(plain: &[u8]) -> Result<SecretString, SealBroken> {
    std::str::from_utf8(plain).map(SecretString::from).map_err(|_| SealBroken)
}

#[cfg(test)]
mod tests {
    use domain::mail::Security;
    use secrecy::SecretBox;
    use uuid::Uuid;

    use super::*;

    struct Same;

    impl Entropy for Same {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(5);
        }
    }

    const HERE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(SecretBox::new(Box::new([byte; 32])))
    }

    fn server(host: &str, user: &str) -> Server {
        Server::read(host, 587, Security::Starttls, user).expect("a server")
    }

    #[test]
    fn a_password_opens_for_its_own_server_user_and_workspace_and_nowhere_else() {
        let good = server("mail.example.org", "desk");
        let sealed = key(1).seal_mail_password(&"hunter2".into(), HERE, &good, &mut Same);
        let open = |key: SealingKey, workspace, server: &Server| key.open_mail_password(&sealed, workspace, server).ok();
        assert_eq!(open(key(1), HERE, &good).map(|plain| plain.expose_secret().to_owned()).as_deref(), Some("hunter2"));
        let others = [
            server("mail.example.com", "desk"),
            server("mail.example.org", "desk2"),
            Server { port: 465, ..good.clone() },
            Server { security: Security::Tls, ..good.clone() },
            Server { user: None, ..good.clone() },
        ];
        for other in others {
            assert!(open(key(1), HERE, &other).is_none(), "{other:?}");
        }
        assert!(open(key(1), WorkspaceId(Uuid::from_u128(2)), &good).is_none());
        assert!(open(key(2), HERE, &good).is_none());
    }

    #[test]
    fn a_code_opens_in_its_own_notice_and_not_as_a_password() {
        let place = (MailId(Uuid::from_u128(3)), Moment(9));
        let sealed = key(1).seal_mail_code(&"NABCD".into(), HERE, place, &mut Same);
        assert!(key(1).open_mail_code(&sealed, HERE, place).is_ok());
        assert!(key(1).open_mail_code(&sealed, HERE, (MailId(Uuid::from_u128(4)), Moment(9))).is_err());
        assert!(key(1).open_mail_code(&sealed, HERE, (place.0, Moment(10))).is_err());
        assert!(key(1).open_mail_password(&sealed, HERE, &server("mail.example.org", "")).is_err());
    }

    /// Made by other means from FORMATS.md alone.
    #[test]
    fn the_code_of_a_notice_is_that_of_the_document() {
        let code = key(1).report_code(MailId(Uuid::from_u128(3)));
        assert_eq!(code.grouped().expose_secret(), "V85XC-JG42D");
        let hash: String = key(1).report_hash(&code).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "efc79df34c18f13934ea2734f855af27d02c5bd3ac0b69b43b902790baed2560");
    }

    #[test]
    fn the_code_of_a_notice_is_always_the_same_and_its_hash_says_nothing_without_the_key() {
        let (one, other) = (MailId(Uuid::from_u128(3)), MailId(Uuid::from_u128(4)));
        let typed = |code: &ReportCode| code.grouped().expose_secret().to_owned();
        assert_eq!(typed(&key(1).report_code(one)), typed(&key(1).report_code(one)));
        assert_ne!(typed(&key(1).report_code(one)), typed(&key(1).report_code(other)));
        assert_ne!(typed(&key(1).report_code(one)), typed(&key(2).report_code(one)));
        let code = key(1).report_code(one);
        assert_ne!(key(1).report_hash(&code), key(2).report_hash(&code));
        let read = ReportCode::read(&typed(&code).to_lowercase()).expect("its own form");
        assert_eq!(key(1).report_hash(&read), key(1).report_hash(&code));
    }
}
