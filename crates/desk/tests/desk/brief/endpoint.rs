//! An endpoint that writes the Brief: how it is set up, and what comes of it when it fails.

use super::*;

both!(
    an_answer_of_no_use_is_asked_for_three_times,
    whoever_fails_is_left_alone_for_longer_each_time,
    a_wait_that_is_asked_for_is_kept,
    the_key_is_bound_to_its_address_and_never_shown,
    only_administrators_set_it_up,
    what_does_not_do_is_refused,
    a_sample_shows_what_comes_back,
    one_at_a_time_and_the_end_does_not_wait,
);

async fn an_answer_of_no_use_is_asked_for_three_times(home: &Home) {
    let invented = r#"{"issue": {"text": "They want their money back", "source": "s99"}}"#;
    let answers = ["Of course! Here it is.", invented, "{\"issue\": "].map(|it| Says::Text(it.to_owned()));
    let model = Model::start(answers).await;
    let stage = stage_with(home, &model).await;
    let number = case(&stage).await;
    open(&stage, number).await;
    for _ in 0..6 {
        stage.pass(Duration::from_mins(5));
        stage.desk.work_off().await.unwrap();
        open(&stage, number).await;
    }
    assert_eq!(model.heard().len(), 3);
    let it = shown(&stage, &stage.ines, number).await;
    assert!(it.writer.is_none() && it.ask.is_none() && it.brief.unwrap().issue.unwrap().text.contains("14 printers"));
    let health = health(&stage).await;
    assert_eq!(health.failures, 3);
    assert!(health.last.unwrap().0.contains("not the JSON that was asked for"));
    // Another day, another answer.
    model.now_says([good()]);
    stage.pass(Duration::from_hours(7));
    open(&stage, number).await;
    assert!(shown(&stage, &stage.ines, number).await.writer.is_some());
    assert_eq!(self::health(&stage).await, Health::default());
}

async fn whoever_fails_is_left_alone_for_longer_each_time(home: &Home) {
    let model = Model::start([Says::plain(500, "", "")]).await;
    let stage = stage_with(home, &model).await;
    let number = case(&stage).await;
    let other = stage.file(&Letter::from("Bob <bob@two.example>").text(WORDS)).await.number;
    open(&stage, number).await;
    let pause = async || health(&stage).await.paused_until.unwrap().since(stage.desk.now());
    assert_eq!(pause().await, Duration::from_secs(15));
    // Nobody else asks it meanwhile.
    open(&stage, other).await;
    assert_eq!(model.heard().len(), 2, "the pause was over, and only one of both asked");
    assert_eq!(pause().await, Duration::from_mins(1));
    stage.pass(Duration::from_secs(30));
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);

    for (says, said) in [
        (Says::plain(401, "", r#"{"error": {"message": "Wrong key sk-secret"}}"#), "the key is not accepted"),
        (Says::plain(302, "location: http://127.0.0.1:1/\r\n", ""), "another address"),
        (Says::plain(200, "", "<html>"), "no answer of a model"),
        (Says::Endless, "more than 256 KiB"),
    ] {
        model.now_says([says]);
        let before = model.heard().len();
        stage.pass(pause().await);
        open(&stage, number).await;
        assert_eq!(model.heard().len(), before + 1, "{said}");
        let (why, at) = health(&stage).await.last.unwrap();
        assert!(why.contains(said) && !why.contains("sk-secret"), "{why}");
        assert_eq!(at, stage.desk.now());
    }
    assert_eq!((health(&stage).await.failures, pause().await), (6, Duration::from_hours(4)));
    assert!(shown(&stage, &stage.ines, number).await.brief.is_some());

    // Whoever mends it need not wait.
    model.now_says([good()]);
    stage.desk.set_brief_endpoint(&stage.ines, Entered { key: "sk-new".to_owned(), ..entered(&model) }).await.unwrap();
    assert_eq!(health(&stage).await, Health::default());
    open(&stage, number).await;
    open(&stage, other).await;
    for number in [number, other] {
        assert!(shown(&stage, &stage.ines, number).await.writer.is_some());
    }
}

async fn a_wait_that_is_asked_for_is_kept(home: &Home) {
    let model = Model::start([Says::plain(429, "retry-after: 600\r\n", ""), good()]).await;
    let stage = stage_with(home, &model).await;
    let number = case(&stage).await;
    open(&stage, number).await;
    let until = health(&stage).await.paused_until.unwrap();
    assert_eq!(until.since(stage.desk.now()), Duration::from_mins(10));
    stage.pass(Duration::from_secs(599));
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);
    stage.pass(Duration::from_secs(1));
    stage.desk.work_off().await.unwrap();
    assert_eq!(model.heard().len(), 2);
    assert!(shown(&stage, &stage.ines, number).await.writer.is_some());
    assert_eq!(health(&stage).await, Health::default());
}

