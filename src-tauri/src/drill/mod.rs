//! Drills: a lockout rehearsed on a sample workspace, which stands in the place of the open one for as long as it takes.
//!
//! The sample is a vault that is never published: no list shows it, its key is nowhere but in memory, and what a process
//! that died leaves of it is swept away at the next start.

mod cast;
mod judge;

use std::sync::Arc;

use authority::{
    Authority, Drawing, Surroundings, System,
    sample::{Past, Plan, Sample},
};
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretString};
use vault::Unpublished;
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    drill::{DrillCall, DrillCode, DrillEnd, DrillFinding, DrillFound, DrillReading, DrillVerdict, DrillView},
    journal::{JournalRow, ReadJournal},
    sign_in::SignOut,
    support::ReadChecklist,
    window::ReadBackView,
};

use self::judge::{Heard, Taken};
use crate::{catalogue::Catalogue, program::Program, sheet::SheetState};

/// Of the one source there is on this computer; the sample counts its failures apart, having a key of its own.
const SOURCE: &str = "this-computer";
/// Seconds for which an authenticator shows the same code (RFC 6238).
const STEP: i64 = 30;
/// The place of the symbol that the caller reads wrong, from 0: the third of the second group.
const MISREAD: usize = 7;

/// Commands that a drill refuses: what keeps, prints or carries away, and what would open another workspace over it.
pub(crate) const REFUSED: &[&str] = &[
    "create_workspace",
    "open_vault",
    "open_by_keyring",
    "open_by_kit",
    "pair_workspace",
    "recover_owner",
    "remove_workspace",
    "choose_backup",
    "read_chosen_backup",
    "restore_backup",
    "read_backups",
    "take_backup",
    "remove_older_copy",
    "read_vault",
    "add_keyring",
    "remove_keyring",
    "change_passphrase",
    "rotate_key",
    "renew_kit",
    "export_journal",
    "read_erasure",
    "erase_person",
    "take_checkpoint",
    "save_checkpoint",
    "print_checkpoint",
    "export_people",
    "set_mail",
    "remove_mail",
    "send_test_mail",
    "open_letter",
    "hand_over_letter",
    "choose_import",
    "save_refused_rows",
    "choose_seeds",
    "import_seeds",
    "save_sheet_as_text",
    "save_sheet_encrypted",
    "save_sheet_as_pdf",
    "print_sheet",
    "note_sheet_printed",
    "move_to_server",
    "call_off_move",
];

/// A drill that goes on.
pub(crate) struct Drill {
    call: DrillCall,
    sample: Arc<Sample>,
    checks: Vec<String>,
    made: Unpublished,
    begun_at: i64,
    heard: Heard,
    verdict: Option<(Vec<DrillFinding>, i64)>,
}

impl Drill {
    pub(crate) fn vault(&self) -> &vault::Vault {
        self.made.store()
    }

    pub(crate) fn view(&self) -> DrillView {
        let staff = &self.sample.staff;
        let verdict = self.verdict.as_ref().map(|(findings, seconds)| DrillVerdict {
            findings: findings.iter().map(|finding| DrillFound { tone: judge::tone(*finding), finding: *finding }).collect(),
            seconds: *seconds,
        });
        DrillView {
            call: self.call,
            caller: self.sample.caller.clone(),
            staff: staff.person.clone(),
            password: staff.password.expose_secret().to_owned(),
            checks: self.checks.clone(),
            verdict,
        }
    }

    /// Notes what was heard of the code.
    pub(crate) fn hear(&mut self, back: &ReadBackView) {
        self.heard = with(self.heard, back);
    }
}

/// A slip of one's own finger is not the caller's wrong symbol.
fn with(before: Heard, back: &ReadBackView) -> Heard {
    Heard {
        wrong: before.wrong || (back.group.is_some() && usize::try_from(back.right) == Ok(MISREAD)),
        whole: before.whole || (back.group.is_none() && back.right == back.of),
    }
}

