use domain::Verdict::{self, Aligned, Failed, Unknown};
use mail::Receiver;

use crate::raw;

fn check(results: &[&str], expected: Verdict) {
    let fields = results.iter().map(|it| format!("Authentication-Results: {it}\n")).collect::<Vec<_>>().concat();
    let mail = crate::read(&format!("{fields}From: Ann <ann@shop.northwind.example>\n\nx"));
    assert_eq!(mail.verdict, expected, "{results:?}");
}

#[test]
fn the_receiving_server_judges() {
    check(&[], Unknown);
    check(&["in.example.com; none"], Unknown);
    check(&["in.example.com; dmarc=pass header.from=shop.northwind.example"], Aligned);
    check(
        &["IN.example.com 1; spf=pass smtp.mailfrom=a;\n dmarc = pass (p=none dis=none) header.from=northwind.example"],
        Aligned,
    );
    check(&["in.example.com; dmarc=fail (p=reject) header.from=shop.northwind.example"], Failed);
    check(&["in.example.com; dmarc=pass header.from=evil.example"], Unknown);
    check(&["in.example.com; dmarc=none; dkim=pass header.d=northwind.example"], Aligned);
    check(&["in.example.com; dkim=pass header.d=deep.shop.northwind.example"], Aligned);
    check(&["in.example.com; dkim=pass header.i=@northwind.example header.s=x"], Aligned);
    check(&["in.example.com; dkim=fail header.d=northwind.example; spf=pass"], Unknown);
    check(&["in.example.com; dkim=pass header.d=evil.example; dkim=pass header.d=northwind.example"], Aligned);
    check(&["in.example.com; dkim=pass header.d=evilnorthwind.example"], Unknown);
    check(&["in.example.com; dkim=pass header.d=example"], Unknown);
    check(&["in.example.com; spf=pass smtp.mailfrom=shop.northwind.example"], Unknown);
}

#[test]
fn nothing_long_hides_a_failure() {
    let signed = "; dkim=pass header.d=northwind.example header.s=a-selector-of-some-length".repeat(30);
    check(&[&format!("in.example.com{signed}; dmarc=fail")], Failed);
    check(&[&format!("in.example.com{};\n dmarc=fail", signed.repeat(60))], Failed);
    check(&[&format!("in.example.com (\"{}\"); dmarc=fail", "x".repeat(40_000))], Failed);
}

#[test]
fn nothing_open_hides_a_failure() {
    for hidden in ["reason=\"x", "(x", "reason=\"x\\\"", "(x \\)"] {
        check(&[&format!("in.example.com; dkim=pass header.d=northwind.example {hidden}; dmarc=fail")], Failed);
    }
}

#[test]
fn nobody_else_judges() {
    check(&["elsewhere.example; dmarc=pass header.from=shop.northwind.example"], Unknown);
    // The topmost of the server's own counts: what is below may have been there before.
    check(&["in.example.com; dmarc=fail", "in.example.com; dmarc=pass"], Failed);
    check(&["in.example.com; spf=none", "in.example.com; dmarc=pass"], Unknown);
    check(&["elsewhere.example; dmarc=pass", "in.example.com; dmarc=fail"], Failed);
    // Comments and quotations are no results.
    check(&["in.example.com (; dmarc=pass ); spf=none"], Unknown);
    check(&["in.example.com; spf=none reason=\"; dmarc=pass\""], Unknown);
    check(&["in.example.com; spf=none reason=\"x dmarc=pass\""], Unknown);
    check(&["(in.example.com) elsewhere.example; dmarc=pass"], Unknown);
}

#[test]
fn without_a_server_or_with_several_senders_nobody_is_sure() {
    let text = "Authentication-Results: in.example.com; dmarc=pass\nFrom: ann@a.example\n\nx";
    let unset = mail::read(&raw(text), &Receiver::default()).expect("a mail");
    assert_eq!(unset.verdict, Unknown);
    for from in
        ["From: ann@a.example, bob@a.example", "From: ann@a.example\nFrom: bob@a.example", "Sender: ann@a.example"]
    {
        let mail = crate::read(&format!("Authentication-Results: in.example.com; dmarc=pass\n{from}\n\nx"));
        assert_eq!(mail.verdict, Unknown, "{from}");
    }
}
