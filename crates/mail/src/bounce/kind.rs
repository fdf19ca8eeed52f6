//! Why a mail was not delivered, and for how long: from the enhanced status code (RFC 3463), else from the reply code of
//! SMTP (RFC 5321 §4.2), else from the words.
//!
//! Servers use one code for many things, so a code that says little leaves it to the words; and words that name a thing
//! clearly are believed against a code that is used for everything.

use domain::{BounceKind, BounceOutcome};

use super::super::automatic::spoken;

/// What became of a mail, and why.
pub(super) struct Judgement {
    pub(super) outcome: BounceOutcome,
    pub(super) kind: BounceKind,
}

/// The enhanced status: what the field says, or the more exact one that stands in the server's words.
pub(super) fn status(field: Option<&str>, said: &str) -> Option<String> {
    let own = field.and_then(|it| enhanced(it.trim()));
    let spoken = enhanced(said);
    match (own, spoken) {
        (Some(own), Some(spoken)) if vague(&own) && own.as_bytes()[0] == spoken.as_bytes()[0] => Some(spoken),
        (Some(own), _) => Some(own),
        (None, spoken) => spoken,
    }
}

/// Whether a status says no more than that something went wrong.
fn vague(status: &str) -> bool {
    status.ends_with(".0.0")
}

/// The first `class.subject.detail` in `text` that is no part of something else.
pub(super) fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for at in 0..bytes.len() {
        if !matches!(bytes[at], b'2' | b'4' | b'5') || bytes.get(at + 1) != Some(&b'.') {
            continue;
        }
        if at > 0
            && (bytes[at - 1].is_ascii_alphanumeric()
                || matches!(bytes[at - 1], b'.' | b'-' | b'_' | b'@' | b'/')
                    && at > 1
                    && bytes[at - 2].is_ascii_alphanumeric()
                    && bytes[at - 1] != b'-')
        {
            continue;
        }
        let digits = |from: usize| bytes[from..].iter().take(4).take_while(|it| it.is_ascii_digit()).count();
        let subject = digits(at + 2);
        let point = at + 2 + subject;
        if !(1..=3).contains(&subject) || bytes.get(point) != Some(&b'.') {
            continue;
        }
        let detail = digits(point + 1);
        let end = point + 1 + detail;
        let follows = bytes.get(end).copied().unwrap_or(b' ');
        let goes_on = follows == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if (1..=3).contains(&detail) && !follows.is_ascii_alphanumeric() && !goes_on && follows != b'@' {
            return Some(text[at..end].to_owned());
        }
    }
    None
}

/// The first reply code of SMTP in `text`, and where it stands.
pub(super) fn reply(text: &str) -> Option<(u16, usize)> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(2)).find_map(|at| {
        let code = &bytes[at..at + 3];
        let sound = matches!(code[0], b'4' | b'5') && matches!(code[1], b'0'..=b'7') && code[2].is_ascii_digit();
        let before = at == 0
            || matches!(
                bytes[at - 1],
                b' ' | b'#' | b'(' | b':' | b'"' | b'\'' | b'<' | b'>' | b'[' | b'\n' | b'\t' | b';' | b'='
            );
        let after =
            bytes.get(at + 3).is_none_or(|it| matches!(it, b' ' | b'-' | b'\n' | b'#' | b':' | b',' | b')' | b'_'));
        if !sound || !before || !after {
            return None;
        }
        let known = matches!(
            code,
            b"421"
                | b"422"
                | b"431"
                | b"432"
                | b"441"
                | b"442"
                | b"450"
                | b"451"
                | b"452"
                | b"454"
                | b"455"
                | b"471"
                | b"500"
                | b"501"
                | b"502"
                | b"503"
                | b"504"
                | b"510"
                | b"511"
                | b"512"
                | b"513"
                | b"521"
                | b"523"
                | b"530"
                | b"535"
                | b"541"
                | b"546"
                | b"547"
                | b"550"
                | b"551"
                | b"552"
                | b"553"
                | b"554"
                | b"555"
                | b"556"
                | b"557"
                | b"571"
        );
        if !known {
            return None;
        }
        text.get(at..at + 3)?.parse().ok().map(|it| (it, at))
    })
}

