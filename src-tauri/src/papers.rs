//! The words of files and papers, out of the catalogues.

use documents::{Person, backup_codes::SheetWords, checkpoint::CheckpointWords, recovery_kit::KitWords, recovery_letter::LetterWords};
use wire::{people::PersonName, window::SheetKind};

use crate::catalogue::Catalogue;

/// The words of the backup codes, as a text file and as a sheet.
pub(crate) fn backup_codes(catalogue: &Catalogue) -> SheetWords {
    let text = |key: &str| catalogue.text(&format!("file.backupCodes.{key}"));
    SheetWords {
        title: text("title"),
        workspace_label: text("workspaceLabel"),
        account_label: text("accountLabel"),
        email_label: text("emailLabel"),
        made_label: text("madeLabel"),
        codes_heading: text("codesHeading"),
        how_to_use_heading: text("howToUseHeading"),
        how_to_use: text("howToUse").lines().map(str::to_owned).collect(),
        keep_safe_heading: text("keepSafeHeading"),
        keep_safe: text("keepSafe"),
    }
}

/// The words of the letter that hides a recovery code, or a password code.
pub(crate) fn letter(catalogue: &Catalogue, kind: SheetKind) -> LetterWords {
    let text = |key: &str| catalogue.text(&format!("file.letter.{key}"));
    let own = |key: &str| match kind {
        SheetKind::Password => catalogue.text(&format!("file.passwordLetter.{key}")),
        _ => text(key),
    };
    LetterWords {
        language: catalogue.tag().into(),
        title: own("title"),
        fold: text("fold"),
        personal: text("personal"),
        steps_heading: text("stepsHeading"),
        steps: own("steps").lines().map(str::to_owned).collect(),
        code_heading: text("codeHeading"),
        valid_label: text("validLabel"),
        spelling_heading: text("spellingHeading"),
        call_heading: text("callHeading"),
        call: text("call"),
        phone_label: text("phoneLabel"),
    }
}

/// The words of the recovery kit.
pub(crate) fn kit(catalogue: &Catalogue) -> KitWords {
    let text = |key: &str| catalogue.text(&format!("file.kit.{key}"));
    let lines = |key: &str| text(key).lines().map(str::to_owned).collect();
    KitWords {
        language: catalogue.tag().into(),
        title: text("title"),
        keep: text("keep"),
        workspace_label: text("workspaceLabel"),
        vault_label: text("vaultLabel"),
        made_label: text("madeLabel"),
        code_heading: text("codeHeading"),
        does_heading: text("doesHeading"),
        does: lines("does"),
        how_to_use_heading: text("howToUseHeading"),
        how_to_use: lines("howToUse"),
        signed_heading: text("signedHeading"),
        name_label: text("nameLabel"),
        date_label: text("dateLabel"),
        signature_label: text("signatureLabel"),
    }
}

/// The words of the checkpoint that hangs on a wall.
pub(crate) fn checkpoint(catalogue: &Catalogue) -> CheckpointWords {
    let text = |key: &str| catalogue.text(&format!("file.checkpoint.{key}"));
    CheckpointWords {
        language: catalogue.tag().into(),
        title: text("title"),
        keep: text("keep"),
        workspace_label: text("workspaceLabel"),
        taken_label: text("takenLabel"),
        entries_label: text("entriesLabel"),
        checkpoint_heading: text("checkpointHeading"),
        key_heading: text("keyHeading"),
        how_heading: text("howHeading"),
        how: text("how").lines().map(str::to_owned).collect(),
        signed_heading: text("signedHeading"),
        place_label: text("placeLabel"),
        name_label: text("nameLabel"),
        date_label: text("dateLabel"),
    }
}

/// Somebody on a paper.
pub(crate) fn person(person: &PersonName) -> Person<'_> {
    Person { name: &person.name, email: &person.email }
}
