//! A file system so small that a test can fill it.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its disk fails loudly")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system in memory, or the one that `TEST_SMALL_DISK` names. It is gone, or empty again, when the test ends.
#[derive(Debug)]
pub struct SmallDisk {
    path: PathBuf,
    mounted: Option<TempDir>,
}

impl SmallDisk {
    /// One of so many MiB.
    pub fn new(size: u32) -> SmallDisk {
        let dir = tempfile::Builder::new().prefix("bellwether-disk-").tempdir().expect("a temporary directory");
        let options = format!("size={size}m,mode=0755");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "bellwether"]).arg(dir.path()).output();
        let refused = match mount {
            Ok(it) if it.status.success() => return SmallDisk { path: dir.path().to_path_buf(), mounted: Some(dir) },
            Ok(it) => String::from_utf8_lossy(&it.stderr).trim().to_owned(),
            Err(err) => err.to_string(),
        };
        let Some(named) = named() else {
            panic!(
                "this test fills a disk, and so needs a small one: let it mount one (as root; in a container with \
                 CAP_SYS_ADMIN), or name an empty directory on a file system of {size} MiB or a little more in \
                 TEST_SMALL_DISK. Mounting says: {refused}"
            );
        };
        let own =
            tempfile::Builder::new().prefix("bellwether-").tempdir_in(named).expect("TEST_SMALL_DISK can be used");
        SmallDisk { path: own.path().to_path_buf(), mounted: Some(own) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let mut filler = File::options().create(true).append(true).open(self.filler()).expect("a file to fill it with");
        for size in [1 << 20, 1 << 12, 1] {
            let piece = vec![0; size];
            while filler.write_all(&piece).is_ok() {}
        }
    }

    /// Makes room again.
    pub fn free(&self) {
        std::fs::remove_file(self.filler()).expect("it was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Some(dir) = self.mounted.take() {
            // Whoever has a file open there keeps it a moment longer.
            Command::new("umount").args(["-l"]).arg(dir.path()).output().ok();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "what a test may use is told to it by its environment")]
fn named() -> Option<String> {
    std::env::var("TEST_SMALL_DISK").ok().filter(|it| !it.is_empty())
}
