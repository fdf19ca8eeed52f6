//! What a browser may do with our answers: the content security policy and its companions.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The policy of every page: nothing inline, nothing from elsewhere, framed by nobody.
pub const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The policy of a mail shown in its frame: its own inline style, the inline pictures that came with it, nothing else.
/// Script stays off by the sandbox as well, should the sanitiser ever miss one.
pub const MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The policy of a mail whose reader asked for its remote pictures. The browser loads them itself.
pub const MAIL_WITH_PICTURES: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: http:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/// The policy of a file that somebody sent: it may be kept, never run.
pub const FILE: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Gives every answer the headers it lacks. A handler that sets its own policy keeps it. Who comes by HTTPS is told to
/// do so for a year; other hosts of the domain are not ours to speak for.
pub async fn guard(State(is_secure): State<bool>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    unless_set(headers, header::CONTENT_SECURITY_POLICY, PAGE);
    unless_set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // With "no-referrer" a browser would post our own forms with `Origin: null`. Other sites are told nothing either way.
    unless_set(headers, header::REFERRER_POLICY, "same-origin");
    unless_set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    unless_set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    unless_set(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    // What a page says is for the one who asked; only assets may be kept, and say so themselves.
    unless_set(headers, header::CACHE_CONTROL, "no-store");
    if is_secure {
        unless_set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    answer
}

fn unless_set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn every_answer_is_guarded_and_a_mail_keeps_its_own_policy() {
        let app = Router::new()
            .route("/page", get(|| async { "page" }))
            .route("/mail", get(|| async { ([(header::CONTENT_SECURITY_POLICY, MAIL)], "mail") }))
            .layer(axum::middleware::from_fn_with_state(false, guard));
        for (path, policy) in [("/page", PAGE), ("/mail", MAIL), ("/nowhere", PAGE)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.headers()[header::CONTENT_SECURITY_POLICY], policy, "{path}");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store", "{path}");
            assert!(!answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "by HTTP nobody believes it");
        }
    }
}