/// What the caller reads back of a code in groups: once with a symbol that sounds near, once right.
pub(crate) fn reading(code: &str) -> DrillReading {
    let mut place = 0;
    let first: String = code
        .chars()
        .map(|symbol| {
            if symbol == '-' {
                return symbol;
            }
            place += 1;
            if place == MISREAD + 1 { misheard(symbol) } else { symbol }
        })
        .collect();
    DrillReading { first: SecretString::from(first).into(), then: SecretString::from(code).into() }
}

fn misheard(symbol: char) -> char {
    match symbol {
        'B' => 'D',
        'D' => 'T',
        'T' => 'D',
        'M' => 'N',
        'N' => 'M',
        '5' => '9',
        _ => 'B',
    }
}

impl Program {
    /// Whether a drill goes on.
    pub(crate) fn drills(&self) -> bool {
        self.with_drill(|_| ()).is_some()
    }

    /// Makes a sample workspace and puts it in the place of what is open, which is locked. A drill that went on before
    /// ends.
    pub(crate) async fn begin_drill(&self, call: DrillCall) -> Result<(), Refusal> {
        if self.handed().is_some() {
            return Err(RefusalCode::NotAllowed.into());
        }
        if self.with_sheet(|sheet| sheet.as_ref().is_some_and(SheetState::is_unkept)) {
            return Err(RefusalCode::Busy.into());
        }
        let work = self.work.begin()?;
        let (drill, authority, session) = self.make_drill(call).await?;
        drop(work);
        if !self.drills() && self.has_session() {
            self.lock().await;
        }
        if let Some(ended) = self.rehearse(drill, authority, session) {
            ended.made.discard().await;
        }
        Ok(())
    }

    async fn make_drill(&self, call: DrillCall) -> Result<(Drill, Authority<vault::Vault>, SessionToken), Refusal> {
        let language = self.language();
        let catalogue = Catalogue::of(language);
        let cast = cast::of(language);
        let (name, community, device) =
            (catalogue.text("file.drill.workspace"), catalogue.text("file.drill.community"), catalogue.text("file.drill.device"));
        let mut passphrase = [0; 32];
        System.fill(&mut passphrase);
        // Nobody is told it: what it opens is gone before anybody could want to.
        let passphrase = SecretString::from(HEXLOWER.encode(&passphrase));
        let made = vault::prepare(&self.folders.drills, &name, &passphrase, &mut Drawing(&System)).await.map_err(|error| {
            tracing::warn!(%error, "a sample workspace could not be made");
            match error {
                vault::VaultError::ReadOnly => RefusalCode::ReadOnly,
                vault::VaultError::DiskFull => RefusalCode::DiskFull,
                vault::VaultError::Failed(_) => RefusalCode::Unexpected,
            }
        })?;
        let past = Past::default();
        let authority = Authority::new(made.store().clone(), made.sealing_key(), past.clone(), SOURCE);
        let plan = Plan {
            french: language == wire::window::Language::Fr,
            name: &name,
            community: &community,
            device: &device,
            owner: cast.owner,
            staff: cast.staff,
            figures: cast.figures,
            caller: cast::caller(call),
            locked: call == DrillCall::Locked,
        };
        let sampled = async {
            let (sample, session) = authority.make_sample(&past, &plan).await?;
            let checks = ask(&authority, &session, ReadChecklist {}).await?.entries;
            Ok((sample, session, checks))
        };
        let (sample, session, checks) = match sampled.await {
            Ok(sampled) => sampled,
            Err(refusal) => {
                made.discard().await;
                return Err(refusal);
            }
        };
        let begun_at = System.now().0;
        let drill = Drill { call, sample: Arc::new(sample), checks, made, begun_at, heard: Heard::default(), verdict: None };
        Ok((drill, authority, session))
    }

    /// What the authenticator of whoever rehearses shows now.
    pub(crate) fn drill_code(&self) -> Result<DrillCode, Refusal> {
        let now = System.now().0;
        let code = self.with_drill(|drill| drill.sample.staff.code_at(now)).ok_or(RefusalCode::NothingToShow)?;
        let seconds = u32::try_from(STEP - now.rem_euclid(STEP)).unwrap_or(1);
        Ok(DrillCode { code: code.expose_secret().to_owned(), seconds })
    }

