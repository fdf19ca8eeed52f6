//! Files that somebody adds to what they write.

use domain::File;
use store::blob::Blob;

use crate::{Error, Result};

/// The largest file, in bytes: most servers refuse a mail of 25 MiB and more.
const LARGEST: usize = 18 * 1024 * 1024;

/// A file as it comes from a browser.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name that its owner gave it.
    pub name: String,
    /// The media type that the browser says it has.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// The file and its bytes, ready to be stored.
    pub(crate) fn prepare(self) -> Result<(File, Blob)> {
        if self.bytes.len() > LARGEST {
            return Err(Error::invalid(
                "file",
                format!("{} is larger than 18 MB: mail servers refuse that.", self.name),
            ));
        }
        let label: String = self
            .name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|it| !it.is_control())
            .take(120)
            .collect();
        let name = if label.trim().is_empty() { "file".to_owned() } else { label };
        let blob = Blob::new(self.bytes);
        let file =
            File { name, media_type: self.media_type, size: blob.size(), hash: blob.hash.clone(), inline: false };
        Ok((file, blob))
    }
}

/// The kind of a picture that a browser may show, by its first bytes. Nothing that can hold a script is among them.
pub fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_shown_whatever_they_are_called() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for never in [b"<svg xmlns=".as_slice(), b"<!doctype html>", b"%PDF-1.7", b"GIF", b""] {
            assert_eq!(picture(never), None);
        }
    }
}
