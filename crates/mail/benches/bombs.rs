//! What the worst mails cost: `cargo bench --bench bombs`. Each is made here and read in a process of its own, whose CPU
//! time and highest memory, the mail itself with it, are printed.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::process::Command;

use mail::{Receiver, read};

/// The largest mail that is read.
const LARGEST: usize = mail::limits::MAIL as usize;
const HUNDRED: usize = 100_000_000;
const FROM: &str = "From: Ann <ann@northwind.example>\r\nTo: support@desk.example\r\nSubject: Pump\r\n";

type Make = fn() -> Vec<u8>;

const BOMBS: &[(&str, Make)] = &[
    ("100 MB of text", || filled("\r\n", "word word word\r\n", HUNDRED)),
    ("100 MB of HTML", || filled("Content-Type: text/html\r\n\r\n", "<p>x", HUNDRED)),
    ("100 MB of base64", || filled("Content-Transfer-Encoding: base64\r\n\r\n", "QUJD\r\n", HUNDRED)),
    ("100 MB in one line", || filled("\r\n", "x", HUNDRED)),
    ("50 MB of text", || filled("\r\n", "word word word\r\n", LARGEST)),
    ("50 MB in one line", || filled("\r\n", "x", LARGEST)),
    ("50 MB of nulls", || filled("\r\n", "\0", LARGEST)),
    ("50 MB of carriage returns", || {
        filled("\r\r", "\r", LARGEST).iter().map(|it| if *it == b'\n' { b'\r' } else { *it }).collect()
    }),
    ("50 MB of bytes", || filled_bytes("\r\n", b"\xe9\xff\x80", LARGEST)),
    ("50 MB of HTML", || filled("Content-Type: text/html\r\n\r\n", "<p>x", LARGEST)),
    ("50 MB of base64", || filled("Content-Transfer-Encoding: base64\r\n\r\n", "QUJD\r\n", LARGEST)),
    ("50 MB of broken base64", || filled("Content-Transfer-Encoding: base64\r\n\r\n", "Q!UJDQUJDQUJD\r\n", LARGEST)),
    ("50 MB of padding", || filled("Content-Transfer-Encoding: base64\r\n\r\n", "=", LARGEST)),
    ("50 MB of soft breaks", || filled("Content-Transfer-Encoding: quoted-printable\r\n\r\n", "=\r\n", LARGEST)),
    ("50 MB of equals signs", || filled("Content-Transfer-Encoding: quoted-printable\r\n\r\n", "= ", LARGEST)),
    ("50 MB of uuencode", || {
        filled("Content-Transfer-Encoding: x-uuencode\r\n\r\n", "begin 644 a\r\n#86%A\r\n", LARGEST)
    }),
    ("50 MB of lines that say more than they have", || {
        filled("Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n", "_\n", LARGEST)
    }),
    ("1 MB of half a link beside a page", || {
        let parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b\r\n\r\n";
        filled(parts, "http", 1 << 20)
    }),
    ("1 MB of commas in a header that is passed on", || {
        let mut mail = filled("\r\n---------- Forwarded message ---------\nFrom: a@b.example\nTo: ", ",", 1 << 20);
        mail.extend_from_slice(b"\nSubject: s\n\nx");
        mail
    }),
    ("32 kB of brackets in an address", || head(&format!("Reply-To: \u{2039}{}", "(".repeat(32 << 10)))),
    ("32 kB of quotes in an address", || head(&format!("Reply-To: \u{2039}{}", "\\\"".repeat(16 << 10)))),
    ("50 MB of utf-7", || filled("Content-Type: text/plain; charset=utf-7\r\n\r\n", "+AGE-", LARGEST)),
    ("50 MB of iso-2022 shifts", || {
        filled("Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n", "\x1b$B\x1b(B", LARGEST)
    }),
    ("50 MB of utf-16", || filled("Content-Type: text/plain; charset=utf-16\r\n\r\n", "\u{0}a", LARGEST)),
    ("50 MB of gb18030", || {
        filled_bytes("Content-Type: text/plain; charset=gb18030\r\n\r\n", b"\x81\x30\x81", LARGEST)
    }),
    ("50 MB of quotes", || filled("\r\n", ">", LARGEST)),
    ("quotes of a million", || filled("\r\n", ">", 1 << 20)),
    ("On, a million times", || filled("\r\n", "On ", 1 << 20)),
    ("On, on lines", || filled("\r\n", "On 1\r\n", 1 << 20)),
    ("wrote:, a million times", || filled("\r\n", "On Mon wrote:\r\n", 1 << 20)),
    ("From:, on lines", || filled("\r\n", "From: x\r\n", 1 << 20)),
    ("uuencode begun in a text", || filled("\r\n", "begin 644 a\r\n#86%A\r\n", 1 << 20)),
    ("flowed", || filled("Content-Type: text/plain; format=flowed\r\n\r\n", "> x \r\n", 1 << 20)),
    ("multiparts 10,000 deep", || nested("multipart/mixed", false)),
    ("one boundary 10,000 deep", || nested("multipart/mixed", true)),
    ("digests 10,000 deep", || nested("multipart/digest", false)),
    ("mails in mails", || filled("", "Content-Type: message/rfc822\r\n\r\n", LARGEST)),
    ("100,000 parts", || filled("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\r\n\r\nx\r\n", 1_000_000)),
    ("499 parts with long types", || {
        parts(499, &format!("Content-Type: text/plain; name=\"{}\"\r\n\r\nx\r\n", "=?x?Q?".repeat(3_000)))
    }),
    ("499 parts with long headers", || parts(499, &format!("X: {}\r\n\r\nx\r\n", "y".repeat(100_000)))),
    ("499 parts of HTML", || parts(499, &format!("Content-Type: text/html\r\n\r\n{}\r\n", "<p>x".repeat(500)))),
    ("2,000 fields in 400 parts", || parts(400, &format!("{}\r\nx\r\n", "Content-Type: a/b\r\n".repeat(1_999)))),
    ("dashes", || filled("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--\n", LARGEST)),
    ("boundaries that begin alike", || filled("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--bx\n", LARGEST)),
    ("boundaries that begin alike, 20 deep", alike),
    ("boundaries in another case", || filled("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--Bx\n", LARGEST)),
    ("a million fields", || head(&"X: y\r\n".repeat(1_000_000))),
    ("a field of 50 MB", || head(&format!("X: {}\r\n", "y".repeat(LARGEST - 1_000)))),
    ("a field of 50 MB, folded", || head(&format!("X: {}\r\n", "y\r\n ".repeat(LARGEST / 4 - 1_000)))),
    ("no fields in a header", || head(&"x\r\n".repeat(80_000))),
    ("blanks in a header", || head(&" \r\n".repeat(80_000))),
    ("a million encoded words", || head(&format!("Subject: {}\r\n", "=?utf-8?Q?a?= ".repeat(1_000_000)))),
    ("encoded words in 250 KB", || head(&format!("Subject: {}\r\n", "=?utf-8?Q?a?= ".repeat(17_000)))),
    ("encoded words begun", || {
        head(&format!("Subject: {}\r\nCc: {}\r\n", "=?a?Q?".repeat(20_000), "=?a?Q?".repeat(20_000)))
    }),
    ("a million addresses", || head(&format!("Cc: {}\r\n", "a@b.example,".repeat(1_000_000)))),
    ("addresses in 250 KB", || head(&format!("Cc: {}\r\n", "a@b.example,".repeat(20_000)))),
    ("comments in addresses", || {
        head(&format!("Cc: {}\r\nReply-To: {}\r\n", "(".repeat(100_000), "(<".repeat(60_000)))
    }),
    ("quotes in addresses", || {
        head(&format!("Cc: {}\r\nReply-To: {}\r\n", "\"a\\".repeat(40_000), "\"\"".repeat(60_000)))
    }),
    ("groups in addresses", || head(&format!("Cc: {}\r\n", "a:".repeat(100_000)))),
    ("100,000 references", || head(&format!("References: {}\r\n", "<a@b.example> ".repeat(100_000)))),
    ("references in 250 KB", || {
        head(&format!("References: {}\r\nIn-Reply-To: {}\r\n", "<a@b> ".repeat(20_000), "<".repeat(100_000)))
    }),
    ("100,000 continuations", || head(&continuations(100_000))),
    ("continuations in 200 KB", || head(&continuations(8_000))),
    ("parameters", || head(&format!("Content-Type: text/plain; {}\r\n", "a=b;".repeat(60_000)))),
    ("comments in results", || head(&format!("Authentication-Results: x; {}\r\n", "(".repeat(250_000)))),
    ("2,000 results", || head(&"Authentication-Results: x; (((\"\r\n".repeat(1_990))),
    ("a date that does not end", || head(&format!("Date: {}\r\n", "1 ".repeat(120_000)))),
    ("HTML a million deep", || page("<div>")),
    ("letters a million deep", || page("<b>")),
    ("adoption", || page("<a href=x><b><p>x</a>")),
    ("adoption in tables", || page("<table><b>x<tr><a href=x>")),
    ("adoption once", || whole_page(format!("{}{}", "<b><i><u><s>".repeat(5_000), "<p>x</b></i>".repeat(60_000)))),
    ("tables in tables", || page("<table><tr><td>")),
    ("cells", || page("<td>x")),
    ("tags never closed", || page("<p title=\"")),
    ("tags never ended", || page("<a b='\"")),
    ("comments never closed", || page("<!--")),
    ("a million attributes", || whole_page(format!("<p {}>x", "a=b ".repeat(250_000)))),
    ("attributes without a value", || whole_page(format!("<p {}>x", "a ".repeat(500_000)))),
    ("entities", || page("&amp;")),
    ("entities without an end", || page("&amp")),
    ("entities of numbers", || page("&#x10FFFF;")),
    ("rules of style", || whole_page(format!("<style>{}</style><p>x", "a{b:c}".repeat(170_000)))),
    ("imports", || whole_page(format!("<style>{}</style><p>x", "@import 'x';".repeat(80_000)))),
    ("styles", || page("<p style=\"color:red;color:rgb(1,2,3);margin:0 1px\">x</p>")),
    ("one long style", || page(&format!("<p style=\"{}\">x</p>", "color:rgb(1,2,3);".repeat(230)))),
    ("brackets in styles", || page(&format!("<p style=\"color:{}\">x</p>", "rgb(".repeat(70)))),
    ("srcset", || whole_page(format!("<img srcset=\"{}\">", "http://a.example/x 1x,".repeat(45_000)))),
    ("lists", || page("<ul><li>x")),
    ("quotes in HTML", || page("<blockquote>x<br>")),
    ("details", || page("<details><summary>x")),
    ("a page in 500 pieces", || parts(499, &format!("Content-Type: text/html\r\n\r\n{}\r\n", "<div>".repeat(400)))),
    ("pictures by id", || {
        let pictures = "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\r\nx\r\n";
        let mut raw = parts(498, pictures);
        raw.extend_from_slice(b"--b\r\nContent-Type: text/html\r\n\r\n");
        raw.extend(b"<img src=cid:none>".repeat(39_000));
        raw
    }),
    ("an archive", || file("application/zip", "bomb.zip", &archive())),
    ("a compressed file", || file("application/gzip", "bomb.gz", &[0x1f, 0x8b, 8, 0].repeat(2_000_000))),
    ("winmail.dat", || {
        file("application/ms-tnef", "winmail.dat", &[0x78, 0x9f, 0x3e, 0x22, 0xff, 0xff].repeat(2_000_000))
    }),
    ("a calendar", || {
        filled(
            "Content-Type: text/calendar\r\n\r\n",
            "BEGIN:VEVENT\r\nRRULE:FREQ=SECONDLY;COUNT=999999999\r\n",
            1 << 20,
        )
    }),
    ("a calendar of 50 MB", || {
        filled("Content-Type: text/calendar; method=REQUEST\r\n\r\n", "BEGIN:VCALENDAR\r\n", LARGEST)
    }),
    ("a calendar in one line", || {
        filled("Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:", "x\r\n ", 1 << 20)
    }),
    ("reports", || {
        filled("Content-Type: message/delivery-status\r\n\r\n", "Final-Recipient: rfc822; a@b.example\r\n", 1 << 20)
    }),
    ("a report that names many", || {
        let start = "From: mailer-daemon@x.example\r\nSubject: Undelivered\r\n\r\n";
        let mut mail = start.to_owned();
        for nth in 0..400 {
            write!(mail, "<a{}@b.example>:", nth % 100).ok();
            for other in 0..150 {
                write!(mail, " a{other}@b.example").ok();
            }
            mail.push_str("\r\n");
        }
        mail.into_bytes()
    }),
    ("a report of 50 MB", || {
        let start = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
            Content-Type: message/delivery-status\r\n\r\n";
        filled(start, "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n", LARGEST)
    }),
];

