//! The journal as evidence: its key and checkpoints, an export, and verifying it here.

use documents::checkpoint::CheckpointPaper;
use journal::{
    export,
    note::PublicKey,
    verify::{Finding, Report, Verifier},
};
use secrecy::ExposeSecret;
use tauri::{State, WebviewWindow};
use vault::{Progress, Stage, Watch};
use wire::{
    RefusalCode,
    evidence::{
        BeginExport, BeginVerification, CheckpointView, EntryProof, EvidenceShown, ExportJournal, FindingKind, FindingView,
        JournalExported, LinesHead, PrintCheckpoint, ProveEntry, ReadEvidence, ReadLines, SaveCheckpoint, TakeCheckpoint, Verification,
        VerifyJournal,
    },
    sign_in::WhoAmI,
    window::Kept,
};

use super::Answer;
use crate::{catalogue::Catalogue, files, papers, program::Program, sheet::qr_url, window};

/// Pixels a side, at most: readable off a screen across a desk.
const QR_SIDE: u32 = 240;

#[tauri::command]
pub(crate) async fn read_evidence(program: State<'_, Program>, request: ReadEvidence) -> Answer<EvidenceShown> {
    let evidence = program.call(request).await?;
    let key_qr = qr_url(&evidence.public_key.as_str().into(), QR_SIDE)?;
    let checkpoint_qr = evidence.checkpoints.first().map(|newest| qr_url(&newest.note.as_str().into(), QR_SIDE)).transpose()?;
    let workspace = program.call(WhoAmI {}).await?.workspace;
    Ok(EvidenceShown { evidence, key_qr, checkpoint_qr, workspace })
}

/// Asks where to, and saves the newest checkpoint and the key as a paper.
#[tauri::command]
pub(crate) async fn save_checkpoint(window: WebviewWindow, program: State<'_, Program>, request: SaveCheckpoint) -> Answer<Kept> {
    let SaveCheckpoint {} = request;
    let evidence = program.call(ReadEvidence {}).await?;
    let newest = evidence.checkpoints.first().ok_or(RefusalCode::NothingToShow)?;
    let workspace = program.call(WhoAmI {}).await?.workspace;
    let catalogue = Catalogue::of(program.language());
    let paper = CheckpointPaper {
        words: &papers::checkpoint(&catalogue),
        workspace: &workspace,
        taken: &catalogue.moment(newest.at),
        entries: &catalogue.number(newest.size),
        note: &newest.note,
        key: &evidence.public_key,
    };
    let pdf = documents::checkpoint::pdf(&paper).map_err(|error| {
        tracing::error!(%error, "the checkpoint could not be put on paper");
        RefusalCode::Unexpected
    })?;
    let name = files::dated(&catalogue.text("file.checkpoint.suggestedName"), &workspace, "pdf");
    let dialog = files::dialog(&window, &catalogue, "file.dialogTitle.checkpoint", None);
    let Some(path) = files::ask_where(dialog, name).await else { return Ok(Kept { kept: false, file: None }) };
    if files::lies_in(&path, &program.folders.vaults) {
        return Err(RefusalCode::BackupInside.into());
    }
    files::write(&path, pdf.expose_secret()).map_err(|error| files::refusal(&error))?;
    Ok(Kept { kept: true, file: Some(files::name_of(&path)) })
}

/// The page has laid the paper out; whoever may not read the journal has nothing to print.
#[tauri::command]
pub(crate) async fn print_checkpoint(window: WebviewWindow, program: State<'_, Program>, request: PrintCheckpoint) -> Answer<Kept> {
    let PrintCheckpoint {} = request;
    program.call(ReadEvidence {}).await?;
    let kept = window::print(&window).await.map_err(|error| {
        tracing::error!(%error, "the print dialog could not be opened");
        RefusalCode::Unexpected
    })?;
    Ok(Kept { kept, file: None })
}

#[tauri::command]
pub(crate) async fn take_checkpoint(program: State<'_, Program>, request: TakeCheckpoint) -> Answer<CheckpointView> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn prove_entry(program: State<'_, Program>, request: ProveEntry) -> Answer<EntryProof> {
    program.call(request).await
}

