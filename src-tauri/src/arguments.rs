//! The command line: `--profile NAME`.

use std::ffi::OsString;

const PROFILE_CHARACTERS: usize = 40;

/// What the program was started with.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Which data folder and instance; `None` is the usual one.
    pub(crate) profile: Option<String>,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    pub(crate) fn read(arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut read = Self::default();
        let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
        while let Some(argument) = arguments.next() {
            let profile = match argument.strip_prefix("--profile") {
                Some("") => arguments.next().unwrap_or_default(),
                Some(rest) if rest.starts_with('=') => rest[1..].to_owned(),
                _ => return Err(format!("Sallyport does not know the argument {argument:?}. It takes --profile NAME.")),
            };
            let fits = (1..=PROFILE_CHARACTERS).contains(&profile.len())
                && profile.starts_with(|c: char| c.is_ascii_alphabetic())
                && profile.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !fits {
                return Err(format!(
                    "A profile's name begins with a letter and has up to {PROFILE_CHARACTERS} letters, digits and dashes; {profile:?} does not."
                ));
            }
            read.profile = Some(profile);
        }
        Ok(read)
    }

    /// The name under which a second start finds the first.
    pub(crate) fn instance_name(&self) -> String {
        self.profile.as_ref().map_or_else(|| "main".into(), |profile| format!("profile-{profile}"))
    }
}

/// Says on the terminal why the program does not start, and ends it.
#[allow(clippy::print_stderr, reason = "there is no window yet to say it in")]
pub(crate) fn explain(sentence: &str) -> ! {
    eprintln!("{sentence}");
    std::process::exit(2);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<String>, String> {
        Arguments::read(arguments.iter().map(OsString::from)).map(|read| read.profile)
    }

    #[test]
    fn a_profile_is_a_plain_word_that_cannot_leave_its_folder() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["--profile", "desk-2"]), Ok(Some("desk-2".into())));
        assert_eq!(read(&["--profile=desk"]), Ok(Some("desk".into())));
        for bad in [&["--profile"][..], &["--profile", "../x"], &["--profile", ""], &["--profile", "-x"], &["--other"]] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