/// A mail with `start` behind its header, filled up to `size` with `piece`.
fn filled(start: &str, piece: &str, size: usize) -> Vec<u8> {
    filled_bytes(start, piece.as_bytes(), size)
}

fn filled_bytes(start: &str, piece: &[u8], size: usize) -> Vec<u8> {
    let mut raw = Vec::with_capacity(size.max(1_000));
    raw.extend_from_slice(FROM.as_bytes());
    raw.extend_from_slice(start.as_bytes());
    while raw.len() + piece.len() <= size {
        raw.extend_from_slice(piece);
    }
    raw
}

fn head(fields: &str) -> Vec<u8> {
    format!("{FROM}{fields}\r\nx").into_bytes()
}

fn page(piece: &str) -> Vec<u8> {
    filled("Content-Type: text/html\r\n\r\n", piece, 1 << 20)
}

fn whole_page(html: String) -> Vec<u8> {
    let mut raw = filled("Content-Type: text/html\r\n\r\n", "x", 0);
    raw.extend(html.into_bytes());
    raw
}

fn parts(count: usize, part: &str) -> Vec<u8> {
    let mut raw = format!("{FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..count {
        raw.push_str("--b\r\n");
        raw.push_str(part);
    }
    raw.into_bytes()
}

fn nested(media: &str, same: bool) -> Vec<u8> {
    let mut raw = FROM.to_owned();
    for nth in 0..10_000 {
        let name = if same { 0 } else { nth };
        let _ = write!(raw, "Content-Type: {media}; boundary=b{name}\r\n\r\n--b{name}\r\n");
    }
    raw.into_bytes()
}