/// `more` is asked for further words if what the server said is silent.
pub(super) fn judge(
    action: Option<&str>,
    status: Option<&str>,
    said: &str,
    delayed: bool,
    more: impl FnOnce() -> String,
) -> Judgement {
    let class = status.and_then(|it| it.bytes().next());
    match action {
        Some("delivered" | "relayed" | "expanded") => return delivered(),
        None if class == Some(b'2') => return delivered(),
        _ => {}
    }
    let code = reply(said).map(|it| it.0);
    let words = spoken(said);
    let gave_up = (class != Some(b'5') && has(&words, SURELY_GAVE_UP)).then_some(BounceKind::GaveUp);
    let kind = gave_up
        .or_else(|| by_status(status, &words))
        .or_else(|| by_words(&words))
        .or_else(|| code.and_then(|it| by_reply(it, &words)))
        .or_else(|| by_words(&spoken(&more())))
        .or_else(|| status.and_then(by_class))
        .unwrap_or(BounceKind::Other);
    let waits = match action {
        Some("delayed") => true,
        Some("failed" | "failure") => false,
        _ => delayed,
    };
    if waits {
        return Judgement { outcome: BounceOutcome::Delayed, kind };
    }
    let for_now = match class {
        Some(b'4') => true,
        Some(b'5') => false,
        _ => code.map_or(kind == BounceKind::NoSuchServer && unreachable(&words), |it| it < 500),
    };
    let for_now = match kind {
        BounceKind::MailboxFull | BounceKind::Busy | BounceKind::GaveUp => true,
        BounceKind::TooBig | BounceKind::Loop => false,
        // That a name does not exist may be a fault of the moment; that a box does not exist is none.
        _ => for_now,
    };
    let outcome = if for_now { BounceOutcome::FailedForNow } else { BounceOutcome::FailedForGood };
    Judgement { outcome, kind }
}

fn delivered() -> Judgement {
    Judgement { outcome: BounceOutcome::Delivered, kind: BounceKind::Other }
}

/// What a status says by itself; `words` are what stands beside it.
fn by_status(status: Option<&str>, words: &str) -> Option<BounceKind> {
    use BounceKind::{Busy, GaveUp, Loop, MailboxFull, NoSuchAddress, NoSuchServer, Refused, TooBig};
    let mut numbers = status?.split('.').map(|it| it.parse::<u16>().unwrap_or(0));
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    // Words so clear that a code for many things does not count against them.
    let clear = || by_words(words).filter(|it| matches!(it, NoSuchAddress | MailboxFull | TooBig | Loop));
    let busy = || has(words, BUSY).then_some(Busy);
    let expired = || has(words, GAVE_UP).then_some(GaveUp);
    match (subject, detail) {
        (1, 1 | 3 | 6 | 10) => {
            // One code for the address and its domain.
            let domain = has(words, NO_SERVER) && !has(words, NO_ADDRESS);
            Some(if domain { NoSuchServer } else { by_full(words).unwrap_or(NoSuchAddress) })
        }
        (1, 0) => {
            let server = has(words, NO_SERVER) || has(words, CLEARLY_NO_SERVER);
            let known = if server { Some(NoSuchServer) } else { clear() };
            Some(known.unwrap_or(if words.contains("sender") { Refused } else { NoSuchAddress }))
        }
        (1, 2) => Some(NoSuchServer),
        (1, 7..=9) => Some(Refused),
        (2, 1) => Some(busy().or_else(|| by_full(words)).unwrap_or(NoSuchAddress)),
        (2, 2) => Some(if has(words, TOO_BIG) && !has(words, FULL) { TooBig } else { MailboxFull }),
        (2, 3) | (3, 4) => Some(TooBig),
        (3, 1) => Some(by_full(words).unwrap_or(Busy)),
        (3, 2) if class == 4 => Some(Busy),
        (4, 1) if class == 5 && has(words, &["access denied", "recipient address rejected"]) => Some(NoSuchAddress),
        (4, 1 | 2) => Some(expired().unwrap_or(NoSuchServer)),
        (4, 4 | 310 | 312) => Some(expired().filter(|_| class == 4).unwrap_or(NoSuchServer)),
        (4, 6 | 8 | 14) => Some(Loop),
        (2, 121 | 122) | (4, 5) => Some(Busy),
        (4, 7 | 300 | 316 | 317) => Some(GaveUp),
        (6, _) => Some(by_words(words).filter(|it| *it == TooBig).unwrap_or(Refused)),
        (7, _) if class == 4 => Some(busy().or_else(expired).or_else(clear).unwrap_or(Refused)),
        (7, _) => Some(clear().or_else(busy).unwrap_or(Refused)),
        _ => None,
    }
}

