//! Stories that repeat: what customers ask, and how it goes on. The text stands in stories.txt.

use super::Error;
use super::company::Language;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The customer.
    Theirs,
    /// We, to the customer.
    Ours,
    /// We, among ourselves.
    Note,
}

/// One step of a story, in one or several wordings.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Who speaks.
    pub side: Side,
    /// The wordings.
    pub wordings: Vec<String>,
}

/// A story.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its name.
    pub name: String,
    /// Whether it comes to billing@.
    pub billing: bool,
    /// The team that helps.
    pub team: String,
    /// Its language.
    pub language: Language,
    /// What comes with it: `photo`, `pdf`, `table`, `inline` or `html`.
    pub with: String,
    /// Its subjects.
    pub subjects: Vec<String>,
    /// Its steps.
    pub turns: Vec<Turn>,
}

/// All stories, and the small talk that fits into each.
#[derive(Debug)]
pub struct Stories {
    /// The stories.
    pub all: Vec<Story>,
    /// Small talk: turns of theirs and ours, one after the other.
    pub chatter: Vec<Story>,
}

/// Reads stories.txt.
pub fn stories() -> Result<Stories, Error> {
    let mut all: Vec<Story> = Vec::new();
    for line in include_str!("stories.txt").lines() {
        let mark = line.split_once(' ').filter(|it| it.0.len() == 1);
        let wrong = || Error::Text(line.to_owned());
        let story = all.last_mut();
        match (mark, story) {
            (Some(("@", head)), _) => all.push(begin(head).ok_or_else(wrong)?),
            (_, None) => {} // What stands before the first one explains the file.
            (Some(("#", text)), Some(story)) => story.subjects.push(text.to_owned()),
            (Some((mark @ (">" | "<" | "!"), text)), Some(story)) => {
                let side = match mark {
                    ">" => Side::Theirs,
                    "<" => Side::Ours,
                    _ => Side::Note,
                };
                story.turns.push(Turn { side, wordings: vec![text.to_owned()] });
            }
            (Some(("~", text)), Some(story)) if story.turns.is_empty() => story.subjects.push(text.to_owned()),
            (Some(("~", text)), Some(story)) => {
                story.turns.last_mut().ok_or_else(wrong)?.wordings.push(text.to_owned());
            }
            (_, Some(_)) if line.is_empty() => {}
            (_, Some(_)) => return Err(wrong()),
        }
    }
    let (chatter, all) = all.into_iter().partition(|it| it.name == "chatter");
    Ok(Stories { all, chatter })
}

fn begin(head: &str) -> Option<Story> {
    let mut words = head.split(' ');
    let name = words.next()?.to_owned();
    let (mailbox, team) = (words.next()?, words.next()?.to_owned());
    let language = Language::parse(words.next()?)?;
    let with = words.next().unwrap_or_default().to_owned();
    Some(Story { name, billing: mailbox == "billing", team, language, with, subjects: Vec::new(), turns: Vec::new() })
}

/// The text with facts in the place of their names in braces.
pub fn told(text: &str, facts: &[(&str, String)]) -> String {
    facts.iter().fold(text.to_owned(), |text, (name, fact)| text.replace(&format!("{{{name}}}"), fact))
}