/// Each boundary is the start of the next, and every line looks like all of them.
fn alike() -> Vec<u8> {
    let mut raw = FROM.to_owned();
    for depth in 1..=20 {
        let name = "b".repeat(depth * 3);
        let _ = write!(raw, "Content-Type: multipart/mixed; boundary={name}\r\n\r\n--{name}\r\n");
    }
    raw.push_str("\r\n");
    let line = format!("--{}x\n", "b".repeat(60));
    while raw.len() + line.len() < LARGEST {
        raw.push_str(&line);
    }
    raw.into_bytes()
}

fn continuations(count: usize) -> String {
    (0..count).fold("Content-Disposition: attachment".to_owned(), |mut out, nth| {
        let _ = write!(out, "; filename*{nth}*=%61");
        out
    }) + "\r\n"
}

fn file(media: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut raw = format!(
        "{FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {media}; name=\"{name}\"\r\n\
         Content-Disposition: attachment\r\n\r\n"
    )
    .into_bytes();
    raw.extend_from_slice(bytes);
    raw.extend_from_slice(b"\r\n--b--\r\n");
    raw
}

/// The start of an archive that says it is 4 GB, many times.
fn archive() -> Vec<u8> {
    let mut entry = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".to_vec();
    entry.extend([0xff; 12]);
    entry.extend(b"\x05\0\0\0a.txt");
    entry.repeat(200_000)
}

