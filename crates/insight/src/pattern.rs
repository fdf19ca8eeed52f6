//! Patterns of words, as the rules write them.
//!
//! | Written | Matches |
//! |---|---|
//! | `word` | that word |
//! | `a\|b` | one of them |
//! | `(a\|b c)` | one of these patterns |
//! | `<name>` | one phrase of that set |
//! | `[number]` | a word of that kind: `number`, `ordinal`, `weekday`, `month`, `unit`, `amount`, `date`, `daymonth`, `clock`, `name` |
//! | `_` | any word |
//! | `..` | up to four words, no comma among them |
//! | `...` | up to twelve words, and commas |
//! | `^` | the beginning of the sentence |
//! | `,` | the beginning of a clause |
//! | `$` | the end of the sentence |
//!
//! With `?` behind it a part may be missing. What a pattern matches hangs together: no dash, colon or bracket lies inside.

use std::collections::{BTreeMap, HashMap};

use crate::kind::Kind;
use crate::words::{Gap, Word};

/// One part of a pattern that is no word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Kind(Class),
    Nothing,
    Any,
    Gap { words: usize, commas: bool },
    Start,
    Clause,
    End,
}

/// A kind of word that a pattern can ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Number,
    Ordinal,
    Weekday,
    Month,
    Unit,
    Amount,
    Date,
    DayMonth,
    Clock,
    /// A word with a capital that the rules do not know: most often somebody's name.
    Name,
}

/// Where a pattern was found: words `start..end` of the sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hit<S> {
    pub(crate) sign: S,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Many patterns, each with what it is a sign of. Those that begin alike share their beginning, so that a word is compared
/// once for all of them: this is asked while people type.
pub(crate) struct Patterns<S> {
    nodes: Vec<Node<S>>,
}

/// What may follow after some parts of a pattern.
struct Node<S> {
    /// By each part as it is written, while patterns are added.
    tokens: HashMap<String, usize>,
    /// By each word.
    words: HashMap<u32, Vec<usize>>,
    /// By everything else.
    others: Vec<(Part, usize)>,
    /// What has been found here.
    signs: Vec<S>,
}

/// A walk from one word on.
struct Walk<'a, S> {
    nodes: &'a [Node<S>],
    words: &'a [Word],
    start: usize,
    found: Vec<Hit<S>>,
}

/// The words that patterns and tables name, and their numbers.
pub(crate) type Vocabulary = HashMap<Box<str>, u32>;

/// Reads patterns: the phrases of their sets, and the words met so far.
pub(crate) struct Reader<'a> {
    pub(crate) sets: &'a BTreeMap<String, Vec<String>>,
    pub(crate) vocabulary: &'a mut Vocabulary,
}

impl<S> Node<S> {
    fn new() -> Self {
        Self { tokens: HashMap::new(), words: HashMap::new(), others: Vec::new(), signs: Vec::new() }
    }
}

impl<S: Copy + PartialEq> Patterns<S> {
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new()] }
    }

    /// Adds one pattern; the error says what is wrong with it.
    pub(crate) fn add(&mut self, written: &str, sign: S, reader: &mut Reader<'_>) -> Result<(), String> {
        let end = self.walk(0, written, reader, 0)?;
        if end == 0 || written.split_whitespace().all(|it| ["^", ",", "$"].contains(&it) || it.ends_with('?')) {
            return Err(format!("nothing to find in {written:?}"));
        }
        let signs = &mut self.nodes[end].signs;
        if !signs.contains(&sign) {
            signs.push(sign);
        }
        Ok(())
    }

    /// The node after a row of parts, from this one on.
    fn walk(&mut self, from: usize, written: &str, reader: &mut Reader<'_>, depth: usize) -> Result<usize, String> {
        if depth > 8 {
            return Err(format!("sets that name each other: {written:?}"));
        }
        let mut at = from;
        for token in tokens(written) {
            at = self.step(at, token, reader, depth)?;
        }
        Ok(at)
    }

    /// The node after one part, new or known. All of its choices lead there, so that what follows is kept once.
    fn step(&mut self, at: usize, token: &str, reader: &mut Reader<'_>, depth: usize) -> Result<usize, String> {
        if let Some(known) = self.nodes[at].tokens.get(token) {
            return Ok(*known);
        }
        let next = self.nodes.len();
        self.nodes.push(Node::new());
        self.nodes[at].tokens.insert(token.to_owned(), next);
        let (choice, optional) = token.strip_suffix('?').map_or((token, false), |it| (it, true));
        if optional {
            self.nodes[at].others.push((Part::Nothing, next));
        }
        if let Some(part) = Part::written(choice) {
            self.nodes[at].others.push((part, next));
            return Ok(next);
        }
        for choice in choices(choice) {
            let inside = |open: char, close: char| choice.strip_prefix(open).and_then(|it| it.strip_suffix(close));
            let sets = reader.sets;
            let phrases: Vec<&str> = if let Some(name) = inside('<', '>') {
                sets.get(name).ok_or_else(|| format!("no set {name:?}"))?.iter().map(String::as_str).collect()
            } else if let Some(patterns) = inside('(', ')') {
                choices(patterns)
            } else if let Some(name) = inside('[', ']') {
                let class = Class::named(name).ok_or_else(|| format!("no kind {name:?}"))?;
                self.nodes[at].others.push((Part::Kind(class), next));
                continue;
            } else {
                vec![choice]
            };
            for phrase in phrases {
                if phrase.contains([' ', '|', '<', '(', '[', '?']) || Part::written(phrase).is_some() {
                    let end = self.walk(at, phrase, reader, depth + 1)?;
                    self.nodes[end].others.push((Part::Nothing, next));
                } else {
                    let id = reader.id(phrase);
                    self.nodes[at].words.entry(id).or_default().push(next);
                }
            }
        }
        Ok(next)
    }

    /// Everything that is found, by where it begins; of one sign at one place only the longest.
    pub(crate) fn find(&self, words: &[Word]) -> Vec<Hit<S>> {
        let mut out: Vec<Hit<S>> = Vec::new();
        let mut walk = Walk { nodes: &self.nodes, words, start: 0, found: Vec::new() };
        for start in 0..words.len() {
            walk.start = start;
            walk.on(0, start, true);
            out.append(&mut walk.found);
        }
        out
    }
}

