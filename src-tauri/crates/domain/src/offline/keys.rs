//! The keys of epochs, as whoever accepts codes holds them.

use super::{EpochKey, KeyEpoch};

/// How many are held at most: one is in use, the others still open what was issued with them.
pub const LIVE: usize = 4;

/// Why keys are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysRefused {
    /// Two of one epoch.
    Twice,
    /// More than four.
    TooMany,
}

/// The keys that are held: the first is the one that is issued with.
#[derive(Debug, Default)]
pub struct EpochKeys(Vec<(KeyEpoch, EpochKey)>);

impl EpochKeys {
    /// Adds one behind the others.
    ///
    /// # Errors
    /// [`KeysRefused`].
    pub fn add(&mut self, epoch: KeyEpoch, key: EpochKey) -> Result<(), KeysRefused> {
        if self.of(epoch).is_some() {
            return Err(KeysRefused::Twice);
        }
        if self.0.len() == LIVE {
            return Err(KeysRefused::TooMany);
        }
        self.0.push((epoch, key));
        Ok(())
    }

    /// The one that is issued with.
    #[must_use]
    pub fn current(&self) -> Option<(KeyEpoch, &EpochKey)> {
        self.0.first().map(|(epoch, key)| (*epoch, key))
    }

    /// The one of this epoch.
    #[must_use]
    pub fn of(&self, epoch: KeyEpoch) -> Option<&EpochKey> {
        self.0.iter().find(|(held, _)| *held == epoch).map(|(_, key)| key)
    }
}
