//! The seed of the key that a journal's checkpoints are signed with, sealed (FORMATS.md, "Sealed journal key").

use domain::{Entropy, factor::Sealed, id::WorkspaceId};
use zeroize::Zeroizing;

use super::{KeyId, SealBroken, SealingKey};

impl SealingKey {
    /// Seals the 32 bytes of a seed for one epoch of a workspace.
    pub(crate) fn seal_journal_key(&self, seed: &[u8; 32], workspace: WorkspaceId, epoch: u32, entropy: &mut dyn Entropy) -> Sealed {
        self.seal_bytes(seed, &|key| data(key, workspace, epoch), entropy)
    }

    /// Opens it again.
    ///
    /// # Errors
    /// [`SealBroken`], without saying why.
    pub(crate) fn open_journal_key(&self, sealed: &Sealed, workspace: WorkspaceId, epoch: u32) -> Result<Zeroizing<[u8; 32]>, SealBroken> {
        let plain = self.open_bytes(sealed, &|key| data(key, workspace, epoch))?;
        plain.as_slice().try_into().map(Zeroizing::new).map_err(|_| SealBroken)
    }
}

pub(super) fn data(key: KeyId, workspace: WorkspaceId, epoch: u32) -> Vec<u8> {
    let mut data = b"sallyport/sealed-journal-key/v1\0".to_vec();
    data.extend(workspace.0.as_bytes());
    data.extend(epoch.to_be_bytes());
    data.extend(key.0);
    data
}

#[cfg(test)]
mod tests {
    use secrecy::SecretBox;
    use uuid::Uuid;

    use super::*;

    struct Same;

    impl Entropy for Same {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(5);
        }
    }

    #[test]
    fn a_journal_key_opens_in_its_own_epoch_and_workspace_under_its_own_key_and_nowhere_else() {
        let key = SealingKey::new(SecretBox::new(Box::new([1; 32])));
        let other = SealingKey::new(SecretBox::new(Box::new([2; 32])));
        let here = WorkspaceId(Uuid::from_u128(1));
        let sealed = key.seal_journal_key(&[9; 32], here, 3, &mut Same);
        assert_eq!(key.open_journal_key(&sealed, here, 3).map(|seed| *seed).ok(), Some([9; 32]));
        assert!(key.open_journal_key(&sealed, here, 4).is_err());
        assert!(key.open_journal_key(&sealed, WorkspaceId(Uuid::from_u128(2)), 3).is_err());
        assert!(other.open_journal_key(&sealed, here, 3).is_err());
        for at in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[at] ^= 1;
            assert!(key.open_journal_key(&changed, here, 3).is_err(), "byte {at}");
        }
    }
}
