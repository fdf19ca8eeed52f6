use std::fs;
use std::path::Path;

#[path = "../../../../fuzz/targets.rs"]
mod targets;

/// What the fuzzer once found, and what it starts from.
#[test]
fn what_was_found_stays_mended() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, target) in targets::TARGETS {
        let seeds: &[&str] = match *name {
            "read" => &["tests/malformed", "tests/corpus"],
            "html" => &["tests/html"],
            _ => &[],
        };
        let found = root.join("../../fuzz/regressions").join(name);
        for dir in seeds.iter().map(|it| root.join(it)).chain([found]) {
            // A target of which nothing was ever found has no directory.
            for file in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
                target(&fs::read(file.path()).expect("a file"));
            }
        }
    }
}
