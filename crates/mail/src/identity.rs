//! What tells a mail from every other.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The hash that tells a mail from every other.
#[derive(Default)]
pub(crate) struct Identity(Sha256);

impl Identity {
    /// Adds a piece, and that it ends there.
    pub(crate) fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    /// Adds what a part holds. Servers change line ends and the white space at the end on the way, so they do not count
    /// where nothing protects them.
    pub(crate) fn add_part(&mut self, part: &[u8], protected: bool) {
        if protected {
            return self.add(part);
        }
        let part = part.trim_ascii_end();
        let returns = memchr::memchr_iter(b'\r', part).count();
        self.0.update(((part.len() - returns) as u64).to_be_bytes());
        for piece in part.split(|it| *it == b'\r') {
            self.0.update(piece);
        }
    }

    /// The hash, in hex.
    pub(crate) fn hex(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}
