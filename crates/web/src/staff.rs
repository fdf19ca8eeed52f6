//! Settings: who works here, who is invited, and the teams.

use std::str::FromStr;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{InvitationId, Role, StaffId, TeamId, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::invitation::{self, Invitation};
use store::staff::{self, Line};
use store::team::{self, Team};
use store::{Read, Scope};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{self, Around, role_name};
use crate::page::Page;
use crate::part::{
    AvatarSize, Button, Clock, Field, Icon, Select, Tone, badge, banner_with, check, icon_sm, our_avatar,
};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::{t, t_with};

const HERE: &str = "/settings/people";

/// Whom somebody invites.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    name: String,
    email: String,
    role: String,
}

/// A team that somebody adds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    name: String,
    department: Option<String>,
}

/// `GET /settings/people`
pub async fn show(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let all = read(&app, who.scope()).await?;
    Ok(all.page(&app, &who, &Guest::default(), &Said::Nothing))
}

/// `POST /settings/people/{id}`: a role and teams, each ticked team once.
pub async fn change(
    State(app): State<App>,
    who: Who,
    Path(id): Path<StaffId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (role, teams) = role_and_teams(&pairs)?;
    let done = app.desk.change_staff(&who.member, id, role, teams).await;
    answer(&app, &who, done).await
}

/// A list of ticks has one name many times, which a struct cannot say.
fn role_and_teams(pairs: &[(String, String)]) -> Result<(Role, Vec<TeamId>), Trouble> {
    let (mut role, mut teams) = (None, Vec::new());
    for (name, value) in pairs {
        match name.as_str() {
            "role" if role.is_none() => role = Some(role_of(value)?),
            "team" => teams.push(TeamId::from_str(value).map_err(|_| Trouble::NotFound)?),
            other => return Err(unknown(other)),
        }
    }
    teams.sort_unstable();
    teams.dedup();
    Ok((role.ok_or_else(|| unknown("role"))?, teams))
}

fn unknown(what: &str) -> Trouble {
    let why: String = what.chars().take(80).collect();
    Trouble::bad(t_with("bad-form", &[("why", why.into())]))
}

fn role_of(word: &str) -> Result<Role, Trouble> {
    Role::parse(word).map_err(|err| Trouble::bad(t_with("bad-form", &[("why", err.to_string().into())])))
}

/// `POST /settings/people/{id}/departure`
pub async fn leave(State(app): State<App>, who: Who, Path(id): Path<StaffId>) -> Result<Response, Trouble> {
    let done = app.desk.leave(&who.member, id).await;
    answer(&app, &who, done).await
}

/// `POST /settings/people/{id}/return`
pub async fn come_back(State(app): State<App>, who: Who, Path(id): Path<StaffId>) -> Result<Response, Trouble> {
    let done = app.desk.come_back(&who.member, id).await;
    answer(&app, &who, done).await
}

/// `POST /settings/invitations`: the one answer that shows the link.
pub async fn invite(State(app): State<App>, who: Who, Form(it): Form<Guest>) -> Result<Response, Trouble> {
    let role = role_of(&it.role)?;
    let invited = app.desk.invite(&who.member, &it.name, &it.email, role).await;
    let all = read(&app, who.scope()).await?;
    match invited {
        Ok(token) => {
            let said = Said::Link { email: it.email, link: format!("{}/join/{token}", app.public.url) };
            Ok(all.page(&app, &who, &Guest::default(), &said).into_response())
        }
        Err(err) => {
            let wrong = Wrong::of(err, &["name", "email"])?;
            Ok(wrong.answer(all.page(&app, &who, &it, &Said::Guest(wrong.clone()))))
        }
    }
}

/// `POST /settings/invitations/{id}/revocation`
pub async fn revoke(State(app): State<App>, who: Who, Path(id): Path<InvitationId>) -> Result<Redirect, Trouble> {
    app.desk.revoke_invitation(&who.member, id).await?;
    Ok(Redirect::to(HERE))
}

