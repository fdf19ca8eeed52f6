//! A home is empty, apart from every other, and gone afterwards.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

use testkit::both;
use testkit::home::{Engine, Home};

both!(is_empty_and_apart);

async fn is_empty_and_apart(home: &Home) {
    if home.engine() == Engine::Sqlite {
        let data = std::path::Path::new(home.place());
        assert!(data.is_dir() && data.starts_with(home.dir()) && !home.key_file().starts_with(data));
        assert_ne!(Home::sqlite().place(), home.place());
        assert_eq!(home.flags(), ["--data".to_owned(), home.place().to_owned()]);
        return;
    }
    let client = testkit::postgres::connect(home.place()).await;
    let schema = client.query_one("select current_schema()::text", &[]).await.expect("a schema of its own");
    assert!(home.place().ends_with(schema.get::<_, &str>(0)));
    assert_eq!(home.flags(), ["--database".to_owned(), home.place().to_owned()]);
}
