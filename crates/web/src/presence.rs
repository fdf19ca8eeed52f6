//! Who is at a case right now, and who writes there. It is written nowhere: each node keeps in mind what the nodes tell each
//! other, and forgets what is not said again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Occupation, StaffId, Timestamp, Word as _};
use maud::{Markup, html};
use serde::Deserialize;
use store::staff::Colleague;
use store::{Db, Hint, News, case, staff};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::inbox::pane::first_name;
use crate::page::Page;
use crate::part::{AvatarSize, our_avatar};
use crate::session::Who;
use crate::text::t_with;

/// A page says again that it is looked at before this is over; then nobody is there.
const LASTS: Duration = Duration::from_secs(50);
/// The longest name of a page.
const PAGE: usize = 40;

/// Who is where.
pub struct Presence(Mutex<Heard>);

struct Heard {
    news: Receiver<News>,
    here: HashMap<i64, HashMap<(StaffId, String), Seen>>,
}

#[derive(Clone, Copy)]
struct Seen {
    doing: Occupation,
    until: Timestamp,
}

impl Presence {
    /// What is said from now on, on this node or another.
    pub fn new(db: &Db) -> Presence {
        Presence(Mutex::new(Heard { news: db.news(), here: HashMap::new() }))
    }

    /// Who but `me` is at a case, each once.
    pub fn at(&self, number: i64, me: StaffId, now: Timestamp) -> Vec<(StaffId, Occupation)> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.catch_up(now);
        heard.at(number).into_iter().filter(|it| it.0 != me).collect()
    }

    /// A page of somebody says what they do. Whoever looks at the case is told if that is another thing than before.
    fn say(&self, db: &Db, number: i64, (who, page): (StaffId, &str), doing: Occupation, now: Timestamp) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.catch_up(now);
        let before = heard.at(number);
        db.tell(Hint::new(format!("here {number} {who} {page} {} {}", doing.word(), now.0)));
        heard.catch_up(now);
        if heard.at(number) != before {
            db.tell(Hint::new(format!("presence {number}")));
        }
    }
}

impl Heard {
    fn at(&self, number: i64) -> Vec<(StaffId, Occupation)> {
        let mut all: Vec<(StaffId, Occupation)> = Vec::new();
        for ((who, _), seen) in self.here.get(&number).into_iter().flatten() {
            match all.iter_mut().find(|it| it.0 == *who) {
                // Of several pages the one counts on which they write.
                Some(it) => it.1 = it.1.max(seen.doing),
                None => all.push((*who, seen.doing)),
            }
        }
        all.sort();
        all
    }

    fn catch_up(&mut self, now: Timestamp) {
        loop {
            match self.news.try_recv() {
                Ok(News::Changed(hint)) => drop(self.note(hint.as_str())),
                // What was missed is said again soon.
                Ok(News::Gap) | Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.here.retain(|_, pages| {
            pages.retain(|_, seen| now < seen.until);
            !pages.is_empty()
        });
    }

    fn note(&mut self, hint: &str) -> Option<()> {
        let mut words = hint.strip_prefix("here ")?.split(' ');
        let number = words.next()?.parse().ok()?;
        let page = (words.next()?.parse().ok()?, words.next()?.to_owned());
        let doing = Occupation::parse(words.next()?).ok()?;
        let until = Timestamp(words.next()?.parse().ok()?).after(LASTS);
        let pages = self.here.entry(number).or_default();
        if doing == Occupation::Gone {
            pages.remove(&page);
        } else {
            pages.insert(page, Seen { doing, until });
        }
        Some(())
    }
}

/// What a page says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The name that the page has given itself.
    page: String,
    doing: Occupation,
}

/// `POST /cases/{number}/presence`: a page that is looked at says so, again and again.
pub async fn say(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Form(said): Form<Said>,
) -> Result<StatusCode, Trouble> {
    visible(&app, &who, number).await?;
    let page: String = said.page.chars().filter(char::is_ascii_alphanumeric).take(PAGE).collect();
    let page = if page.is_empty() { "0" } else { &page };
    app.presence.say(&app.desk.db, number, (who.member.id, page), said.doing, app.desk.now());
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /cases/{number}/presence`: who else is there, as the head of the case and what stands beside it show it.
pub async fn show(State(app): State<App>, who: Who, Path(number): Path<i64>) -> Result<Page, Trouble> {
    visible(&app, &who, number).await?;
    let scope = who.scope();
    let colleagues = app.desk.db.read(async move |rx| staff::colleagues(rx, &scope).await).await?;
    let present = app.presence.at(number, who.member.id, app.desk.now());
    let here = Here { case: number, present: &present, colleagues: &colleagues };
    Ok(Page(html! { (here.faces()) (here.words()) }))
}

async fn visible(app: &App, who: &Who, number: i64) -> Result<(), Trouble> {
    let scope = who.scope();
    let found = app.desk.db.read(async move |rx| case::is_visible(rx, &scope, number).await).await?;
    if found { Ok(()) } else { Err(Trouble::NotFound) }
}

/// Who else is at a case.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The case.
    pub case: i64,
    /// Who is there, and what they do.
    pub present: &'a [(StaffId, Occupation)],
    /// Everybody, by name.
    pub colleagues: &'a [Colleague],
}

impl Here<'_> {
    fn named(&self) -> impl Iterator<Item = (&str, Occupation)> {
        let name = |id: StaffId| self.colleagues.iter().find(|it| it.id == id).map(|it| it.name.as_str());
        self.present.iter().filter_map(move |it| Some((name(it.0)?, it.1)))
    }

    /// Their faces; whoever writes has a ring that moves nothing and says nothing by itself: the words do.
    pub fn faces(&self) -> Markup {
        html! {
            span.av-stack #here-faces data-live=(self.topic()) data-src=(self.source()) {
                @for (name, doing) in self.named() {
                    span.av-here.av-writes[doing != Occupation::Viewing] title=(sentence(name, doing)) { (our_avatar(name, AvatarSize::Small)) }
                }
            }
        }
    }

    /// The same in words.
    pub fn words(&self) -> Markup {
        html! {
            p.xs.t3.here #here role="status" data-live=(self.topic()) data-src=(self.source()) {
                @for (name, doing) in self.named() { span { (sentence(name, doing)) " " } }
            }
        }
    }

    fn topic(&self) -> String {
        format!("presence {}", self.case)
    }

    fn source(&self) -> String {
        format!("/cases/{}/presence", self.case)
    }
}

fn sentence(name: &str, doing: Occupation) -> String {
    let key = match doing {
        Occupation::Writing => "here-writing",
        Occupation::Noting => "here-noting",
        Occupation::Viewing | Occupation::Gone => "here-viewing",
    };
    t_with(key, &[("who", first_name(name).into())])
}
