//! How people write: the facts that they name, their greetings, and how they end.

use super::company::{Language, Person};
use super::dice::Dice;

/// What stands in for the names in braces.
pub fn facts(dice: &mut Dice, shops: &[String], language: Language) -> Vec<(&'static str, String)> {
    const PRODUCTS: &[&str] = &["LP40", "LP40", "CS15", "PF60", "MS6"];
    let days: &[&str] = match language {
        Language::English => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        Language::German => &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
        Language::French => &["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
        Language::Spanish => &["lunes", "martes", "miércoles", "jueves", "viernes"],
    };
    let count = dice.between(2, 7);
    let made = dice.between(22, 27);
    let serial = format!("TL-{}-{made}-{:06}", dice.pick(PRODUCTS), dice.between(1, 60_000));
    vec![
        ("shop", dice.pick(shops).clone()),
        ("sn", serial),
        ("inv", format!("INV-{}", dice.between(10_300, 10_980))),
        ("rma", format!("RMA-{}", dice.between(2_100, 2_420))),
        ("cn", format!("CN-{}", dice.between(2_050, 2_240))),
        ("eur", format!("€{}", 169 * count)),
        ("n", count.to_string()),
        ("day", (*dice.pick(days)).to_owned()),
    ]
}

/// A number that tells how somebody writes, the same each time.
pub fn style(name: &str) -> usize {
    name.bytes().fold(7_usize, |sum, byte| (sum * 31 + usize::from(byte)) % 9973) % 6
}

fn first_name(name: &str) -> &str {
    name.trim_start_matches("Dr. ").split(' ').next().unwrap_or(name)
}

/// Their words with a greeting and a name, as this person writes.
pub fn dressed(language: Language, text: &str, to: Option<&str>, person: &Person, customer: &str) -> String {
    let (style, first, full) = (style(&person.name), first_name(&person.name), person.name.as_str());
    let greeting = match (language, to) {
        (Language::English, None) => {
            ["Hello,", "Hi,", "Dear team,", "Hi there,", "Good morning,", "Hello Tareline,"][style].to_owned()
        }
        (Language::English, Some(_)) if style == 3 || style == 1 => String::new(),
        (Language::English, Some(to)) => format!("{} {to},", ["Hello", "Hi", "Dear", "Hi", "Hello", "Hi"][style]),
        // A text that begins with a capital goes on from the last mail, without a greeting.
        _ if text.starts_with(char::is_uppercase) => String::new(),
        (Language::German, None) => "Guten Tag,".to_owned(),
        (Language::German, Some(to)) => format!("Hallo {to},"),
        (Language::French, _) => "Bonjour,".to_owned(),
        (Language::Spanish, _) => "Buenos días:".to_owned(),
    };
    let closing = match language {
        Language::English => ["Thanks,", "", "Kind regards", "Best,", "Regards", ""][style],
        Language::German => ["Danke und Grüße", "", "Mit freundlichen Grüßen", "Gruß", "Freundliche Grüße", ""][style],
        Language::French => ["Merci,", "", "Bien cordialement", "Merci d'avance", "Cordialement", ""][style],
        Language::Spanish => ["Gracias,", "", "Un cordial saludo", "Saludos", "Atentamente", ""][style],
    };
    let end = match style {
        0 | 1 => format!("{closing}\n{first}"),
        2 => format!("{closing}\n{full}\n\n-- \n{full}\n{customer}\nTel. +44 20 7946 0{:03}", 100 + full.len() * 17),
        3 => format!("{closing}\n{first}\n\nSent from my phone"),
        4 => format!("{closing}\n{full}\n{customer}"),
        _ => full.to_owned(),
    };
    [greeting.as_str(), text, end.trim()].iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>().join("\n\n")
}

/// Our words with a greeting and a name.
pub fn answer(language: Language, text: &str, person: &Person, by: &str) -> String {
    let (first, us) = (first_name(&person.name), first_name(by));
    let capital = text.starts_with(char::is_uppercase);
    let (greeting, closing) = match language {
        Language::English => (format!("Hi {first},"), "Best regards"),
        Language::German if capital => (format!("Guten Tag {first}!"), "Freundliche Grüße"),
        Language::German => (format!("Guten Tag {first},"), "Freundliche Grüße"),
        Language::French => (format!("Bonjour {first},"), "Bien cordialement"),
        Language::Spanish => (format!("Hola {first}:"), "Un saludo"),
    };
    format!("{greeting}\n\n{text}\n\n{closing}\n{us}")
}
