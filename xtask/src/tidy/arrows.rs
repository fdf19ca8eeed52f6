//! Which room may import which: the table of ARCHITECTURE.md.

use toml::{Table, Value};

use super::Finding;
use crate::source::{Source, is_word};

/// Every room, and what it may import of ours.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("mail", &["domain"]),
    ("insight", &["domain"]),
    ("store", &["domain"]),
    ("channels", &["domain", "mail"]),
    ("desk", &["domain", "mail", "insight", "store", "channels"]),
    ("web", &["desk", "domain", "store"]),
    ("bellwether", &["domain", "mail", "insight", "store", "channels", "desk", "web"]),
    ("testkit", &["domain", "mail", "insight", "store", "channels", "desk", "web", "bellwether"]),
    ("xtask", &[]),
    ("fuzz", &["domain", "mail"]),
];

/// What the rooms without effects do without.
const EFFECTS: &[&str] =
    &["tokio::", "async fn", "async move", "std::fs", "std::net::Tcp", "std::process", "std::env", "Instant::now"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.path == "Cargo.toml" {
        return workspace(source);
    }
    if source.path.ends_with("/Cargo.toml") {
        return manifest(source);
    }
    match source.room() {
        "domain" | "mail" | "insight" if source.is_rust() && !source.path.contains("/tests/") => effects(source),
        "web" if source.is_rust() => writes(source),
        _ => Vec::new(),
    }
}

fn manifest(source: &Source) -> Vec<Finding> {
    let room = source.room();
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        let said = format!(
            "{room} is no room of the house: add it to the table in ARCHITECTURE.md and in xtask, with what it hides"
        );
        return vec![Finding::new(source, 1, said)];
    };
    let table = match source.text.parse::<Table>() {
        Ok(table) => table,
        Err(err) => return vec![Finding::new(source, 1, err.message())],
    };
    let mut findings = Vec::new();
    for (name, package) in imports(&table) {
        let ours = ARROWS.iter().any(|(room, _)| *room == package);
        if ours && !allowed.contains(&package) {
            let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
            let said = format!("{room} may import {may}, and not {package}");
            findings.push(Finding::new(source, line_of(source, name), said));
        }
    }
    findings
}

/// What the program itself is built from, by its name here and by its own, on whatever system. Tests may use anything:
/// cargo allows a circle there, and the program never sees it.
fn imports(table: &Table) -> impl Iterator<Item = (&str, &str)> {
    let targets = table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let places = std::iter::once(table).chain(targets.filter_map(Value::as_table));
    let sections =
        places.flat_map(|it| ["dependencies", "build-dependencies"].into_iter().filter_map(|name| it.get(name)));
    sections.filter_map(Value::as_table).flatten().map(|(name, value)| (name.as_str(), package(name, value)))
}

fn package<'a>(name: &'a str, value: &'a Value) -> &'a str {
    value.get("package").and_then(Value::as_str).unwrap_or(name)
}

/// Rooms are called by their names everywhere.
fn workspace(source: &Source) -> Vec<Finding> {
    let Ok(table) = source.text.parse::<Table>() else { return Vec::new() };
    let all = table.get("workspace").and_then(|it| it.get("dependencies")).and_then(Value::as_table);
    let renamed = all.into_iter().flatten().filter(|(name, value)| {
        let package = package(name, value);
        package != *name && ARROWS.iter().any(|(room, _)| *room == package)
    });
    let said = |name: &String| format!("{name} is a room by another name: call it what it is called");
    renamed.map(|(name, _)| Finding::new(source, line_of(source, name), said(name))).collect()
}

/// The first line that names it.
fn line_of(source: &Source, name: &str) -> usize {
    let names = |text: &str| text.split(|c| !is_word(c) && c != '-').any(|word| word == name);
    source.numbered().find(|(_, line)| names(&line.code)).map_or(1, |it| it.0)
}

fn effects(source: &Source) -> Vec<Finding> {
    let found = source.numbered().filter(|(_, line)| !line.test).filter_map(|(number, line)| {
        let effect = EFFECTS.iter().find(|effect| line.code.contains(**effect))?;
        let said = format!("{effect} in {}, which is pure: give it what it needs as an argument", source.room());
        Some(Finding::new(source, number, said))
    });
    found.collect()
}

