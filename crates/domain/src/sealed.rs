//! Mail whose words are wrapped in a form that the desk does not open, and files that are known by what they are.

use crate::File;
use crate::word::words;

words! {
    /// How the words of a mail, or its files, are wrapped, so that they cannot be shown.
    Sealed {
        /// Encrypted (S/MIME, RFC 8551 §3.3).
        SmimeEncrypted = "smime_encrypted",
        /// Signed in a form that hides the text in the signature (S/MIME, RFC 8551 §3.5.2).
        SmimeSigned = "smime_signed",
        /// Encrypted (`OpenPGP`, RFC 3156 §4).
        PgpEncrypted = "pgp_encrypted",
        /// Encrypted in the text itself (`OpenPGP` armour, RFC 9580 §6.2).
        PgpInline = "pgp_inline",
        /// In a form that only Outlook opens (TNEF).
        Winmail = "winmail",
    }
}

words! {
    /// What a file is that nobody opens, or that people wonder about.
    FileKind {
        /// A signature of the mail (S/MIME).
        SmimeSignature = "smime_signature",
        /// The mail itself, encrypted or signed (S/MIME).
        SmimeMail = "smime_mail",
        /// A signature of the mail (`OpenPGP`).
        PgpSignature = "pgp_signature",
        /// The mail itself, or a file, encrypted (`OpenPGP`).
        PgpEncrypted = "pgp_encrypted",
        /// A key with which one can write encrypted mail to its sender (`OpenPGP`).
        PgpKey = "pgp_key",
        /// What Outlook made of a mail (TNEF).
        Winmail = "winmail",
        /// An appointment.
        Calendar = "calendar",
        /// A name with its addresses (vCard).
        Card = "card",
        /// Another mail.
        Mail = "mail",
        /// What a mail server says about a mail of ours.
        DeliveryReport = "delivery_report",
        /// That a mail was read.
        ReadReceipt = "read_receipt",
        /// The header of another mail.
        MailHeader = "mail_header",
    }
}

impl FileKind {
    /// What the file is, by the media type and the name that its sender gave it: both may lie, so nothing but a caption may
    /// depend on it.
    pub fn of(media_type: &str, name: &str) -> Option<FileKind> {
        let name = name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
        let by_type = match media_type {
            "application/pkcs7-signature" | "application/x-pkcs7-signature" => Some(FileKind::SmimeSignature),
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => Some(FileKind::SmimeMail),
            "application/pgp-signature" => Some(FileKind::PgpSignature),
            "application/pgp-encrypted" => Some(FileKind::PgpEncrypted),
            "application/pgp-keys" => Some(FileKind::PgpKey),
            "application/ms-tnef" | "application/vnd.ms-tnef" => Some(FileKind::Winmail),
            "text/calendar" | "application/ics" => Some(FileKind::Calendar),
            "text/vcard" | "text/x-vcard" | "text/directory" => Some(FileKind::Card),
            "message/rfc822" | "message/global" | "application/vnd.ms-outlook" => Some(FileKind::Mail),
            "message/delivery-status" | "message/global-delivery-status" => Some(FileKind::DeliveryReport),
            "message/disposition-notification" | "message/global-disposition-notification" => {
                Some(FileKind::ReadReceipt)
            }
            "text/rfc822-headers" | "message/global-headers" => Some(FileKind::MailHeader),
            _ => None,
        };
        by_type.or_else(|| match name.as_str() {
            "smime.p7s" => Some(FileKind::SmimeSignature),
            "smime.p7m" => Some(FileKind::SmimeMail),
            "winmail.dat" | "win.dat" => Some(FileKind::Winmail),
            "signature.asc" | "signature.pgp" => Some(FileKind::PgpSignature),
            "encrypted.asc" => Some(FileKind::PgpEncrypted),
            _ if ends(&[".p7s"]) => Some(FileKind::SmimeSignature),
            _ if ends(&[".p7m"]) => Some(FileKind::SmimeMail),
            _ if ends(&[".sig"]) => Some(FileKind::PgpSignature),
            _ if ends(&[".pgp", ".gpg"]) => Some(FileKind::PgpEncrypted),
            _ if ends(&[".asc"]) && (name.starts_with("openpgp_0x") || name.starts_with("0x")) => {
                Some(FileKind::PgpKey)
            }
            _ if ends(&[".ics"]) => Some(FileKind::Calendar),
            _ if ends(&[".vcf"]) => Some(FileKind::Card),
            _ if ends(&[".eml", ".msg"]) => Some(FileKind::Mail),
            _ => None,
        })
    }
}

impl File {
    /// What it is, if it is one of the files that people wonder about.
    pub fn what(&self) -> Option<FileKind> {
        FileKind::of(&self.media_type, &self.name)
    }
}
