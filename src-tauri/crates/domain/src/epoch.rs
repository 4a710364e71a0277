//! Epochs: a workspace restored from a backup begins one. Whatever may have been used, seen or given out since the
//! backup was taken counts no more.

use std::fmt::Write;

use crate::{
    Change, Decision, Event, EventKind, NoticeKind,
    account::Account,
    case::{Case, CaseState},
    factor::SecondFactor,
    oath::Moving,
    time::Moment,
    workspace::Workspace,
};

/// The widest window that a policy can ask for, in steps. The policy in a backup may be narrower than the one under
/// which codes were used after it was taken.
const WIDEST_WINDOW: u64 = 1;

/// What becomes of the backup codes that people have on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupCodes {
    /// None of them opens any more.
    Void,
    /// Those unused when the backup was taken open again, also if they were used since. Whoever restores asked for it.
    Kept,
}

/// The last entry of the journal as it came out of the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its index.
    pub index: u64,
    /// The hash of its leaf.
    pub leaf: [u8; 32],
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The backup's identifier, as text.
    pub backup: String,
    /// When it was taken.
    pub taken_at: Moment,
    /// Where its journal ends; none when it has no entry.
    pub head: Option<Head>,
    /// What becomes of the backup codes.
    pub codes: BackupCodes,
}

/// What a new epoch makes of one account: its sessions, its invitation, its unfinished enrolment, its password code and its
/// recovery code are void, every time step up to now is spent, and so are its backup codes unless they are kept. Somebody whose
/// second factor was reset stays closed until staff reset it again. The counter of a token opens nothing before two codes in a
/// row have said where it is.
#[must_use]
pub fn renew(mut account: Account, codes: BackupCodes, now: Moment) -> Decision<()> {
    let decision = Decision::accept(()).change(Change::EndSessions(account.id, None));
    let mut changed = account.invitation.take().is_some();
    changed |= account.pending.take().is_some();
    changed |= account.password_code.take().is_some();
    let mut told = false;
    match &mut account.second_factor {
        SecondFactor::None => {}
        SecondFactor::Active(factors) => {
            changed = true;
            for authenticator in &mut factors.authenticators {
                authenticator.clock.spend_now(authenticator.parameters.step_at(now), WIDEST_WINDOW);
                if authenticator.parameters.moving == Moving::Counter {
                    authenticator.counter.lose();
                }
            }
            told = codes == BackupCodes::Void && factors.backup.void(now);
        }
        SecondFactor::Reset(recovery) => {
            changed = true;
            recovery.void();
        }
    }
    let id = account.id;
    let decision = if changed { decision.account(account) } else { decision };
    if told { decision.notice(id, NoticeKind::BackupCodesVoid) } else { decision }
}

/// Ends a case of the epoch before: what it rested on may have changed since the backup was taken.
#[must_use]
pub fn void_case(mut case: Case, now: Moment) -> Change {
    case.state = CaseState::Void { at: now };
    Change::Case(Box::new(case))
}

/// Begins the epoch, once every account was [renewed](renew). The journal says where the restored part of it ends.
#[must_use]
pub fn begin(mut workspace: Workspace, restored: &Restored) -> Decision<()> {
    workspace.epoch = workspace.epoch.saturating_add(1);
    workspace.backed_up_at = Some(restored.taken_at);
    // One that was removed since would ask again.
    workspace.clients.clear();
    let mut event = Event {
        kind: EventKind::WorkspaceRestored,
        actor: None,
        subject: None,
        communities: Vec::new(),
        words: std::collections::BTreeMap::new(),
    }
    .word("backup", restored.backup.clone())
    .word("taken", restored.taken_at.0.to_string())
    .word("epoch", workspace.epoch.to_string())
    .word(
        "how",
        match restored.codes {
            BackupCodes::Void => "codes-void",
            BackupCodes::Kept => "codes-kept",
        },
    );
    if let Some(Head { index, leaf }) = restored.head {
        event = event.word("head", index.to_string()).word("head-leaf", hex(&leaf));
    }
    Decision::accept(()).change(Change::Workspace(Box::new(workspace))).event(event)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
