//! `cargo xtask tidy`: the rules of the house that no compiler knows. Each finding says where, what and how to mend it.

mod arrows;
mod code;
mod files;
mod reason;
mod texts;
mod words;

use std::path::Path;
use std::process::ExitCode;

use crate::source::Source;

/// Something to mend.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    said: String,
}

impl Finding {
    fn new(source: &Source, line: usize, said: impl Into<String>) -> Finding {
        Finding { path: source.path.clone(), line, said: said.into() }
    }
}

/// What is not the house's own text.
const SKIPPED: &[&str] =
    &["target", ".git", "node_modules", "bellwether-demo", "bellwether-data", "fonts", "snapshots", "corpus"];
/// What is looked at; files without an ending are scripts.
const ENDINGS: &[&str] = &["rs", "toml", "md", "sql", "ftl", "js", "css", "svg", "html", "sh", "yml", "json", ""];
/// Texts that others wrote.
const FOREIGN: &[&str] = &["LICENSE", "package-lock.json"];

/// Checks the checkout at `root` and tells what is to mend.
pub(crate) fn run(root: &Path) -> ExitCode {
    let mut sources = Vec::new();
    if let Err(err) = gather(root, root, &mut sources) {
        eprintln!("tidy: the checkout cannot be read: {err}");
        return ExitCode::FAILURE;
    }
    let mut findings = findings(&sources);
    findings.sort();
    findings.dedup();
    for Finding { path, line, said } in &findings {
        eprintln!("{path}:{line}: {said}");
    }
    match findings.len() {
        0 => {
            eprintln!("tidy: {} files, nothing to mend", sources.len());
            ExitCode::SUCCESS
        }
        count => {
            eprintln!("tidy: {} files, {count} to mend", sources.len());
            ExitCode::FAILURE
        }
    }
}

fn findings(sources: &[Source]) -> Vec<Finding> {
    let mut findings = texts::check(sources);
    for source in sources {
        findings.extend(arrows::check(source));
        findings.extend(words::check(source));
        findings.extend(code::check(source));
        findings.extend(files::check(source));
    }
    findings
}

fn gather(root: &Path, dir: &Path, sources: &mut Vec<Source>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if SKIPPED.contains(&name.as_ref()) {
            continue;
        }
        if kind.is_dir() {
            gather(root, &path, sources)?;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if kind.is_file() && ENDINGS.contains(&ending.as_str()) && !FOREIGN.contains(&name.as_ref()) {
            // What is no UTF-8 is no text: a corpus, a picture.
            if let Ok(text) = String::from_utf8(std::fs::read(&path)?) {
                let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                sources.push(Source::new(&path, &text));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
fn said(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.line, finding.said)).collect()
}