    /// Ends the call and judges it. What is done after that no longer counts.
    pub(crate) async fn finish_drill(&self, end: DrillEnd) -> Result<(), Refusal> {
        let ended_at = System.now().0;
        let (sample, finished) =
            self.with_drill(|drill| (drill.sample.clone(), drill.verdict.is_some())).ok_or(RefusalCode::NothingToShow)?;
        if finished {
            return Ok(());
        }
        let rows = journal(&*self.authority()?, &sample).await?;
        self.with_drill(|drill| {
            let taken = Taken {
                call: drill.call,
                caller: sample.caller.id,
                staff: sample.staff.person.id,
                checks: &drill.checks,
                rows: &rows,
                heard: drill.heard,
                end,
            };
            drill.verdict = Some((judge::judge(&taken), (ended_at - drill.begun_at).max(0)));
        });
        Ok(())
    }

    /// Ends the drill, if one goes on: the sample is deleted, and what was open before is there again.
    pub(crate) async fn end_drill(&self) {
        if let Some(ended) = self.stop_rehearsing() {
            self.clipboard.empty();
            ended.made.discard().await;
        }
    }
}

/// All of the sample's journal, as its owner reads it.
async fn journal(authority: &Authority<vault::Vault>, sample: &Sample) -> Result<Vec<JournalRow>, Refusal> {
    let owner = authority.sign_in_sample(&sample.owner, 0).await?;
    let mut rows = Vec::new();
    let mut before = None;
    loop {
        let page = ask(authority, &owner, ReadJournal { person: None, before }).await?;
        rows.extend(page.rows);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    ask(authority, &owner, SignOut {}).await?;
    Ok(rows)
}

async fn ask<U: UseCase>(authority: &Authority<vault::Vault>, session: &SessionToken, request: U) -> Result<U::Reply, Refusal> {
    U::reply(authority.call(Some(session), request.into()).await?.response)
}

#[cfg(test)]
mod tests {
    use wire::commands::COMMANDS;

    use super::*;

    #[test]
    fn the_caller_reads_one_symbol_wrong_and_the_comparison_names_it() {
        for code in ["R7KM3-P2VXA-9TQ4D-0A1BC-XYZ23", "R7KM3-P2BXA-9TQ4D-0A1BC-XYZ23", "R7KM3-P2DXA-9TQ4D-0A1BC-XYZ23"] {
            let read = reading(code);
            let back = crate::read_back::compare(code, read.first.expose());
            assert_eq!((back.right, back.group, back.symbol), (7, Some(2), Some(3)), "{code}");
            assert_eq!(crate::read_back::compare(code, read.then.expose()).group, None);
        }
        for symbol in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            assert_ne!(misheard(symbol), symbol);
        }
    }

    #[test]
    fn what_a_drill_refuses_are_commands() {
        for name in REFUSED {
            assert!(COMMANDS.iter().any(|command| command.name == *name), "{name}");
        }
        // Whatever keeps, prints or carries away is on the list, also what comes later.
        let carries = ["save_", "print_", "take_", "export_", "import_", "renew_kit", "rotate_", "add_keyring"];
        for command in COMMANDS.iter().filter(|command| carries.iter().any(|word| command.name.starts_with(word))) {
            assert!(REFUSED.contains(&command.name) || command.name == "save_policy", "does a drill refuse {}?", command.name);
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_not_the_symbol_that_the_caller_got_wrong() {
        const CODE: &str = "R7KM3-P2VXA-9TQ4D-0A1BC-XYZ23";
        let read = reading(CODE);
        let hear = |before, text: &str| with(before, &crate::read_back::compare(CODE, text));
        let slipped = hear(hear(Heard::default(), "R7X"), "R7KM3-P2VXA");
        assert_eq!(slipped, Heard::default());
        let named = hear(slipped, read.first.expose());
        assert_eq!(named, Heard { wrong: true, whole: false });
        assert_eq!(hear(named, CODE), Heard { wrong: true, whole: true });
        assert_eq!(hear(Heard::default(), CODE), Heard { wrong: false, whole: true });
    }
}
