//! What the receiving server says about a mail being unwanted.
//!
//! Every filter has a field of its own. The topmost of a name counts, for what stands below it may have been written by the
//! sender. Whoever says that it is unwanted is believed against those who say that it is not: nobody says so about their own
//! mail. A tag in the subject counts only where no field says anything.

use domain::Spam;

use crate::clean::{cut, label};
use crate::header::Head;

/// A field, and what its value says in lower case: unwanted, wanted, or nothing.
type Field = (&'static str, fn(&str) -> Option<bool>);

/// The fields of filters.
const FIELDS: &[Field] = &[
    ("X-Spam-Flag", word),
    ("X-Spam-Status", word),
    ("X-Spam", word),
    ("X-Spam-Result", word),
    ("X-Spam-Action", action),
    ("X-Rspamd-Action", action),
    ("X-Rspamd-Result", action),
    ("X-Spamd-Result", rspamd),
    ("X-Barracuda-Spam-Status", word),
    ("X-Barracuda-Spam-Flag", word),
    ("X-Forefront-Antispam-Report", forefront),
    ("X-Microsoft-Antispam-Mailbox-Delivery", mailbox_delivery),
    ("X-MS-Exchange-Organization-SCL", confidence),
    ("X-Proofpoint-Spam-Details", proofpoint),
    ("X-UI-Filterresults", junk),
    ("X-GMX-Antispam", level_above_zero),
    ("X-Bogosity", word),
    ("X-DSPAM-Result", word),
    ("X-CRM114-Status", word),
    ("X-VR-SPAMSTATE", word),
    ("X-OVH-Spam-Status", word),
    ("X-SES-Spam-Verdict", verdict),
    ("X-TM-AS-Result", word),
    ("X-KLMS-AntiSpam-Status", word),
    ("X-Gm-Spam", number_above_zero),
    ("X-Gnd-Spam-Score", word),
    ("X-YahooFilteredBulk", |_| Some(true)),
    ("X-Ham-Report", |_| Some(false)),
];

/// Fields that only count: asked where the others say nothing.
const LEVELS: &[Field] = &[("X-Spamd-Bar", bar), ("X-Spam-Level", stars)];

/// Whether the server takes the mail for unwanted; `None` if it does not say.
pub(crate) fn spam(head: &Head<'_>, subject: &str) -> Option<Spam> {
    let asked = |fields: &[Field]| {
        let mut first = None;
        for (name, says) in fields {
            let Some(value) = head.plain(name) else { continue };
            let Some(unwanted) = says(value.trim().to_ascii_lowercase().as_str()) else { continue };
            let said = || Spam { unwanted, said: label(cut(&format!("{name}: {value}"), 300)) };
            if unwanted {
                return Some(said());
            }
            first = first.or_else(|| Some(said()));
        }
        first
    };
    asked(FIELDS).or_else(|| asked(LEVELS)).or_else(|| {
        let start = subject.trim_start().to_ascii_lowercase();
        let tags =
            ["***spam***", "*****spam*****", "**spam**", "[spam]", "[spam?]", "{spam?}", "{spam}", "[***spam***]"];
        let tagged = tags.iter().any(|it| start.starts_with(it));
        tagged.then(|| Spam { unwanted: true, said: format!("Subject: {}", cut(subject, 100)) })
    })
}

/// Yes or no, in the words that filters use.
fn word(value: &str) -> Option<bool> {
    let first = value.split([' ', ',', ';', '(', ':', '=']).find(|it| !it.is_empty())?;
    let first = first.trim_end_matches('.').split_once("--").map_or(first, |it| it.0);
    match first {
        "yes" | "true" | "spam" | "1" | "junk" | "phishing" | "virus" | "malware" => Some(true),
        "no" | "false" | "ham" | "0" | "ok" | "innocent" | "whitelisted" | "good" | "clean" | "not_detected"
        | "legit" => Some(false),
        _ => None,
    }
}

/// What rspamd does with it. To put a mail off is no judgement.
fn action(value: &str) -> Option<bool> {
    let has = |it: &str| value.starts_with(it);
    if has("add header") || has("rewrite subject") || has("reject") || has("quarantine") || has("discard") {
        return Some(true);
    }
    if has("no action") || has("accept") || has("greylist") || has("soft reject") { Some(false) } else { word(value) }
}

/// `default: True [12.00 / 15.00]; ...`
fn rspamd(value: &str) -> Option<bool> {
    let behind = value.split_once(':').map_or(value, |it| it.1).trim_start();
    word(behind.split('[').next().unwrap_or_default())
}

/// The fields in `a:b;c:d`.
fn pairs(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(';').filter_map(|it| it.split_once(':')).map(|(name, it)| (name.trim(), it.trim()))
}

fn forefront(value: &str) -> Option<bool> {
    let of = |name: &str| pairs(value).find(|it| it.0 == name).map(|it| it.1);
    match of("sfv") {
        Some("spm" | "sks" | "skb" | "blk") => return Some(true),
        Some("nspm" | "skn" | "ska" | "sfe" | "skq") => return Some(false),
        _ => {}
    }
    let bad = |it: &str| matches!(it, "spm" | "hspm" | "phsh" | "hphsh" | "hphish" | "malw" | "amp" | "spoof");
    if of("cat").is_some_and(bad) {
        return Some(true);
    }
    of("scl").and_then(confidence)
}

/// Where Outlook has put it.
fn mailbox_delivery(value: &str) -> Option<bool> {
    let of = |name: &str| pairs(value).find(|it| it.0 == name).map(|it| it.1);
    match of("dest") {
        Some("j") => Some(true),
        Some("i") => Some(false),
        _ => None,
    }
}

/// A spam confidence level: from 5 on a mail goes to the junk folder.
fn confidence(value: &str) -> Option<bool> {
    Some(value.split(' ').next()?.parse::<i32>().ok()? >= 5)
}

fn proofpoint(value: &str) -> Option<bool> {
    let rule = value.split([' ', ';', '\t']).find_map(|it| it.strip_prefix("rule="))?;
    if rule.contains("notspam") || rule.contains("safe") {
        return Some(false);
    }
    ["spam", "phish", "malware", "adult"].iter().any(|it| rule.contains(it)).then_some(true)
}

/// `junk:10;...` or `notjunk:1;...`
fn junk(value: &str) -> Option<bool> {
    match value.split([':', ';']).next()?.trim() {
        "junk" => Some(true),
        "notjunk" => Some(false),
        _ => None,
    }
}

fn number(value: &str) -> Option<f64> {
    value.split([' ', '(', ',', ';']).next()?.parse().ok()
}

fn level_above_zero(value: &str) -> Option<bool> {
    number(value).map(|it| it > 0.0)
}

fn number_above_zero(value: &str) -> Option<bool> {
    word(value).or_else(|| number(value).map(|it| it > 0.0))
}

fn verdict(value: &str) -> Option<bool> {
    match value {
        "fail" => Some(true),
        "pass" => Some(false),
        _ => None,
    }
}

/// A bar of one sign for each point: `+++++++`, `---`, or `/` about zero. Six are rspamd's own limit.
fn bar(value: &str) -> Option<bool> {
    let points = value.bytes().take_while(|it| *it == b'+').count();
    (points > 0 || value.starts_with(['-', '/'])).then_some(points >= 6)
}

/// A star for each point, or the points behind a few words: five are the usual limit.
fn stars(value: &str) -> Option<bool> {
    let first = value.split(' ').next().unwrap_or_default();
    if first.bytes().all(|it| matches!(it, b'*' | b'x' | b's' | b'+')) {
        return Some(first.len() >= 5);
    }
    let points = value.rsplit_once(':').map_or(value, |it| it.1).split_whitespace().next()?;
    points.parse::<f64>().ok().map(|it| it >= 5.0)
}