/// `POST /settings/teams`
pub async fn add_team(State(app): State<App>, who: Who, Form(it): Form<NewTeam>) -> Result<Response, Trouble> {
    let added = app.desk.add_team(&who.member, &it.name, it.department.is_some()).await;
    let Err(err) = added else { return Ok(Redirect::to(HERE).into_response()) };
    let (wrong, all) = (Wrong::of(err, &["name"])?, read(&app, who.scope()).await?);
    Ok(wrong.answer(all.page(&app, &who, &Guest::default(), &Said::Team(wrong.clone(), it))))
}

/// Back to the page, or the page with what stands against it.
async fn answer(app: &App, who: &Who, done: Result<(), desk::Error>) -> Result<Response, Trouble> {
    let Err(err) = done else { return Ok(Redirect::to(HERE).into_response()) };
    let (wrong, all) = (Wrong::of(err, &[])?, read(app, who.scope()).await?);
    Ok(wrong.answer(all.page(app, who, &Guest::default(), &Said::Person(wrong.clone()))))
}

/// What is to be said on top of what there is.
enum Said {
    Nothing,
    Link { email: String, link: String },
    Person(Wrong),
    Guest(Wrong),
    Team(Wrong, NewTeam),
}

struct All {
    around: Around,
    people: Vec<Line>,
    teams: Vec<Team>,
    memberships: Vec<(TeamId, StaffId)>,
    invitations: Vec<Invitation>,
}

async fn read(app: &App, scope: Scope) -> Result<All, Trouble> {
    let now = app.desk.now();
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, people, teams, memberships, invitations) = tokio::try_join!(
            nav::around(rx, &scope),
            staff::all(rx, &scope),
            team::all(rx, &scope),
            team::memberships(rx, &scope),
            invitation::waiting(rx, &scope, now),
        )?;
        Ok::<_, store::Error>(All { around, people, teams, memberships, invitations })
    });
    Ok(read.await?)
}

impl All {
    fn page(&self, app: &App, who: &Who, guest: &Guest, said: &Said) -> Page {
        let clock = self.around.clock(app);
        let content = html! {
            @match said {
                Said::Link { email, link } => (shown_link(email, link)),
                Said::Person(wrong) => div.mb4 { (wrong.above()) },
                _ => {}
            }
            (self.here(who))
            (self.invited(guest, said, &clock))
            (self.team_list(said))
            (self.gone())
        };
        frame(app, who, &self.around, Section::People, &html! {}, &content)
    }

    fn here(&self, who: &Who) -> Markup {
        html! {
            section aria-label=(t("people")) {
                ul.list.list-lines {
                    @for it in self.people.iter().filter(|it| it.left_at.is_none()) {
                        li { (self.person(it, it.id == who.member.id)) }
                    }
                }
            }
        }
    }

    fn person(&self, it: &Line, me: bool) -> Markup {
        let teams: Vec<&Team> = self.teams.iter().filter(|team| self.is_in(team.id, it.id)).collect();
        let names = teams.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
        html! {
            details.person {
                summary.row {
                    (our_avatar(&it.name, AvatarSize::Normal))
                    span.grow { span.row-t { (it.name) } @if me { " " (badge(Tone::Accent, t("you"))) } br; span.row-s { (it.email) } }
                    span.sm.hide-s.t3 { (names) }
                    span.sm.nowrap { (role_name(it.role)) }
                    (icon_sm(Icon::ChevronDown))
                }
                div.stack.person-b {
                    form.stack method="post" action={ (HERE) "/" (it.id) } {
                        div.narrow { (Select::new("role", t("role"), &roles()).id(&format!("role-{}", it.id)).chosen(it.role.word())) }
                        @if !self.teams.is_empty() {
                            fieldset.stack.stack-sm { legend.label.mb2 { (t("teams")) }
                                @for team in &self.teams {
                                    label.check {
                                        input type="checkbox" name="team" value=(team.id) checked[self.is_in(team.id, it.id)];
                                        span { (team.name) }
                                    }
                                }
                            }
                        }
                        div { (Button::submit(t("save")).primary()) }
                    }
                    @if !me {
                        form method="post" action={ (HERE) "/" (it.id) "/departure" } {
                            (Button::submit(t("person-leave")).danger().small()) " " span.xs.t3 { (t("person-leave-so")) }
                        }
                    }
                }
            }
        }
    }

