//! What is looked for, as an engine is asked.

use domain::CustomerId;
use domain::sought::{Phrase, Sought};

use super::document::{PEOPLE, of_customer};
use crate::Read;
use crate::db::Conn;

/// More customers than that are told apart row by row.
const TAGS: usize = 200;

/// Which things are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among<'a> {
    /// All that belongs to these customers; to any, if there are none or very many.
    Customers(&'a [CustomerId]),
    /// Customers and contacts.
    People,
}

/// The question, in the engine's own language. A word has nothing but letters and digits.
pub(super) fn compiled(rx: &Read, sought: &Sought, among: Among<'_>) -> String {
    let (mark, tags) = match among {
        Among::People => (PEOPLE, Vec::new()),
        Among::Customers(all) if all.len() <= TAGS => ("", all.iter().map(|it| of_customer(*it)).collect()),
        Among::Customers(_) => ("", Vec::new()),
    };
    match rx.conn {
        Conn::Sqlite { .. } => of_sqlite(sought, mark, &tags),
        Conn::Postgres(_) => of_postgres(sought, mark, &tags),
    }
}

fn of_sqlite(sought: &Sought, mark: &str, tags: &[String]) -> String {
    let phrase = |it: &Phrase| {
        let words: Vec<String> = it.words.iter().map(|it| format!("{mark}{it}")).collect();
        let words = format!("\"{}\"", words.join(" "));
        let either = it.whole.as_ref().map(|whole| format!("(\"{mark}{whole}\" OR {words})"));
        format!("{{whole body}} : {}", either.unwrap_or(words))
    };
    let mut all: Vec<String> = sought.all.iter().map(phrase).collect();
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|it| format!("\"{it}\"")).collect();
        all.push(format!("tag : ({})", tags.join(" OR ")));
    }
    let all: Vec<String> = all.into_iter().map(|it| format!("({it})")).collect();
    let mut text = format!("({})", all.join(" AND "));
    for it in &sought.none {
        text = format!("({text} NOT ({}))", phrase(it));
    }
    text
}

fn of_postgres(sought: &Sought, mark: &str, tags: &[String]) -> String {
    let phrase = |it: &Phrase| {
        let words: Vec<String> = it.words.iter().map(|it| format!("'{mark}{it}'")).collect();
        let words = words.join(" <-> ");
        it.whole.as_ref().map_or_else(|| format!("({words})"), |whole| format!("('{mark}{whole}' | ({words}))"))
    };
    let mut all: Vec<String> = sought.all.iter().map(phrase).collect();
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|it| format!("'={it}'")).collect();
        all.push(format!("({})", tags.join(" | ")));
    }
    all.extend(sought.none.iter().map(|it| format!("!{}", phrase(it))));
    all.join(" & ")
}
