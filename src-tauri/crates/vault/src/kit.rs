//! The recovery kit, before it is printed and after.

use domain::{
    Entropy,
    code::{Code, Kind},
    kit::OwnerVerifier,
};
use uuid::Uuid;

use crate::slot::draw_id;

/// A recovery kit. It opens nothing until it was [added](crate::Vault::add_kit) or taken in by a
/// [rotation](crate::Vault::rotate): so it can be shown and saved first, while the one before still holds.
#[derive(Clone, Debug)]
pub struct Kit {
    code: Code,
    verifier: OwnerVerifier,
    slot: Uuid,
}

impl Kit {
    /// Draws a new one.
    ///
    /// # Panics
    /// Never: the code is one of a kit.
    pub fn draw(entropy: &mut dyn Entropy) -> Self {
        let code = Code::random(Kind::Kit, entropy);
        let verifier = OwnerVerifier::of(&code).expect("the code of a kit");
        Self { code, verifier, slot: draw_id(entropy) }
    }

    /// The code for the paper.
    #[must_use]
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// The slot that it opens once it counts. The workspace keeps this beside the verifier, and so can tell by the
    /// header which kit is in force.
    #[must_use]
    pub fn slot(&self) -> Uuid {
        self.slot
    }

    /// What the workspace keeps, to know the owner by this kit. The vault does not keep it: it belongs in the same
    /// commit as the journal entry that tells of the kit.
    #[must_use]
    pub fn verifier(&self) -> OwnerVerifier {
        self.verifier
    }
}
