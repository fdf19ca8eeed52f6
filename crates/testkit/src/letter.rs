//! A raw mail, built as a test needs it.

use std::fmt::Write as _;

/// A mail to be.
#[derive(Clone, Debug)]
pub struct Letter {
    from: String,
    to: String,
    subject: String,
    text: String,
    headers: Vec<(String, String)>,
    message_id: String,
    html: Option<String>,
    file: Option<(String, Vec<u8>)>,
}

impl Letter {
    /// A mail from `from`, `Name <address>` or an address, with a `Message-ID` of its own.
    pub fn from(from: &str) -> Letter {
        Letter {
            from: from.to_owned(),
            to: "support@desk.example".to_owned(),
            subject: "The printer is on fire".to_owned(),
            text: "Smoke comes out of it. What shall we do?".to_owned(),
            headers: Vec::new(),
            message_id: String::new(),
            html: None,
            file: None,
        }
    }

    /// To whom.
    #[must_use]
    pub fn to(self, to: &str) -> Letter {
        Letter { to: to.to_owned(), ..self }
    }

    /// About what.
    #[must_use]
    pub fn subject(self, subject: &str) -> Letter {
        Letter { subject: subject.to_owned(), ..self }
    }

    /// Its text.
    #[must_use]
    pub fn text(self, text: &str) -> Letter {
        Letter { text: text.to_owned(), ..self }
    }

    /// Its HTML, beside the text.
    #[must_use]
    pub fn html(self, html: &str) -> Letter {
        Letter { html: Some(html.to_owned()), ..self }
    }

    /// A file with it.
    #[must_use]
    pub fn file(self, name: &str, bytes: &[u8]) -> Letter {
        Letter { file: Some((name.to_owned(), bytes.to_vec())), ..self }
    }

    /// Its `Message-ID`, with brackets. Without it, one is made of all the rest.
    #[must_use]
    pub fn message_id(self, id: &str) -> Letter {
        Letter { message_id: id.to_owned(), ..self }
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Letter {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The message that it answers, by its `Message-ID`.
    #[must_use]
    pub fn answers(self, id: &str) -> Letter {
        self.header("In-Reply-To", id).header("References", id)
    }

    /// What the receiving server says about the sender.
    #[must_use]
    pub fn verdict(self, dmarc: &str) -> Letter {
        self.header("Authentication-Results", &format!("mx.desk.example; dmarc={dmarc}"))
    }

    /// The `Message-ID`, with brackets.
    pub fn id(&self) -> String {
        if self.message_id.is_empty() {
            let all = format!("{}{}{}{}{:?}", self.from, self.to, self.subject, self.text, self.headers);
            format!("<{}@letters.example>", &store::blob::hash(all.as_bytes())[..24])
        } else {
            self.message_id.clone()
        }
    }

    /// The bytes.
    pub fn raw(&self) -> Vec<u8> {
        let mut mail = String::new();
        for (name, value) in &self.headers {
            write!(mail, "{name}: {value}\r\n").unwrap_or_default();
        }
        let (from, to, subject, id) = (&self.from, &self.to, &self.subject, self.id());
        write!(mail, "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {id}\r\n").unwrap_or_default();
        mail.push_str("Date: Tue, 10 Nov 2026 08:47:00 +0000\r\nMIME-Version: 1.0\r\n");
        let text = self.text.replace('\n', "\r\n");
        let plain = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
        let body = match &self.html {
            None => plain,
            Some(html) => format!(
                "Content-Type: multipart/alternative; boundary=both\r\n\r\n--both\r\n{plain}--both\r\n\
                 Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--both--\r\n"
            ),
        };
        let body = match &self.file {
            None => body,
            Some((name, bytes)) => format!(
                "Content-Type: multipart/mixed; boundary=all\r\n\r\n--all\r\n{body}--all\r\n\
                 Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}\r\n--all--\r\n",
                data_encoding::BASE64_MIME.encode(bytes).trim_end()
            ),
        };
        mail.push_str(&body);
        mail.into_bytes()
    }
}
