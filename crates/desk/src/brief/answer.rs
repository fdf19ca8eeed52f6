//! What a model answered, as lines of the Brief: each rests on a sentence that was sent, or is not shown.

use domain::{BriefLine, WrittenLine};
use serde_json::Value;

use super::Mood;
use super::sent::Sent;

/// The longest line, in characters.
const LONG: usize = 240;
/// So many things that were tried are told.
const TRIED: usize = 3;

/// Its lines; or why it is of no use.
pub(crate) fn lines(answer: &str, sent: &Sent) -> Result<Vec<WrittenLine>, &'static str> {
    let it = object(answer).ok_or("it is not the JSON that was asked for")?;
    let mut reader = Reader { sent, lines: Vec::new(), wrong: 0 };
    if it.keys().all(|key| !matches!(key.as_str(), "issue" | "tried" | "mood" | "next")) {
        return Err("it is not the JSON that was asked for");
    }
    let one = |name: &str| it.get(name).filter(|it| !it.is_null());
    reader.add(BriefLine::Issue, one("issue"));
    let tried = match one("tried") {
        Some(Value::Array(all)) => all.iter().take(TRIED).collect(),
        it => it.into_iter().collect::<Vec<_>>(),
    };
    for it in tried {
        reader.add(BriefLine::Tried, Some(it));
    }
    reader.add_mood(one("mood"));
    reader.add(BriefLine::Next, one("next"));
    match reader {
        Reader { lines, wrong: 1.., .. } if lines.is_empty() => {
            Err("none of its lines rests on a sentence that was sent")
        }
        Reader { lines, .. } => Ok(lines),
    }
}

/// The JSON object in what a model says: alone, in a fence, or behind what it thought.
fn object(answer: &str) -> Option<serde_json::Map<String, Value>> {
    let said = answer.rsplit_once("</think>").map_or(answer, |it| it.1);
    let text = said.get(said.find('{')?..=said.rfind('}')?)?;
    match serde_json::from_str(text) {
        Ok(Value::Object(it)) => Some(it),
        _ => None,
    }
}

struct Reader<'a> {
    sent: &'a Sent,
    lines: Vec<WrittenLine>,
    /// How many lines were dropped.
    wrong: usize,
}

impl Reader<'_> {
    fn add(&mut self, line: BriefLine, it: Option<&Value>) {
        let Some(it) = it else { return };
        let found = it.get("text").and_then(Value::as_str).and_then(|text| {
            let text = clean(&self.sent.veil.lift(text)?);
            Some((text, self.source(it.get("source")?)?)).filter(|it| !it.0.is_empty())
        });
        match found {
            Some((text, nth)) => self.push(line, text, nth),
            None => self.wrong += 1,
        }
    }

    /// A mood is one of the desk's words, and only the customer can show it.
    fn add_mood(&mut self, it: Option<&Value>) {
        let Some(it) = it else { return };
        let word = it.get("word").or_else(|| it.get("text")).and_then(Value::as_str).unwrap_or_default();
        let word = word.trim().to_lowercase();
        if mood(&word).is_none() {
            return;
        }
        let nth = it.get("source").and_then(|it| self.source(it));
        match nth.filter(|nth| self.sent.sources.get(*nth).is_some_and(|it| it.1)) {
            Some(nth) => self.push(BriefLine::Mood, word, nth),
            None => self.wrong += 1,
        }
    }

    fn push(&mut self, line: BriefLine, text: String, nth: usize) {
        let Some((source, _)) = self.sent.sources.get(nth) else { return };
        let (case, entry, sentence) = (source.case, source.entry, source.sentence.clone());
        self.lines.push(WrittenLine { line, text, case, entry, sentence });
    }

    /// The place of the sentence that an id names: `s3`, `[s3]`, 3, or the first of several.
    fn source(&self, it: &Value) -> Option<usize> {
        let nth = match it {
            Value::Array(all) => return self.source(all.first()?),
            Value::Number(it) => it.as_u64()?,
            Value::String(it) => {
                let id = it.trim().trim_matches(['[', ']', '(', ')']);
                id.trim_start_matches(['s', 'S']).parse().ok()?
            }
            _ => return None,
        };
        let nth = usize::try_from(nth.checked_sub(1)?).ok()?;
        (nth < self.sent.sources.len()).then_some(nth)
    }
}

