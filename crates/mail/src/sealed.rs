//! Whether the words of a mail, or its files, are wrapped in a form that is not opened here.

use domain::{FileKind, Sealed};

use crate::clean::cut;
use crate::read::File;

/// How it is wrapped. A mail that has words of its own beside a wrapped file is not, except by Outlook, which wraps the files.
pub(crate) fn sealed(text: &str, html: bool, files: &[File]) -> Option<Sealed> {
    let silent = text.trim().is_empty() && !html;
    for file in files {
        match FileKind::of(&file.media_type, &file.name) {
            Some(FileKind::SmimeMail) if silent || file.name.eq_ignore_ascii_case("smime.p7m") => {
                let signed = content(&file.bytes) == Some(SIGNED);
                return Some(if signed { Sealed::SmimeSigned } else { Sealed::SmimeEncrypted });
            }
            Some(FileKind::PgpEncrypted) if silent || file.media_type == "application/pgp-encrypted" => {
                return Some(Sealed::PgpEncrypted);
            }
            Some(FileKind::Winmail) => return Some(Sealed::Winmail),
            _ => {}
        }
    }
    armoured(text).then_some(Sealed::PgpInline)
}

/// The last arc of signed data.
const SIGNED: u8 = 2;

/// Which kind of content it says to be: the last arc of 1.2.840.113549.1.7 (RFC 5652 §3), near its start.
fn content(bytes: &[u8]) -> Option<u8> {
    const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
    let start = &bytes[..bytes.len().min(64)];
    let at = start.windows(PKCS7.len()).position(|it| it == PKCS7)?;
    start.get(at + PKCS7.len()).copied()
}

/// Whether the text itself is an armoured message; a few words of a gateway may stand above it.
fn armoured(text: &str) -> bool {
    let start = cut(text, 1_000);
    let at = start.find("-----BEGIN PGP MESSAGE-----");
    at.is_some_and(|at| (at == 0 || start[..at].ends_with('\n')) && start[..at].trim().len() <= 200)
}