async fn the_key_is_bound_to_its_address_and_never_shown(home: &Home) {
    let model = Model::start([good()]).await;
    let stage = stage_with(home, &model).await;
    let (desk, ines) = (&stage.desk, &stage.ines);
    let kept =
        desk.db.read(async |rx| store::organization::setting(rx, "brief_endpoint").await).await.unwrap().unwrap();
    assert!(!kept.contains("sk-secret"));
    // Without one it stays.
    let again = Entered { key: String::new(), model: "small-2".to_owned(), ..entered(&model) };
    desk.set_brief_endpoint(ines, again.clone()).await.unwrap();
    let (it, _) = desk.brief_endpoint(ines).await.unwrap();
    assert_eq!((it.has_key, it.model.as_str(), it.address), (true, "small-2", model.address()));
    let number = case(&stage).await;
    open(&stage, number).await;
    assert!(model.heard()[0].head.contains("sk-secret"));
    // It goes to nobody else, not even to be tried.
    let other = Model::start([good()]).await;
    let elsewhere = Entered { address: other.address(), ..again };
    for refused in [
        desk.set_brief_endpoint(ines, elsewhere.clone()).await.unwrap_err(),
        desk.try_brief_endpoint(ines, elsewhere.clone()).await.unwrap_err(),
    ] {
        assert!(matches!(refused, Error::Invalid { field: "key", .. }), "{refused}");
    }
    desk.remove_brief_key(ines).await.unwrap();
    assert!(!desk.brief_endpoint(ines).await.unwrap().0.has_key);
    desk.set_brief_endpoint(ines, elsewhere).await.unwrap();
    open(&stage, number).await;
    assert!(!other.heard()[0].head.to_lowercase().contains("authorization"));
}

async fn only_administrators_set_it_up(home: &Home) {
    let model = Model::start([good()]).await;
    let stage = Stage::new(home).await;
    for who in [&stage.jonas, &stage.claire] {
        assert!(matches!(stage.desk.brief_endpoint(who).await, Err(Error::NotFound)));
        assert!(matches!(stage.desk.set_brief_endpoint(who, entered(&model)).await, Err(Error::NotFound)));
        assert!(matches!(stage.desk.try_brief_endpoint(who, entered(&model)).await, Err(Error::NotFound)));
        assert!(matches!(stage.desk.remove_brief_key(who).await, Err(Error::NotFound)));
    }
    assert!(model.heard().is_empty());
}

