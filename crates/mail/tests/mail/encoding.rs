use crate::{ann, receiver};

fn check(charset: &str, bytes: &[u8], expected: &str) {
    let mut raw = b"From: ann@a.example\r\n".to_vec();
    if !charset.is_empty() {
        raw.extend_from_slice(format!("Content-Type: text/plain; charset=\"{charset}\"\r\n").as_bytes());
    }
    raw.extend_from_slice(b"\r\n");
    raw.extend_from_slice(bytes);
    assert_eq!(mail::read(&raw, &receiver()).expect("a mail").text, expected, "{charset}");
}

#[test]
fn every_charset_gives_words() {
    check("utf-8", "Grüße 你好".as_bytes(), "Grüße 你好");
    check("UTF8", "Grüße".as_bytes(), "Grüße");
    check("iso-8859-1", b"Gr\xfc\xdfe", "Grüße");
    check("ISO-8859-15", b"5 \xa4", "5 €");
    check("windows-1252", b"\x93Gr\xfc\xdfe\x94", "“Grüße”");
    check("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет");
    check("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет");
    check("shift_jis", b"\x83n\x83\x8D\x81[", "ハロー");
    check("iso-2022-jp", b"\x1b$B%O%m!<\x1b(B", "ハロー");
    check("euc-kr", b"\xbe\xc8\xb3\xe7", "안녕");
    check("gb2312", b"\xc4\xe3\xba\xc3", "你好");
    check("big5", b"\xa7A\xa6n", "你好");
    check("utf-7", b"+ZYeB9FH6ckh5Pg-", "文致出版社");
    check("utf-16le", b"h\0i\0", "hi");
}

#[test]
fn wrong_labels_and_none_give_words() {
    check("", "Grüße".as_bytes(), "Grüße");
    check("", b"Gr\xfc\xdfe", "Grüße");
    check("us-ascii", "Grüße".as_bytes(), "Grüße");
    check("us-ascii", b"Gr\xfc\xdfe", "Grüße");
    check("utf-8", b"Gr\xfc\xdfe", "Grüße");
    check("x-nobody-knows", "Grüße".as_bytes(), "Grüße");
    check("utf-8", "Grüße \u{0} \u{7} und\rmehr\u{85}!".as_bytes(), "Grüße   und\nmehr\n!");
}

#[test]
fn every_transfer_encoding_gives_words() {
    let check = |encoding: &str, body: &str, expected: &str| {
        let mail =
            ann(&format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}"));
        assert_eq!(mail.text, expected, "{encoding} {body}");
    };
    check("8bit", "Grüße", "Grüße");
    check("Quoted-Printable", "Gr=C3=BC=c3=9fe=\n n", "Grüße n");
    check("quoted-printable", "a=  \nb 1=2 =3 =", "ab 1=2 =3");
    check("BASE64", "R3LDvMOf\nZQ==", "Grüße");
    check("base64", "R3LDv!MOf\n*ZQ=", "Grüße");
    check("x-unknown", "words", "words");
}

#[test]
fn headers_are_words_too() {
    let check = |subject: &[u8], expected: &str| {
        let raw = [b"From: ann@a.example\r\nSubject: ", subject, b"\r\n\r\nx"].concat();
        assert_eq!(mail::read(&raw, &receiver()).expect("a mail").subject, expected);
    };
    check(b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?iso-8859-1?Q?_zur=FCck?=", "Grüße zurück");
    check(b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße");
    check("Grüße".as_bytes(), "Grüße");
    check(b"Gr\xfc\xdfe", "Grüße");
    check(b"=?iso-2022-jp?B?GyRCJU8lbSE8GyhC?=", "ハロー");
    check(b"=?utf-8?Q?a=E2=80=AEb=0D=0ABcc:_x?=", "ab Bcc: x");

    let mail = ann("Content-Type: application/pdf; name*=utf-8''%C3%BCber.pdf\n\nx");
    assert_eq!(mail.files[0].name, "über.pdf");
    let mail = ann("Content-Disposition: attachment; filename=\"=?utf-8?Q?=C3=BCber.pdf?=\"\n\nx");
    assert_eq!(mail.files[0].name, "über.pdf");
}
