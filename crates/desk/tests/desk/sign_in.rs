//! Signing in, and the guess limit that does not lock the victim out.

use std::net::IpAddr;
use std::time::Duration;

use desk::Error;
use desk::sign_in::Attempt;
use testkit::stage::PASSWORD;
use testkit::{Home, Stage};

testkit::both!(
    the_right_password_opens,
    a_session_ends,
    a_new_password_ends_other_sessions,
    guesses_shut_out_the_guesser_and_not_the_victim,
    who_has_left_is_out,
    many_guesses_at_once_pass_no_limit,
    a_sign_in_in_flight_ends_with_the_old_password,
    a_shared_browser_spends_its_own_guesses,
    who_leaves_while_changing_a_password_is_gone,
);

fn attempt(password: &str) -> Attempt {
    Attempt {
        email: "Ines@desk.example ".to_owned(),
        password: password.to_owned(),
        device: None,
        from: IpAddr::from([192, 0, 2, 1]),
        label: "Firefox".to_owned(),
        keep: false,
    }
}

async fn the_right_password_opens(home: &Home) {
    let stage = Stage::new(home).await;
    let signed_in = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap();
    let (_, member) = stage.desk.member(&signed_in.token).await.unwrap().unwrap();
    assert_eq!(member, stage.ines);
    assert!(stage.desk.member("guess").await.unwrap().is_none());
    let unknown = Attempt { email: "nobody@desk.example".to_owned(), ..attempt(PASSWORD) };
    let (wrong, unknown) = (stage.desk.sign_in(attempt("wrong")).await, stage.desk.sign_in(unknown).await);
    assert_eq!(wrong.unwrap_err().to_string(), unknown.unwrap_err().to_string(), "nobody learns who works here");
}

async fn a_session_ends(home: &Home) {
    let stage = Stage::new(home).await;
    let (short, long) = (attempt(PASSWORD), Attempt { keep: true, ..attempt(PASSWORD) });
    let short = stage.desk.sign_in(short).await.unwrap();
    let long = stage.desk.sign_in(long).await.unwrap();
    stage.pass(Duration::from_hours(11));
    let (it, _) = stage.desk.member(&short.token).await.unwrap().unwrap();
    stage.desk.seen(&it).await.unwrap();
    stage.pass(Duration::from_hours(11));
    assert!(stage.desk.member(&short.token).await.unwrap().is_some(), "it was in use");
    stage.pass(Duration::from_hours(2));
    assert!(stage.desk.member(&short.token).await.unwrap().is_none());
    let (it, _) = stage.desk.member(&long.token).await.unwrap().unwrap();
    assert!(matches!(stage.desk.sign_out(stage.jonas.id, it.id).await, Err(Error::NotFound)), "not his");
    stage.desk.sign_out(stage.ines.id, it.id).await.unwrap();
    assert!(stage.desk.member(&long.token).await.unwrap().is_none());
}

async fn a_new_password_ends_other_sessions(home: &Home) {
    let stage = Stage::new(home).await;
    let here = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap();
    let there = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap();
    let (it, ines) = stage.desk.member(&here.token).await.unwrap().unwrap();
    let change = |old: &str, new: &str| stage.desk.change_password(&ines, it.id, old.to_owned(), new.to_owned());
    assert!(change("wrong", "a new long password").await.is_err());
    assert!(change(PASSWORD, "short").await.is_err());
    change(PASSWORD, "a new long password").await.unwrap();
    assert!(stage.desk.member(&here.token).await.unwrap().is_some());
    assert!(stage.desk.member(&there.token).await.unwrap().is_none());
    assert!(stage.desk.sign_in(attempt(PASSWORD)).await.is_err());
    stage.desk.sign_in(attempt("a new long password")).await.unwrap();
}

async fn guesses_shut_out_the_guesser_and_not_the_victim(home: &Home) {
    let stage = Stage::new(home).await;
    let own = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap();
    let mut refused = 0;
    for _ in 0..12 {
        match stage.desk.sign_in(attempt("guess")).await.unwrap_err() {
            Error::TooMany { .. } => refused += 1,
            Error::Invalid { .. } => {}
            other => panic!("{other}"),
        }
    }
    assert!(refused > 0, "one place guesses some times, and then waits");
    assert!(stage.desk.sign_in(attempt(PASSWORD)).await.is_err(), "the right one is as good as a wrong one there");
    // From a browser that she has used before she comes in, even from the same place; and from elsewhere.
    let known = Attempt { device: Some(own.device.clone()), ..attempt(PASSWORD) };
    stage.desk.sign_in(known).await.unwrap();
    let elsewhere = Attempt { from: IpAddr::from([198, 51, 100, 7]), ..attempt(PASSWORD) };
    stage.desk.sign_in(elsewhere).await.unwrap();
    // Guessing from everywhere shuts out everywhere but her own browser; a mark of somebody else's is no mark.
    for n in 0..70 {
        let from = IpAddr::from([203, 0, 113, n]);
        stage.desk.sign_in(Attempt { from, ..attempt("guess") }).await.unwrap_err();
    }
    let stranger = Attempt { from: IpAddr::from([203, 0, 113, 200]), ..attempt(PASSWORD) };
    assert!(matches!(stage.desk.sign_in(stranger.clone()).await, Err(Error::TooMany { .. })));
    let forged = Attempt { device: Some(format!("{}.aaaa", stage.ines.id)), ..stranger.clone() };
    assert!(matches!(stage.desk.sign_in(forged).await, Err(Error::TooMany { .. })));
    let known = Attempt { device: Some(own.device), ..stranger.clone() };
    stage.desk.sign_in(known).await.unwrap();
    stage.pass(Duration::from_hours(1));
    stage.desk.sign_in(stranger).await.unwrap();
}

