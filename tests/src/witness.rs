//! Witnesses that owe the program nothing: other people's programs, and the bytes on disk.

use crate::{Error, Result};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a QR code said, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUri {
    /// The whole address.
    pub uri: String,
    /// Whom it is for, still percent-encoded: `Issuer:account`.
    pub label: String,
    /// The shared secret, in Base32.
    pub secret: String,
}

/// Reads the `otpauth:` address off a picture with zbarimg.
pub fn key_uri(picture: &Path) -> Result<KeyUri> {
    let output = run(Command::new("zbarimg").args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(picture))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let uri = text.lines().find(|line| line.starts_with("otpauth://totp/"));
    let uri = uri.ok_or_else(|| Error::said(format!("zbarimg read no otpauth address off the picture, but “{text}”.")))?;
    let (label, parameters) = uri["otpauth://totp/".len()..].split_once('?').unwrap_or_default();
    let secret = parameters.split('&').find_map(|pair| pair.strip_prefix("secret="));
    let secret = secret.ok_or_else(|| Error::said("The otpauth address has no secret."))?;
    Ok(KeyUri { uri: uri.to_owned(), label: label.to_owned(), secret: secret.to_owned() })
}

/// The code that an authenticator with this Base32 secret shows at `now` (seconds since 1970), by oathtool.
pub fn totp(secret: &str, now: u64) -> Result<String> {
    let secret: String = secret.chars().filter(|c| !c.is_whitespace()).collect();
    let output = run(Command::new("oathtool").args(["--totp", "--base32", "--now", &format!("@{now}"), &secret]))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The code that a token of eight digits of SHA-256, a new one every minute, shows at `now`, by oathtool.
pub fn token_totp(secret: &str, now: u64) -> Result<String> {
    let how = ["--totp=sha256", "--digits=8", "--time-step-size=60s", "--base32"];
    let output = run(Command::new("oathtool").args(how).args(["--now", &format!("@{now}"), secret]))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Opens an age file with a passphrase, by the stock age program. It insists on a terminal, so it is given one.
pub fn open_age(file: &Path, passphrase: &str) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let plain = folder.path().join("plain");
    let command = format!("age --decrypt --output '{}' '{}'", plain.display(), file.display());
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{passphrase}")?;
        input.flush()?;
        // Kept open until age has ended: its end would be the terminal's end.
        let output = wait_with(child, input)?;
        if !output.status.success() {
            // The terminal may have echoed the passphrase: only age's own lines are passed on.
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let own = said.lines().filter_map(|line| line.split_once("age: ")).map(|(_, words)| words).next();
            return Err(Error::said(format!("age could not open it: {}", own.unwrap_or("it did not say why"))));
        }
    }
    Ok(std::fs::read(plain)?)
}

fn wait_with(child: std::process::Child, input: std::process::ChildStdin) -> Result<Output> {
    let output = child.wait_with_output()?;
    drop(input);
    Ok(output)
}

/// What can be read on a PDF, by pdftotext.
pub fn pdf_text(file: &Path) -> Result<String> {
    let output = run(Command::new("pdftotext").args(["-layout"]).arg(file).arg("-"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A PDF as it lies on paper.
#[derive(Debug)]
pub struct Paper {
    /// How many pages it has.
    pub pages: usize,
    /// How much of them is white, in per cent.
    pub white: usize,
    /// What its QR codes say, by zbarimg.
    pub codes: String,
}

/// Lays a PDF on paper, by pdftoppm.
pub fn paper(file: &Path) -> Result<Paper> {
    let folder = tempfile::tempdir()?;
    run(Command::new("pdftoppm").args(["-r", "150", "-gray"]).arg(file).arg(folder.path().join("page")))?;
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder.path())?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    pages.sort();
    let (mut white, mut all) = (0, 0);
    for page in &pages {
        let grey = std::fs::read(page)?;
        white += grey.iter().filter(|grey| **grey > 250).count();
        all += grey.len();
    }
    // Not by `run`: where there is no code, zbarimg calls that a failure.
    let codes = Command::new("zbarimg").args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).args(&pages).output()?;
    let codes = String::from_utf8_lossy(&codes.stdout).into_owned();
    Ok(Paper { pages: pages.len(), white: white * 100 / all.max(1), codes })
}

/// The keys of a vault, opened by its passphrase as FORMATS.md says: the reader in `tests/vectors` does it, not the
/// program's own code. The key of the database, and the key that seals.
pub fn vault_keys(header: &Path, passphrase: &str) -> Result<[Vec<u8>; 2]> {
    const OPEN: &str = "import json, sys, read_vault as r
header = json.load(open(sys.argv[1]))
place = r.in_vault(header['vault'], header['generation'])
slot = next(slot for slot in header['slots'] if slot['kind'] == 'passphrase')
print(r.open_passphrase(place, slot, sys.argv[2]).hex())";
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let output = run(Command::new("python3").args(["-B", "-c", OPEN]).arg(header).arg(passphrase).env("PYTHONPATH", vectors))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let keys = data_encoding::HEXLOWER.decode(text.as_bytes()).ok().filter(|keys| keys.len() == 64);
    let keys = keys.ok_or_else(|| Error::said("The reader of vaults gave no keys."))?;
    Ok([keys[..32].to_vec(), keys[32..].to_vec()])
}

/// The whole database of a closed vault, decrypted page by page by the same reader: free pages and gaps within pages included.
pub fn vault_pages(database: &Path, key: &[u8]) -> Result<Vec<u8>> {
    const READ: &str = "import pathlib, sys, read_vault
sys.stdout.buffer.writelines(read_vault.pages(pathlib.Path(sys.argv[1]).read_bytes(), sys.stdin.buffer.read()))";
    read_vault(READ, &[database.as_os_str()], key)
}

/// What a backup holds, by the reader that was written from the format's document alone: the rows of a query, as JSON.
pub fn backup_rows(file: &Path, passphrase: &str, query: &str) -> Result<String> {
    const READ: &str = "import json, pathlib, sys, read_vault
case = {'passphrase': sys.stdin.read(), 'query': sys.argv[2]}
print(json.dumps(read_vault.read_backup(pathlib.Path(sys.argv[1]).read_bytes(), case)['rows']))";
    let rows = read_vault(READ, &[file.as_os_str(), query.as_ref()], passphrase.as_bytes())?;
    Ok(String::from_utf8_lossy(&rows).into_owned())
}

/// What the reader of vaults says, given something that stands in no list of processes.
fn read_vault(script: &str, arguments: &[&OsStr], input: &[u8]) -> Result<Vec<u8>> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut reader = Command::new("python3");
    reader.args(["-B", "-c", script]).args(arguments).env("PYTHONPATH", vectors);
    let mut child = reader.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
    Err(Error::said(format!("The reader of vaults failed: {said}")))
}

