//! Words and names for tests of papers: as short, as long and as odd as they come.

use secrecy::SecretString;

use crate::{backup_codes::SheetWords, recovery_kit::KitWords, recovery_letter::LetterWords};

pub(crate) const RECOVERY: &str = "R7K2M-9XQ4T-B8DWH-3NPZC-V5J0E";
pub(crate) const KIT: &str = "K4T9W-0ABCD-EFGHJ-5MNPQ-RSTV8";
pub(crate) const VAULT: &str = "018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57";

/// Names that cannot be printed: emoji, from right to left, other scripts, a mark without a letter of its own.
pub(crate) const UNPRINTABLE: [&str; 6] = ["Ada 👩‍💻", "שרה אברהם", "فاطمة", "Ada \u{202e}שרה", "山田太郎", "Q\u{301}ada"];

pub(crate) fn codes() -> Vec<SecretString> {
    let spread = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..10).map(|i| format!("{}-{}-{i}OI1L", &spread[i..i + 5], &spread[i + 15..i + 20]).into()).collect()
}

/// As an address may be: 64 symbols, `@`, 189 symbols.
pub(crate) fn longest_email(symbol: char) -> String {
    let part = |length| symbol.to_string().repeat(length);
    format!("{}@{}.{}.{}", part(64), part(63), part(63), part(61))
}

pub(crate) fn spelling(code: &str) -> Vec<SecretString> {
    code.split('-').map(|group| group.chars().map(|c| format!("November {c}")).collect::<Vec<_>>().join(", ").into()).collect()
}

fn all(lines: &[&str]) -> Vec<String> {
    lines.iter().copied().map(str::to_owned).collect()
}

pub(crate) fn sheet_words() -> SheetWords {
    SheetWords {
        title: "Sallyport backup codes".into(),
        workspace_label: "Workspace".into(),
        account_label: "Account".into(),
        email_label: "E-mail".into(),
        made_label: "Made".into(),
        codes_heading: "Each code can be used once.".into(),
        how_to_use_heading: "How to use a code".into(),
        how_to_use: all(&[
            "Sign in with your e-mail address and password.",
            "When the code is asked for, type one of these.",
            "Choose Verify, and cross the code off here.",
        ]),
        keep_safe_heading: "Where to keep them".into(),
        keep_safe: "In a safe place, away from your phone. New codes make these invalid at once.".into(),
    }
}

pub(crate) fn french_sheet_words() -> SheetWords {
    SheetWords {
        title: "Codes de secours Sallyport".into(),
        workspace_label: "Espace de travail\u{a0}:".into(),
        account_label: "Compte\u{a0}:".into(),
        email_label: "Adresse e-mail\u{a0}:".into(),
        made_label: "Créés le\u{202f}:".into(),
        codes_heading: "Chaque code ne sert qu’une fois\u{a0}; cœur, où, Ÿ.".into(),
        how_to_use_heading: "Comment utiliser un code".into(),
        how_to_use: all(&[
            "Connectez-vous avec votre adresse e-mail et votre mot de passe.",
            "Quand le code est demandé, saisissez l’un de ceux-ci à la place du code de votre application \
             d’authentification. Les majuscules et les tirets n’ont pas d’importance.",
            "Choisissez «\u{a0}Vérifier\u{a0}», puis rayez le code ici.",
        ]),
        keep_safe_heading: "Où les conserver".into(),
        keep_safe: "En lieu sûr, loin de votre téléphone. De nouveaux codes rendent aussitôt ceux-ci invalides.".into(),
    }
}

pub(crate) fn letter_words() -> LetterWords {
    LetterWords {
        language: "en".into(),
        title: "Recovery code".into(),
        fold: "Fold the lowest third up over the middle, then fold this third back. Close the open edges with tape.".into(),
        personal: "Personal – to be opened only by".into(),
        steps_heading: "What to do".into(),
        steps: all(&[
            "Sign in to Sallyport with your e-mail address and password.",
            "When the code is asked for, type the one below. It can be used once.",
            "Scan the new QR code with your authenticator app, and keep the new backup codes.",
            "Destroy this letter.",
        ]),
        code_heading: "Your code".into(),
        valid_label: "Valid until".into(),
        spelling_heading: "To read it out".into(),
        call_heading: "If something is not right".into(),
        call: "Call at once if this letter had been opened, or if you did not ask for it.".into(),
        phone_label: "Telephone".into(),
    }
}

pub(crate) fn french_letter_words() -> LetterWords {
    LetterWords {
        language: "fr".into(),
        title: "Code de récupération".into(),
        fold: "Repliez le tiers inférieur sur celui du milieu, puis ce tiers vers l’arrière. Fermez les bords avec du ruban adhésif."
            .into(),
        personal: "Personnel – à n’ouvrir que par".into(),
        steps_heading: "Marche à suivre".into(),
        steps: all(&[
            "Connectez-vous à Sallyport avec votre adresse e-mail et votre mot de passe.",
            "Quand le code est demandé, saisissez celui qui figure ci-dessous. Il ne sert qu’une fois.",
            "Scannez le nouveau QR code avec votre application d’authentification, et conservez les nouveaux codes de secours.",
            "Détruisez cette lettre.",
        ]),
        code_heading: "Votre code".into(),
        valid_label: "Valable jusqu’au".into(),
        spelling_heading: "Pour l’épeler".into(),
        call_heading: "Si quelque chose ne va pas".into(),
        call: "Appelez aussitôt si cette lettre avait été ouverte, ou si vous ne l’avez pas demandée.".into(),
        phone_label: "Téléphone\u{a0}:".into(),
    }
}

pub(crate) fn kit_words() -> KitWords {
    KitWords {
        language: "en".into(),
        title: "Recovery kit".into(),
        keep: "Keep this sheet in a safe. Whoever holds it can open the workspace and act as its owner.".into(),
        workspace_label: "Workspace".into(),
        vault_label: "Vault".into(),
        made_label: "Made".into(),
        code_heading: "Kit code".into(),
        does_heading: "What this code does".into(),
        does: all(&[
            "It opens the vault of this workspace, without its passphrase.",
            "It proves the owner: one who has lost everything can enrol again, alone.",
            "When it is used, every administrator is told.",
            "A new kit replaces it: once that is saved, this sheet opens nothing.",
        ]),
        how_to_use_heading: "How to use it".into(),
        how_to_use: all(&[
            "Start Sallyport, choose the workspace, and then “Open with the recovery kit”.",
            "Type the kit code. Capital letters, spaces and dashes do not matter.",
            "Print a new kit, and destroy this one.",
        ]),
        signed_heading: "Put into the safe by".into(),
        name_label: "Name".into(),
        date_label: "Date".into(),
        signature_label: "Signature".into(),
    }
}
