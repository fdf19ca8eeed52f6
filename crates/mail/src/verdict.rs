//! What the receiving server found out about the sender (RFC 8601).

use domain::{Email, Verdict};

use crate::header::{Head, whole};
use crate::read::Receiver;

/// The verdict of the topmost Authentication-Results of the receiver's own server; anybody can write the others.
///
/// DMARC decides. Where it says nothing, a DKIM signature of the sender's own domain, or of one above or below it, is
/// enough (RFC 7489 §3.1.1, relaxed). That nobody vouches is no failure; and nobody can vouch for several senders. A field
/// is read to its end, however long it is: what stands last in it counts too. One that ends within a quotation or a comment
/// may hide a denial in it, and counts as one.
pub(crate) fn verdict(head: &Head<'_>, receiver: &Receiver<'_>, from: &[Email]) -> Verdict {
    let Some(own) = receiver.authserv_id else { return Verdict::Unknown };
    let results = head
        .all("Authentication-Results")
        .map(|it| statements(&whole(it)))
        .find(|it| it.0.first().is_some_and(|id| id.split(' ').next().is_some_and(|id| id.eq_ignore_ascii_case(own))));
    let Some((results, closed)) = results else { return Verdict::Unknown };
    let results: Vec<Statement> = results.iter().skip(1).filter_map(|it| Statement::of(it)).collect();
    if !closed || results.iter().any(|it| it.method == "dmarc" && it.result == "fail") {
        return Verdict::Failed;
    }
    let [from] = from else { return Verdict::Unknown };
    let passed = |method: &'static str| results.iter().filter(move |it| it.method == method && it.result == "pass");
    let mut judged = passed("dmarc").peekable();
    let vouched = if judged.peek().is_some() {
        judged.any(|it| it.domains("header.from").all(|it| related(it, from.domain())))
    } else {
        passed("dkim")
            .flat_map(|it| it.domains("header.d").chain(it.domains("header.i")))
            .any(|it| related(it, from.domain()))
    };
    if vouched { Verdict::Aligned } else { Verdict::Unknown }
}

/// One result: `method=result` and its properties.
struct Statement {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Statement {
    fn of(text: &str) -> Option<Statement> {
        let mut pairs = text.split(' ').filter_map(|it| it.split_once('='));
        let (method, result) = pairs.next()?;
        let method = method.split('/').next().unwrap_or_default();
        Some(Statement {
            method: method.to_ascii_lowercase(),
            result: result.to_ascii_lowercase(),
            properties: pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_ascii_lowercase())).collect(),
        })
    }

    /// The domains in the properties of this name.
    fn domains<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.properties
            .iter()
            .filter(move |it| it.0 == name)
            .map(|(_, value)| value.rsplit_once('@').map_or(value.as_str(), |it| it.1).trim_end_matches('.'))
    }
}

/// Whether one domain is the other, or above it.
fn related(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let long = long.to_ascii_lowercase();
    let short = short.to_ascii_lowercase();
    long == short || short.contains('.') && long.strip_suffix(&short).is_some_and(|it| it.ends_with('.'))
}

/// The statements between the semicolons, without comments and quotation marks, with single spaces and none around `=`;
/// and whether every comment and quotation was closed.
fn statements(text: &str) -> (Vec<String>, bool) {
    let mut found = Statements { done: Vec::new(), open: String::new(), space: false };
    let mut comment = 0_usize;
    let mut quoted = false;
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\\' if quoted || comment > 0 => {
                let next = rest.next();
                if comment == 0
                    && let Some(next) = next
                {
                    found.quoted(next);
                }
            }
            '"' if comment == 0 => quoted = !quoted,
            '(' if !quoted => comment += 1,
            ')' if !quoted && comment > 0 => comment -= 1,
            ';' if !quoted && comment == 0 => found.end(),
            _ if comment > 0 => {}
            _ if quoted => found.quoted(it),
            _ => found.bare(it),
        }
    }
    found.end();
    (found.done, comment == 0 && !quoted)
}

/// Statements as they are read.
struct Statements {
    done: Vec<String>,
    open: String,
    /// White space stands behind what was read last.
    space: bool,
}

impl Statements {
    fn bare(&mut self, it: char) {
        if it.is_whitespace() {
            self.space = true;
            return;
        }
        if std::mem::take(&mut self.space) && it != '=' && !self.open.is_empty() && !self.open.ends_with('=') {
            self.open.push(' ');
        }
        self.open.push(it);
    }

    /// What is quoted is one value: it must not look like more results.
    fn quoted(&mut self, it: char) {
        self.bare(if it == '=' || it.is_whitespace() { '_' } else { it });
    }

    fn end(&mut self) {
        self.space = false;
        self.done.push(std::mem::take(&mut self.open));
    }
}
