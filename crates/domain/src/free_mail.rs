//! Mail domains whose addresses belong to many people, who have nothing to do with each other.
//!
//! Public providers and large access providers. It need not be complete: a domain leads to an organization only after a
//! person has said so, and this list keeps them from saying it by mistake.

/// In the order of their bytes, for a binary search.
const DOMAINS: &[&str] = &[
    "012.net.il", "126.com", "139.com", "163.com", "189.cn", "21cn.com", "abv.bg", "aim.com", "alice.it",
    "aliceadsl.fr", "aliyun.com", "ameritech.net", "anonaddy.com", "aol.co.uk", "aol.com", "aol.de", "aol.fr",
    "aon.at", "arcor.de", "arnet.com.ar", "atlas.cz", "att.net", "au.com", "autistici.org", "azet.sk", "bbox.fr",
    "bell.net", "bellsouth.net", "biglobe.ne.jp", "bigpond.com", "bigpond.net.au", "bk.ru", "bluewin.ch",
    "blueyonder.co.uk", "bol.com.br", "bredband.net", "broadpark.no", "btinternet.com", "btopenworld.com",
    "caiway.nl", "casema.nl", "centrum.cz", "centrum.sk", "centurylink.net", "charter.net", "chello.at", "chello.nl",
    "citromail.hu", "ciudad.com.ar", "clix.pt", "club-internet.fr", "comcast.net", "comhem.se", "consultant.com",
    "cox.net", "ctemplar.com", "daum.net", "dir.bg", "disroot.org", "docomo.ne.jp", "duck.com", "earthlink.net",
    "eircom.net", "elisanet.fi", "email.com", "email.cz", "email.de", "email.it", "emirates.net.ae", "engineer.com",
    "europe.com", "excite.com", "ezweb.ne.jp", "facebook.com", "fastmail.com", "fastmail.fm", "fastwebnet.it",
    "fibertel.com.ar", "forthnet.gr", "foxmail.com", "free.fr", "freemail.gr", "freemail.hu", "freenet.de",
    "frontier.com", "frontiernet.net", "gazeta.pl", "getmail.no", "globo.com", "globomail.com", "gmail.com", "gmx.at",
    "gmx.ch", "gmx.co.uk", "gmx.com", "gmx.de", "gmx.es", "gmx.fr", "gmx.net", "gmx.us", "googlemail.com",
    "hanmail.net", "hetnet.nl", "hey.com", "hispeed.ch", "home.nl", "hot.ee", "hotmail.be", "hotmail.ch",
    "hotmail.co.jp", "hotmail.co.uk", "hotmail.com", "hotmail.com.ar", "hotmail.com.br", "hotmail.com.mx",
    "hotmail.com.tr", "hotmail.de", "hotmail.dk", "hotmail.es", "hotmail.fi", "hotmail.fr", "hotmail.gr",
    "hotmail.it", "hotmail.nl", "hotmail.no", "hotmail.se", "hush.com", "hushmail.com", "i.softbank.jp", "i.ua",
    "icloud.com", "ig.com.br", "iinet.net.au", "in.com", "in.gr", "inbox.com", "inbox.lt", "inbox.lv", "inbox.ru",
    "indiatimes.com", "interia.eu", "interia.pl", "internet.ru", "internode.on.net", "inwind.it", "iol.it",
    "jubii.dk", "juno.com", "kakao.com", "keemail.me", "kolabnow.com", "kolumbus.fi", "kpnmail.nl", "kpnplanet.nl",
    "laposte.net", "lavabit.com", "lenta.ru", "libero.it", "list.ru", "live.at", "live.be", "live.ca", "live.cn",
    "live.co.uk", "live.com", "live.com.au", "live.com.mx", "live.com.pt", "live.de", "live.dk", "live.fr", "live.it",
    "live.jp", "live.nl", "live.no", "live.se", "luukku.com", "lycos.com", "mac.com", "mail.bg", "mail.com",
    "mail.de", "mail.dk", "mail.ee", "mail.ie", "mail.pt", "mail.ru", "mailbox.org", "mailfence.com", "me.com",
    "meta.ua", "mindspring.com", "movistar.es", "mozmail.com", "msn.com", "mweb.co.za", "mynet.com", "myspace.com",
    "nate.com", "naver.com", "net.hr", "netvision.net.il", "netzero.com", "netzero.net", "neuf.fr", "nifty.com",
    "ntlworld.com", "numericable.fr", "o2.co.uk", "o2.pl", "ocn.ne.jp", "oi.com.br", "onet.eu", "onet.pl",
    "online.de", "online.no", "ono.com", "op.pl", "operamail.com", "optimum.net", "optonline.net", "optusnet.com.au",
    "orange.fr", "orange.net", "otenet.gr", "outlook.at", "outlook.be", "outlook.co.id", "outlook.com",
    "outlook.com.au", "outlook.com.br", "outlook.de", "outlook.es", "outlook.fr", "outlook.ie", "outlook.it",
    "outlook.jp", "outlook.pt", "pacbell.net", "passport.com", "planet.nl", "plus.net", "plusnet.com", "pm.me",
    "poczta.fm", "poczta.onet.pl", "post.com", "post.cz", "post.sk", "poste.it", "posteo.de", "posteo.net",
    "pp.inet.fi", "privaterelay.appleid.com", "prodigy.net.mx", "proton.me", "protonmail.ch", "protonmail.com",
    "proximus.be", "qq.com", "quicknet.nl", "r7.com", "rambler.ru", "rediffmail.com", "relay.firefox.com",
    "riseup.net", "roadrunner.com", "rocketmail.com", "rogers.com", "rr.com", "runbox.com", "safe-mail.net",
    "sapo.pt", "sbcglobal.net", "scarlet.be", "seznam.cz", "sfr.fr", "shaw.ca", "sify.com", "simnet.is",
    "simplelogin.com", "sina.cn", "sina.com", "siol.net", "skiff.com", "sky.com", "skynet.be", "slingshot.co.nz",
    "softbank.ne.jp", "sohu.com", "spectrum.net", "speedy.com.ar", "spray.se", "startmail.com", "stofanet.dk",
    "sunrise.ch", "suomi24.fi", "superonline.com", "swbell.net", "sympatico.ca", "t-online.de", "talktalk.net",
    "tdcadsl.dk", "tele2.nl", "telefonica.net", "telenet.be", "telia.com", "telia.se", "telkomsa.net", "telus.net",
    "terra.com.br", "terra.es", "tim.it", "tin.it", "tiscali.co.uk", "tiscali.it", "tlen.pl", "tom.com", "tpg.com.au",
    "ttmail.com", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de", "twc.com", "ukr.net",
    "uol.com.br", "upcmail.nl", "usa.com", "verizon.net", "videotron.ca", "virgilio.it", "virgin.net",
    "virginmedia.com", "vodafone.de", "vodamail.co.za", "volny.cz", "vp.pl", "walla.co.il", "walla.com", "wanadoo.fr",
    "web.de", "webmail.co.za", "windowslive.com", "windstream.net", "wp.pl", "xs4all.nl", "xtra.co.nz", "ya.ru",
    "yahoo.ca", "yahoo.co.id", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.nz", "yahoo.co.uk", "yahoo.co.za", "yahoo.com",
    "yahoo.com.ar", "yahoo.com.au", "yahoo.com.br", "yahoo.com.cn", "yahoo.com.hk", "yahoo.com.mx", "yahoo.com.my",
    "yahoo.com.ph", "yahoo.com.sg", "yahoo.com.tr", "yahoo.com.tw", "yahoo.com.vn", "yahoo.de", "yahoo.dk",
    "yahoo.es", "yahoo.fr", "yahoo.gr", "yahoo.ie", "yahoo.in", "yahoo.it", "yahoo.no", "yahoo.pl", "yahoo.ro",
    "yahoo.se", "yandex.by", "yandex.com", "yandex.kz", "yandex.ru", "yandex.ua", "yeah.net", "ymail.com", "ziggo.nl",
    "zipmail.com.br", "zoho.com", "zohomail.com", "zohomail.eu", "zoznam.sk",
];

/// Whether mail of `domain` says nothing about who its sender works for.
pub fn is_free_mail(domain: &str) -> bool {
    DOMAINS.binary_search(&domain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(DOMAINS.is_sorted());
        assert!(is_free_mail("gmail.com") && is_free_mail("yeah.net"));
        assert!(!is_free_mail("northwind.example"));
    }
}
