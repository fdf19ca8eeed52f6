//! The subjects by which machines are known, in the languages that they write.

use aho_corasick::AhoCorasick;

use super::phrase::{Words, phrases, spoken};
use crate::table::{self, Beginnings, beginnings, words};

/// A subject without the marks that servers put before it, in lower case.
pub(super) struct Subject {
    text: String,
    reply: bool,
    forward: bool,
}

impl Subject {
    pub(super) fn of(subject: &str) -> Subject {
        let lower = spoken(subject);
        let mut text = lower.as_str();
        // What servers put before the subject: `[EXTERNAL]`, `***SPAM***`.
        while let Some(rest) = text.strip_prefix('[').and_then(|it| it.split_once(']')).map(|it| it.1) {
            text = rest.trim_start();
        }
        text = text.trim_start_matches("***spam***").trim_start();
        let replies =
            ["re:", "re :", "aw:", "sv:", "antw:", "res:", "rif:", "r:", "ré:", "odp:", "vs:", "antwort:", "re["];
        let forwards = ["fwd:", "fw:", "wg:", "tr:", "tr :", "rv:", "i:", "enc:", "doorst:", "vb:", "fwd :", "wtr:"];
        let reply = replies.iter().any(|it| text.starts_with(it));
        let forward = forwards.iter().any(|it| text.starts_with(it));
        Subject { text: text.to_owned(), reply, forward }
    }

    pub(super) fn replies(&self) -> bool {
        self.reply
    }

    pub(super) fn forwards(&self) -> bool {
        self.forward
    }

    /// Whether it is that of a report that a mail has not arrived.
    pub(super) fn undelivered(&self) -> bool {
        static ALL: Beginnings = Beginnings::new(|| beginnings_of(UNDELIVERED_SUBJECTS));
        ALL.start(&self.text)
    }

    /// Whether it is that of a read receipt; people write these words, too.
    pub(super) fn was_read(&self) -> bool {
        static ALL: Beginnings = beginnings!(&[
            "read:",
            "read receipt",
            "not read:",
            "return receipt",
            "gelesen:",
            "ungelesen gelöscht:",
            "nicht gelesen:",
            "lesebestätigung",
            "empfangsbestätigung (angezeigt)",
            "lu :",
            "lu:",
            "non lu :",
            "accusé de lecture",
            "confirmation de lecture",
            "leído:",
            "leido:",
            "no leído:",
            "confirmación de lectura",
            "gelezen:",
            "niet gelezen:",
            "leesbevestiging",
            "letto:",
            "non letto:",
            "conferma di lettura",
            "ricevuta di lettura",
            "lida:",
            "não lida:",
            "confirmação de leitura",
            "disposition notification",
        ]);
        ALL.start(&self.text)
    }

    /// Whether it asks to prove that a person wrote.
    pub(super) fn challenges(&self) -> bool {
        static ALL: table::Words = words!(&[
            "requires verification verify#",
            "(verification required)",
            "[verification required]",
            "please confirm your message",
            "please confirm your email to",
            "confirm you are human",
            "confirm that you are human",
            "prove you are human",
            "suspect email blocker",
            "sender verification",
            "bitte bestätigen sie ihre nachricht",
            "bitte bestätigen sie ihre e-mail",
            "confirmez votre message",
            "confirme su mensaje",
            "your message is awaiting approval",
            "action required to deliver your message",
            "demande d'authentification",
            "please confirm (conf#",
            "confirme o envio da sua mensagem",
            "antispam uol",
            "tira-teima",
            "sua mensagem foi retida",
            "confirmação de envio de mensagem",
            "bestätigung ihrer nachricht",
        ]);
        ALL.part(&self.text)
    }

    /// Whether only a machine that answers writes it. What asks something in such words is a person's question about them,
    /// unless it answers a mail or has the words of an absence. People answer below such a subject, too: without a
    /// `machine` that sent it, its words decide.
    pub(super) fn answers(&self, answer: bool, machine: bool, words: &mut Words<'_>) -> bool {
        static CERTAIN: Beginnings = Beginnings::new(|| beginnings_of(ANSWER_SUBJECTS));
        static LIKELY: Beginnings = Beginnings::new(|| beginnings_of(ABSENCE_SUBJECTS));
        if self.reply || self.forward {
            return false;
        }
        let certain = CERTAIN.longest(&self.text);
        let likely = LIKELY.longest(&self.text);
        let Some(rest) = certain.or(likely) else { return false };
        let evident = words.absent() || words.acknowledge();
        // A machine puts the subject that it answers behind a colon.
        let colon = self.text[..self.text.len() - rest.len()].ends_with(':');
        let answered = colon || rest.starts_with(':') || rest.starts_with(" :");
        if certain.is_some() && !machine {
            let says = evident || words.unread() || words.none() || !answer && words.confirms();
            return says && (answer || answered || !self.text.contains('?') && !words.asks());
        }
        if certain.is_some() {
            return answer || evident && answered || !self.text.contains('?') && !words.asks();
        }
        evident && (answer || answered) && !words.asks()
    }
}