/// Asks where to, and writes the journal there, as far as whoever asks may read it.
#[tauri::command]
pub(crate) async fn export_journal(window: WebviewWindow, program: State<'_, Program>, request: ExportJournal) -> Answer<JournalExported> {
    let work = program.work.begin()?;
    let me = program.call(WhoAmI {}).await?;
    let catalogue = Catalogue::of(program.language());
    let name = files::dated(&catalogue.text("file.journal.suggestedName"), &me.workspace, "jsonl");
    let dialog = files::dialog(&window, &catalogue, "file.dialogTitle.journal", Some(("file.journal.kind", &["jsonl"])));
    let Some(path) = files::ask_where(dialog, name).await else { return Ok(JournalExported { kept: false, file: None, entries: 0 }) };
    if files::lies_in(&path, &program.folders.vaults) {
        return Err(RefusalCode::BackupInside.into());
    }
    let ExportJournal { person, from, until, earlier } = request;
    let head = program.call(BeginExport { person, from, until, earlier }).await?;
    let mut file = files::Unkept::begin(&path).map_err(|error| files::refusal(&error))?;
    file.write(head.line.as_bytes()).map_err(|error| files::refusal(&error))?;
    let mut entries = 0;
    read(&program, &head, Stage::Writing, &work.watch(), |text, count| {
        entries += count;
        file.write(text.as_bytes()).map_err(|error| files::refusal(&error))
    })
    .await?;
    file.write(export::end(entries).as_bytes()).map_err(|error| files::refusal(&error))?;
    file.keep().map_err(|error| files::refusal(&error))?;
    Ok(JournalExported { kept: true, file: Some(files::name_of(&path)), entries })
}

/// Verifies the whole journal just as the stand-alone program verifies an export of it.
#[tauri::command]
pub(crate) async fn verify_journal(program: State<'_, Program>, request: VerifyJournal) -> Answer<Verification> {
    let work = program.work.begin()?;
    let head = program.call(BeginVerification { earlier: request.earlier }).await?;
    let keys: Vec<PublicKey> = head.keys.iter().filter_map(|key| key.parse().ok()).collect();
    let mut verifier = Verifier::new(keys, &[]).map_err(|_| RefusalCode::Unexpected)?;
    verifier.line(head.line.trim_end());
    let mut entries = 0;
    read(&program, &head, Stage::Checking, &work.watch(), |text, count| {
        entries += count;
        verifier.lines(text);
        Ok(())
    })
    .await?;
    verifier.line(export::end(entries).trim_end());
    Ok(view(verifier.finish()))
}

/// Reads everything that was begun, and hands it on.
async fn read(
    program: &Program,
    head: &LinesHead,
    stage: Stage,
    watch: &Watch,
    mut take: impl FnMut(&str, u64) -> Answer<()>,
) -> Answer<()> {
    let (begun, mut start) = (head.begun, 0);
    loop {
        if watch(Progress { stage, done: start, total: begun.size }).is_break() {
            return Err(RefusalCode::Stopped.into());
        }
        let lines = program.call(ReadLines { begun, start }).await?;
        take(&lines.text, lines.entries)?;
        match lines.next {
            Some(next) => start = next,
            None => return Ok(()),
        }
    }
}

fn view(report: Report) -> Verification {
    Verification {
        sound: report.is_sound(),
        entries: report.entries,
        hashes: report.hashes,
        erased: report.erased,
        first_at: report.times.map(|(first, _)| first),
        last_at: report.times.map(|(_, last)| last),
        earlier: report.earlier > 0,
        wrong: report.wrong,
        findings: report.findings.iter().map(finding).collect(),
    }
}

fn finding(finding: &Finding) -> FindingView {
    let (kind, index, other) = match *finding {
        Finding::NotAnExport
        | Finding::NewerVersion
        | Finding::Line(_)
        | Finding::CutShort(_)
        | Finding::Count(..)
        | Finding::Unasked(_) => (FindingKind::Unreadable, None, None),
        Finding::Checkpoint(_) => (FindingKind::Checkpoint, None, None),
        Finding::Entry(index, _) => (FindingKind::Changed, Some(index), None),
        Finding::OutOfOrder(due, found) => (FindingKind::OutOfOrder, Some(due), Some(found)),
        Finding::Length(said, found) => (FindingKind::Length, Some(said), Some(found)),
        Finding::Root | Finding::Proof(_) => (FindingKind::Root, None, None),
        Finding::Undeclared(index) => (FindingKind::Undeclared, Some(index), None),
        Finding::Gap(index, _, before, found) => (FindingKind::Gap, Some(index), Some(found.saturating_sub(before + 1))),
        Finding::Rewritten(size) | Finding::NoConsistency(size) => (FindingKind::Rewritten, Some(size), None),
        Finding::RolledBack(said, found) => (FindingKind::RolledBack, Some(said), Some(found)),
    };
    FindingView { kind, index, other }
}
