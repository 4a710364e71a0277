//! The start: workspaces on this computer.

use std::time::Duration;

use authority::{Authority, Drawing, Founding, Surroundings, System};
use desk::{Desk, Pace, Pairing, Patience, Remote, Wish};
use secrecy::SecretString;
use tauri::{AppHandle, State};
use uuid::Uuid;
use vault::{ChangeError, KeyringError, Kit, OpenError, Unlock, VaultError};
use wire::{
    Refusal, RefusalCode,
    keeping::{OpenByKeyring, OpenByKit},
    sign_in::{Done, WhoAmI},
    window::{
        CloseWorkspace, CreateWorkspace, EndReadingAlone, Language, OpenVault, PairWorkspace, ReadAlone, ReadSituation, RemoteState,
        SetPreferences, Situation, Told, TryServer,
    },
};

use super::{Answer, keeping::refusal as change_refusal, show};
use crate::{place, program::Program, sheet::SheetState, window};

/// The one source of people on a local workspace: this computer.
pub(super) const SOURCE: &str = "this-computer";
/// How long opening waits to know whether the server is there.
const FIRST_KNOCK: Duration = Duration::from_secs(3);
/// What may be asked for; the workspace's policy stands above it.
const IDLE_MINUTES: std::ops::RangeInclusive<u16> = 1..=60;

#[tauri::command]
pub(crate) async fn read_situation(app: AppHandle, program: State<'_, Program>, request: ReadSituation) -> Answer<Situation> {
    let ReadSituation {} = request;
    let over = program.session_is_over(true).await;
    if over {
        window::renew(&app);
    }
    Ok(program.situation(!over).await)
}

#[tauri::command]
pub(crate) async fn create_workspace(app: AppHandle, program: State<'_, Program>, request: CreateWorkspace) -> Answer<Done> {
    let french = request.language == Language::Fr;
    let founding = Founding::read(french, &request.name, &request.owner_name, &request.owner_email, &request.owner_password)?;
    authority::check_passphrase(&request.passphrase)?;
    program.close().await;
    let name = founding.name().to_owned();
    let unpublished =
        vault::prepare(&program.folders.vaults, &name, &request.passphrase, &mut Drawing(&System)).await.map_err(vault_refusal)?;
    let kit = Kit::draw(&mut Drawing(&System));
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), System, SOURCE);
    let founded = match unpublished.store().add_kit(&kit, System.now(), &mut Drawing(&System)).await {
        Ok(_slot) => authority.found(founding.with_kit(kit.slot(), kit.verifier())).await,
        Err(error) => Err(change_refusal(error)),
    };
    let session = match founded {
        Ok(session) => session,
        Err(refusal) => {
            unpublished.discard().await;
            return Err(refusal);
        }
    };
    let vault = unpublished.publish().await.map_err(vault_refusal)?;
    program.opened(vault.id(), name, authority, Some(session));
    program.prefer(|preferences| preferences.language = request.language);
    // The workspace is there whether or not its sheet could be shown: a kit that nobody kept is told of at sign-in.
    let me = program.call(WhoAmI {}).await?;
    let vault = program.vault()?.id();
    if request.keyring {
        open_by_keyring_too(&program, me.person.id).await;
    }
    show(&app, SheetState::recovery_kit(me, kit, vault, System.now().0, None)).unwrap_or_else(|refusal| tracing::error!(%refusal));
    Ok(Done {})
}

/// Lets the keyring open a workspace that has just been made. Where that fails, the workspace stands as it is and the
/// window says so: it can be tried again under This workspace. A keyring that never answers is given up on after five
/// seconds.
async fn open_by_keyring_too(program: &Program, owner: Uuid) {
    let (Ok(vault), Ok(authority)) = (program.vault(), program.authority()) else { return };
    let told = match vault.add_keyring_slot(System.now(), &mut Drawing(&System)).await {
        Ok(_slot) => {
            if let Err(refusal) = authority.note_keyring(owner).await {
                tracing::error!(%refusal, "a keyring opens the workspace, and that could not be written down");
            }
            return;
        }
        Err(error) => {
            tracing::warn!(%error, "the keyring does not open the new workspace");
            match error {
                ChangeError::Keyring(KeyringError::Missing) => Told::KeyringMissing,
                ChangeError::Keyring(KeyringError::Locked) => Told::KeyringLocked,
                ChangeError::Keyring(KeyringError::Silent) => Told::KeyringSilent,
                _ => Told::KeyringFailed,
            }
        }
    };
    program.tell(told);
}

#[tauri::command]
pub(crate) async fn open_vault(program: State<'_, Program>, request: OpenVault) -> Answer<Done> {
    open(&program, request.id, Unlock::Passphrase(request.passphrase)).await
}

#[tauri::command]
pub(crate) async fn open_by_keyring(program: State<'_, Program>, request: OpenByKeyring) -> Answer<Done> {
    open(&program, request.id, Unlock::Keyring).await
}

#[tauri::command]
pub(crate) async fn open_by_kit(program: State<'_, Program>, request: OpenByKit) -> Answer<Done> {
    let code = authority::read_kit(&request.code)?;
    open(&program, request.id, Unlock::Kit(code)).await
}

