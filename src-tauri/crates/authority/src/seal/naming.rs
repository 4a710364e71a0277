//! The naming key of a workspace on a server, sealed (FORMATS.md, "Sealed naming key"): counts of failures, fingerprints of
//! tokens and the codes that answer notices are made with it, and stay as they are when the sealing key is replaced.

use domain::{Entropy, draw, factor::Sealed, id::WorkspaceId};
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

use super::{Key, KeyId, SealBroken, SealingKey};

impl SealingKey {
    /// The same with a naming key that was just drawn, for a workspace that is about to be founded.
    #[must_use]
    pub fn drawing_naming(self, entropy: &mut dyn Entropy) -> Self {
        let key = Zeroizing::new(draw::<32>(entropy));
        Self { naming: Some(Key(SecretBox::new(Box::new(*key)))), ..self }
    }

    /// The naming key, sealed for a workspace; `None` where there is none of its own.
    pub(crate) fn seal_naming(&self, workspace: WorkspaceId, entropy: &mut dyn Entropy) -> Option<Sealed> {
        let naming = self.naming.as_ref()?;
        Some(self.seal_bytes(naming.0.expose_secret(), &|key| data(key, workspace), entropy))
    }

    /// The same with the naming key that was sealed for this workspace.
    ///
    /// # Errors
    /// [`SealBroken`]: these are not its keys.
    pub(crate) fn opening_naming(self, sealed: &Sealed, workspace: WorkspaceId) -> Result<Self, SealBroken> {
        let plain = self.open_bytes(sealed, &|key| data(key, workspace))?;
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| SealBroken)?;
        Ok(Self { naming: Some(Key(SecretBox::new(Box::new(key)))), ..self })
    }
}

pub(super) fn data(key: KeyId, workspace: WorkspaceId) -> Vec<u8> {
    let mut data = b"sallyport/sealed-naming-key/v1\0".to_vec();
    data.extend(workspace.0.as_bytes());
    data.extend(key.0);
    data
}

#[cfg(test)]
mod tests {
    use domain::{id::TokenId, oath::OathSecret};
    use uuid::Uuid;

    use super::{
        super::{Bound, Place},
        *,
    };

    struct Same(u8);

    impl Entropy for Same {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 += 1;
            bytes.fill(self.0);
        }
    }

    const HERE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
    const PLACE: Place = Place::Token { workspace: HERE, token: TokenId(Uuid::from_u128(2)) };

    fn bytes(byte: u8) -> SecretBox<[u8; 32]> {
        SecretBox::new(Box::new([byte; 32]))
    }

    #[test]
    fn what_names_things_outlives_the_sealing_key() {
        let mut entropy = Same(100);
        let old = SealingKey::new(bytes(1)).drawing_naming(&mut entropy);
        let sealed = old.seal_naming(HERE, &mut entropy).expect("it has one");
        let both = SealingKey::new(bytes(2)).with_earlier(bytes(1)).opening_naming(&sealed, HERE).expect("an earlier key opens it");
        assert_eq!(both.fingerprint(b"secret"), old.fingerprint(b"secret"));
        assert_eq!(both.throttle_key(), old.throttle_key());
        let anew = both.reseal(&sealed, Bound::Naming, HERE, &mut entropy).expect("opens").expect("was another key's");
        let new = SealingKey::new(bytes(2)).opening_naming(&anew, HERE).expect("the new key alone");
        assert_eq!(new.fingerprint(b"secret"), old.fingerprint(b"secret"));
        assert!(!SealingKey::new(bytes(1)).opens(&anew, Bound::Naming, HERE), "the old key opens nothing any more");
        assert!(!new.opens(&anew, Bound::Naming, WorkspaceId(Uuid::from_u128(9))), "nor the new one elsewhere");
    }

    #[test]
    fn an_earlier_key_opens_and_never_seals_and_what_is_sealed_anew_is_the_same_secret() {
        let mut entropy = Same(100);
        let secret = OathSecret::from_bytes(&[7; 20]).expect("160 bits");
        let app = secret.parameters();
        let sealed = SealingKey::new(bytes(1)).seal(&secret, PLACE, &mut entropy);
        let both = SealingKey::new(bytes(2)).with_earlier(bytes(1));
        assert!(SealingKey::new(bytes(2)).open(&sealed, PLACE, app).is_err(), "without the earlier key");
        assert_eq!(both.open(&sealed, PLACE, app).expect("opens").expose_bytes(), secret.expose_bytes());
        let bound = Bound::Secret(PLACE, app);
        let anew = both.reseal(&sealed, bound, HERE, &mut entropy).expect("opens").expect("was another key's");
        assert_eq!(SealingKey::sealer(&anew), Some(both.id()));
        assert_eq!(SealingKey::new(bytes(2)).open(&anew, PLACE, app).expect("opens").expose_bytes(), secret.expose_bytes());
        assert!(SealingKey::new(bytes(1)).open(&anew, PLACE, app).is_err());
        assert!(both.reseal(&anew, bound, HERE, &mut entropy).expect("opens").is_none(), "nothing is left to do");
        let mut forged = sealed.clone();
        forged.0[1..9].copy_from_slice(&both.id().0);
        assert!(both.open(&forged, PLACE, app).is_err(), "a key's name is bound, not only written");
    }
}
