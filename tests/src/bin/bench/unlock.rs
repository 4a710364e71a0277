//! Unlocking a vault, beyond the Argon2id evaluation itself.

use crate::played::{PASSPHRASE, Played, secret};
use crate::rows::Row;
use crate::{milliseconds, timed, wait_for};
use argon2::{Algorithm, Argon2, Params, Version};
use sallyport_tests::{Error, Result};
use std::path::Path;

const RUNS: usize = 21;

/// The two take turns, and the least of each counts: whatever else the machine does only ever adds.
pub(crate) fn rows() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (mut opened, mut bare) = (f64::INFINITY, f64::INFINITY);
    wait_for(async {
        let (played, _) = Played::found(folder.path(), "Bench", 1_800_000_000).await;
        played.close().await;
        let argon2 = same_cost(&folder.path().join(played.id.to_string()).join("vault.json"))?;
        for _ in 0..RUNS {
            let (ours, vault) = timed(vault::open(folder.path(), played.id, &secret(PASSPHRASE))).await;
            vault.map_err(|error| Error::said(error.to_string()))?.close().await;
            let (reference, derived) = timed(async { argon2.hash_password_into(PASSPHRASE.as_bytes(), &[7; 16], &mut [0; 32]) }).await;
            derived.map_err(|error| Error::said(error.to_string()))?;
            opened = opened.min(milliseconds(ours));
            bare = bare.min(milliseconds(reference));
        }
        Ok::<_, Error>(())
    })??;
    Ok(vec![Row::new("unlocking a vault", opened, Some(bare), "ms"), Row::new("unlocking beyond Argon2id", opened - bare, None, "ms")])
}

/// Argon2id as the vault's own slot asks for it.
fn same_cost(header: &Path) -> Result<Argon2<'static>> {
    let header: serde_json::Value = serde_json::from_slice(&std::fs::read(header)?)?;
    let kdf = &header["slots"][0]["kdf"];
    let number = |name: &str| kdf[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let params = Params::new(number("memory"), number("passes"), number("lanes"), Some(32));
    let params = params.map_err(|error| Error::said(format!("The header's cost is none: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
