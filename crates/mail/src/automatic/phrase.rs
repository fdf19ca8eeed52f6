//! The words by which machines are known, in the languages that they write.

use domain::{Fold, FoldKind};

/// The beginning of a text, looked at only if somebody asks.
pub(super) struct Words<'a> {
    text: &'a str,
    folded: &'a [Fold],
    seen: Option<String>,
}

/// Bytes of a text in which a machine says what it is.
const BEGINNING: usize = 4 << 10;

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str, folded: &'a [Fold]) -> Words<'a> {
        Words { text, folded, seen: None }
    }

    /// What its sender wrote above what they quote, as one line in lower case.
    fn seen(&mut self) -> &str {
        let Words { text, folded, .. } = *self;
        self.seen.get_or_insert_with(|| {
            let mut start = String::new();
            let mut at = 0;
            let earlier = folded.iter().filter(|it| it.kind == FoldKind::Quote);
            for (from, to) in earlier.map(|it| (it.start as usize, it.end as usize)).chain([(text.len(), text.len())]) {
                start.push_str(crate::clean::cut(text.get(at..from).unwrap_or_default(), BEGINNING));
                at = to;
                if start.len() >= BEGINNING {
                    break;
                }
            }
            let start = crate::clean::cut(&start, BEGINNING);
            let quoted = |it: &&str| !it.trim_start().starts_with('>');
            let marks = ["-----original message", "-----ursprüngliche nachricht", "---------- forwarded message"];
            let own = |it: &&str| {
                let it = it.trim().to_lowercase();
                !marks.iter().any(|mark| it.starts_with(mark))
            };
            spoken(&start.lines().filter(quoted).take_while(own).collect::<Vec<_>>().join(" "))
        })
    }

    fn has(&mut self, all: &[&str]) -> bool {
        let seen = self.seen();
        phrases(all).any(|it| seen.contains(it))
    }

    /// Whether it quotes what it answers.
    pub(super) fn quotes(&self) -> bool {
        let quoted = |it: &str| ["-----Original", "-----Urspr", ">"].iter().any(|mark| it.starts_with(mark));
        crate::clean::cut(self.text, BEGINNING).lines().any(|it| quoted(it.trim_start()))
    }

    pub(super) fn asks(&mut self) -> bool {
        // An address may hold one, too.
        let asks = |it: &str| if it.contains("://") { it.ends_with('?') } else { it.contains('?') };
        self.seen().split(' ').any(asks)
    }

    /// Whether it begins as people begin.
    pub(super) fn greets(&mut self) -> bool {
        let greetings = [
            "hello",
            "hi ",
            "hi,",
            "dear ",
            "good morning",
            "hallo",
            "guten tag",
            "sehr geehrte",
            "liebe",
            "bonjour",
            "madame",
            "buenos",
            "hola",
            "beste",
            "geachte",
            "buongiorno",
            "gentil",
            "bom dia",
            "olá",
            "prezad",
            "caro",
        ];
        let seen = self.seen();
        greetings.iter().any(|it| seen.starts_with(it))
    }

    /// Whether there is something to click or to answer.
    pub(super) fn leads_on(&mut self) -> bool {
        self.has(&[
            "http://",
            "https://",
            "reply to this message",
            "reply to this email",
            "clique no link",
            "clique aqui",
            "subject line intact",
            "just reply",
        ])
    }

    /// Whether it says that a mail has not arrived.
    pub(super) fn undelivered(&mut self) -> bool {
        self.has(UNDELIVERED)
    }

    /// Whether it begins by saying so, as nobody does who tells about it.
    pub(super) fn undelivered_at_once(&mut self) -> bool {
        let seen = self.seen();
        let start = crate::clean::cut(seen, 300);
        phrases(UNDELIVERED).any(|it| start.contains(it))
    }

    /// Whether it says that a rule refused a mail.
    pub(super) fn rejected(&mut self) -> bool {
        self.has(&[
            "automatically rejected",
            "was rejected",
            "has been rejected",
            "was refused",
            "automatisch abgelehnt",
        ])
    }

    /// Whether it says that a mail was read or deleted.
    pub(super) fn was_read(&mut self) -> bool {
        self.has(&[
            "was read on",
            "was displayed on",
            "has been displayed",
            "was deleted without being read",
            "this is a return receipt",
            "this receipt verifies that the message",
            "return receipt only acknowledges",
            "wurde gelesen",
            "gelesen am",
            "wurde am",
            "ungelesen gelöscht",
            "wurde angezeigt",
            "a été lu",
            "a été affiché",
            "supprimé sans avoir été lu",
            "se leyó",
            "fue leído",
            "ha sido leído",
            "se eliminó sin leer",
            "is gelezen",
            "werd gelezen",
            "ongelezen verwijderd",
            "è stato letto",
            "è stato visualizzato",
            "eliminato senza essere letto",
            "foi lida",
            "foi lido",
            "foi exibida",
            "excluída sem ser lida",
        ])
    }

    /// Whether it asks to prove that a person wrote; with `said`, other signs say so, too.
    pub(super) fn challenge(&mut self, said: bool) -> bool {
        let certain = self.has(&[
            "antispam uol",
            "tira-teima",
            "mensagem foi retida",
            "mensagem está retida",
            "mensagem ficou retida",
            "confirmar o envio d",
            "confirme o envio d",
            "esta confirmação é necessária porque",
            "confirmar que você é o remetente",
            "que você não é um robô",
            "you are human",
            "you're human",
            "you are a human",
            "you're a human",
            "you are a real person",
            "you're a real person",
            "prevent spam by asking",
            "uses challenge",
            "challenge/response",
            "challenge-response",
            "sender verification",
            "verify that you are not a spammer",
            "verify that you are the sender",
            "is protected by boxtrapper",
            "protected by spam arrest",
            "using spam arrest",
            "has been quarantined until you confirm",
            "is being held until you confirm",
            "is being held because",
            "not a robot",
            "confirm that you are the sender",
            "not in my list",
            "address was not recognized",
            "sender is unknown",
            "kein roboter",
            "dass sie ein mensch sind",
            "vous authentifier",
            "pas un robot",
            "no es un robot",
            "non sei un robot",
            "não é um robô",
            "geen robot",
            "que vous êtes humain",
            "que vous êtes une personne",
            "que eres humano",
            "que es usted una persona",
            "dat u een mens bent",
            "che sei umano",
            "di essere una persona",
            "que você é humano",
        ]);
        let acts = self.has(&[
            "confirm",
            "verify",
            "click",
            "reply to this",
            "bestätig",
            "klicken",
            "confirm",
            "cliqu",
            "bevestig",
            "klik",
            "conferm",
            "clicc",
            "pulse",
            "haga clic",
        ]);
        acts && (certain || said)
    }

    /// Whether it is written in the words of an absence that lasts, and is not its reader's.
    pub(super) fn absent(&mut self) -> bool {
        self.lasts(&[
            "out of the office",
            "out of office",
            "not in the office",
            "away from",
            "on vacation",
            "on annual leave",
            "on holiday",
            "on leave",
            "be away",
            "am away",
            "be back",
            "i will return",
            "i am returning",
            "limited access",
            "no access to my e",
            "nicht im büro",
            "nicht im hause",
            "nicht im haus",
            "abwesend",
            "im urlaub",
            "bin ich wieder",
            "wieder erreichbar",
            "nicht weitergeleitet",
            "absent",
            "en congé",
            "en vacances",
            "de retour",
            "fuera de la oficina",
            "de vacaciones",
            "estaré ausente",
            "estoy ausente",
            "afwezig",
            "met vakantie",
            "op vakantie",
            "niet op kantoor",
            "fuori ufficio",
            "in ferie",
            "assente",
            "fora do escritório",
            "de férias",
            "ausente",
        ])
    }

    /// Whether it says in the words of a machine that nobody reads what it answers, or not now: below a subject that is a
    /// machine's. People write these words, too.
    pub(super) fn unread(&mut self) -> bool {
        !self.asks() && self.lasts(UNREAD)
    }

    /// Whether it confirms that a mail came, and wants nothing.
    pub(super) fn confirms(&mut self) -> bool {
        self.has(CONFIRMED) && !self.asks() && !self.has(WANTED)
    }

    /// Whether nothing is in it.
    pub(super) fn none(&mut self) -> bool {
        self.seen().is_empty()
    }

    /// Whether one of the phrases of an absence stands in it, without the words before it that say that it is over, or
    /// the reader's.
    fn lasts(&mut self, all: &[&str]) -> bool {
        let seen = self.seen();
        let follows = |before: &str, all: &[&str]| {
            phrases(all).any(|it| before.strip_suffix(it).is_some_and(|it| !it.ends_with(char::is_alphanumeric)))
        };
        phrases(all).any(|it| {
            let returns = phrases(RETURNS).any(|word| it.starts_with(word));
            let over = |before: &str| follows(before, OVER) || returns && follows(before, RETURNED);
            seen.match_indices(it).any(|(at, _)| !over(seen[..at].trim_end()))
        })
    }

    /// Whether it says that it is an automatic answer. A sentence that tells about one begins otherwise.
    pub(super) fn acknowledge(&mut self) -> bool {
        let seen = self.seen();
        let own = |at: usize| {
            let before = seen[..at].trim_end();
            before.is_empty() || before.ends_with(['.', '!', ',', '*', '-', '(', '#', ':', '_', '='])
        };
        let begins = [
            "this is an automat",
            "this is an auto-generated",
            "this is an auto reply",
            "this is an auto-reply",
            "this email was generated automatically",
            "this email has been automatically generated",
            "this message has been automatically generated",
            "this message was automatically generated",
            "this e-mail was automatically generated",
            "this email was sent automatically",
            "this is a system generated",
            "this is a system-generated",
            "please do not reply to this",
            "do not reply to this",
            "dies ist eine automatisch",
            "das ist eine automatisch",
            "diese e-mail wurde automatisch",
            "diese nachricht wurde automatisch",
            "bitte antworten sie nicht auf diese",
            "ceci est un message automatique",
            "ceci est une réponse automatique",
            "ce message a été généré automatiquement",
            "ce message est généré automatiquement",
            "merci de ne pas répondre à ce",
            "este es un mensaje automático",
            "esta es una respuesta automática",
            "este mensaje ha sido generado automáticamente",
            "por favor, no responda a este",
            "dit is een automatisch",
            "deze e-mail is automatisch",
            "dit bericht is automatisch",
            "questo è un messaggio automatico",
            "questa è una risposta automatica",
            "questo messaggio è stato generato automaticamente",
            "si prega di non rispondere a questa",
            "esta é uma mensagem automática",
            "esta é uma resposta automática",
            "esta mensagem foi gerada automaticamente",
            "por favor, não responda a est",
        ];
        begins.iter().any(|it| seen.match_indices(it).any(|(at, _)| own(at)))
    }
}

