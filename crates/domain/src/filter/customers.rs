//! What people type above the list of customers.
//!
//! It is written as the filter over cases is, with the same quotation marks, commas and minus signs ([`super`]); only the
//! words differ, since a customer has other traits than a case. And here words may stand alone: together they are the
//! beginning of a name.
//!
//! | Written | Means |
//! |---|---|
//! | `is:organization` | a company; `is:individual`, `is:provisional` |
//! | `-is:provisional` | it does not hold |
//! | `domain:northwind.example` | who owns it |
//! | `field:"Plan=Gold"` | what a field of theirs says |
//! | `north` | whose name begins so |

use std::ops::Range;

use super::scan::{Piece, Value, pieces};
use super::{nearest, quoted, says};
use crate::tokens::folded;
use crate::word::words;
use crate::{CustomerKind, Word};

words! {
    /// What can be asked about a customer.
    Key {
        /// What they are.
        Is = "is",
        /// A domain that is theirs.
        Domain = "domain",
        /// What a field of theirs says.
        Field = "field",
    }
}

words! {
    /// What a customer is.
    Is {
        /// A company.
        Organization = "organization",
        /// A person.
        Individual = "individual",
        /// Nobody has said yet who they are.
        Provisional = "provisional",
    }
}

/// A condition; a list means one of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What they are.
    Is(Vec<Is>),
    /// One of these domains is theirs.
    Domain(Vec<String>),
    /// A field of theirs says this: what it is called, and what it says.
    Field(Vec<(String, String)>),
}

/// A condition, and whether it must not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// Whether it must not hold.
    pub not: bool,
    /// The condition.
    pub ask: Ask,
}

/// What somebody asks of the list: all of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the order in which they were written.
    pub terms: Vec<Term>,
    /// How the name begins, folded; empty if nobody asks.
    pub name: String,
}

/// Something in it that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The list knows no such word; perhaps the other was meant.
    UnknownKey(Option<Key>),
    /// The word cannot have that value; perhaps the other was meant.
    UnknownValue(Key, Option<&'static str>),
    /// Nothing stands behind the colon.
    NoValue(Key),
    /// A name is looked for, and never kept out.
    NotAName,
    /// A field and what it says, with `=` between them, were asked for.
    NoField,
    /// No field is called so, or none of its choices is.
    UnknownField,
}

impl Filter {
    /// What `text` asks, and what in it says nothing.
    pub fn parse(text: &str) -> (Filter, Vec<Mistake>) {
        let (mut filter, mut mistakes, mut name) = (Filter::default(), Vec::new(), Vec::new());
        for Piece { at, not, key, values } in pieces(text) {
            let Some((word, place)) = key else {
                if not {
                    mistakes.push(Mistake { at, why: Why::NotAName });
                } else {
                    name.extend(values.into_iter().map(|it| it.text));
                }
                continue;
            };
            let Ok(key) = Key::parse(&word.to_lowercase()) else {
                let meant = nearest(&word, Key::ALL.iter().map(|it| it.word())).and_then(|it| Key::parse(it).ok());
                mistakes.push(Mistake { at: place, why: Why::UnknownKey(meant) });
                continue;
            };
            if values.is_empty() {
                mistakes.push(Mistake { at, why: Why::NoValue(key) });
                continue;
            }
            match ask(key, &values) {
                Ok(ask) => filter.terms.push(Term { at, not, ask }),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        filter.name = folded(&name.join(" "));
        (filter, mistakes)
    }

    /// Whether it asks for what is found in the order of names.
    pub fn is_by_name(&self) -> bool {
        !self.name.is_empty() || self.terms.iter().any(|it| !it.not && matches!(it.ask, Ask::Field(_)))
    }
}

fn ask(key: Key, values: &[Value]) -> Result<Ask, Mistake> {
    let one = |value: &Value| {
        Is::parse(&value.text.to_lowercase()).map_err(|_| {
            let meant = nearest(&value.text, Is::ALL.iter().map(|it| it.word()));
            Mistake { at: value.at.clone(), why: Why::UnknownValue(key, meant) }
        })
    };
    let field = |value: &Value| says(&value.text).ok_or_else(|| Mistake { at: value.at.clone(), why: Why::NoField });
    Ok(match key {
        Key::Is => Ask::Is(values.iter().map(one).collect::<Result<_, _>>()?),
        Key::Domain => Ask::Domain(values.iter().map(|it| it.text.trim_start_matches('@').to_lowercase()).collect()),
        Key::Field => Ask::Field(values.iter().map(field).collect::<Result<_, _>>()?),
    })
}

impl Is {
    /// Whether a customer is that.
    pub fn holds(self, kind: CustomerKind, provisional: bool) -> bool {
        match self {
            Is::Organization => kind == CustomerKind::Organization,
            Is::Individual => kind == CustomerKind::Individual,
            Is::Provisional => provisional,
        }
    }
}

impl Key {
    /// The values that everybody knows.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Key::Is => Is::ALL.iter().map(|it| it.word()).collect(),
            Key::Domain | Key::Field => Vec::new(),
        }
    }
}

