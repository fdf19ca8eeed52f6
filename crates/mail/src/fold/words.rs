//! The words by which a card is known, in lower case.

/// Closings, as they begin a line.
pub(super) const CLOSINGS: &[&str] = &[
    "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards", "with kind regards",
    "with best regards", "many regards", "regards", "best wishes", "with best wishes", "kind wishes", "yours sincerely",
    "sincerely yours", "yours faithfully", "yours truly", "sincerely", "respectfully", "many thanks", "thanks and regards",
    "thanks & regards", "thanks and best regards", "thank you and best regards", "thank you and kind regards",
    "with thanks", "thanks in advance", "thank you in advance", "all the best",
    "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "mit freundlichem gruss", "mit besten grüßen", "mit besten grüssen", "mit besten gruessen", "mit herzlichen grüßen",
    "mit lieben grüßen", "mit vielen grüßen", "freundliche grüße", "freundliche grüsse", "freundliche gruesse",
    "freundlichen gruß", "viele grüße", "viele grüsse", "viele gruesse", "beste grüße", "beste grüsse", "beste gruesse",
    "liebe grüße", "liebe grüsse", "liebe gruesse", "herzliche grüße", "herzliche grüsse", "schöne grüße", "besten gruß",
    "schönen gruß", "hochachtungsvoll", "mit freundl. grüßen", "vielen dank und",
    "cordialement", "bien cordialement", "très cordialement", "sincèrement", "bien à vous", "bien à toi",
    "salutations distinguées", "meilleures salutations", "sincères salutations", "cordiales salutations",
    "avec mes salutations", "je vous prie d'agréer", "veuillez agréer", "bonne journée", "bonne réception", "amicalement",
    "respectueusement", "belle journée", "dans l'attente de votre",
    "saludos cordiales", "un cordial saludo", "un saludo", "atentamente", "cordialmente", "reciba un cordial saludo",
    "reciban un cordial saludo", "muy atentamente", "saludos", "un abrazo", "muchas gracias y un saludo",
    "quedo a la espera",
    "met vriendelijke groet", "met vriendelijke groeten", "met hartelijke groet", "vriendelijke groet",
    "vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "hoogachtend", "groeten", "groetjes", "met groet",
    "cordiali saluti", "distinti saluti", "un cordiale saluto", "cari saluti", "un caro saluto", "saluti", "in fede",
    "ringraziando", "la ringrazio e",
    "atenciosamente", "com os melhores cumprimentos", "melhores cumprimentos", "cumprimentos", "cordiais saudações",
    "abraços", "um abraço", "grato", "grata", "com os meus cumprimentos",
    "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "serdecznie pozdrawiam", "med vänlig hälsning",
    "med vänliga hälsningar", "vänliga hälsningar", "vänlig hälsning", "hälsningar", "bästa hälsningar", "med venlig hilsen",
    "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen", "de bedste hilsner", "mange hilsner", "mvh",
];

/// Closings that are words of a text too: they stand alone in their line, or with a name.
pub(super) const SHORT_CLOSINGS: &[&str] = &[
    "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thanks again", "thanks so much",
    "cheers", "best", "br", "rgds", "kr", "brgds", "kind rgds", "ta", "bye", "cordially", "take care", "love", "thx",
    "danke", "vielen dank", "danke schön", "besten dank", "herzlichen dank", "mfg", "lg", "vg", "bg", "gruß", "gruss",
    "grüße", "grüsse", "gruesse", "servus", "tschüss", "dankeschön", "danke und gruß", "danke und viele grüße",
    "danke im voraus", "vielen dank im voraus",
    "merci", "merci d'avance", "merci beaucoup", "cdt", "cdlt", "bien cdlt", "salutations", "en vous remerciant",
    "gracias", "muchas gracias", "mil gracias", "gracias de antemano", "slds", "salu2",
    "bedankt", "dank u", "dank je wel", "alvast bedankt", "hartelijk dank", "dank", "gr", "groet", "grt", "mvg",
    "bij voorbaat dank",
    "grazie", "grazie mille", "molte grazie", "grazie in anticipo", "ciao", "buona giornata", "buon lavoro", "a presto",
    "obrigado", "obrigada", "muito obrigado", "muito obrigada", "desde já obrigado", "att", "abs",
    "dziękuję", "dzięki", "tack", "tack på förhand", "tak", "på forhånd tak", "takk", "vh", "mh",
];

