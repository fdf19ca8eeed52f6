//! Settings: what stands around their pages, and the organization's own.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;
use store::{Read, organization};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::Form;
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around, Here};
use crate::page::Page;
use crate::part::{Button, Field, Icon, Place, crumbs, icon};
use crate::session::Who;
use crate::setup::zone_select;
use crate::text::t;

/// The pages of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The organization.
    Organization,
    /// Channels.
    Channels,
    /// Business hours.
    Hours,
    /// The reply clock.
    Clock,
    /// Tags.
    Tags,
    /// Fields.
    Fields,
    /// Who writes the Brief.
    Brief,
    /// Spam, trash, and blocked senders.
    Unwanted,
    /// People, invitations and teams.
    People,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Section; 9] = [
        Section::Organization,
        Section::Channels,
        Section::Hours,
        Section::Clock,
        Section::Tags,
        Section::Fields,
        Section::Brief,
        Section::Unwanted,
        Section::People,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Section::Organization => t("organization"),
            Section::Channels => t("channels"),
            Section::Hours => t("hours"),
            Section::Clock => t("clock"),
            Section::Tags => t("tags"),
            Section::Fields => t("fields"),
            Section::Brief => t("brief"),
            Section::Unwanted => t("unwanted"),
            Section::People => t("people"),
        }
    }

    fn about(self) -> &'static str {
        match self {
            Section::Organization => t("organization-about"),
            Section::Channels => t("channels-about"),
            Section::Hours => t("hours-about"),
            Section::Clock => t("clock-about"),
            Section::Tags => t("tags-about"),
            Section::Fields => t("fields-about"),
            Section::Brief => t("brief-about"),
            Section::Unwanted => t("unwanted-about"),
            Section::People => t("people-about"),
        }
    }

    /// Where it is.
    pub fn address(self) -> &'static str {
        match self {
            Section::Organization => "/settings/organization",
            Section::Channels => "/settings/channels",
            Section::Hours => "/settings/hours",
            Section::Clock => "/settings/clock",
            Section::Tags => "/settings/tags",
            Section::Fields => "/settings/fields",
            Section::Brief => "/settings/brief",
            Section::Unwanted => "/settings/unwanted",
            Section::People => "/settings/people",
        }
    }

    /// Its sign.
    pub fn glyph(self) -> Icon {
        match self {
            Section::Organization => Icon::Building,
            Section::Channels => Icon::Mail,
            Section::Hours => Icon::Clock,
            Section::Clock => Icon::Hourglass,
            Section::Tags => Icon::Tag,
            Section::Fields => Icon::Edit,
            Section::Brief => Icon::Quote,
            Section::Unwanted => Icon::Trash,
            Section::People => Icon::User,
        }
    }
}

/// A page of the settings, with the way to the others beside it.
pub fn frame(app: &App, who: &Who, around: &Around, section: Section, actions: &Markup, content: &Markup) -> Page {
    let bar = crumbs(&[(t("nav-settings"), "/settings")], section.name(), actions);
    beside(app, who, around, section, (section.name(), &bar), content)
}

/// A page below one of the settings: `(section, its own name)`.
pub fn frame_below(app: &App, who: &Who, around: &Around, place: (Section, &str), content: &Markup) -> Page {
    let (section, name) = place;
    let above = [(t("nav-settings"), "/settings"), (section.name(), section.address())];
    let bar = crumbs(&above, name, &html! {});
    beside(app, who, around, section, (name, &bar), content)
}

fn beside(
    app: &App,
    who: &Who,
    around: &Around,
    section: Section,
    (title, bar): (&str, &Markup),
    content: &Markup,
) -> Page {
    let content = html! {
        main.main #main {
            (bar)
            div.set {
                nav.set-nav aria-label=(t("nav-settings")) {
                    ul { @for it in Section::ALL {
                        li { a href=(it.address()) aria-current=[(it == section).then_some("page")] { (it.name()) } }
                    } }
                }
                div.set-main { h1.t-2xl.mb4 { (title) } (content) }
            }
        }
    };
    let here = Here { title, place: Place::Settings, view: None, case_open: false };
    nav::framed(app, who, around, here, &content)
}

/// `GET /settings`
pub async fn home(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let scope = who.scope();
    let around = app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?;
    let content = html! {
        main.main #main {
            (crate::part::bar(t("nav-settings"), "", &html! {}))
            div.page {
                ul.list.list-lines { @for it in Section::ALL {
                    li { a.row href=(it.address()) {
                        (icon(it.glyph()))
                        span.grow { span.row-t { (it.name()) } br; span.row-s { (it.about()) } }
                        (icon(Icon::ChevronRight))
                    } }
                }
                    // Everybody has some of their own: they stand outside of the settings.
                    li { a.row href="/macros" {
                        (icon(Icon::List))
                        span.grow { span.row-t { (t("macros")) } br; span.row-s { (t("macros-so")) } }
                        (icon(Icon::ChevronRight))
                    } }
                }
            }
        }
    };
    let here = Here { title: t("nav-settings"), place: Place::Settings, view: None, case_open: false };
    Ok(nav::framed(&app, &who, &around, here, &content))
}

/// What can be changed about the organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    organization: String,
    time_zone: String,
}

/// `GET /settings/organization`
pub async fn organization(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, it) = tokio::try_join!(nav::around(rx, &scope), organization::find(rx))?;
        Ok::<_, store::Error>((around, it.ok_or(store::Error::NotFound)?))
    });
    let (around, it) = read.await?;
    let it = Named { organization: it.name, time_zone: it.time_zone };
    Ok(organization_page(&app, &who, &around, &it, &Wrong::default()))
}

/// `POST /settings/organization`
pub async fn save_organization(State(app): State<App>, who: Who, Form(it): Form<Named>) -> Result<Response, Trouble> {
    let saved = async {
        if TimeZone::get(&it.time_zone).is_err() {
            return Err(invalid("time_zone", t("time-zone-wrong")));
        }
        app.desk.save_organization(&who.member, &it.organization, &it.time_zone).await
    };
    match saved.await {
        Ok(()) => Ok(Redirect::to("/settings/organization").into_response()),
        Err(err) => {
            let (wrong, scope) = (Wrong::of(err, &["organization", "time_zone"])?, who.scope());
            let around = app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?;
            Ok(wrong.answer(organization_page(&app, &who, &around, &it, &wrong)))
        }
    }
}

fn organization_page(app: &App, who: &Who, around: &Around, it: &Named, wrong: &Wrong) -> Page {
    let content = html! {
        form.stack.narrow method="post" action="/settings/organization" {
            (wrong.above())
            (Field::new("organization", t("organization-name")).autocomplete("organization").required().value(&it.organization).error(wrong.at("organization")))
            (zone_select(&it.time_zone, wrong))
            p.hint { (t("time-zone-hint")) }
            div { (Button::submit(t("save")).primary()) }
        }
    };
    frame(app, who, around, Section::Organization, &html! {}, &content)
}