/// How the phrases of a list begin a text.
fn beginnings_of(all: &[&str]) -> Option<AhoCorasick> {
    table::starts(&phrases(all).collect::<Vec<_>>())
}

const ANSWER_SUBJECTS: &[&str] = &[
    "automatic reply:|automatic reply to|automatic response:|automated reply:|automated response:|auto reply:",
    "auto-reply:|autoreply:|auto response:|auto-response:|autoresponse:|[auto-reply]|out of office autoreply",
    "out of office auto-reply|out of office reply|out of office automatic|automatische antwort",
    "automatische abwesenheit|automatische rückantwort|abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsmeldung",
    "abwesenheitsassistent|réponse automatique|reponse automatique|message d'absence|absence du bureau",
    "réponse d'absence|respuesta automática|respuesta automatica|mensaje de ausencia|automatisch antwoord",
    "automatische reactie|automatische beantwoording|afwezigheidsbericht|afwezigheidsmelding|risposta automatica",
    "messaggio di assenza|resposta automática|resposta automatica|mensagem de ausência|autosvar:|automatiskt svar",
    "automatisk svar|automaattinen vastaus|automatyczna odpowiedź",
];

const ABSENCE_SUBJECTS: &[&str] = &[
    "out of office|out of the office|auto|automatic reply|automatic response|autoreply|auto-reply|on vacation",
    "vacation|away from|i am away|i am out|i'm away|i'm out|ooo|abwesend|abwesenheit|nicht im büro|im urlaub|absence",
    "absent|en congé|fuera de la oficina|fuera de oficina|ausente|ausencia|afwezig|niet aanwezig|fuori ufficio",
    "fuori sede|assenza|fora do escritório|ausência",
];

const UNDELIVERED_SUBJECTS: &[&str] = &[
    "undeliver|mail delivery fail|mail delivery system|mail delivery delayed|mail delivery problem",
    "mail delivery error|delivery status notification|delivery status:|failure notice|failed mail|returned mail",
    "returned to sender|mail returned|message returned|delivery fail|delivery has failed|delivery notification",
    "delivery report|delivery error|delivery problem|delivery delayed|delivery incomplete|message delivery",
    "message undeliver|message not delivered|message delayed|message status|message rejected|mail undeliver",
    "mail not delivered|mail could not be delivered|mail system error|email delivery fail|e-mail delivery fail",
    "warning: message|warning: could not send|warning: mail|delayed mail|delayed delivery|non-deliver|non deliver",
    "nondeliver|nondelivery|nachricht nicht zugestellt|address not found|recipient not found|user unknown",
    "unknown user|no such user|mailbox full|mailbox is full|over quota|your message couldn't|your message could not",
    "your message wasn't|your message was not|your mail could not|your email could not|your email wasn't",
    "message blocked|rejected:|blocked:|unzustellbar|nicht zustellbar|nicht zugestellt|zustellung|zustellungsfehler",
    "zustellfehler|fehler bei der|fehlgeschlagen|mail konnte nicht|e-mail konnte nicht|nachricht konnte nicht",
    "ihre nachricht konnte nicht|ihre e-mail konnte nicht|verzögerung|postfach voll|échec de|echec de|échec d'",
    "echec d'|échec|non remis|non remise|non distribu|message non|courrier non|votre message n'a pas",
    "retour de courrier|retard de|notification d'état|notification d'échec|no se puede entregar|no se pudo entregar",
    "no se ha podido entregar|no entregado|no entregable|correo no entregado|mensaje no entregado|mensaje devuelto",
    "correo devuelto|error de entrega|error en la entrega|fallo en la entrega|fallo de entrega|entrega fallida",
    "notificación de|su mensaje no|onbestelbaar|onbezorgbaar|niet bezorgd|niet afgeleverd|bezorging|bericht niet",
    "uw bericht|kan niet worden|kon niet worden|mislukte|aflevering|non recapitabile|impossibile recapitare",
    "impossibile consegnare|mancata consegna|mancato recapito|messaggio non|errore di consegna|errore nella consegna",
    "notifica|mensagem não|mensagem devolvida|não foi possível entregar|não entregue|não é possível entregar",
    "falha na entrega|falha no envio|erro na entrega|notificação de",
];