/// What can stand behind `before`: where it begins, in bytes, and each with what it becomes. `said` is what fields can say.
pub fn choices(before: &str, said: &[String]) -> (usize, Vec<String>) {
    let last = pieces(before).pop().filter(|it| it.at.end == before.len());
    let Some(last) = last else { return (before.len(), Key::ALL.iter().map(|it| format!("{it}:")).collect()) };
    let start = last.at.start + usize::from(last.not);
    match last.key.map(|(word, _)| Key::parse(&word.to_lowercase())) {
        None => {
            let typed = before[start..].to_lowercase();
            (start, Key::ALL.iter().map(|it| format!("{it}:")).filter(|it| it.starts_with(&typed)).collect())
        }
        Some(Ok(key)) => {
            let value = last.values.into_iter().next_back().filter(|it| it.at.end == before.len());
            let (at, typed) = value.map_or((before.len(), String::new()), |it| (it.at.start, it.text.to_lowercase()));
            let said: &[String] = if key == Key::Field { said } else { &[] };
            let known = key.values().into_iter().chain(said.iter().map(String::as_str));
            let known = known.filter(|it| it.to_lowercase().starts_with(&typed));
            (at, known.map(|it| quoted(it) + " ").collect())
        }
        Some(Err(_)) => (before.len(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_what_it_asks_and_points_at_what_it_does_not_know() {
        let (filter, mistakes) =
            Filter::parse("Zoë is:organization,provisional -is:individual domain:@x.example field:\"Plan = Gold\" we");
        assert_eq!(mistakes, []);
        assert_eq!(filter.name, "zoe we");
        let term = |at, not, ask| Term { at, not, ask };
        assert_eq!(
            filter.terms,
            [
                term(5..32, false, Ask::Is(vec![Is::Organization, Is::Provisional])),
                term(33..47, true, Ask::Is(vec![Is::Individual])),
                term(48..65, false, Ask::Domain(vec!["x.example".to_owned()])),
                term(66..85, false, Ask::Field(vec![("Plan".to_owned(), "Gold".to_owned())])),
            ]
        );
        for (text, at, why) in [
            ("domian:x", 0..6, Why::UnknownKey(Some(Key::Domain))),
            ("owner:x", 0..5, Why::UnknownKey(None)),
            ("x is:organizaton", 5..16, Why::UnknownValue(Key::Is, Some("organization"))),
            ("is:", 0..3, Why::NoValue(Key::Is)),
            ("-north", 0..6, Why::NotAName),
            ("field:Plan", 6..10, Why::NoField),
        ] {
            assert_eq!(Filter::parse(text).1, [Mistake { at, why }], "{text}");
        }
    }

    #[test]
    fn what_fits_is_offered() {
        for (before, from, expected) in [
            ("", 0, &["is:", "domain:", "field:"][..]),
            ("north ", 6, &["is:", "domain:", "field:"]),
            ("-d", 1, &["domain:"]),
            ("is:", 3, &["organization ", "individual ", "provisional "]),
            ("is:organization,p", 16, &["provisional "]),
            ("field:pl", 6, &["\"Plan=Pure gold\" "]),
            ("owner:", 6, &[]),
        ] {
            let said = ["Plan=Pure gold".to_owned(), "Size=1".to_owned()];
            assert_eq!(
                choices(before, &said),
                (from, expected.iter().map(|it| (*it).to_owned()).collect()),
                "{before}"
            );
        }
    }
}
