//! What a server refuses of the use cases that a window has, whoever asks.

use wire::seam::UseCaseName;

/// Why a use case is not carried out over the network; `None` for those that are. The list is closed, and each stands in it because
/// it is about a file on somebody's own computer.
#[must_use]
pub fn why_local(name: UseCaseName) -> Option<&'static str> {
    match name {
        UseCaseName::ChangeVault => Some("a server has no vault that a passphrase or a keyring opens"),
        UseCaseName::BeginKit | UseCaseName::NoteKitKept => Some("a recovery kit opens a vault, and there is none"),
        UseCaseName::RecoverOwner => Some("an owner who lost everything is let in again at the server's console"),
        UseCaseName::ApproveCaseByKit => Some("there is no kit that could stand for a second person"),
        UseCaseName::AllowBackup | UseCaseName::ReadBackupRecord => Some("the database is backed up by whoever keeps it"),
        // `AcknowledgeKit` is not among them: a workspace that moved here may have a use of its kit to tell of.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_doors_and_the_desk_need_is_carried_out() {
        for name in [UseCaseName::SignIn, UseCaseName::GiveCode, UseCaseName::ResetSecondFactor, UseCaseName::ReadLines] {
            assert_eq!(why_local(name), None);
        }
        assert_eq!(UseCaseName::ALL.iter().filter(|name| why_local(**name).is_some()).count(), 7);
    }
}
