//! The import desk for tokens and for what people bring from other authenticators.

use std::{fs::File, io::Read, path::PathBuf};

use authority::System;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use intake::{Kind, SeedFileError, Unlock};
use secrecy::{ExposeSecret, SecretSlice, SecretString, zeroize::Zeroizing};
use tauri::{State, WebviewWindow};
use tokio::sync::oneshot;
use uuid::Uuid;
use wire::{
    RefusalCode,
    seeds::{ChooseSeeds, DropSeeds, ImportSeeds, ReadSeedRows, ReadSeeds, SeedDesk, SeedFault, SeedRows, UnlockSeeds},
    sign_in::{Done, WhoAmI},
    tokens::{CheckTokens, ImportTokens, ListTokens, TokenOrigin, TokensImported},
};

use super::Answer;
use crate::{
    catalogue::Catalogue,
    files,
    program::Program,
    seeds::{FileState, Held, HeldFile, Leave},
};

/// Files chosen at a time, and on the desk.
const MOST_FILES: usize = 50;
/// Entries of one import.
const MOST_ENTRIES: usize = 20_000;

fn now() -> i64 {
    authority::Surroundings::now(&System).0
}

/// Who may use this desk, and what they may fill. Everybody may bring what is theirs.
async fn allowed(program: &Program, origin: TokenOrigin) -> Answer<(Uuid, SeedDesk)> {
    let (stocks, stocks_workspace) = match origin {
        TokenOrigin::Hardware => {
            let page = program.call(ListTokens::default()).await?;
            if page.stocks.is_empty() && !page.stocks_workspace {
                return Err(RefusalCode::NotAllowed.into());
            }
            (page.stocks, page.stocks_workspace)
        }
        TokenOrigin::Brought => {
            program.call(CheckTokens { rows: Vec::new(), origin, community: None }).await?;
            (Vec::new(), false)
        }
    };
    let by = program.call(WhoAmI {}).await?.person.id;
    Ok((by, SeedDesk { stocks, stocks_workspace, files: Vec::new(), parts: Vec::new(), added: 0, assigned: 0, left_out: 0 }))
}

#[tauri::command]
pub(crate) async fn read_seeds(program: State<'_, Program>, request: ReadSeeds) -> Answer<SeedDesk> {
    let (by, desk) = allowed(&program, request.origin).await?;
    let (leave, held) = program.seeds.take(by, request.origin, now());
    let desk = held.desk(desk);
    if !held.files.is_empty() {
        program.seeds.put(leave, held, now());
    }
    Ok(desk)
}

#[tauri::command]
pub(crate) async fn choose_seeds(window: WebviewWindow, program: State<'_, Program>, request: ChooseSeeds) -> Answer<SeedDesk> {
    allowed(&program, request.origin).await?;
    let catalogue = Catalogue::of(program.language());
    let (answer, answered) = oneshot::channel();
    files::dialog(&window, &catalogue, "file.dialogTitle.seeds", None).pick_files(move |paths| {
        let _gone = answer.send(paths);
    });
    let paths: Vec<PathBuf> =
        answered.await.ok().flatten().unwrap_or_default().into_iter().filter_map(|path| path.into_path().ok()).collect();
    // The session may have been locked behind the dialog.
    let (by, desk) = allowed(&program, request.origin).await?;
    let (leave, mut held) = program.seeds.take(by, request.origin, now());
    if paths.is_empty() {
        let desk = held.desk(desk);
        program.seeds.put(leave, held, now());
        return Ok(desk);
    }
    if !request.beside {
        held = Held::begin(by, request.origin);
    }
    let room = MOST_FILES.saturating_sub(held.files.len());
    for path in paths.into_iter().take(room) {
        let name = files::name_of(&path);
        let state = match bytes(path).await {
            Some(bytes) => open(bytes, None, request.origin).await?,
            None => FileState::Refused { fault: SeedFault::Unreadable, line: None },
        };
        held.add(HeldFile { name, state });
    }
    checked(&program, leave, held, desk).await
}

#[tauri::command]
pub(crate) async fn unlock_seeds(program: State<'_, Program>, request: UnlockSeeds) -> Answer<SeedDesk> {
    let by = program.call(WhoAmI {}).await?.person.id;
    let origin = program.seeds.with(by, now(), |held| held.origin).ok_or(RefusalCode::NothingToShow)?;
    let (by, desk) = allowed(&program, origin).await?;
    let (leave, mut held) = program.seeds.take(by, origin, now());
    let Some(at) = held.files.iter().position(|file| matches!(file.state, FileState::Locked { .. })) else {
        let desk = held.desk(desk);
        program.seeds.put(leave, held, now());
        return Ok(desk);
    };
    let HeldFile { name, state } = held.files.remove(at);
    let FileState::Locked { bytes, lock, .. } = state else { return Err(RefusalCode::Unexpected.into()) };
    let state = match unlock(&lock, &request.key) {
        Some(unlock) => open(bytes, Some(unlock), origin).await?,
        None => FileState::Locked { bytes, lock, wrong: true },
    };
    held.files.insert(at, HeldFile { name, state });
    checked(&program, leave, held, desk).await
}

fn unlock(lock: &intake::Lock, typed: &SecretString) -> Option<Unlock> {
    match lock {
        intake::Lock::Passphrase => Some(Unlock::Passphrase(typed.clone())),
        intake::Lock::PreShared(_) => {
            let mut compact = Zeroizing::new(String::with_capacity(typed.expose_secret().len()));
            compact.extend(typed.expose_secret().chars().filter(|char| !char.is_whitespace() && *char != ':'));
            let key = HEXLOWER_PERMISSIVE.decode(compact.as_bytes()).or_else(|_| BASE64.decode(compact.as_bytes())).ok()?;
            Some(Unlock::PreShared(SecretSlice::from(key)))
        }
    }
}

