//! Every text of the interface, from `texts/en.ftl` (Fluent).
//!
//! Texts without arguments are resolved once, so that a page costs a look-up in a table and no formatting.

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

const ENGLISH: &str = include_str!("../texts/en.ftl");

struct Texts {
    bundle: FluentBundle<FluentResource>,
    plain: HashMap<&'static str, &'static str>,
}

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::read(ENGLISH));

/// The text with this key, which takes no arguments.
///
/// A key that the file does not have is a mistake of ours: it panics while we develop, and shows the key afterwards.
pub fn t(key: &'static str) -> &'static str {
    let text = TEXTS.plain.get(key);
    debug_assert!(text.is_some(), "texts/en.ftl has no text `{key}` without arguments");
    text.copied().unwrap_or(key)
}

/// The text with this key, with its arguments filled in. Numbers choose the plural.
///
/// A missing key is treated as in [`t`].
pub fn t_with(key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    let mut given = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        given.set((*name).to_owned(), value.clone());
    }
    let text = TEXTS.resolve(key, Some(&given));
    debug_assert!(text.is_some(), "texts/en.ftl cannot say `{key}` with {args:?}");
    text.unwrap_or_else(|| key.to_owned())
}

impl Texts {
    fn read(source: &'static str) -> Texts {
        // A mistake in the file costs the texts it touches, not the program; the tests find it.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let mut texts = Texts { bundle, plain: HashMap::new() };
        texts.plain = keys(source)
            .filter_map(|key| texts.resolve(key, None).map(|text| (key, &*Box::leak(text.into_boxed_str()))))
            .collect();
        texts
    }

    fn resolve(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

/// The keys of a Fluent file: what stands before `=` at the beginning of a line.
fn keys(source: &'static str) -> impl Iterator<Item = &'static str> {
    source.lines().filter(|line| line.starts_with(|it: char| it.is_ascii_alphabetic())).filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        Some(key.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_file_is_whole_and_no_key_is_said_twice() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok(), "texts/en.ftl has a mistake");
        let mut seen = HashSet::new();
        for key in keys(ENGLISH) {
            assert!(seen.insert(key), "`{key}` stands twice");
        }
    }

    #[test]
    fn a_number_chooses_the_plural() {
        assert_eq!(t_with("size-bytes", &[("count", 1.into())]), "1 byte");
        assert_eq!(t_with("size-bytes", &[("count", 3.into())]), "3 bytes");
    }

    #[test]
    fn every_key_in_the_code_has_a_text() {
        let mut missing = Vec::new();
        let known: HashSet<&str> = keys(ENGLISH).collect();
        visit(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), &mut |source| {
            for (opening, plain) in [("t(\"", true), ("t_with(\"", false)] {
                for (at, _) in source.match_indices(opening) {
                    let before = source[..at].chars().next_back();
                    if before.is_some_and(|it| it.is_alphanumeric() || it == '_') {
                        continue;
                    }
                    let key = source[at + opening.len()..].split('"').next().unwrap_or_default();
                    if !known.contains(key) || (plain && !TEXTS.plain.contains_key(key)) {
                        missing.push(key.to_owned());
                    }
                }
            }
        });
        assert!(missing.is_empty(), "texts/en.ftl lacks {missing:?}");
    }

    #[test]
    fn every_text_has_a_use() {
        let mut unused: HashSet<&str> = keys(ENGLISH).collect();
        visit(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), &mut |source| {
            for quoted in source.split('"') {
                unused.remove(quoted);
            }
        });
        assert!(unused.is_empty(), "nobody says {unused:?}");
    }

    fn visit(folder: &Path, with: &mut impl FnMut(&str)) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.filter_map(|it| it.ok().map(|it| it.path())) {
            if path.is_dir() {
                visit(&path, with);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("text.rs") {
                with(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
