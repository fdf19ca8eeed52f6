//! The one thing of a certificate that a person who sets up a mailbox wants to see: how long it is valid.

/// When the certificate ends (`notAfter`, RFC 5280 §4.1.2.5), in seconds since 1970 UTC. For display only: whether the
/// certificate counts is decided by rustls.
pub(crate) fn valid_until(der: &[u8]) -> Option<i64> {
    let (_, certificate, _) = element(der)?;
    let (_, mut body, _) = element(certificate)?;
    let (tag, _, rest) = element(body)?;
    // The version is optional and tagged; serial number, algorithm and issuer come before the validity.
    if tag == 0xa0 {
        body = rest;
    }
    for _ in 0..3 {
        body = element(body)?.2;
    }
    let (_, validity, _) = element(body)?;
    let (_, _, after) = element(validity)?;
    let (tag, text, _) = element(after)?;
    let text = std::str::from_utf8(text).ok()?;
    let text = match tag {
        // UTCTime has two digits of the year, from 1950 to 2049.
        0x17 => format!("{}{text}", if text < "5" { "20" } else { "19" }),
        // GeneralizedTime.
        0x18 => text.to_owned(),
        _ => return None,
    };
    let end = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(end).ok()?.as_second())
}

/// One DER element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = digits.iter().try_fold(0_usize, |sum, &digit| {
            sum.checked_mul(256).and_then(|sum| sum.checked_add(usize::from(digit)))
        })?;
        (length, rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read() {
        let mut wanted = rcgen::CertificateParams::new(vec!["mail.example".to_owned()]).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        wanted.not_after = rcgen::date_time_ymd(2027, 3, 3);
        let certificate = wanted.self_signed(&key).unwrap();
        assert_eq!(valid_until(certificate.der()), Some(1_804_032_000));
        wanted.not_after = rcgen::date_time_ymd(2061, 12, 31);
        let certificate = wanted.self_signed(&key).unwrap();
        assert_eq!(valid_until(certificate.der()), Some(2_903_212_800));
    }

    #[test]
    fn anything_else_is_no_certificate() {
        for bytes in [&b""[..], b"\x30", b"\x30\x82\xff\xff", b"\x30\x03\x30\x01\x02", b"\x30\x89123456789"] {
            assert_eq!(valid_until(bytes), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_certificate_or_none(bytes in vec(any::<u8>(), 0..300)) {
            let _ = valid_until(&bytes);
        }

        #[test]
        fn a_damaged_certificate_does_no_harm(at in any::<Index>(), byte in any::<u8>(), length in any::<Index>()) {
            let key = rcgen::KeyPair::generate().unwrap();
            let wanted = rcgen::CertificateParams::new(vec!["mail.example".to_owned()]).unwrap();
            let mut der = wanted.self_signed(&key).unwrap().der().to_vec();
            let at = at.index(der.len());
            der[at] = byte;
            let _ = valid_until(&der);
            der.truncate(length.index(der.len()));
            let _ = valid_until(&der);
        }
    }
}