/// What is wrong with an exported journal, by the reader that was written from the format's document alone.
pub fn export_faults(file: &Path, key: &str, kept: &[&str]) -> Result<Vec<String>> {
    const READ: &str = "import json, sys, read_export as r
def unfold(text):
    origin, size, root, dash, name, signature = text.split()
    return f'{origin}\\n{size}\\n{root}\\n\\n{dash} {name} {signature}\\n'
case = {'keys': [sys.argv[2]], 'kept': [unfold(text) for text in sys.argv[3:]], 'file': open(sys.argv[1], encoding='utf-8').read()}
print(json.dumps(sorted(r.verify(case))))";
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut reader = Command::new("python3");
    reader.args(["-B", "-c", READ]).arg(file).arg(key).args(kept).env("PYTHONPATH", vectors).env("PYTHONIOENCODING", "utf-8");
    let output = run(&mut reader)?;
    serde_json::from_slice(&output.stdout).map_err(|error| Error::said(format!("The reader of exports said nothing of use: {error}")))
}

/// Whether the stand-alone verifier finds nothing wrong, and what it says.
pub fn sallyport_verify(file: &Path, key: &str, checkpoint: &Path) -> Result<(bool, String)> {
    let beside = std::env::current_exe()?.with_file_name("sallyport-verify");
    let output = Command::new(beside).arg(file).args(["--key", key, "--checkpoint"]).arg(checkpoint).output()?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    match output.status.code() {
        Some(status @ (0 | 1)) => Ok((status == 0, said)),
        _ => Err(Error::said(format!("sallyport-verify could not begin: {said}"))),
    }
}

/// Fails if stock SQLite can read the file.
pub fn stock_sqlite_refuses(vault: &Path) -> Result<()> {
    let uri = format!("file:{}?mode=ro", vault.display());
    let output = Command::new("sqlite3").args([&uri, "SELECT count(*) FROM sqlite_master"]).stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && said.contains("not a database") {
        return Ok(());
    }
    Err(Error::said(format!("Stock SQLite did not refuse {}: {said}", vault.display())))
}

/// Something that may stand nowhere on the disk.
#[derive(Debug, Clone)]
pub struct Secret {
    /// What it is, for the message; the secret itself is never printed.
    pub what: String,
    /// The secret.
    pub text: String,
}

/// Fails if one of the secrets stands in any file below `folder`, as it is, without its spaces and dashes, or in
/// the other case.
pub fn nowhere_on_disk(folder: &Path, secrets: &[Secret]) -> Result<()> {
    let forms: Vec<(&str, Vec<u8>)> = secrets.iter().flat_map(forms).collect();
    if forms.is_empty() {
        return Err(Error::said("There is no secret to look for, so that nothing would be proved."));
    }
    let mut files = Vec::new();
    files_below(folder, &mut files)?;
    let mut found = Vec::new();
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for (what, form) in &forms {
            if contains(&bytes, form) {
                found.push(format!("{what} stands in {}", file.strip_prefix(folder).unwrap_or(&file).display()));
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(Error::said(format!("{}.", found.join("; ")))) }
}

fn forms(secret: &Secret) -> impl Iterator<Item = (&str, Vec<u8>)> {
    let joined: String = secret.text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let all = [secret.text.clone(), secret.text.to_lowercase(), joined.to_lowercase(), joined];
    all.into_iter().filter(|form| !form.is_empty()).map(|form| (secret.what.as_str(), form.into_bytes()))
}

/// All plain files below a folder; sockets and links are none.
pub fn files_below(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            files_below(&entry.path(), into)?;
        } else if kind.is_file() {
            into.push(entry.path());
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], form: &[u8]) -> bool {
    let first = form[0];
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        rest = &rest[at..];
        if rest.starts_with(form) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

fn run(command: &mut Command) -> Result<Output> {
    let name = command.get_program().display().to_string();
    let output = command.stdin(Stdio::null()).output().map_err(|error| Error::said(format!("{name} cannot be started: {error}.")))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(Error::said(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_on_disk_is_found_in_every_form_and_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("log"), b"\0\0abcdefghij\0").unwrap();
        let secret = Secret { what: "a code".into(), text: "ABCDE-FGHIJ".into() };
        let error = nowhere_on_disk(folder.path(), std::slice::from_ref(&secret)).unwrap_err().to_string();
        assert!(error.contains("a code stands in log") && !error.to_lowercase().contains("abcde"), "{error}");
        std::fs::write(folder.path().join("log"), b"abcde fghik").unwrap();
        nowhere_on_disk(folder.path(), &[secret]).unwrap();
    }
}
