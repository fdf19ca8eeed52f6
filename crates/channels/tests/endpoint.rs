//! A language model is asked, by a server that answers well and by ones that misbehave.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

#[path = "../../testkit/src/model.rs"]
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, reason = "this test uses a part of it")]
mod model;

use std::time::Duration;

use channels::endpoint::{self, Answer, AskError, Place, Question, Wait};
use channels::{Secret, Tls};
use model::{Model, Says};

const QUESTION: Question<'_> =
    Question { model: "small", instruction: "Say “yes”.", text: "1.1 Grüße\n1.2 \"x\"" };

async fn ask(model: &Model, limit: u64) -> Result<Answer, AskError> {
    let place = Place::parse(&model.address(), false).unwrap();
    let key = Secret::new("sk-secret");
    let tls = Tls::new(None).unwrap();
    endpoint::ask(&place, Some(&key), &tls, QUESTION, Duration::from_millis(limit)).await
}

async fn asked(says: Says) -> Result<Answer, AskError> {
    ask(&Model::start([says]).await, 20_000).await
}

#[tokio::test]
async fn what_is_sent_is_told_byte_for_byte() {
    let model = Model::start([Says::Text("{\"yes\": 1}".to_owned())]).await;
    let answer = ask(&model, 20_000).await.unwrap();
    assert_eq!(answer.text, "{\"yes\": 1}");
    let heard = model.heard().remove(0);
    assert_eq!(heard.body, answer.sent);
    assert_eq!(endpoint::texts(&answer.sent).unwrap(), [QUESTION.instruction, QUESTION.text]);
    assert!(heard.body.contains("\"model\":\"small\"") && heard.body.contains("json_object"), "{}", heard.body);
    let top = heard.head.to_lowercase();
    assert!(top.starts_with("post /v1/chat/completions http/1.1"), "{top}");
    assert!(top.contains("authorization: bearer sk-secret") && top.contains(&format!("host: {}", model.host())));
}

#[tokio::test]
async fn a_server_that_knows_no_json_format_is_asked_without() {
    let no = Says::plain(400, "", r#"{"error":"'response_format.type' must be 'text'"}"#);
    let model = Model::start([no, Says::Text("yes".to_owned())]).await;
    let answer = ask(&model, 20_000).await.unwrap();
    let heard = model.heard();
    assert_eq!((heard.len(), &heard[1].body), (2, &answer.sent));
    assert!(!answer.sent.contains("response_format"), "{}", answer.sent);
}

#[tokio::test]
async fn an_answer_in_parts_is_put_together() {
    let body = r#"{"choices":[{"message":{"content":[{"type":"text","text":"ye"},{"text":"s"}]}}]}"#;
    assert_eq!(asked(Says::plain(200, "", body)).await.unwrap().text, "yes");
}

#[tokio::test]
async fn nothing_follows_a_redirect() {
    let aside = Model::start([Says::Text("yes".to_owned())]).await;
    let away = Says::plain(307, &format!("location: {}/chat/completions\r\n", aside.address()), "");
    assert!(matches!(asked(away).await, Err(AskError::Moved { .. })));
    assert!(aside.heard().is_empty());
}

#[tokio::test]
async fn an_error_says_what_it_means_and_never_the_key() {
    let body = r#"{"error":{"message":"Incorrect key sk-secret"}}"#;
    let said = asked(Says::plain(401, "", body)).await.unwrap_err().to_string();
    assert!(said.contains("401: the key is not accepted") && said.contains("Incorrect key …"), "{said}");
    let busy = asked(Says::plain(429, "retry-after: 90\r\n", "")).await.unwrap_err();
    assert_eq!(busy.wait(), Some(Wait::For(Duration::from_secs(90))));
    let down = asked(Says::plain(503, "retry-after: Tue, 10 Nov 2026 09:00:00 GMT\r\n", "")).await;
    assert_eq!(down.unwrap_err().wait(), Some(Wait::Until(1_794_301_200)));
    assert!(asked(Says::plain(500, "", "")).await.unwrap_err().to_string().contains("trouble of its own"));
}

#[tokio::test]
async fn what_is_no_answer_is_refused() {
    let cut = r#"{"choices":[{"message":{"content":"{\"is"},"finish_reason":"length"}]}"#;
    for body in ["<html>", "{}", r#"{"choices":[]}"#, r#"{"choices":[{"message":{"content":null}}]}"#, cut] {
        let err = asked(Says::plain(200, "", body)).await.unwrap_err();
        assert!(matches!(err, AskError::Unreadable { .. }), "{body}: {err}");
    }
    assert!(matches!(asked(Says::Endless).await, Err(AskError::TooMuch { .. })));
    let long = Says::plain(200, "", &"x".repeat(300 * 1024));
    assert!(matches!(asked(long).await, Err(AskError::TooMuch { .. })));
}

#[tokio::test]
async fn whoever_falls_silent_is_left() {
    let model = Model::start([Says::Nothing]).await;
    assert!(matches!(ask(&model, 200).await, Err(AskError::Silent { .. })));
}

#[tokio::test]
async fn nobody_is_asked_where_nothing_may_be_sent() {
    let tls = Tls::new(None).unwrap();
    for (address, inside) in [("https://169.254.169.254/v1", true), ("http://203.0.113.7/v1", true)] {
        let place = Place::parse(address, inside).unwrap();
        let err = endpoint::ask(&place, None, &tls, QUESTION, Duration::from_secs(5)).await.unwrap_err();
        assert!(matches!(err, AskError::Forbidden { .. }), "{address}: {err}");
    }
    let model = Model::start([Says::Text("yes".to_owned())]).await;
    let place = Place::parse(&model.address().replace("http:", "https:"), false).unwrap();
    let err = endpoint::ask(&place, None, &tls, QUESTION, Duration::from_secs(5)).await.unwrap_err();
    assert!(matches!(err, AskError::Connect(_)), "{err}");
    assert!(model.heard().is_empty());
}
