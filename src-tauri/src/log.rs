//! The log: a file a day, a week of them. No secret is ever given to it.

use tracing_subscriber::EnvFilter;

use crate::folders::Folders;

const DAYS: usize = 7;

/// Begins to log into the profile's folder. Libraries that print what they are given stay quiet.
pub(crate) fn begin(folders: &Folders) -> Result<(), Box<dyn std::error::Error>> {
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("sallyport")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(&folders.logs)?;
    let filter = EnvFilter::new("warn,sallyport=info,authority=info,vault=info");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(file).with_ansi(false).try_init().map_err(|error| error.to_string())?;
    Ok(())
}
