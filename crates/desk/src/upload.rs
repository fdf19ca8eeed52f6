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