async fn who_has_left_is_out(home: &Home) {
    let stage = Stage::new(home).await;
    let jonas = Attempt { email: "jonas@desk.example".to_owned(), ..attempt(PASSWORD) };
    let signed_in = stage.desk.sign_in(jonas.clone()).await.unwrap();
    stage.desk.leave(&stage.ines, stage.jonas.id).await.unwrap();
    assert!(stage.desk.member(&signed_in.token).await.unwrap().is_none());
    assert!(stage.desk.sign_in(jonas.clone()).await.is_err());
    stage.desk.come_back(&stage.ines, stage.jonas.id).await.unwrap();
    assert!(stage.desk.member(&signed_in.token).await.unwrap().is_none(), "the old session stays over");
    stage.desk.sign_in(jonas).await.unwrap();
}

async fn many_guesses_at_once_pass_no_limit(home: &Home) {
    let stage = Stage::new(home).await;
    let all: Vec<_> = (0..24)
        .map(|_| {
            let desk = stage.desk.clone();
            tokio::spawn(async move { desk.sign_in(attempt("guess")).await.unwrap_err() })
        })
        .collect();
    let mut looked_at = 0;
    for it in all {
        looked_at += usize::from(matches!(it.await.unwrap(), Error::Invalid { .. }));
    }
    assert_eq!(looked_at, 8, "one place has eight");
}

/// Its password was right when it was looked at, and is so no longer when the session begins.
async fn a_sign_in_in_flight_ends_with_the_old_password(home: &Home) {
    let stage = Stage::new(home).await;
    let here = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap();
    let (it, ines) = stage.desk.member(&here.token).await.unwrap().unwrap();
    let all: Vec<_> = (0..12)
        .map(|n| {
            let desk = stage.desk.clone();
            tokio::spawn(async move {
                let mut tokens = Vec::new();
                for _ in 0..3 {
                    let from = IpAddr::from([198, 51, 100, n]);
                    tokens.extend(desk.sign_in(Attempt { from, ..attempt(PASSWORD) }).await.ok().map(|it| it.token));
                }
                tokens
            })
        })
        .collect();
    let new = "a new long password".to_owned();
    stage.desk.change_password(&ines, it.id, PASSWORD.to_owned(), new).await.unwrap();
    for it in all {
        for token in it.await.unwrap() {
            assert!(stage.desk.member(&token).await.unwrap().is_none(), "it outlived its password");
        }
    }
    assert!(stage.desk.member(&here.token).await.unwrap().is_some());
}

async fn a_shared_browser_spends_its_own_guesses(home: &Home) {
    let stage = Stage::new(home).await;
    let kiosk = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap().device;
    let own = stage.desk.sign_in(attempt(PASSWORD)).await.unwrap().device;
    assert_ne!(kiosk, own);
    let by = |device: &str, password| Attempt { device: Some(device.to_owned()), ..attempt(password) };
    for _ in 0..13 {
        stage.desk.sign_in(by(&kiosk, "guess")).await.unwrap_err();
    }
    assert!(matches!(stage.desk.sign_in(by(&kiosk, PASSWORD)).await, Err(Error::TooMany { .. })));
    let again = stage.desk.sign_in(by(&own, PASSWORD)).await.unwrap();
    assert_eq!(again.device, own, "a browser stays the one it is");
}

async fn who_leaves_while_changing_a_password_is_gone(home: &Home) {
    let stage = Stage::new(home).await;
    let jonas = Attempt { email: "jonas@desk.example".to_owned(), ..attempt(PASSWORD) };
    let signed_in = stage.desk.sign_in(jonas.clone()).await.unwrap();
    let (it, member) = stage.desk.member(&signed_in.token).await.unwrap().unwrap();
    let (_, left) = tokio::join!(
        stage.desk.change_password(&member, it.id, PASSWORD.to_owned(), "a new long password".to_owned()),
        stage.desk.leave(&stage.ines, member.id),
    );
    left.unwrap();
    assert!(stage.desk.staff_member(member.id).await.is_err());
    assert!(stage.desk.sign_in(Attempt { password: "a new long password".to_owned(), ..jonas.clone() }).await.is_err());
    assert!(stage.desk.sign_in(jonas).await.is_err());
}
