//! An installation at work: pages and the API, mailboxes, jobs, reconcilers; and its orderly end.

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use channels::Tls;
use desk::{Ctx, Desk, Keys, Post};
use domain::Word;
use store::{Db, Tx, job, lease};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use web::{App, Public};

use crate::settings::Settings;
use crate::{demo, key_file, node};

/// What a command ends with: nothing, or a sentence for whoever started it.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long an answer or a job that was begun may take when the program stops.
const GRACE: Duration = Duration::from_secs(20);

/// Runs a real installation until it is told to stop.
pub async fn serve(mut settings: Settings) -> Outcome {
    let tls = Tls::new(settings.extra_ca_file.as_deref())?;
    let listener = listen(&mut settings).await?;
    let desk = open(&settings, Post::Servers(tls)).await?;
    let mut lines = vec![format!("Bellwether serves {}", settings.address())];
    if let Some(token) = desk.setup_token().await? {
        lines.push(format!("Set it up, once, at {}/setup/{token}", settings.address()));
    }
    if settings.public_url.is_none() && settings.listen.ip().is_unspecified() {
        let address = settings.address();
        tracing::warn!("links begin with {address}, which opens on this machine alone: set public_url");
    }
    run(listener, desk, &settings, Public::default(), &lines).await
}

/// Runs a desk full of invented customers, whose mail never leaves.
pub async fn demo(mut settings: Settings, fresh: bool) -> Outcome {
    let listener = listen(&mut settings).await?;
    if fresh {
        demo::forget(&settings.place).await?;
    }
    let desk = open(&settings, Post::Kept).await?;
    if !demo::is_filled(&desk).await? {
        fill(&desk).await?;
    }
    let role = |it: &demo::SignIn| it.role.word().replace('_', " ");
    let people: Vec<_> =
        demo::SIGN_INS.iter().map(|it| (it.email.to_owned(), format!("{}, {}", it.name, role(it)))).collect();
    let mut lines = vec![format!("Bellwether demo at {}", settings.address())];
    lines.push(format!("Sign in with the password \"{}\" as", demo::PASSWORD));
    lines.extend(people.iter().map(|it| format!("  {:<34} {}", it.0, it.1)));
    lines.push("Outgoing mail stays on the Outbox page and never leaves.".to_owned());
    let public = Public { demo: people, demo_password: demo::PASSWORD.to_owned(), ..Public::default() };
    run(listener, desk, &settings, public, &lines).await
}

/// Takes the address before anything is written or printed; port 0 becomes the one that the system gives.
async fn listen(settings: &mut Settings) -> Outcome<TcpListener> {
    let address = settings.listen;
    let listener = TcpListener::bind(address).await.map_err(|err| {
        format!("cannot listen on {address}: {err}. Is another Bellwether running? --listen takes another address.")
    })?;
    settings.listen = listener.local_addr()?;
    Ok(listener)
}

async fn fill(desk: &Desk) -> Outcome {
    let style = indicatif::ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len}")?;
    let bar = indicatif::ProgressBar::new(0).with_style(style).with_message("Inventing a company");
    let shown = bar.clone();
    demo::fill(desk, desk.now(), move |done, all| {
        shown.set_length(all as u64);
        shown.set_position(done as u64);
    })
    .await?;
    bar.finish_and_clear();
    Ok(())
}

/// The desk of an installation: its keys, its database with the schema of this program, its way out.
pub async fn open(settings: &Settings, post: Post) -> Outcome<Desk> {
    let ctx = Ctx::system();
    let node = node::name(&settings.key_file, &ctx);
    let db = Db::open(&settings.place.name(), node).await?;
    // A database that knows its keys is never given new ones.
    let keys = match desk::keys::known(&db).await? {
        Some(_) => key_file::existing(&settings.key_file)?,
        None => key_file::open(&settings.key_file)?,
    };
    let now = ctx.now();
    let desk = Desk::new(db, ctx, Keys::new(keys), post, node).reached_at(&settings.address());
    if !desk.remember_keys().await? {
        return Err(key_file::Trouble::Foreign { file: settings.key_file.clone() }.into());
    }
    if !desk.db.is_shared() {
        // Whoever had these in their hands is dead: we hold the lock of the directory.
        let release = async move |tx: &mut Tx| {
            lease::void(tx).await?;
            job::release(tx, now).await
        };
        desk.db.write([], release).await?;
    }
    Ok(desk)
}

