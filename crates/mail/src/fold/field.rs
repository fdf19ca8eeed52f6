//! One line of those that programs write above an earlier mail: its name and its value.

use super::line::plain;

/// What a header line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    From,
    /// The time of sending, by a name that only mail programs use.
    Sent,
    /// The time, by a name that other lists have too.
    Date,
    To,
    Cc,
    Subject,
    Other,
}

/// The names of header lines, in lower case.
const NAMES: &[(&str, Field)] = &[
    ("from", Field::From),
    ("von", Field::From),
    ("de", Field::From),
    ("van", Field::From),
    ("da", Field::From),
    ("od", Field::From),
    ("från", Field::From),
    ("fra", Field::From),
    ("absender", Field::From),
    ("expéditeur", Field::From),
    ("remitente", Field::From),
    ("mittente", Field::From),
    ("afzender", Field::From),
    ("remetente", Field::From),
    ("nadawca", Field::From),
    ("lähettäjä", Field::From),
    ("sent", Field::Sent),
    ("sent at", Field::Sent),
    ("sent on", Field::Sent),
    ("date sent", Field::Sent),
    ("gesendet", Field::Sent),
    ("gesendet am", Field::Sent),
    ("envoyé", Field::Sent),
    ("envoyé le", Field::Sent),
    ("envoyé par", Field::Other),
    ("date d'envoi", Field::Sent),
    ("enviado", Field::Sent),
    ("enviado el", Field::Sent),
    ("enviado em", Field::Sent),
    ("enviada", Field::Sent),
    ("enviada em", Field::Sent),
    ("fecha de envío", Field::Sent),
    ("verzonden", Field::Sent),
    ("verstuurd", Field::Sent),
    ("inviato", Field::Sent),
    ("inviata", Field::Sent),
    ("data invio", Field::Sent),
    ("wysłano", Field::Sent),
    ("wysłane", Field::Sent),
    ("skickat", Field::Sent),
    ("sendt", Field::Sent),
    ("date", Field::Date),
    ("datum", Field::Date),
    ("fecha", Field::Date),
    ("data", Field::Date),
    ("dato", Field::Date),
    ("to", Field::To),
    ("an", Field::To),
    ("à", Field::To),
    ("a", Field::To),
    ("pour", Field::To),
    ("para", Field::To),
    ("aan", Field::To),
    ("do", Field::To),
    ("till", Field::To),
    ("til", Field::To),
    ("empfänger", Field::To),
    ("destinataire", Field::To),
    ("destinataires", Field::To),
    ("destinatario", Field::To),
    ("destinatari", Field::To),
    ("destinatário", Field::To),
    ("cc", Field::Cc),
    ("kopie", Field::Cc),
    ("copie", Field::Cc),
    ("copie à", Field::Cc),
    ("kopia", Field::Cc),
    ("kopi", Field::Cc),
    ("dw", Field::Cc),
    ("dodw", Field::Cc),
    ("subject", Field::Subject),
    ("betreff", Field::Subject),
    ("objet", Field::Subject),
    ("sujet", Field::Subject),
    ("asunto", Field::Subject),
    ("onderwerp", Field::Subject),
    ("oggetto", Field::Subject),
    ("assunto", Field::Subject),
    ("temat", Field::Subject),
    ("ämne", Field::Subject),
    ("emne", Field::Subject),
    ("aihe", Field::Subject),
    ("bcc", Field::Other),
    ("cci", Field::Other),
    ("cco", Field::Other),
    ("reply-to", Field::Other),
    ("reply to", Field::Other),
    ("antwort an", Field::Other),
    ("répondre à", Field::Other),
    ("responder a", Field::Other),
    ("rispondi a", Field::Other),
    ("antwoord aan", Field::Other),
    ("organization", Field::Other),
    ("importance", Field::Other),
    ("wichtigkeit", Field::Other),
    ("importancia", Field::Other),
    ("urgentie", Field::Other),
    ("priorität", Field::Other),
    ("priority", Field::Other),
    ("priorità", Field::Other),
    ("attachments", Field::Other),
    ("anlagen", Field::Other),
    ("anhänge", Field::Other),
    ("pièces jointes", Field::Other),
    ("message-id", Field::Other),
    ("resent-from", Field::Other),
];

/// The field of a header line, and its value.
pub(crate) fn field(text: &str) -> Option<(Field, &str)> {
    memchr::memchr(b':', text.as_bytes())?;
    let text = text.trim_start_matches([' ', '*', '|', '\t', '\u{a0}']);
    let colon = text.bytes().take(28).position(|it| it == b':')?;
    let (name, value) = (&text[..colon], &text[colon + 1..]);
    if name.is_empty() || name.starts_with(|it: char| !it.is_alphabetic()) {
        return None;
    }
    let name = plain(name.trim());
    let name = name.trim();
    let field = NAMES.iter().find(|it| it.0 == name)?.1;
    // Addresses of pages are no header lines.
    (!value.starts_with("//")).then(|| (field, value.trim_matches([' ', '*', '\t', '\u{a0}', '|'])))
}
