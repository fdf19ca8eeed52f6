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
    let place = it.location().map_or("a place unknown".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
    tracing::error!(place, "the program has a fault");
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_told_by_its_place_and_not_by_what_it_says() {
        let kept = Kept::default();
        let writer = kept.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        std::panic::set_hook(Box::new(panicked));
        let caught = tracing::subscriber::with_default(log, || std::panic::catch_unwind(|| panic!("Dear Sir")));
        drop(std::panic::take_hook());
        assert!(caught.is_err());
        let said = String::from_utf8_lossy(&kept.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        assert!(said.contains("log.rs:") && !said.contains("Dear Sir"), "{said}");
    }
}
