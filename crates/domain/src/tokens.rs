//! What words a text is made of: one function for the index of the search, for what is asked, and for the marks in an answer.
//!
//! Words are runs of letters and digits, in lower case and without accents; what is written in Chinese or Japanese
//! characters is a run of pairs. Each has a place, so that exact words can be asked for. A thing of several pieces with a
//! digit or an `@` in it (INV-10874, ann@northwind.example) counts as a whole, too, whatever stands between its pieces.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A longer word is cut: so much of it tells it from every other.
const LONGEST: usize = 64;
/// A whole of more pieces is none.
const PIECES: usize = 12;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where, in bytes of the text.
    pub at: Range<usize>,
    /// The word, folded.
    pub text: String,
}

/// A text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Its words, from the first to the last.
    pub words: Vec<Token>,
    /// What is a whole of several of them.
    pub wholes: Vec<Token>,
}

/// Takes a text apart.
pub fn tokens(text: &str) -> Tokens {
    let mut cut = Cut::default();
    for (at, it) in text.char_indices() {
        cut.take(at, it);
    }
    cut.end_word(text.len());
    cut.end_whole();
    cut.found
}

/// The words of a text by themselves, with spaces between: what two names have in common that differ in nothing else.
pub fn folded(text: &str) -> String {
    let words: Vec<String> = tokens(text).words.into_iter().map(|it| it.text).collect();
    words.join(" ")
}

#[derive(Default)]
struct Cut {
    found: Tokens,
    word: String,
    start: usize,
    /// The first word of the whole that may be forming, and whether one of its signs makes it one.
    first: usize,
    telling: bool,
    /// Whether the last sign joins two pieces.
    joined: bool,
    /// The last character of a run of such that are taken in pairs, whether a pair has been made of it, and where it stands.
    last: Option<(char, bool, usize)>,
}

impl Cut {
    fn take(&mut self, at: usize, it: char) {
        if it.is_ascii_alphanumeric() {
            self.begin(at);
            self.telling |= it.is_ascii_digit();
            self.word.push(it.to_ascii_lowercase());
        } else if it.is_ascii() {
            self.end_word(at);
            let joins =
                matches!(it, '-' | '_' | '.' | '@' | '+') && !self.joined && self.found.words.len() > self.first;
            if joins {
                self.telling |= it == '@';
                self.joined = true;
            } else {
                self.end_whole();
            }
        } else if is_paired(it) {
            self.pair(at, it);
        } else if is_mark(it) {
            // It belongs to the letter before it, and says nothing by itself.
        } else if it.is_alphanumeric() || unicode_normalization::char::is_combining_mark(it) {
            self.begin(at);
            fold(it, &mut self.word);
        } else {
            self.end_word(at);
            self.end_whole();
        }
    }

    fn begin(&mut self, at: usize) {
        self.end_pairs(at);
        if self.word.is_empty() {
            self.start = at;
        }
        self.joined = false;
    }

    fn end_word(&mut self, at: usize) {
        self.end_pairs(at);
        if !self.word.is_empty() {
            let text = shortened(std::mem::take(&mut self.word));
            self.found.words.push(Token { at: self.start..at, text });
        }
    }

    fn end_whole(&mut self) {
        let pieces = &self.found.words[self.first..];
        if self.telling && (2..=PIECES).contains(&pieces.len()) {
            let text: String = pieces.iter().map(|it| it.text.as_str()).collect();
            if text.len() <= LONGEST {
                let at = pieces[0].at.start..pieces[pieces.len() - 1].at.end;
                self.found.wholes.push(Token { at, text });
            }
        }
        (self.first, self.telling, self.joined) = (self.found.words.len(), false, false);
    }

    fn pair(&mut self, at: usize, it: char) {
        if self.last.is_none() {
            self.end_word(at);
            self.end_whole();
        }
        if let Some((before, _, start)) = self.last {
            let text = [before, it].iter().collect();
            self.found.words.push(Token { at: start..at + it.len_utf8(), text });
        }
        self.last = Some((it, self.last.is_some(), at));
    }

    /// A run of one character is a word of one.
    fn end_pairs(&mut self, at: usize) {
        if let Some((it, paired, start)) = self.last.take() {
            if !paired {
                self.found.words.push(Token { at: start..at, text: it.to_string() });
            }
            self.first = self.found.words.len();
        }
    }
}

/// Lower case, and letters in place of their variants.
fn fold(it: char, word: &mut String) {
    // What a letter is made of can be a sign: the word must stay one.
    let letters = it.to_lowercase().nfkd().flat_map(char::to_lowercase).filter(|it| !is_mark(*it));
    for letter in letters.filter(|it| it.is_alphanumeric() || !it.is_ascii()) {
        match letter {
            'ß' => word.push_str("ss"),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            'ø' => word.push('o'),
            'ł' => word.push('l'),
            'đ' | 'ð' => word.push('d'),
            'þ' => word.push_str("th"),
            'ı' => word.push('i'),
            'ς' => word.push('σ'),
            _ => word.push(letter),
        }
    }
}

/// Accents, and the vowel points of Arabic and Hebrew: a word is found without them.
fn is_mark(it: char) -> bool {
    matches!(it, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Scripts that put no spaces between their words.
fn is_paired(it: char) -> bool {
    matches!(it, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}' | '\u{e00}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}')
}

fn shortened(mut word: String) -> String {
    if word.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|it| word.is_char_boundary(*it)).unwrap_or_default();
        word.truncate(end);
    }
    word
}