/// The mood that a word names.
pub fn mood(word: &str) -> Option<Mood> {
    Some(match word {
        "angry" => Mood::Angry,
        "frustrated" => Mood::Frustrated,
        "worried" => Mood::Worried,
        "pleased" => Mood::Pleased,
        _ => return None,
    })
}

/// One line of plain text, cut at a word if it is long: nothing in it that turns or hides what stands around it.
fn clean(text: &str) -> String {
    let odd = |it: char| {
        it.is_control() && !it.is_whitespace()
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let text: String = text.chars().filter(|it| !odd(*it)).collect();
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let more = word.chars().count() + usize::from(length > 0);
        if length + more > LONG {
            if length == 0 {
                out.extend(word.chars().take(LONG));
            }
            out.push('…');
            break;
        }
        if length > 0 {
            out.push(' ');
        }
        out.push_str(word);
        length += more;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::super::veil::Veil;
    use super::*;

    fn sent() -> Sent {
        let mut veil = Veil::default();
        veil.hide("ann@one.example");
        let source = |entry: i64| Source { case: 7, entry, sentence: format!("Sentence {entry}.") };
        Sent { text: String::new(), sources: vec![(source(1), true), (source(2), false)], veil }
    }

    fn read(answer: &str) -> Result<Vec<(BriefLine, String, i64)>, &'static str> {
        let lines = lines(answer, &sent())?;
        Ok(lines.into_iter().map(|it| (it.line, it.text, it.entry)).collect())
    }

    #[test]
    fn lines_come_with_their_sentences() {
        let answer = r#"{"issue": {"text": "Asks [email-1]\n for  it", "source": "s1"}, "tried": [{"text": "A", "source": 2},
            {"text": "B", "source": ["[S1]"]}], "mood": {"word": "Angry", "source": "s1"}, "next": null}"#;
        let tried = BriefLine::Tried;
        let wanted = [
            (BriefLine::Issue, "Asks ann@one.example for it".to_owned(), 1),
            (tried, "A".to_owned(), 2),
            (tried, "B".to_owned(), 1),
            (BriefLine::Mood, "angry".to_owned(), 1),
        ];
        assert_eq!(read(answer).unwrap(), wanted);
        assert_eq!(read(&format!("<think>{{}}</think>\nHere:\n```json\n{answer}\n```\n")).unwrap(), wanted);
    }

    #[test]
    fn what_rests_on_nothing_is_dropped() {
        let next = r#""next": {"text": "Call", "source": "s2"}"#;
        for wrong in [
            r#"{"text": "x", "source": "s3"}"#,
            r#"{"text": "x", "source": "s0"}"#,
            r#"{"text": "x", "source": "e1"}"#,
            r#"{"text": "x"}"#,
            r#"{"text": " ", "source": "s1"}"#,
            r#"{"text": "call [phone-1]", "source": "s1"}"#,
            r#""x""#,
        ] {
            let all = read(&format!("{{\"issue\": {wrong}, {next}}}")).unwrap();
            assert_eq!(all, [(BriefLine::Next, "Call".to_owned(), 2)], "{wrong}");
            assert!(read(&format!("{{\"issue\": {wrong}}}")).is_err(), "{wrong}");
        }
        let moods = r#"{"mood": {"word": "angry", "source": "s2"}, "next": {"text": "Call", "source": "s2"}}"#;
        assert_eq!(read(moods).unwrap().len(), 1);
        assert_eq!(read(r#"{"mood": {"word": "furious", "source": "s1"}}"#).unwrap(), []);
    }

    #[test]
    fn what_is_no_such_json_is_of_no_use() {
        for answer in ["", "I cannot.", "[1]", "{", "{}", "{\"brief\": 1}", "}{", "\"{\""] {
            assert!(read(answer).is_err(), "{answer}");
        }
        assert_eq!(read(r#"{"issue": null, "tried": [], "mood": null, "next": null}"#).unwrap(), []);
    }

    #[test]
    fn a_line_is_plain_and_has_an_end() {
        assert_eq!(clean("a\u{202e}b\u{0}\tc\u{200b}"), "ab c");
        assert_eq!(clean(&"word ".repeat(100)).chars().count(), 240);
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), 241);
    }
}
