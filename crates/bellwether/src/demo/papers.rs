//! Files that come with mails: small, but real ones.

use std::fmt::Write as _;

use super::dice::Dice;

/// A file as a mail or a reply carries it.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A page with some lines of text (PDF 1.4).
pub fn pdf(name: &str, lines: &[&str]) -> Paper {
    let mut text = String::from("BT /F1 12 Tf 60 780 Td 18 TL\n");
    for line in lines {
        let line: String =
            line.chars().map(|it| if it.is_ascii() && !"()\\".contains(it) { it } else { '-' }).collect();
        writeln!(text, "({line}) Tj T*").ok();
    }
    text.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", at + 1).ok();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).ok();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").ok();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).ok();
    Paper { name: name.to_owned(), media_type: "application/pdf", bytes: file.into_bytes() }
}

const WIDTH: usize = 240;
const HEIGHT: usize = 150;

/// A label as it comes out of a printer, every second one blank: black on white, one bit a pixel (PNG).
pub fn picture(name: &str, dice: &mut Dice) -> Paper {
    let bars: Vec<bool> = (0..WIDTH / 3).map(|_| dice.happens(50)).collect();
    let words: Vec<usize> = (0..4).map(|_| dice.between(60, 200)).collect();
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0); // The filter of the row: none.
        for byte in 0..WIDTH / 8 {
            let mut bits = 0_u8;
            for bit in 0..8 {
                let x = byte * 8 + bit;
                let edge = x < 2 || y < 2 || x >= WIDTH - 2 || y >= HEIGHT - 2;
                let word =
                    (16..64).contains(&y) && y % 12 < 5 && x > 16 && words.get((y - 16) / 12).is_some_and(|it| x < *it);
                let bar = (80..136).contains(&y) && (24..WIDTH - 24).contains(&x) && bars[x / 3];
                bits = bits << 1 | u8::from(!(edge || word || bar));
            }
            rows.push(bits);
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = |it: usize| u32::try_from(it).unwrap_or(0).to_be_bytes();
    chunk(&mut file, *b"IHDR", &[&size(WIDTH)[..], &size(HEIGHT), &[1, 0, 0, 0, 0]].concat());
    chunk(&mut file, *b"IDAT", &stored(&rows));
    chunk(&mut file, *b"IEND", &[]);
    Paper { name: name.to_owned(), media_type: "image/png", bytes: file }
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// The sum of PNG's chunks (ISO 3309).
fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |it, _| if it & 1 == 1 { it >> 1 ^ 0xedb8_8320 } else { it >> 1 })
    })
}

/// A zlib stream that compresses nothing (RFC 1950, RFC 1951 §3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(60_000).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(0);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}