/// How a line begins that a phone or a mail program adds.
pub(super) const MOBILE: &[&str] = &[
    "sent from my", "sent from", "sent via", "sent with", "sent using", "sent by", "get outlook for", "composed on",
    "from my iphone", "from my ipad", "sent on the go", "download outlook", "get the new outlook",
    "von meinem", "von meiner", "gesendet von", "gesendet mit", "gesendet über", "gesendet vom", "gesendet aus",
    "diese nachricht wurde von meinem", "diese nachricht wurde von", "mit der gmx", "mit der web.de", "outlook für",
    "holen sie sich outlook", "beziehen sie outlook", "von unterwegs gesendet", "verfasst auf",
    "envoyé de", "envoyé depuis", "envoyé à partir", "envoyé avec", "envoyé par", "envoyée de", "envoyé via", "télécharger outlook",
    "obtenez outlook", "obtenir outlook", "outlook pour", "provenance :",
    "enviado desde", "enviado con", "enviado vía", "enviado via", "enviado a través", "enviado por", "enviado mediante",
    "obtener outlook", "descargue outlook", "descargar outlook", "consigue outlook", "obtén outlook",
    "verstuurd vanaf", "verstuurd met", "verzonden vanaf", "verzonden met", "verzonden via", "verstuurd via", "verzonden van",
    "outlook voor", "download outlook voor", "outlook downloaden", "verzonden vanuit",
    "inviato da", "inviato dal", "inviato con", "inviato tramite", "inviata da", "ottieni outlook", "scarica outlook",
    "outlook per", "messaggio inviato da",
    "enviado do", "enviado de", "enviado a partir", "enviado pelo", "enviado através", "enviada do", "obter o outlook",
    "obter outlook", "baixar o outlook", "obtenha o outlook",
    "wysłane z", "wysłano z", "wysłane za", "pobierz outlook", "pobierz program outlook", "pobierz aplikację outlook",
    "skickat från", "skickades från", "skickad från", "hämta outlook", "sendt fra", "hent outlook", "få outlook", "skaff deg outlook",
];

/// What such a line names.
pub(super) const DEVICES: &[&str] = &[
    "iphone", "iphone'a", "ipad", "ipada", "ipod", "android", "androidgerät", "android-gerät", "samsung", "galaxy",
    "handy", "smartphone", "mobile", "mobil", "mobiltelefon", "mobilgerät", "mobiel", "móvil", "mobil enhet", "telefono",
    "teléfono", "téléphone", "telefoon", "telefon", "cellulare", "celular", "telemóvel", "phone", "huawei", "pixel",
    "xiaomi", "redmi", "nokia", "oneplus", "sony", "xperia", "motorola", "oppo", "fairphone", "blackberry", "outlook",
    "mail", "e-mail", "gmail", "yahoo", "gmx", "web.de", "proton", "protonmail", "tutanota", "tuta", "libero", "orange",
    "zoho", "icloud", "tablet", "tablette", "surface", "windows", "thunderbird", "k-9", "spark", "mailbird", "mac",
    "macbook", "bluemail", "aqua mail", "workspace", "apparaat", "device", "appareil", "dispositivo", "freenet", "t-online",
    "telekom", "airmail", "app", "watch",
];

/// Labels of numbers to call.
pub(super) const PHONES: &[&str] = &[
    "tel", "telephone", "phone", "ph", "t", "p", "m", "f", "d", "mob", "mobile", "cell", "cellphone", "office", "direct",
    "direct line", "direct dial", "fax", "telefon", "fon", "mobil", "handy", "telefax", "durchwahl", "zentrale", "büro",
    "tél", "téléphone", "telephone", "portable", "port", "fixe", "standard", "ligne directe", "télécopie", "teléfono",
    "tfno", "tlf", "tlfno", "móvil", "movil", "telf", "telefoon", "mobiel", "gsm", "telefono", "cellulare", "cell",
    "telemóvel", "telemovel", "telefone", "tlm", "celular", "tlmv", "kom", "komórka", "whatsapp", "hotline", "skype",
    "switchboard", "mobilnummer", "tlf.nr", "tel. dir", "tel. direct", "main", "tel/fax", "tel./fax", "tel. + fax", "work", "home", "w", "c", "o",
];

/// What only the imprint of a firm says.
pub(super) const REGISTER: &[&str] = &[
    "geschäftsführer:", "geschäftsführerin:", "geschäftsführung:", "geschäftsführer :", "amtsgericht", "handelsregister",
    "registergericht", "sitz der gesellschaft", "ust-id", "ust.-id", "ustid", "ust-idnr", "umsatzsteuer-id", "firmenbuch",
    "aufsichtsrat", "vorstand:", "hrb ", "hra ", "steuernummer", "registered in england", "company number",
    "company registration", "company no", "registered office", "registered number", "vat no", "vat reg", "vat number",
    "vat:", "vat id", "rcs ", "siret", "siren ", "r.c.s", "tva intracom", "n° tva", "capital de ", "p. iva", "p.iva",
    "partita iva", "cod. fisc", "codice fiscale", "c.f. ", "reg. imprese", "cap. soc", "n.i.f", "nif ", "nif:", "cif:", "cif ",
    "c.i.f", "registro mercantil", "inscrita en el", "kvk", "btw", "contribuinte", "nipc", "cnpj", "iban", "krs", "regon",
    "org.nr", "org nr", "organisationsnummer", "cvr", "swift", "bic ",
];

