//! What the messages of a case say: the Brief, and what we promised.
//!
//! Everything here is worked out by rules that are data, one file for each language (`rules/`): from the same messages comes the
//! same Brief, nothing leaves the desk, and every line points at the sentence that it comes from. In a language without
//! rules it says nothing. It reads no clock: who asks tells when something was said.
//!
//! | Module | Concept |
//! |---|---|
//! | `turn` | what goes in and what comes out |
//! | `brief` | the Brief, put together |
//! | `issue`, `tried`, `promise`, `due`, `waiting`, `mood` | its lines |
//! | `reading` | a text read once, for all of them |
//! | `language`, `sentence`, `words`, `kind` | a text as language, sentences, words, and what words mean for a date |
//! | `rules`, `pattern` | the rules, and the patterns that they are written in |

mod brief;
mod due;
mod issue;
mod kind;
mod language;
mod line;
mod mood;
mod pattern;
mod promise;
mod reading;
mod rules;
mod sentence;
mod tried;
mod turn;
mod waiting;
mod words;

pub use brief::brief;
pub use language::{Language, language};
pub use promise::{kept, promises};
pub use sentence::sentences;
pub use turn::{Brief, Due, From, Line, Mood, Promise, Span, Turn, Waiting};