async fn open(program: &Program, id: Uuid, unlock: Unlock) -> Answer<Done> {
    program.close().await;
    let by_kit = matches!(unlock, Unlock::Kit(_));
    let typed = if let Unlock::Passphrase(passphrase) = &unlock { Some(passphrase.clone()) } else { None };
    let vault = vault::open_with(&program.folders.vaults, id, unlock).await.map_err(open_refusal)?;
    match Pairing::of(&vault).await {
        Ok(None) => {}
        Ok(Some(pairing)) => return begin(program, Desk { vault, pairing }, typed.as_ref()).await,
        Err(refusal) => {
            vault.close().await;
            return Err(refusal);
        }
    }
    let (name, slot) = (vault.name().to_owned(), vault.kit_slot());
    let key = vault.sealing_key().ok_or(RefusalCode::Unexpected)?;
    let authority = Authority::over(vault.clone(), key, System, SOURCE).await;
    let Ok(authority) = authority else {
        vault.close().await;
        return Err(RefusalCode::VaultDamaged.into());
    };
    let noted = match authority.settle_kits(slot).await {
        Ok(()) if by_kit => authority.note_opened_by_kit().await,
        settled => settled,
    };
    // A use of the kit that could not be written down is none.
    if let Err(refusal) = noted {
        authority.store().close().await;
        return Err(refusal);
    }
    let updated = authority.store().brought_up_to_date().is_some();
    program.opened(id, name, authority, None);
    if updated {
        program.tell(Told::BroughtUpToDate);
    }
    if by_kit {
        program.tell(Told::OpenedByKit);
    }
    Ok(Done {})
}

/// Opens a desk, by its passphrase where one was typed: from here on its server is asked.
async fn begin(program: &Program, desk: Desk, typed: Option<&SecretString>) -> Answer<Done> {
    let Desk { vault, pairing } = desk;
    let remote = match Remote::begin(pairing, vault.clone(), System, Patience::default(), Pace::default()).await {
        Ok(remote) => remote,
        Err(refusal) => {
            vault.close().await;
            return Err(refusal);
        }
    };
    if let Some(passphrase) = typed
        && let Err(refusal) = remote.entrusted(passphrase).await
    {
        // All else works: only out of the server's reach no code can be issued.
        tracing::warn!(%refusal, "nothing can be sealed here that the server grants");
    }
    // So that the first screen knows how it stands. An error: nobody answered in time, and it is tried again.
    let _ = tokio::time::timeout(FIRST_KNOCK, remote.knock()).await;
    program.opened_remote(vault, remote);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn pair_workspace(program: State<'_, Program>, request: PairWorkspace) -> Answer<Done> {
    let PairWorkspace { address, code, name, passphrase } = request;
    let wish = Wish::read(&address, &code, &name, passphrase.clone())?;
    program.close().await;
    let desk = desk::pair(&program.folders.vaults, wish, &System).await?;
    begin(&program, desk, Some(&passphrase)).await?;
    program.tell(Told::Paired);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn try_server(program: State<'_, Program>, request: TryServer) -> Answer<RemoteState> {
    let TryServer {} = request;
    let remote = program.remote().ok_or(RefusalCode::NoWorkspace)?;
    remote.knock().await;
    Ok(place::state(&remote))
}

#[tauri::command]
pub(crate) async fn read_alone(program: State<'_, Program>, request: ReadAlone) -> Answer<Done> {
    let ReadAlone {} = request;
    program.read_alone().await?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn end_reading_alone(app: AppHandle, program: State<'_, Program>, request: EndReadingAlone) -> Answer<Done> {
    let EndReadingAlone {} = request;
    if program.reads_alone() {
        program.clipboard.empty();
        program.hold(None);
        window::renew(&app);
    }
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn close_workspace(app: AppHandle, program: State<'_, Program>, request: CloseWorkspace) -> Answer<Done> {
    let CloseWorkspace {} = request;
    if program.drills() {
        program.end_drill().await;
    } else {
        program.close().await;
    }
    window::renew(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn set_preferences(app: AppHandle, program: State<'_, Program>, request: SetPreferences) -> Answer<Done> {
    program.prefer(|preferences| {
        preferences.language = request.language;
        preferences.theme = request.theme;
        preferences.idle_minutes = request.idle_minutes.filter(|minutes| IDLE_MINUTES.contains(minutes));
    });
    window::colour(&app);
    window::speak(&app);
    Ok(Done {})
}

fn open_refusal(error: OpenError) -> Refusal {
    tracing::warn!(%error, "a vault did not open");
    match error {
        OpenError::PassphraseWrong => RefusalCode::VaultPassphraseWrong,
        OpenError::KitWrong => RefusalCode::VaultKitWrong,
        OpenError::KeyringMissing => RefusalCode::KeyringMissing,
        OpenError::KeyringEntryMissing => RefusalCode::KeyringEntryMissing,
        OpenError::KeyringLocked => RefusalCode::KeyringLocked,
        OpenError::KeyringSilent => RefusalCode::KeyringSilent,
        OpenError::InUse => RefusalCode::VaultInUse,
        OpenError::Damaged(_) => RefusalCode::VaultDamaged,
        OpenError::Newer => RefusalCode::VaultNewer,
        OpenError::ReadOnly => RefusalCode::ReadOnly,
        OpenError::Missing => RefusalCode::VaultMissing,
        OpenError::DiskFull => RefusalCode::DiskFull,
        OpenError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}

fn vault_refusal(error: VaultError) -> Refusal {
    tracing::warn!(%error, "a vault could not be made");
    match error {
        VaultError::ReadOnly => RefusalCode::ReadOnly,
        VaultError::DiskFull => RefusalCode::DiskFull,
        VaultError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}