/// The phrases of a list, which are parted by `|`.
pub(super) fn phrases<'a>(all: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    all.iter().flat_map(|it| it.split('|'))
}

/// `text` as one line in lower case, with straight apostrophes.
pub(crate) fn spoken(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', '‘', '`', '´'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands before the words of an absence that is over, or the reader's.
const OVER: &[&str] = &[
    "was|were|been|you are|you're|you will be|no longer|war|waren|gewesen|sie|du|nicht mehr|étais|était|étions|vous êtes",
    "vous serez|ne suis plus|estaba|estuve|estábamos|volví|he vuelto|ya no estoy|está usted|bent u|u bent|niet meer|ero",
    "eravamo|non sono più|estava|estive|voltei|já não estou|não estou mais",
];

/// How phrases begin that tell of a return, be it to come or behind.
const RETURNS: &[&str] = &["bin ich wieder|wieder|weer|de retour"];

/// What stands before those if the return is behind.
const RETURNED: &[&str] =
    &["now|jetzt|nun|inzwischen|heute|ich bin|wir sind|je suis|nous sommes|désormais|maintenant|ik ben|wij zijn|nu"];

const UNREAD: &[&str] = &[
    "out until|out from|out today|out this week|out for the|i am out|i'm out|will be out|currently out|currently away",
    "unavailable|not available|not be available|back on|back in the office on|returning on|return on|until i return",
    "my return|when i return|when i get back|in urgent cases|for urgent|if it is urgent|if it's urgent|urgent matters",
    "my absence|maternity|paternity|parental leave|sick leave|no longer work|no longer with|no longer employed",
    "has left the|have left the|not monitored|unmonitored|no longer monitored|no longer read|is not read|we are closed",
    "office is closed|will be closed|nicht erreichbar|nicht verfügbar|außer haus|ausser haus|in dringenden fällen",
    "dringenden angelegenheiten|dringenden anliegen|meiner abwesenheit|meine vertretung|vertritt mich|vertreten mich",
    "elternzeit|mutterschutz|nicht mehr für|nicht mehr im unternehmen|nicht mehr bei|nicht gelesen|nicht mehr gelesen",
    "wieder im haus|wieder im büro|zurück am|betriebsferien|geschlossen|injoignable|pas joignable|en cas d'urgence",
    "pour toute urgence|mon absence|congé maternité|en congés|ne travaille plus|plus consultée|indisponible|serons fermés",
    "no estaré disponible|no estoy disponible|caso de urgencia|asuntos urgentes|estaré fuera|estoy fuera|mi regreso",
    "mi vuelta|ya no trabaja|niet aanwezig|niet bereikbaar|met verlof|voor spoed|dringende gevallen|spoedgevallen",
    "mijn afwezigheid|weer aanwezig|weer bereikbaar|niet meer werkzaam|non sono in ufficio|non sarò in ufficio",
    "caso di urgenza|per urgenze|mio rientro|rientrerò|non disponibile|fuori sede|non lavora più|não estarei|estarei fora",
    "caso de urgência|casos urgentes|assuntos urgentes|meu retorno|meu regresso|retornarei|regressarei|indisponível",
    "não trabalha mais|tjänstledig|åter på|åter den|inte på kontoret|semester|föräldraledig|frånvarande|tillbaka den",
    "vid brådskande|holder ferie|på ferie|ikke på kontoret|fraværende|tilbage den|tilbake den|barsel|permisjon|lomalla",
    "poissa|palaan|urlopie|nieobecn|poza biurem|wracam|wrócę|pilnych sprawach",
];

const CONFIRMED: &[&str] = &[
    "thank you for your message|thank you for your mail|thank you for your email|thank you for your e-mail",
    "thanks for your message|thanks for your mail|thanks for your email|thanks for your e-mail|thank you for contacting",
    "thank you for your inq|thank you for your enq|thank you for your request|thank you for getting in touch",
    "have received your|has received your|has been received|was received|für ihre nachricht|für ihre mail|für ihre e-mail",
    "für ihre anfrage|für deine nachricht|für deine mail|bei uns eingegangen|haben ihre|votre message|votre mail",
    "votre courriel|votre e-mail|votre demande|su mensaje|su correo|su consulta|uw bericht|uw mail|uw e-mail|je bericht",
    "je mail|suo messaggio|sua mail|sua email|sua e-mail|vostra mail|sua mensagem|seu e-mail|seu email|seu contato",
    "din mail|ditt mail|ditt mejl|ditt meddelande|din henvendelse|din besked|viestistä|viestisi|twoją wiadomość|za wiadomość",
];

const WANTED: &[&str] = &[
    "please|bitte|go ahead|s'il vous|merci de|veuillez|por favor|graag|alstublieft|gelieve|per favore|cortesemente",
    "snälla|proszę",
];

const UNDELIVERED: &[&str] = &[
    "this is the mail system at host|this is the qmail-send program|created automatically by mail delivery software",
    "could not be delivered|couldn't be delivered|cannot be delivered|can't be delivered|can not be delivered",
    "was not delivered|wasn't delivered|were not delivered|not be delivered|has not been delivered",
    "has not yet been delivered|have not yet been delivered|not yet delivered|unable to deliver|not able to deliver",
    "failed to deliver|delivery has failed|delivery failed|delivery to the following|delivery of your message",
    "undeliverable|permanent fatal errors|transient non-fatal errors|permanent delivery error",
    "the following address failed|the following addresses failed|the following address(es) failed",
    "the original message was received at|did not reach some or all|did not reach the following",
    "could not send message for past|problem delivering your message|error while attempting to deliver",
    "error occurred while trying to deliver|error occurred while delivering|returning message to sender",
    "delivery status notification|returned to sender|returned to you|has been rejected by|was rejected by",
    "mailbox is full|mailbox full|over quota|has been delayed|is delayed|user unknown|recipient unknown",
    "address was not found|address couldn't be found|nicht zugestellt werden|nicht zugestellt worden|nicht zugestellt",
    "nicht ausgeliefert|nicht übermittelt|nicht zustellbar|unzustellbar|zustellung ist fehlgeschlagen",
    "zustellung fehlgeschlagen|bei der zustellung|zustellung an|empfängeradresse|postfach ist voll|n'a pas pu être",
    "n'a pu être|n'ont pas pu être|n'a pas été remis|n'a pas été distribué|n'a pas encore|échec de la remise",
    "impossible de remettre|impossible de distribuer|non distribué|no se pudo entregar|no se ha podido entregar",
    "no se puede entregar|no ha podido ser entregado|no pudo ser entregado|no pudo entregarse|no ha sido entregado",
    "no se entregó|error al entregar|niet worden bezorgd|niet worden afgeleverd|niet bezorgd|niet afgeleverd",
    "bezorging is mislukt|niet bestelbaar|non è stato possibile recapitare|non è stato possibile consegnare",
    "non è stato recapitato|non è stato consegnato|non può essere recapitato|impossibile recapitare",
    "impossibile consegnare|não pôde ser entregue|não pode ser entregue|não foi possível entregar|não foi entregue",
    "falha na entrega|falha ao entregar",
];
