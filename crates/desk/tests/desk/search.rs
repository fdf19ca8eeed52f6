//! What is written is found, and what is deleted is not.

use std::time::Duration;

use domain::{Aside, Filter, Member};
use store::Scope;
use store::filter::ask;
use store::search::answer::{Order, answer};
use testkit::{Home, Letter, Stage, both};
use tokio_util::sync::CancellationToken;

both!(a_mail_is_found_by_whoever_may_see_it, the_keeper_takes_what_is_written, what_is_deleted_for_good_is_not_found);

/// The numbers of the cases that `who` finds.
async fn found(stage: &Stage, who: &Member, text: &'static str) -> Vec<i64> {
    let scope = Scope::of(who);
    let read = stage.desk.db.read(async move |rx| {
        let (asked, _) = ask(rx, &scope, &Filter::parse(text).0, |_| None).await?;
        answer(rx, &scope, &asked, Order::Newest, None).await
    });
    read.await.unwrap().found.into_iter().map(|it| it.line.number).collect()
}

async fn a_mail_is_found_by_whoever_may_see_it(home: &Home) {
    let stage = Stage::new(home).await;
    stage.desk.index_all().await.unwrap();
    let letter = Letter::from("Dan <dan@northwind.example>").subject("Walrus").text("INV-10874 is missing.");
    let filed = stage.file(&letter).await;
    let waiting = stage.desk.db.read(async |rx| rx.one::<i64>("select count(*) from search_queue", &[]).await);
    assert_eq!(waiting.await.unwrap(), 1, "one row, whatever a mail brings with it");
    stage.desk.index_all().await.unwrap();
    for text in ["walrus", "inv10874", "dan@northwind.example", "\"is missing\""] {
        assert_eq!(found(&stage, &stage.jonas, text).await, [filed.number], "{text}");
        assert_eq!(found(&stage, &stage.claire, text).await, [0; 0], "{text}");
    }
    stage.desk.give_to(&stage.jonas, filed.number, Some(stage.finance)).await.unwrap();
    assert_eq!(found(&stage, &stage.claire, "walrus").await, [filed.number], "from that moment on");
}

async fn the_keeper_takes_what_is_written(home: &Home) {
    let stage = Stage::new(home).await;
    let stop = CancellationToken::new();
    let (desk, until) = (stage.desk.clone(), stop.clone());
    let keeper = tokio::spawn(async move { desk.keep_search(until).await });
    let mut numbers = Vec::new();
    for name in ["ann", "bob"] {
        let letter = Letter::from(&format!("{name} <{name}@x.example>")).subject("Walrus").text("A walrus.");
        numbers.insert(0, stage.file(&letter).await.number);
        stage.pass(Duration::from_secs(1));
    }
    let soon = async {
        while found(&stage, &stage.jonas, "walrus").await != numbers {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), soon).await.unwrap();
    stop.cancel();
    keeper.await.unwrap();
    // Whoever asks for it has it made anew, and finds the same.
    stage.desk.rebuild_search(|_, _| ()).await.unwrap();
    assert_eq!(found(&stage, &stage.jonas, "walrus").await, numbers);
}

async fn what_is_deleted_for_good_is_not_found(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from("Dan <dan@x.example>").subject("Walrus").text("A walrus.");
    let filed = stage.file(&letter).await;
    stage.desk.index_all().await.unwrap();
    stage.desk.put_aside(&stage.ines, filed.number, Aside::Trash).await.unwrap();
    assert_eq!(found(&stage, &stage.jonas, "walrus").await, [0; 0]);
    assert_eq!(found(&stage, &stage.jonas, "walrus is:trash").await, [filed.number]);
    stage.desk.delete_for_good(&stage.ines, filed.number).await.unwrap();
    stage.desk.index_all().await.unwrap();
    assert_eq!(found(&stage, &stage.jonas, "walrus is:trash").await, [0; 0]);
    let left = stage.desk.db.read(async |rx| rx.one::<i64>("select count(*) from search_docs", &[]).await);
    assert_eq!(left.await.unwrap(), 0, "neither the case nor whoever was nobody without it");
}