fn by_full(words: &str) -> Option<BounceKind> {
    has(words, FULL).then_some(BounceKind::MailboxFull)
}

/// What is left to say when the words say nothing.
fn by_class(status: &str) -> Option<BounceKind> {
    let mut numbers = status.split('.');
    match (numbers.next()?, numbers.next()?) {
        (_, "1") => Some(BounceKind::NoSuchAddress),
        ("4", "3" | "5") => Some(BounceKind::Busy),
        (_, "4") => Some(BounceKind::NoSuchServer),
        (_, "7") => Some(BounceKind::Refused),
        _ => None,
    }
}

/// What a reply code says, where the words say nothing.
fn by_reply(code: u16, words: &str) -> Option<BounceKind> {
    match code {
        421 | 431 | 432 | 450 | 451 | 452 | 454 => Some(BounceKind::Busy),
        422 | 552 => Some(BounceKind::MailboxFull),
        441 | 442 | 512 | 556 => Some(BounceKind::NoSuchServer),
        523 => Some(BounceKind::TooBig),
        546 => Some(BounceKind::Loop),
        510 | 511 | 551 | 553 => Some(BounceKind::NoSuchAddress),
        521 | 530 | 535 | 541 | 554 | 557 | 571 => Some(BounceKind::Refused),
        550 if words.contains("mailbox unavailable") || words.contains("requested action not taken") => {
            Some(BounceKind::NoSuchAddress)
        }
        _ => None,
    }
}

/// Whether one of the phrases, parted by `|`, is in `words`.
fn has(words: &str, all: &[&str]) -> bool {
    all.iter().flat_map(|it| it.split('|')).any(|it| words.contains(it))
}

fn unreachable(words: &str) -> bool {
    has(
        words,
        &[
            "timed out",
            "timeout",
            "refused",
            "unreachable",
            "no route",
            "could not connect",
            "unable to connect",
            "temporar",
        ],
    )
}

/// What the words name; the more certain come first.
pub(super) fn by_words(words: &str) -> Option<BounceKind> {
    use BounceKind::{Busy, GaveUp, Loop, MailboxFull, NoSuchAddress, NoSuchServer, Refused, TooBig};
    let all = [
        (TOO_BIG, TooBig),
        (FULL, MailboxFull),
        (LOOP, Loop),
        (BUSY, Busy),
        (CLEARLY_REFUSED, Refused),
        (CLEARLY_NO_SERVER, NoSuchServer),
        (NO_ADDRESS, NoSuchAddress),
        (GAVE_UP, GaveUp),
        (NO_SERVER, NoSuchServer),
        (REFUSED, Refused),
    ];
    all.into_iter().find(|it| has(words, it.0)).map(|it| it.1)
}

const TOO_BIG: &[&str] = &[
    "too large|too big|message size|size limit|exceeds size|exceeds the size|exceeds maximum|exceeded maximum message",
    "maximum size|maximum message size|max message size|larger than|exceeds fixed|exceeds the maximum",
    "message too long|message length exceeds|zu groß|zu gross|maximale größe|größenbeschränkung|größenlimit",
    "trop volumineux|trop grand|trop gros|taille maximale|demasiado grande|tamaño máximo|excede el tamaño|te groot",
    "maximale grootte|troppo grande|dimensioni massime|dimensione massima|muito grande|tamanho máximo",
    "excede o tamanho|grande demais",
];