/// Forms of firms.
pub(super) const FIRMS: &[&str] = &[
    "ltd", "limited", "llc", "inc", "plc", "llp", "corp", "corporation", "company", "pty", "gmbh", "ag", "kg", "ug", "ohg",
    "e.k", "e.v", "gbr", "mbh", "sa", "s.a", "sas", "s.a.s", "sarl", "s.a.r.l", "eurl", "sci", "sl", "s.l", "s.l.u", "slu",
    "bv", "b.v", "n.v", "nv", "vof", "srl", "s.r.l", "spa", "s.p.a", "snc", "s.n.c", "sas di", "lda", "unipessoal",
    "ltda", "eireli", "sp. z o.o", "s.c", "ab", "a/s", "aps", "oy", "group", "gruppe", "groupe", "grupo", "groep", "gruppo",
    "holding", "& co", "& sons", "& söhne", "& fils", "& figli", "& zonen", "& hijos", "& filhos",
];

/// What people are in a firm: parts of words.
pub(super) const ROLES: &[&str] = &[
    "manager", "director", "engineer", "officer", "assistant", "head of", "sales", "purchasing", "procurement",
    "accounts", "accounting", "finance", "support", "customer service", "technician", "supervisor", "administrator",
    "coordinator", "consultant", "president", "founder", "owner", "partner", "secretary", "buyer", "developer",
    "department", "team lead", "operations", "logistics", "maintenance", "marketing", "ceo", "cfo", "cto", "coo", "human resources",
    "specialist", "analyst", "lecturer", "professor", "nurse", "architect", "attorney", "controller", "planner", "executive",
    "leiter", "leitung", "einkauf", "vertrieb", "verkauf", "buchhaltung", "geschäftsführ", "sachbearbeit", "abteilung",
    "techniker", "ingenieur", "meister", "assistenz", "sekretariat", "inhaber", "prokurist", "verwaltung", "dipl.-",
    "dipl. ", "kundendienst", "kundenservice", "projektleit", "instandhaltung", "lager", "disposition", "referent", "rechtsanwält", "rechtsanwalt",
    "directeur", "directrice", "responsable", "service ", "ingénieur", "gérant", "chef d", "assistant", "comptab",
    "achats", "acheteu", "commercial", "technicien", "secrétaire", "chargé", "président", "logistique", "atelier",
    "jefe", "jefa", "gerente", "departamento", "ingenier", "contabilidad", "compras", "ventas", "administración",
    "técnic", "encargad", "dirección", "director", "mantenimiento", "logística", "hoofd", "inkoop", "verkoop",
    "directeur", "afdeling", "medewerk", "administratie", "eigenaar", "beheerder", "monteur", "technisch", "planning", "boekhouding",
    "responsabile", "direttore", "direttrice", "ufficio", "amministra", "acquisti", "vendite", "tecnic", "titolare",
    "contabilità", "manutenzione", "segreteria", "logistica", "diretor", "diretora", "responsável", "engenheir",
    "contabilidade", "compras", "vendas", "departamento", "administrativ", "sócio", "manutenção", "kierownik", "dyrektor",
    "specjalista", "dział", "chef", "ansvarig", "avdelning", "inköp", "ekonomi", "direktør", "indkøb", "afdeling",
];

/// What streets are called: parts of words.
pub(super) const STREETS: &[&str] = &[
    "street", " st.", "road", " rd", "avenue", " ave", "lane", "drive", "square", "park", "estate", "house", "unit ",
    "suite", "floor", "building", "way", "court", "p.o. box", "po box", "close", "quay", "wharf", "straße", "strasse",
    "str.", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "postfach", "hof", "chaussee", "rue ", "boulevard",
    "bd ", "chemin", "impasse", "place ", "quai", "zone", "za ", "zi ", "route ", "allée", "calle", "c/", "avda", "avenida", "av.",
    "plaza", "paseo", "polígono", "pol. ind", "carretera", "ctra", "camino", "straat", "laan", "plein", "kade", "gracht",
    "dijk", "postbus", "singel", "via ", "viale", "piazza", "corso", "largo", "strada", "rua ", "travessa", "praça", "estrada",
    "alameda", "ul.", "ulica", "aleja", "gatan", "vägen", "gade", "vej", "torg",
];

/// What a sentence says that goes on in what looks like a card.
pub(super) const CARD: &[&str] = &[
    "address", "contact", "phone", "call ", "deliver", "details", "reach", "number", "ship", "send it to", "follow",
    "invoice to", "bill to", "adresse", "anschrift", "kontakt", "telefon", "liefer", "erreich", "folgend", "rechnung an",
    "coordonnées", "livr", "joindre", "téléphone", "suivant", "dirección", "contacto", "entreg", "envi", "teléfono", "siguiente",
    "datos", "adres", "gegevens", "bezorg", "lever", "bereik", "volgend", "indirizzo", "consegn", "recapit", "contatt", "seguent",
    "endereço", "contato", "seguinte", "dados", "morada",
];
