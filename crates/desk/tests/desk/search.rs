//! What is written is found, and what is deleted is not.

use std::time::Duration;

use domain::{Aside, Filter, Member};
use store::Scope;
use store::filter::ask;
use store::search::answer::{Order, answer};
use testkit::{Home, Letter, Stage, both};
use tokio_util::sync::CancellationToken;

both!(
    a_mail_is_found_by_whoever_may_see_it,
    the_keeper_takes_what_is_written,
    what_is_deleted_for_good_is_not_found,
    what_was_merged_or_moved_is_found_where_it_stands,
    a_case_is_found_while_its_newest_hit_leaves_it,
    solved_cases_are_like_one_another
);

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

async fn a_case_is_found_while_its_newest_hit_leaves_it(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from("Dan <dan@x.example>").subject("Walrus").text("A walrus.");
    let number = stage.file(&first).await.number;
    let second = Letter::from("Dan <dan@x.example>").subject("Re: Walrus").text("Another walrus.").answers(&first.id());
    let second = stage.file(&second).await;
    assert_eq!(second.number, number);
    stage.desk.index_all().await.unwrap();
    let off = stage.desk.split(&stage.jonas, number, second.message).await.unwrap();
    assert_eq!(found(&stage, &stage.jonas, "walrus").await, [number], "before the index has heard of it");
    stage.desk.index_all().await.unwrap();
    assert_eq!(found(&stage, &stage.jonas, "walrus").await, [off, number]);
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

async fn what_was_merged_or_moved_is_found_where_it_stands(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let first = stage.file(&Letter::from("ann@x.example").subject("Smoke").text("It smokes.")).await;
    let second = stage.file(&Letter::from("ann@x.example").subject("Sparks").text("A walrus sparks.")).await;
    let note =
        |text: &str| desk::case::Note { id: None, text: text.to_owned(), files: Vec::new(), uploads: Vec::new() };
    desk.note(ines, second.number, note("The narwhal knows.")).await.unwrap();
    desk.index_all().await.unwrap();
    // In one batch of the index with what was written just before.
    let third = stage.file(&Letter::from("ann@x.example").subject("Dust").text("An ocelot.")).await;
    desk.merge(ines, first.number, second.number).await.unwrap();
    let merged = desk.merge(ines, first.number, third.number).await.unwrap();
    assert_eq!(merged, first.number);
    desk.index_all().await.unwrap();
    for text in ["walrus", "narwhal", "ocelot", "sparks"] {
        assert_eq!(found(&stage, ines, text).await, [first.number], "{text}");
    }
    desk.rebuild_search(|_, _| ()).await.unwrap();
    desk.index_all().await.unwrap();
    assert_eq!(found(&stage, ines, "walrus").await, [first.number], "also once it is made anew");

    let bob = stage.file(&Letter::from("bob@y.example").subject("Rust").text("It rusts.")).await;
    let late = stage.file(&Letter::from("ann@x.example").subject("Mould").text("A pangolin.")).await;
    desk.move_case(ines, first.number, bob.customer).await.unwrap();
    desk.move_case(ines, late.number, bob.customer).await.unwrap();
    desk.index_all().await.unwrap();
    for (text, number) in [("walrus", first.number), ("narwhal", first.number), ("pangolin", late.number)] {
        assert_eq!(found(&stage, ines, text).await, [number], "{text}");
    }
    assert_eq!(found(&stage, ines, "customer:bob walrus").await, [first.number]);
    assert_eq!(found(&stage, ines, "customer:ann walrus").await, [0; 0]);
}

async fn solved_cases_are_like_one_another(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let mail = async |from: &str, subject: &str, text: &str| {
        stage.file(&Letter::from(from).subject(subject).text(text)).await.number
    };
    let solved =
        mail("ann@x.example", "Labels come out blank", "Since the update the printer feeds blank labels.").await;
    let other = mail("bob@y.example", "Invoice twice", "We were charged twice for the subscription.").await;
    let open = mail("eve@z.example", "Blank labels", "All labels of the printer are blank.").await;
    let unsaid = mail("tom@z.example", "Blank labels again", "The printer feeds blank labels.").await;
    desk.resolve(ines, solved, "Turn the roll: the coated side faces up.").await.unwrap();
    desk.resolve(ines, other, "Refunded the second charge.").await.unwrap();
    desk.resolve(ines, unsaid, "").await.unwrap();
    desk.give_to(ines, open, Some(stage.finance)).await.unwrap();
    desk.index_all().await.unwrap();
    let like = async |who: &Member| {
        let scope = Scope::of(who);
        let read = desk.db.read(async move |rx| {
            let place = store::case::place(rx, open).await?.unwrap();
            let of = store::case::find(rx, place.customer, place.case).await?.unwrap();
            store::search::like::solved(rx, &scope, &of).await
        });
        read.await.unwrap()
    };
    let found = like(ines).await;
    assert_eq!(found.iter().map(|it| it.number).collect::<Vec<_>>(), [solved]);
    assert_eq!(found[0].resolution, "Turn the roll: the coated side faces up.");
    assert_eq!(like(&stage.claire).await, [], "nobody sees what is not theirs to see");
}