const FULL: &[&str] = &[
    "mailbox full|mailbox is full|mailbox quota|over quota|overquota|over-quota|quota exceeded|exceeded quota",
    "exceeds quota|quota has been exceeded|exceeded his|exceeded storage|storage allocation|exceeded the quota",
    "exceeded its quota|exceeded their quota|exceed the quota|quota is full|quota full|out of storage",
    "insufficient storage|not enough storage|disk quota|over the maximum allowed quota|over disk|mailfull",
    "mail box full|inbox is full|mailbox size limit|mailbox has exceeded|mailbox exceeded|storage limit",
    "is over its quota|over the limit of its storage|no space left in mailbox|is full|voll|speicherplatz|kontingent",
    "überfüllt|pleine|boîte est saturée|saturée|quota dépassé|dépassé son quota|dépassé le quota|llen|cuota",
    "buzón está|is vol|zit vol|mailbox vol|quotum|casella piena|casella di posta piena|è piena|quota superata",
    "está cheia|caixa cheia|cheia|cota excedida|quota excedida",
];

const LOOP: &[&str] = &[
    "mail loop|loop detected|looping|too many hops|hop count|loops back|mail for itself|back to myself|routing loop",
    "redirection loop|delivered-to header|forwarding loop|schleife|boucle|bucle|lus gedetecteerd|mail-lus|ciclo di",
    "loop di|loop de",
];

const BUSY: &[&str] = &[
    "greylist|graylist|grey-list|grey list|gray-list|rate limit|ratelimit|rate-limit|too many messages",
    "too many connections|too many recipients|too many emails|too quickly|too fast|throttl|try again later|try later",
    "temporarily deferred|temporarily rate limited|system load|server busy|server is busy|too busy",
    "resources temporarily unavailable|temporarily unavailable|temporary failure|temporary local problem",
    "temporary error|temporary system problem|hourly limit|daily limit|sending limit|unusual rate",
    "receiving mail at a rate|per hour|per-hour|per minute|receive limit|receiving limit|message rate|sending rate|rate has exceeded",
    "service not available|später erneut|später noch einmal|réessayer plus tard|inténtelo más tarde|probeer het later",
    "riprovare più tardi|tente novamente mais tarde",
];

const CLEARLY_REFUSED: &[&str] = &[
    "spam|blacklist|black list|blocklist|block list|blocked|blocklisted|denylist|dnsbl|rbl|spamhaus|spamcop|barracuda",
    "poor reputation|low reputation|bad reputation|dmarc|dkim|spf |spf check|unauthenticated|virus|malware|phish",
    "policy|relay|not permitted|not authorized|not authorised|not allowed|prohibited|access denied|content rejected",
    "message content|unsolicited|unwanted|banned|restricted|you are not authenticated|authentication required",
    "administrative|sender rejected|sender address rejected|sender verify|sender denied|reverse dns|ptr record",
    "nicht berechtigt|richtlinie|abgelehnt|pas autoris|politique|no autorizad|no está autorizado|política|beleid",
    "niet toegestaan|non autorizzat|non è autorizzat|criteri|não autorizad",
];

const NO_ADDRESS: &[&str] = &[
    "user unknown|unknown user|no such user|no such mailbox|no such address|no such recipient|no such person",
    "no such account|no such local user|no such email|no mailbox here|no mailbox|no valid recipient|no user",
    "not a valid mailbox|not a known user|user not found|user not known|user does not exist|user doesn't exist",
    "user is unknown|unknown recipient|recipient unknown|recipient not found|recipientnotfound|recipnotfound",
    "recipient not exist|recipient address rejected|recipient rejected|recipient does not exist|recipient is not",
    "unknown address|unknown local|address unknown|unknown account|unrouteable address|unroutable address",
    "address not found|address was not found|address wasn't found|address couldn't be found",
    "address could not be found|address does not exist|address doesn't exist|address no longer|wasn't found at",
    "was not found at|couldn't be found|email address could not be found|email account that you tried to reach",
    "email address you entered|account that you tried to reach does not exist|account does not exist",
    "account doesn't exist|account has been disabled|account is disabled|account disabled|account inactive",
    "account is inactive|account unavailable|account closed|account expired|mailbox not found|mailbox unavailable",
    "mailbox does not exist|mailbox doesn't exist|mailbox disabled|mailbox is disabled|mailbox inactive",
    "mailbox is inactive|mailbox unknown|mailbox closed|mailbox name not allowed|invalid recipient|invalid mailbox",
    "invalid address|invalid user|bad destination mailbox|bad address|not listed in|not our customer|does not exist",
    "doesn't have an account|doesn't have a|does not have a|dosn't have a|does not like recipient|is not a member",
    "no longer valid|no longer in use|no longer available|no longer active|no longer works|no longer with",
    "inactive user|user disabled|disabled user|nobody here|not a user|unbekannt|nicht gefunden|existiert nicht",
    "nicht vorhanden|ungültige|keine mailbox|nicht bekannt|n'existe pas|inconnu|introuvable|n'a pas été trouvé",
    "n'est pas valide|adresse invalide|adresse non valide|no existe|desconocid|no se encontró|no encontrado",
    "no se ha encontrado|no encontrada|no se encuentra|bestaat niet|onbekend|niet gevonden|ongeldig|non esiste",
    "inesistente|sconosciut|non trovat|non è stato trovato|non è stata trovata|impossibile trovare|não existe",
    "desconhecid|não encontrad|não foi encontrad|inexistente|inválid",
];

