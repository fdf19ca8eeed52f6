//! Which language a text is in.
//!
//! To take one language for another is the worse mistake: rules would be read into words that mean something else. So a
//! text counts as a language only if enough of its words are among the commonest ones of that language, and none or few
//! are those of another.

use serde::{Deserialize, Serialize};

use crate::rules::Rules;
use crate::sentence::sentences;
use crate::words::words;

/// A language that the Brief can read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English, as it is written anywhere.
    English,
}

impl Language {
    pub(crate) const ALL: &[Self] = &[Self::English];
}

/// What is known of the language of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tongue {
    Known(Language),
    /// Too few words to tell, or few and none of them of another language.
    Short,
    /// Another one, or no language at all.
    Other,
}

/// Fewer words than this tell nothing.
const ENOUGH: usize = 6;
/// Nor do fewer than this if none of them is one of another language: so people write who leave the small words out.
const TERSE: usize = 20;
/// More words than this need not be read.
const PLENTY: usize = 400;

/// The language of a text, if it is one that the Brief can read. `None` for a text of a few words, too: read those as the
/// longer texts of the case.
pub fn language(text: &str) -> Option<Language> {
    match tongue(text) {
        Tongue::Known(it) => Some(it),
        Tongue::Short | Tongue::Other => None,
    }
}

/// The language of a text, or why that cannot be told.
pub(crate) fn tongue(text: &str) -> Tongue {
    let mut short = true;
    for rules in Rules::all() {
        let (mut all, mut common, mut foreign) = (0, 0, 0);
        'text: for sentence in sentences(text) {
            for word in words(text, &sentence, &[], rules) {
                // Numbers are of any language.
                if !text[word.start..word.end].contains(char::is_alphabetic) {
                    continue;
                }
                all += 1;
                common += usize::from(rules.is_common(word.id));
                foreign += usize::from(rules.is_foreign(word.id));
                if all > PLENTY {
                    break 'text;
                }
            }
        }
        short &= all < TERSE && foreign == 0 || all < ENOUGH && common > foreign;
        if all >= ENOUGH && common * 6 >= all && common > 2 * foreign {
            return Tongue::Known(rules.language);
        }
    }
    if short { Tongue::Short } else { Tongue::Other }
}
