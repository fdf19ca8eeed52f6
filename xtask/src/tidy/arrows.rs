//! Which room may import which: the table of ARCHITECTURE.md.

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
    let mut section = "";
    let mut findings = Vec::new();
    for (number, line) in source.numbered() {
        let text = line.code.trim();
        if text.starts_with('[') {
            section = text;
            continue;
        }
        let name: String = text.chars().take_while(|c| is_word(*c) || *c == '-').collect();
        let ours = ARROWS.iter().any(|(room, _)| *room == name);
        // Tests may use anything: cargo allows a circle there, and the program never sees it.
        if matches!(section, "[dependencies]" | "[build-dependencies]") && ours && !allowed.contains(&name.as_str()) {
            let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
            findings.push(Finding::new(source, number, format!("{room} may import {may}, and not {name}")));
        }
    }
    findings
}

fn effects(source: &Source) -> Vec<Finding> {
    let found = source.numbered().filter(|(_, line)| !line.test).filter_map(|(number, line)| {
        let effect = EFFECTS.iter().find(|effect| line.code.contains(**effect))?;
        let said = format!("{effect} in {}, which is pure: give it what it needs as an argument", source.room());
        Some(Finding::new(source, number, said))
    });
    found.collect()
}

/// Pages read from the store, and write only through the desk.
fn writes(source: &Source) -> Vec<Finding> {
    let found = source.numbered().filter(|(_, line)| !line.test).filter_map(|(number, line)| {
        let tx = line.code.split(|c| !is_word(c)).any(|word| word == "Tx");
        let write = line.code.contains("db.write(") || line.code.contains("db().write(");
        (tx || write).then(|| Finding::new(source, number, "web writes only through desk: make it a use case there"))
    });
    found.collect()
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
    }
}