const GAVE_UP: &[&str] = &[
    "delivery time expired|message expired|has expired|retry timeout exceeded|retry time not reached|retry timeout",
    "queue too long|in the queue too long|been in the queue|been on the queue|too long|could not be delivered for",
    "for 5 days|for 4 days|for 3 days|for 2 days|for more than|for the last|giving up|gave up|given up|give up",
    "not be retried|maximum time|timed out waiting|expired|gibt auf|aufgegeben|seit 5 tagen|tagen nicht|abgelaufen",
    "depuis 5 jours|abandon|délai|durante 5 días|días|expirado|ha caducado|verlopen|opgegeven|per 5 giorni|giorni",
    "scadut|por 5 dias|desist",
];

const SURELY_GAVE_UP: &[&str] =
    &["i'm not going to try again|been in the queue too long|has expired and will not be retried"];

const NO_SERVER: &[&str] = &[
    "host not found|host unknown|unknown host|unknown domain|domain not found|name or service not known",
    "domain name not found|host or domain name|name service error|no such host|no such domain|nxdomain",
    "domain does not exist|domain doesn't exist|domain couldn't be found|domain could not be found",
    "domain wasn't found|domain not exist|invalid domain|bad domain|dns error|dns query|dns lookup|dns type",
    "dns failure|mx lookup|no mx|mx record|mx host|null mx|nullmx|does not accept mail|doesn't accept mail",
    "accepts no mail|unrouteable mail domain|unroutable mail domain|unrouteable domain|all relevant mx records",
    "couldn't find any host|cannot find your|host name lookup|hostname lookup|cannot resolve|could not resolve",
    "couldn't resolve|unable to resolve|lookup failed|connection timed out|connection refused|connection dropped",
    "connection reset|connection failed|connect to|couldn't connect|could not connect|cannot connect|can't connect",
    "unable to connect|establish an smtp connection|no route to host|network is unreachable|network unreachable",
    "host unreachable|not responding|did not respond|didn't respond|no answer from host|lost connection|timed out",
    "not appear to be registered|no mail servers",
    "unreachable|domain existiert nicht|nicht erreichbar|keine verbindung|domain konnte nicht|domaine n'existe",
    "domaine introuvable|nom de domaine|injoignable|dominio no|el dominio|no se pudo conectar|domein bestaat|domein",
    "onbereikbaar|il dominio|dominio inesistente|irraggiungibile|o domínio|domínio não|inacessível",
];

const CLEARLY_NO_SERVER: &[&str] = &[
    "domain does not exist|domain doesn't exist|domain name not found|domain not found|domain couldn't be found",
    "unknown domain|unrouteable mail domain|host not found|host unknown|unknown host|no such domain|no such host",
    "nxdomain|doesn't accept mail|does not accept mail|non-existent hosts|domain existiert nicht|domain ist unbekannt",
    "domain konnte nicht|domaine n'existe|domaine introuvable|domaine inconnu|dominio no existe|domein bestaat niet",
    "dominio non esiste|dominio inesistente|domínio não existe",
];

const REFUSED: &[&str] = &[
    "rejected|refused|denied|refusé|rejeté|rechazad|geweigerd|afgewezen|rifiutat|respint|rejeitad|recusad",
    "zurückgewiesen|verweigert",
];
