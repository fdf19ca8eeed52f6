use domain::{FileKind, Sealed};

use crate::ann;

fn unwanted(fields: &str) -> Option<bool> {
    ann(&format!("{fields}\n\nx")).spam.map(|it| it.unwanted)
}

#[test]
fn the_fields_of_filters_are_understood() {
    for (fields, expected) in [
        ("Subject: x", None),
        ("X-Spam-Flag: YES", Some(true)),
        ("X-Spam-Flag: NO", Some(false)),
        ("X-Spam-Status: Yes, score=7.1 required=5.0 tests=A,B", Some(true)),
        ("X-Spam-Status: No, score=-1.9", Some(false)),
        ("X-Spam: Yes", Some(true)),
        ("X-Rspamd-Action: add header", Some(true)),
        ("X-Rspamd-Action: no action", Some(false)),
        ("X-Rspamd-Action: greylist", Some(false)),
        ("X-Spam-Action: reject", Some(true)),
        ("X-Spamd-Result: default: True [17.20 / 15.00]; A(1.00)[]", Some(true)),
        ("X-Spamd-Result: default: False [-0.10 / 15.00]", Some(false)),
        ("X-Spamd-Bar: ++++++++", Some(true)),
        ("X-Spamd-Bar: ---", Some(false)),
        ("X-Spam-Level: *******", Some(true)),
        ("X-Spam-Level: **", Some(false)),
        ("X-Spam-Level: *******\nX-Spam-Status: No, score=7.0 required=9.0", Some(false)),
        ("X-SPAM-LEVEL: Spam detection results:  6\n\tBAYES_99 4 Bayes", Some(true)),
        ("X-SPAM-LEVEL: Spam detection results:  0", Some(false)),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:US;SCL:5;SFV:SPM;H:x", Some(true)),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:-1;SFV:SKN", Some(false)),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:6", Some(true)),
        ("X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;CAT:NONE", Some(false)),
        ("X-Forefront-Antispam-Report: SFV:SKB", Some(true)),
        ("X-MS-Exchange-Organization-SCL: 6", Some(true)),
        ("X-MS-Exchange-Organization-SCL: -1", Some(false)),
        ("X-Microsoft-Antispam: BCL:0;", None),
        ("X-Proofpoint-Spam-Details: rule=spam policy=default score=98", Some(true)),
        ("X-Proofpoint-Spam-Details: rule=inbound_notspam policy=inbound score=0", Some(false)),
        ("X-Barracuda-Spam-Status: Yes, SCORE=5.20", Some(true)),
        ("X-Ham-Report: Spam detection software has not identified", Some(false)),
        ("X-UI-Filterresults: junk:10;V03:K0", Some(true)),
        ("X-Bogosity: Unsure, tests=bogofilter", None),
        ("X-TM-AS-Result: Yes--12.3", Some(true)),
        ("Subject: ***SPAM*** Cheap pumps", Some(true)),
        ("Subject: [SPAM] Cheap pumps\nX-Spam-Flag: NO", Some(false)),
        ("Subject: Re: [SPAM] Cheap pumps", None),
        ("Subject: My case is in the [SPAM] folder", None),
        // What stands below may be the sender's own.
        ("X-Spam-Flag: YES\nX-Spam-Flag: NO", Some(true)),
        ("X-Spam-Status: No, score=0\nX-Spam-Status: Yes, score=9", Some(false)),
        ("X-Spam-Status: No\nX-Forefront-Antispam-Report: SFV:SPM", Some(true)),
    ] {
        assert_eq!(unwanted(fields), expected, "{fields}");
    }
    let said = ann("X-Spam-Status: Yes, score=7.1\n\nx").spam.expect("a judgement").said;
    assert_eq!(said, "X-Spam-Status: Yes, score=7.1");
}

#[test]
fn sealed_mail_is_named() {
    let encoded = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let smime = |arc: u8| {
        let bytes = [0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, arc, 0xa0, 0x80];
        let head = "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"\nContent-Transfer-Encoding: base64\n\n";
        ann(&format!("{head}{}", encoded(&bytes))).sealed
    };
    assert_eq!(smime(3), Some(Sealed::SmimeEncrypted));
    assert_eq!(smime(2), Some(Sealed::SmimeSigned));
    let pgp = ann("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n--b\n\
        Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\n\n\
        -----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n--b--\n");
    assert_eq!(pgp.sealed, Some(Sealed::PgpEncrypted));
    assert_eq!(ann("\n-----BEGIN PGP MESSAGE-----\n\nabc\n").sealed, Some(Sealed::PgpInline));
    assert_eq!(ann("\nThey sent this:\n> -----BEGIN PGP MESSAGE-----\n").sealed, None);
    assert_eq!(ann("\n-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n").sealed, None);
    let winmail = ann(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\n\nx\n--b--\n",
    );
    assert_eq!(winmail.sealed, Some(Sealed::Winmail));
    let signed = ann(
        "Content-Type: multipart/signed; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\n\nx\n--b--\n",
    );
    assert_eq!((signed.sealed, signed.text.as_str()), (None, "Hello"));
    let kind = |media: &str, name: &str| FileKind::of(media, name);
    assert_eq!(kind("application/pkcs7-signature", "smime.p7s"), Some(FileKind::SmimeSignature));
    assert_eq!(kind("application/octet-stream", "Signature.asc"), Some(FileKind::PgpSignature));
    assert_eq!(kind("application/octet-stream", "winmail.dat"), Some(FileKind::Winmail));
    assert_eq!(kind("application/pdf", "report.pdf"), None);
}