/// CPU seconds of this process so far, of which the system counts hundredths.
fn seconds() -> f64 {
    let line = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold anything, come the state and ten numbers, then both times.
    let fields = line.rsplit_once(')').map_or("", |it| it.1);
    fields.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory that this process has had since it was last asked to forget, in MiB.
fn highest() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap_or_default() / 1024.0
}

/// Reads one bomb, and says `seconds MiB outcome`.
fn explode(name: &str) {
    let Some((_, make)) = BOMBS.iter().find(|it| it.0 == name) else { return };
    let raw = make();
    // What it took to make it does not count.
    fs::write("/proc/self/clear_refs", "5").ok();
    let before = seconds();
    let read = black_box(read(black_box(&raw), &Receiver { authserv_id: Some("x"), own: &[] }));
    let took = seconds() - before;
    let outcome = match &read {
        Ok(_) => "kept".to_owned(),
        Err(why) => format!("refused: {why}"),
    };
    println!("{took} {} {outcome}", highest());
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|it| it != "--bench");
    let first = words.next();
    if let (Some("--explode"), Some(name)) = (first.as_deref(), words.next()) {
        return explode(&name);
    }
    let Ok(own) = std::env::current_exe() else { return };
    let (mut slowest, mut largest, mut aborted) = ((0.0, ""), (0.0, ""), 0);
    for (name, _) in BOMBS.iter().filter(|it| first.as_ref().is_none_or(|word| it.0.contains(word.as_str()))) {
        let ended = Command::new(&own).args(["--explode", name]).output();
        let said = ended.ok().filter(|it| it.status.success()).and_then(|it| String::from_utf8(it.stdout).ok());
        let said = said.unwrap_or_default();
        let mut fields = said.trim().splitn(3, ' ');
        let number = |it: Option<&str>| it.and_then(|it| it.parse::<f64>().ok());
        let (Some(cpu), Some(memory), Some(outcome)) = (number(fields.next()), number(fields.next()), fields.next())
        else {
            aborted += 1;
            println!("bomb {name}: ABORTED");
            continue;
        };
        println!("bomb {name}: {cpu:.2} s CPU, {memory:.0} MiB, {outcome}");
        if cpu > slowest.0 {
            slowest = (cpu, name);
        }
        if memory > largest.0 {
            largest = (memory, name);
        }
    }
    println!(
        "bombs: {} made, {aborted} aborted, worst {:.2} s CPU ({}), {:.0} MiB ({}); bounds 2 s, 256 MiB",
        BOMBS.len(),
        slowest.0,
        slowest.1,
        largest.0,
        largest.1
    );
}
