//! Makes a workspace with a crowd in it, to try the window with: `crowd --people 100000 --out FOLDER`. The folder is one of
//! workspaces, as a profile keeps them (FOLDER/<id>); what opens it is printed.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

#[path = "../../tests/workspace/played.rs"]
#[allow(dead_code, reason = "shared with the tests of the seam")]
mod played;

use authority::{Surroundings, System};
use played::{PASSPHRASE, PASSWORD, Played};
use sallyport_tests::{Error, Result, crowd::fill};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match sallyport_tests::as_anybody().and_then(|()| make()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let of = |name: &str| arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
    let people = of("--people").map_or(Ok(100_000), |text| text.parse::<u32>());
    let people = people.map_err(|_| Error::said("--people takes a number."))?;
    let out = of("--out").map(PathBuf::from).ok_or_else(|| Error::said("Say where: --out FOLDER."))?;
    std::fs::create_dir_all(&out)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let (played, owner) = Played::found(&out, "Crowded Harbour", System.now().0).await;
        fill(played.authority.store(), &owner.email, people, played.clock.now()).await?;
        played.close().await;
        println!("Workspace:      {}", out.join(played.id.to_string()).display());
        println!("Passphrase:     {PASSPHRASE}\nOwner:          {}\nPassword:       {PASSWORD}", owner.email);
        println!("Authenticator:  {}", owner.phone.base32);
        println!("A backup code:  {}", owner.codes.first().map_or("", String::as_str));
        Ok(())
    })
}