async fn run(listener: TcpListener, desk: Desk, settings: &Settings, public: Public, lines: &[String]) -> Outcome {
    let nets = settings.trusted_proxies.clone();
    let public = Public {
        url: settings.address(),
        trusts: Some(Box::new(move |it| nets.iter().any(|net| net.contains(it)))),
        ..public
    };
    let stop = CancellationToken::new();
    let app = web::router(App::new(desk.clone(), public, stop.clone()));
    say(lines);
    tokio::spawn(told_to_stop(stop.clone()));

    let mut workers = JoinSet::new();
    for work in [Worker::Jobs, Worker::Reconcilers, Worker::Mailboxes, Worker::Search] {
        workers.spawn(work.run(desk.clone(), stop.clone()));
    }
    let outcome = beside(workers, answer(listener, app, &stop), &stop).await;
    desk.db.close().await;
    tracing::info!("stopped");
    outcome
}

/// What runs beside the pages.
#[derive(Clone, Copy)]
enum Worker {
    Jobs,
    Reconcilers,
    Mailboxes,
    Search,
}

impl Worker {
    async fn run(self, desk: Desk, stop: CancellationToken) {
        match self {
            Worker::Jobs => desk.work(stop).await,
            Worker::Reconcilers => desk.reconcile(stop).await,
            Worker::Mailboxes => desk.read_mailboxes(stop).await,
            Worker::Search => desk.keep_search(stop).await,
        }
    }
}

/// Answers with the workers beside, and then waits until they have finished what they began. A desk that answers and
/// does nothing else would look well and lose its customers' patience: when a worker ends unasked, all end.
async fn beside(
    mut workers: JoinSet<()>,
    answering: impl Future<Output = Outcome>,
    stop: &CancellationToken,
) -> Outcome {
    let mut answering = pin!(answering);
    let mut lost = false;
    let answered = loop {
        tokio::select! {
            answered = &mut answering => break answered,
            Some(ended) = workers.join_next() => {
                lost |= ended.is_err() || !stop.is_cancelled();
                if lost {
                    tracing::error!("a worker has ended unasked: stopping");
                }
                stop.cancel();
            }
        }
    };
    stop.cancel();
    let rest = async {
        while let Some(ended) = workers.join_next().await {
            lost |= ended.is_err();
        }
    };
    if tokio::time::timeout(GRACE, rest).await.is_err() {
        tracing::warn!("some work did not end in time; it is done again at the next start");
    }
    answered?;
    if lost { Err("a worker has ended unasked: the log says more".into()) } else { Ok(()) }
}

/// Answers until `stop`, and then what was begun, within [`GRACE`].
async fn answer(listener: TcpListener, app: Router, stop: &CancellationToken) -> Outcome {
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let ending = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move { ending.cancelled().await });
    let too_late = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended?,
        () = too_late => tracing::warn!("some connections did not end in time"),
    }
    Ok(())
}

/// Waits for the signals by which a program is asked to end. Whoever asks twice does not want to wait.
async fn told_to_stop(stop: CancellationToken) {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn asked(by: Option<&mut Signal>) {
        match by {
            Some(it) => drop(it.recv().await),
            None => std::future::pending().await,
        }
    }
    // Listened to from now on, so that none between the two is missed.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate()).ok(), signal(SignalKind::interrupt()).ok());
    for again in [false, true] {
        tokio::select! {
            () = asked(terminate.as_mut()) => {}
            () = asked(interrupt.as_mut()) => {}
        }
        if again {
            tracing::warn!("asked twice: what was begun is left, and done again at the next start");
            std::process::exit(130);
        }
        tracing::info!("stopping: what was accepted is finished first");
        stop.cancel();
    }
}

/// Prints what whoever started the program wants to know.
pub fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    // In one piece, for whoever reads it by a pipe. Nobody may be listening, and that is no reason not to serve.
    out.write_all((lines.join("\n") + "\n").as_bytes()).ok();
    out.flush().ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ends(worker: impl Future<Output = ()> + Send + 'static) -> Outcome {
        let stop = CancellationToken::new();
        let mut workers = JoinSet::new();
        workers.spawn(worker);
        let other = stop.clone();
        workers.spawn(async move { other.cancelled().await });
        let answering = async {
            stop.cancelled().await;
            Ok(())
        };
        beside(workers, answering, &stop).await
    }

    #[tokio::test]
    async fn a_worker_that_ends_unasked_ends_the_program_with_a_failure() {
        assert!(ends(async {}).await.is_err());
        assert!(ends(async { panic!("by design of this test") }).await.is_err());
    }

    #[tokio::test]
    async fn a_worker_that_is_asked_to_end_is_no_failure() {
        let stop = CancellationToken::new();
        let mut workers = JoinSet::new();
        let other = stop.clone();
        workers.spawn(async move { other.cancelled().await });
        let answering = async {
            stop.cancel();
            Ok(())
        };
        assert!(beside(workers, answering, &stop).await.is_ok());
    }
}
