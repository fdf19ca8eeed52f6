//! The house's own checks: `cargo xtask tidy`.

mod source;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    if std::env::args().nth(1).as_deref() == Some("tidy") {
        return tidy::run(root);
    }
    eprintln!("cargo xtask tidy    checks what compilers do not: arrows, words, clocks, texts, names");
    ExitCode::from(2)
}
