//! The log, on standard error: ids and counts, never contents, addresses or secrets.
//!
//! Who logs a value decides that it may be seen; this module decides only what is written, and how.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::settings::{LogFormat, Settings};

/// Starts the log of this process. A second start is refused.
pub fn start(settings: &Settings) -> Result<(), TryInitError> {
    // The settings have parsed it once; what cannot be parsed any more is left out.
    let filter = EnvFilter::builder().parse_lossy(&settings.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_ansi(false).finish().try_init(),
    }?;
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// A panic is told by its place alone: what it says may quote a customer's mail.
fn panicked(it: &std::panic::PanicHookInfo<'_>) {
    match it.location() {
        Some(at) => tracing::error!("the program has a fault at {}:{}", at.file(), at.line()),
        None => tracing::error!("the program has a fault"),
    }
}