/// Pages read from the store, and write only through the desk. A chain of calls may go over lines.
fn writes(source: &Source) -> Vec<Finding> {
    let (mut code, mut lines) = (String::new(), Vec::new());
    for (number, line) in source.numbered().filter(|(_, line)| !line.test) {
        for c in line.code.chars().filter(|c| !c.is_whitespace()) {
            code.push(c);
            lines.extend(std::iter::repeat_n(number, c.len_utf8()));
        }
    }
    let calls = ["db.write(", "db().write(", "Db::write("];
    let calls =
        calls.into_iter().flat_map(|call| code.match_indices(call).map(|(at, call)| lines[at + call.len() - 1]));
    let mut found: Vec<usize> = calls.collect();
    let is_tx = |code: &str| code.split(|c| !is_word(c)).any(|word| word == "Tx" || word == "tx");
    found.extend(source.numbered().filter(|(_, line)| !line.test && is_tx(&line.code)).map(|it| it.0));
    found.sort_unstable();
    found.dedup();
    let said = "web writes only through desk: make it a use case there";
    found.into_iter().map(|number| Finding::new(source, number, said)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn arrows_point_one_way() {
        let text = "[package]\nname = \"store\"\n[dependencies]\ndomain.workspace = true\ndesk = { path = \"../desk\" }\n[dev-dependencies]\ntestkit.workspace = true\n";
        let found = check(&Source::new("crates/store/Cargo.toml", text));
        assert_eq!(said(&found), ["5: store may import domain, and not desk"]);
        assert_eq!(check(&Source::new("crates/desk/Cargo.toml", "[dependencies]\nstore.workspace = true\n")), []);
        let sly = "[dependencies.desk]\nworkspace = true\n[target.'cfg(unix)'.dependencies]\nweb.workspace = true\n\
                   [build-dependencies]\nhidden = { path = \"../channels\", package = \"channels\" }\n\
                   [target.'cfg(windows)'.dependencies.x]\npath = \"../testkit\"\npackage = \"testkit\"\n";
        let found = check(&Source::new("crates/store/Cargo.toml", sly));
        let wrong: Vec<_> = found.iter().map(|it| (it.line, it.said.rsplit(' ').next().unwrap_or_default())).collect();
        assert_eq!(wrong, [(1, "desk"), (6, "channels"), (4, "web"), (7, "testkit")]);
        let root = "[workspace.dependencies]\ndomain = { path = \"crates/domain\" }\nd = { path = \"x\", package = \"desk\" }\n";
        assert_eq!(said(&check(&Source::new("Cargo.toml", root))).len(), 1);
        let found = check(&Source::new("crates/domain/Cargo.toml", "[dependencies]\nmail.workspace = true\n"));
        assert_eq!(said(&found), ["2: domain may import nothing of ours, and not mail"]);
    }

    #[test]
    fn a_new_room_is_asked_what_it_hides() {
        assert_eq!(check(&Source::new("crates/helpers/Cargo.toml", "")).len(), 1);
    }

    #[test]
    fn pure_rooms_have_no_effects() {
        let text =
            "//! async fn in prose\nasync fn a() {}\n#[cfg(test)]\nmod tests { fn b() { std::fs::read(\"x\"); } }\n";
        let found = check(&Source::new("crates/domain/src/case.rs", text));
        assert_eq!(said(&found), ["2: async fn in domain, which is pure: give it what it needs as an argument"]);
    }

    #[test]
    fn pages_do_not_write() {
        let found =
            check(&Source::new("crates/web/src/case.rs", "db.write(x);\nfn a(tx: &mut Tx) {}\ntext.write(b);\n"));
        assert_eq!(found.len(), 2);
        let found = check(&Source::new("crates/web/src/case.rs", "desk\n    .db\n    .write(locks, work)\n"));
        assert_eq!(said(&found), ["3: web writes only through desk: make it a use case there"]);
    }
}
