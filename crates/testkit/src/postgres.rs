//! The PostgreSQL that tests share: where it is, and a client beside the one under test, to make and drop
//! schemas and to look at what the engine itself knows.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its database fails loudly")]

use tokio_postgres::{Client, NoTls};

/// The database in which tests make their schemas: the value of `TEST_POSTGRES`.
pub fn url() -> String {
    named("TEST_POSTGRES").expect(
        "every test runs on both engines: run ./test, or set TEST_POSTGRES to the URL of a PostgreSQL database in \
         which schemas may be created, for example postgres://postgres@127.0.0.1/test",
    )
}

/// The database on a Citus coordinator, if `TEST_CITUS` names one. Its user is a superuser, and the extension is in it.
pub fn citus_url() -> Option<String> {
    named("TEST_CITUS")
}

/// A client of the database `url`. Its connection ends when the client is dropped.
pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test database answers");
    tokio::spawn(connection);
    client
}

/// `url`, with all its statements in `schema`.
pub fn within(url: &str, schema: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{schema}")
}

#[expect(clippy::disallowed_methods, reason = "which databases a test may use is told to it by its environment")]
fn named(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}