async fn what_does_not_do_is_refused(home: &Home) {
    let model = Model::start([good()]).await;
    let stage = Stage::new(home).await;
    let of = |change: fn(&mut Entered)| {
        let mut it = entered(&model);
        change(&mut it);
        it
    };
    for (wrong, at) in [
        (of(|it| "model".clone_into(&mut it.address)), "address"),
        (of(|it| "http://203.0.113.7/v1".clone_into(&mut it.address)), "address"),
        (of(|it| "https://me:secret@model.example/v1".clone_into(&mut it.address)), "address"),
        (of(|it| " ".clone_into(&mut it.model)), "model"),
        (of(|it| "two words".clone_into(&mut it.key)), "key"),
        (of(|it| "a\r\nb".clone_into(&mut it.key)), "key"),
        (of(|it| it.seconds = 0), "seconds"),
        (of(|it| it.seconds = 600), "seconds"),
    ] {
        let refused = stage.desk.set_brief_endpoint(&stage.ines, wrong).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field, .. } if *field == at), "{at}: {refused}");
    }
    // A model inside the house is named by an administrator; where none runs, nothing is sent.
    let inside = Entered { address: "http://10.0.0.5:11434/v1".to_owned(), inside: true, ..entered(&model) };
    stage.desk.set_brief_endpoint(&stage.ines, inside).await.unwrap();
    let secrets = Entered { address: "https://169.254.169.254/v1".to_owned(), ..entered(&model) };
    let tried = stage.desk.try_brief_endpoint(&stage.ines, secrets).await.unwrap();
    assert!(tried.answer.unwrap_err().contains("to which nothing is sent"));
}

async fn a_sample_shows_what_comes_back(home: &Home) {
    let text = r#"{"issue": {"text": "Two printers too many", "source": "s1"}}"#;
    let model = Model::start([Says::Text(text.to_owned()), Says::plain(404, "", ""), Says::Nothing]).await;
    let stage = Stage::new(home).await;
    let tried = stage.desk.try_brief_endpoint(&stage.ines, entered(&model)).await.unwrap();
    let lines = tried.answer.unwrap();
    assert_eq!((lines[0].line, lines[0].text.as_str()), (BriefLine::Issue, "Two printers too many"));
    assert_eq!(tried.sent, model.heard()[0].body);
    let tried = stage.desk.try_brief_endpoint(&stage.ines, entered(&model)).await.unwrap();
    assert!(tried.answer.unwrap_err().contains("no such model"));
    let tried = stage.desk.try_brief_endpoint(&stage.ines, Entered { seconds: 1, ..entered(&model) }).await.unwrap();
    assert!(tried.answer.unwrap_err().contains("within 1 seconds"));
    // Nothing was kept.
    assert!(stage.desk.brief_endpoint(&stage.ines).await.unwrap().0.address.is_empty());
    assert_eq!(health(&stage).await, Health::default());
}

async fn one_at_a_time_and_the_end_does_not_wait(home: &Home) {
    let model = Model::start([Says::Nothing]).await;
    let stage = stage_with(home, &model).await;
    for from in [ANN, "Bob <bob@two.example>"] {
        let number = stage.file(&Letter::from(from).text(WORDS)).await.number;
        stage.desk.ask_for_brief(&stage.ines, number).await.unwrap();
    }
    stage.pass(QUIET);
    let (desk, stop) = (stage.desk.clone(), CancellationToken::new());
    let ends = stop.clone();
    let working = tokio::spawn(async move { desk.work(ends).await });
    model.wait_for(1).await;
    // Other work goes on beside it.
    let number = stage.file(&Letter::from("Eve <eve@three.example>").text(WORDS)).await.number;
    stage.desk.set_hours(&stage.ines, domain::hours::Hours::default()).await.unwrap();
    let done = async || {
        let sql = "select count(*) from jobs where name <> 'write_brief'";
        stage.desk.db.read(async move |rx| rx.one::<i64>(sql, &[]).await).await.unwrap() == 0
    };
    let mut news = stage.desk.db.news();
    while !done().await {
        let _ = tokio::time::timeout(Duration::from_millis(50), news.recv()).await;
    }
    assert_eq!(model.heard().len(), 1, "only one asks at a time");
    assert!(shown(&stage, &stage.ines, number).await.brief.is_some());
    stop.cancel();
    working.await.unwrap();
}