#[tauri::command]
pub(crate) async fn drop_seeds(program: State<'_, Program>, request: DropSeeds) -> Answer<Done> {
    let DropSeeds {} = request;
    program.seeds.wipe();
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn read_seed_rows(program: State<'_, Program>, request: ReadSeedRows) -> Answer<SeedRows> {
    let by = program.call(WhoAmI {}).await?.person.id;
    let rows = program.seeds.with(by, now(), |held| (held.origin, held.slice(request.from)));
    let (origin, rows) = rows.ok_or(RefusalCode::NothingToShow)?;
    allowed(&program, origin).await?;
    Ok(rows)
}

#[tauri::command]
pub(crate) async fn import_seeds(program: State<'_, Program>, request: ImportSeeds) -> Answer<TokensImported> {
    let work = program.work.begin()?;
    let by = program.call(WhoAmI {}).await?.person.id;
    let held = program.seeds.with(by, now(), |held| {
        let seen = held.checked.as_ref().map(|checked| checked.seen.clone());
        (held.origin, held.rows(), held.names(), seen)
    });
    let Some((origin, rows, file_name, Some(seen))) = held else { return Err(RefusalCode::NothingToShow.into()) };
    let (community, proof, told) = (request.community, request.proof, super::import::told(work.watch()));
    let imported = program.call(ImportTokens { rows, origin, community, file_name, seen, proof, told }).await?;
    program.seeds.wipe();
    Ok(imported)
}

/// Asks the workspace what the rows come to. Which stock they join changes no verdict: any will do to ask.
async fn checked(program: &Program, leave: Leave, mut held: Held, desk: SeedDesk) -> Answer<SeedDesk> {
    let rows = held.rows();
    held.checked = None;
    if rows.len() > MOST_ENTRIES {
        for file in &mut held.files {
            file.state = FileState::Refused { fault: SeedFault::TooManyEntries, line: None };
        }
    } else if !rows.is_empty() {
        let community = if desk.stocks_workspace { None } else { desk.stocks.first().map(|stock| stock.id) };
        held.checked = Some(program.call(CheckTokens { rows, origin: held.origin, community }).await?);
    }
    let desk = held.desk(desk);
    program.seeds.put(leave, held, now());
    Ok(desk)
}

/// Reads a file. The slow hash of one that is encrypted keeps a thread of its own busy.
async fn open(bytes: Zeroizing<Vec<u8>>, unlock: Option<Unlock>, origin: TokenOrigin) -> Answer<FileState> {
    let tried = unlock.is_some();
    let reading = move || {
        let read = intake::read(&bytes, unlock.as_ref());
        (bytes, read)
    };
    let (bytes, read) = tauri::async_runtime::spawn_blocking(reading).await.map_err(|_| RefusalCode::Unexpected)?;
    let plain = |fault| FileState::Refused { fault, line: None };
    Ok(match read {
        Ok(file) => FileState::read(file, origin),
        Err(SeedFileError::Locked(lock)) => FileState::Locked { bytes, lock, wrong: false },
        Err(SeedFileError::WrongKey) if tried => match intake::read(&bytes, None) {
            Err(SeedFileError::Locked(lock)) => FileState::Locked { bytes, lock, wrong: true },
            _ => plain(SeedFault::Damaged),
        },
        Err(SeedFileError::WrongKey) => plain(SeedFault::Damaged),
        Err(SeedFileError::Unknown) if intake::detect(&bytes) == Kind::People => plain(SeedFault::PeopleList),
        Err(SeedFileError::Unknown) => plain(SeedFault::Unknown),
        Err(SeedFileError::TooLarge) => plain(SeedFault::TooLarge),
        Err(SeedFileError::TooManyEntries) => plain(SeedFault::TooManyEntries),
        Err(SeedFileError::Empty) => plain(SeedFault::Empty),
        Err(SeedFileError::NoMac) => plain(SeedFault::NoMac),
        Err(SeedFileError::Parameters) => plain(SeedFault::Parameters),
        Err(SeedFileError::OtherCipher) => plain(SeedFault::OtherCipher),
        Err(SeedFileError::Version) => plain(SeedFault::Version),
        Err(SeedFileError::DocumentType) => plain(SeedFault::DocumentType),
        Err(SeedFileError::Damaged { line }) => FileState::Refused { fault: SeedFault::Damaged, line },
        Err(SeedFileError::NoCode) => plain(SeedFault::NoCode),
        Err(SeedFileError::OtherCode) => plain(SeedFault::OtherCode),
        Err(SeedFileError::TooManyPixels) => plain(SeedFault::TooManyPixels),
    })
}

/// All of a file, or one byte more than may be read; none where it cannot be.
async fn bytes(path: PathBuf) -> Option<Zeroizing<Vec<u8>>> {
    let reading = move || {
        let file = File::open(&path)?;
        let most = 2 * intake::MAX_BYTES as u64 + 1;
        // Room for all of it at once: a buffer that grows leaves pieces behind.
        let room = usize::try_from(file.metadata()?.len().min(most)).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(room + 1));
        file.take(most).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    match tauri::async_runtime::spawn_blocking(reading).await {
        Ok(Ok(bytes)) => Some(bytes),
        Ok(Err(error)) => {
            tracing::warn!(kind = %error.kind(), "a file of tokens could not be read");
            None
        }
        Err(_) => None,
    }
}