impl<S: Copy + PartialEq> Walk<'_, S> {
    /// Goes on from a node at a word; `fresh` while no word is taken yet, so that what stands before the first does not
    /// matter.
    fn on(&mut self, node: usize, at: usize, fresh: bool) {
        let node = &self.nodes[node];
        for sign in &node.signs {
            match self.found.iter_mut().find(|it| it.sign == *sign) {
                Some(known) => known.end = known.end.max(at),
                None => self.found.push(Hit { sign: *sign, start: self.start, end: at }),
            }
        }
        let word = self.words.get(at).filter(|it| fresh || it.gap < Gap::Strong);
        if let Some(word) = word {
            for next in node.words.get(&word.id).into_iter().flatten() {
                self.on(*next, at + 1, false);
            }
        }
        for (part, next) in &node.others {
            match part {
                Part::Nothing => self.on(*next, at, fresh),
                Part::Start if at == 0 => self.on(*next, at, fresh),
                Part::Clause if self.words.get(at).is_some_and(|it| at == 0 || it.gap > Gap::None) => {
                    self.on(*next, at, true);
                }
                Part::End if at == self.words.len() => self.on(*next, at, fresh),
                Part::Kind(class) if word.is_some_and(|it| class.has(it)) => self.on(*next, at + 1, false),
                Part::Any if word.is_some() => self.on(*next, at + 1, false),
                Part::Gap { words: most, commas } => {
                    let widest = if *commas { Gap::Comma } else { Gap::None };
                    let room = self.words[at..].iter().take(*most).take_while(|it| it.gap <= widest).count();
                    (0..=room).for_each(|it| self.on(*next, at + it, false));
                }
                _ => {}
            }
        }
    }
}

impl Reader<'_> {
    /// The number of a word, new or known.
    pub(crate) fn id(&mut self, word: &str) -> u32 {
        let next = u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX - 1) + 1;
        *self.vocabulary.entry(word.into()).or_insert(next)
    }
}

/// The parts of a pattern that spaces separate, outside of brackets.
fn tokens(written: &str) -> Vec<&str> {
    split(written, ' ').into_iter().filter(|it| !it.is_empty()).collect()
}

/// The choices of a part, outside of brackets.
fn choices(written: &str) -> Vec<&str> {
    split(written, '|')
}

fn split(written: &str, mark: char) -> Vec<&str> {
    let mut depth = 0_i32;
    written
        .split(|it: char| {
            depth += i32::from(it == '(') - i32::from(it == ')');
            it == mark && depth == 0
        })
        .collect()
}

impl Part {
    /// The part that is written by a mark.
    fn written(token: &str) -> Option<Self> {
        Some(match token {
            "^" => Self::Start,
            "," => Self::Clause,
            "$" => Self::End,
            "_" => Self::Any,
            ".." => Self::Gap { words: 4, commas: false },
            "..." => Self::Gap { words: 12, commas: true },
            _ => return None,
        })
    }
}

impl Class {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "ordinal" => Self::Ordinal,
            "weekday" => Self::Weekday,
            "month" => Self::Month,
            "unit" => Self::Unit,
            "amount" => Self::Amount,
            "date" => Self::Date,
            "daymonth" => Self::DayMonth,
            "clock" => Self::Clock,
            "name" => Self::Name,
            _ => return None,
        })
    }

    fn has(self, word: &Word) -> bool {
        let kind = word.kind;
        match self {
            Self::Name => word.id == 0 && word.capital && kind == Kind::Plain,
            Self::Number => matches!(kind, Kind::Number(_)),
            Self::Ordinal => matches!(kind, Kind::Ordinal(_)),
            Self::Weekday => matches!(kind, Kind::Weekday(_)),
            Self::Month => matches!(kind, Kind::Month(_)),
            Self::Unit => matches!(kind, Kind::Unit(_)),
            Self::Amount => matches!(kind, Kind::Amount(..)),
            Self::Date => matches!(kind, Kind::Date(_)),
            Self::DayMonth => matches!(kind, Kind::DayMonth(..)),
            Self::Clock => matches!(kind, Kind::Clock(_)),
        }
    }
}