    fn is_in(&self, team: TeamId, person: StaffId) -> bool {
        self.memberships.contains(&(team, person))
    }

    fn invited(&self, guest: &Guest, said: &Said, clock: &Clock) -> Markup {
        let nothing = Wrong::default();
        let wrong = if let Said::Guest(wrong) = said { wrong } else { &nothing };
        let chosen = if guest.role.is_empty() { Role::Agent.word() } else { &guest.role };
        html! {
            section.sec aria-labelledby="iv" {
                header { h2 #iv { (t("invite")) } }
                @if !self.invitations.is_empty() {
                    ul.list.list-lines.mb4 { @for it in &self.invitations {
                        li.row {
                            div.grow { p.row-t { (it.name) } p.row-s { (it.email) ", " (role_name(it.role)) ". " (t("invitation-until")) " " (clock.long(it.expires_at)) } }
                            form method="post" action={ "/settings/invitations/" (it.id) "/revocation" } {
                                @let name = t_with("invitation-revoke-of", &[("name", it.name.as_str().into())]);
                                (Button::submit(t("invitation-revoke")).small().name(&name))
                            }
                        }
                    } }
                }
                (wrong.above())
                form.stack.narrow method="post" action="/settings/invitations" {
                    (Field::new("name", t("person-name")).required().value(&guest.name).error(wrong.at("name")))
                    (Field::new("email", t("email")).email().required().value(&guest.email).error(wrong.at("email")))
                    (Select::new("role", t("role"), &roles()).chosen(chosen).hint(t("roles-hint")))
                    div { (Button::submit(t("invite-make"))) }
                }
            }
        }
    }

    fn team_list(&self, said: &Said) -> Markup {
        let (wrong, name, department) = match said {
            Said::Team(wrong, it) => (wrong.clone(), it.name.as_str(), it.department.is_some()),
            _ => (Wrong::default(), "", false),
        };
        html! {
            section.sec aria-labelledby="tm" {
                header { h2 #tm { (t("teams")) } }
                @if !self.teams.is_empty() {
                    ul.list.list-lines.mb4 { @for it in &self.teams {
                        @let count = self.memberships.iter().filter(|member| member.0 == it.id).count();
                        li.row {
                            span.grow { span.row-t { (it.name) } @if it.department { " " (badge(Tone::Line, t("department"))) } }
                            span.sm.t3 { (t_with("team-members", &[("count", count.into())])) }
                        }
                    } }
                }
                form.stack.narrow method="post" action="/settings/teams" {
                    (wrong.above())
                    (Field::new("name", t("team-name")).id("team-name").required().value(name).error(wrong.at("name")))
                    (check("department", t("department"), t("department-hint"), department))
                    div { (Button::submit(t("team-add"))) }
                }
            }
        }
    }

    fn gone(&self) -> Markup {
        let gone: Vec<&Line> = self.people.iter().filter(|it| it.left_at.is_some()).collect();
        html! {
            @if !gone.is_empty() {
                section.sec aria-labelledby="gn" {
                    header { h2 #gn { (t("people-gone")) } }
                    ul.list.list-lines { @for it in gone {
                        li.row {
                            span.grow { span.row-t { (it.name) } br; span.row-s { (it.email) } }
                            form method="post" action={ (HERE) "/" (it.id) "/return" } {
                                @let name = t_with("person-return-of", &[("name", it.name.as_str().into())]);
                                (Button::submit(t("person-return")).small().name(&name))
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// Every role with its name.
fn roles() -> Vec<(&'static str, &'static str)> {
    Role::ALL.iter().map(|it| (it.word(), role_name(*it))).collect()
}

fn shown_link(email: &str, link: &str) -> Markup {
    html! {
        section.stack.stack-sm.mb4 {
            (banner_with(Tone::Accent, &html! { (t_with("invited", &[("email", email.into())])) }, &html! {}))
            pre.code { code { (link) } }
        }
    }
}
