//! Checkpoints (C2SP `tlog-checkpoint`): how long a journal is and what its tree's root is, signed.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    note::{self, NoteError, PublicKey, SigningKey},
    tree::TreeHash,
};

/// A journal at one moment. Whoever keeps one can tell later that nothing before it was changed, moved or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which journal: also the name of the key that signs.
    pub origin: String,
    /// How many leaves it had.
    pub size: u64,
    /// The root of its tree.
    pub root: TreeHash,
}

/// Why a checkpoint is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note itself is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// What was signed is no checkpoint.
    #[error("what was signed is not a checkpoint")]
    Malformed,
    /// Signed by the key of one journal for another.
    #[error("the checkpoint is of another journal than the key")]
    OtherJournal,
}

impl Checkpoint {
    /// The signed note. `None` when the origin is no name for a key.
    pub fn sign(&self, key: &SigningKey) -> Option<String> {
        let text = format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()));
        key.sign(&self.origin, &text)
    }

    /// A note as somebody pasted or typed it off a wall: the three lines and the signature, with any white space between their
    /// parts. What has other parts is given back as it is.
    pub fn unfold(pasted: &str) -> String {
        let parts: Vec<&str> = pasted.split_whitespace().collect();
        match parts[..] {
            [origin, size, root, dash, name, signature] => format!("{origin}\n{size}\n{root}\n\n{dash} {name} {signature}\n"),
            _ => pasted.to_owned(),
        }
    }

    /// Reads a signed checkpoint. Lines after the third are signed, but say nothing to this version.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, keys: &[PublicKey]) -> Result<Self, CheckpointError> {
        let (text, key) = note::open(note, keys)?;
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Malformed);
        };
        let number: u64 = size.parse().map_err(|_| CheckpointError::Malformed)?;
        let root: [u8; 32] = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(CheckpointError::Malformed)?;
        if origin.is_empty() || number.to_string() != size {
            return Err(CheckpointError::Malformed);
        }
        if origin != key.name() {
            return Err(CheckpointError::OtherJournal);
        }
        Ok(Self { origin: origin.to_owned(), size: number, root: root.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed(&[7; 32])
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "sallyport/1".into(), size: 4812, root: TreeHash::from([3; 32]) }
    }

    #[test]
    fn a_checkpoint_reads_as_it_was_signed() {
        let note = checkpoint().sign(&key()).expect("a name");
        assert!(note.starts_with("sallyport/1\n4812\nAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\n\n\u{2014} sallyport/1 "), "{note}");
        let keys = [key().public("sallyport/1").expect("a name")];
        assert_eq!(Checkpoint::open(&note, &keys), Ok(checkpoint()));
        let other = [key().public("sallyport/2").expect("a name")];
        assert_eq!(Checkpoint::open(&note, &other), Err(CheckpointError::Note(NoteError::Unsigned)));
    }

    #[test]
    fn a_checkpoint_is_read_off_one_line_too() {
        let note = checkpoint().sign(&key()).expect("a name");
        let keys = [key().public("sallyport/1").expect("a name")];
        for pasted in [note.replace('\n', " "), note.replace('\n', "\r\n"), format!("  {note}\n\n")] {
            assert_eq!(Checkpoint::open(&Checkpoint::unfold(&pasted), &keys), Ok(checkpoint()), "{pasted:?}");
        }
        assert_eq!(Checkpoint::unfold("one\ntwo"), "one\ntwo");
    }

    #[test]
    fn what_is_signed_but_no_checkpoint_is_told() {
        let keys = [key().public("sallyport/1").expect("a name")];
        let root = STANDARD.encode([3; 32]);
        let told = |text: String| Checkpoint::open(&key().sign("sallyport/1", &text).expect("a text"), &keys);
        for text in [
            "sallyport/1\n4812\n".into(),
            format!("sallyport/1\n04812\n{root}\n"),
            format!("sallyport/1\n+1\n{root}\n"),
            format!("sallyport/1\n-1\n{root}\n"),
            "sallyport/1\n1\nAAAA\n".into(),
        ] {
            assert_eq!(told(text.clone()), Err(CheckpointError::Malformed), "{text}");
        }
        assert_eq!(told(format!("sallyport/2\n4812\n{root}\n")), Err(CheckpointError::OtherJournal));
        assert_eq!(told(format!("sallyport/1\n4812\n{root}\na later line\n")), Ok(checkpoint()));
    }
}
