//! The form of a macro.

use desk::macros::{NewMacro, PLACEHOLDERS};
use domain::{Actions, Macro, Member, Priority, Sharing, TagId, TeamId, Then, Whom, Word};
use maud::{Markup, html};
use serde::Deserialize;

use super::Known;
use crate::app::App;
use crate::form::{Wrong, invalid};
use crate::nav::priority_name;
use crate::part::{Area, Field, Select, check};
use crate::session::Who;
use crate::text::{t, t_with};
use crate::view::choices;

/// The fields at which something can be wrong.
pub const FIELDS: &[&str] =
    &["name", "body", "assign", "team", "priority", "tag", "untag", "snooze", "resolution", "then", "sharing"];

/// What somebody enters about a macro.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    name: String,
    body: String,
    /// `me`, `nobody`, or the id of a colleague.
    assign: String,
    team: String,
    priority: String,
    /// Names, with commas between them.
    tag: String,
    untag: String,
    snooze: String,
    resolve: Option<String>,
    resolution: String,
    then: String,
    /// `own`, `everybody`, or the id of a team.
    sharing: String,
}

impl Entered {
    /// What is kept already.
    pub fn of(it: &Macro, tags: &[domain::Tag]) -> Entered {
        let Macro { name, body, actions, sharing, .. } = it.clone();
        let names = |ids: &[TagId]| {
            let names = tags.iter().filter(|it| ids.contains(&it.id)).map(|it| it.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        Entered {
            name,
            body,
            assign: match actions.assign {
                None => String::new(),
                Some(Whom::Me) => "me".to_owned(),
                Some(Whom::Nobody) => "nobody".to_owned(),
                Some(Whom::Colleague(id)) => id.to_string(),
            },
            team: actions.team.map(|it| it.to_string()).unwrap_or_default(),
            priority: actions.priority.map(|it| it.word().to_owned()).unwrap_or_default(),
            tag: names(&actions.tag),
            untag: names(&actions.untag),
            snooze: actions.snooze.map(|it| it.to_string()).unwrap_or_default(),
            resolve: actions.resolve.as_ref().map(|_| "on".to_owned()),
            resolution: actions.resolve.unwrap_or_default(),
            then: actions.then.map(|it| it.word().to_owned()).unwrap_or_default(),
            sharing: match sharing {
                Sharing::Own(_) => "own".to_owned(),
                Sharing::Everybody => "everybody".to_owned(),
                Sharing::Team(team) => team.to_string(),
            },
        }
    }

    /// What it says. Tags that nobody has used yet are made.
    pub async fn read(&self, app: &App, who: &Who) -> desk::Result<NewMacro> {
        let bad = |field| invalid(field, t("bad-choice"));
        let given = |text: &str| !text.is_empty();
        let assign = match self.assign.as_str() {
            "" => None,
            "me" => Some(Whom::Me),
            "nobody" => Some(Whom::Nobody),
            id => Some(Whom::Colleague(id.parse().map_err(|_| bad("assign"))?)),
        };
        let team = given(&self.team).then(|| self.team.parse::<TeamId>()).transpose().map_err(|_| bad("team"))?;
        let priority = given(&self.priority).then(|| Priority::parse(&self.priority)).transpose();
        let then = given(&self.then).then(|| Then::parse(&self.then)).transpose().map_err(|_| bad("then"))?;
        let hours = self.snooze.trim();
        let snooze = given(hours).then(|| hours.parse::<u32>()).transpose();
        let sharing = match self.sharing.as_str() {
            "" | "own" => Sharing::Own(who.member.id),
            "everybody" => Sharing::Everybody,
            team => Sharing::Team(team.parse().map_err(|_| bad("sharing"))?),
        };
        let tag = app.desk.tags_named(&who.member, &words(&self.tag)).await?.into_iter().map(|it| it.id).collect();
        let actions = Actions {
            assign,
            team,
            priority: priority.map_err(|_| bad("priority"))?,
            tag,
            untag: known(app, &words(&self.untag)).await?,
            snooze: snooze.map_err(|_| invalid("snooze", t("macro-snooze-wrong")))?,
            resolve: self.resolve.is_some().then(|| self.resolution.trim().to_owned()),
            then,
        };
        Ok(NewMacro { name: self.name.clone(), body: self.body.clone(), actions, sharing })
    }
}

fn words(typed: &str) -> Vec<String> {
    typed.split([',', ';']).map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Tags that there are: nobody makes one to take it off.
async fn known(app: &App, names: &[String]) -> desk::Result<Vec<TagId>> {
    let mut found = Vec::new();
    for name in names {
        let asked = name.clone();
        let tag = app.desk.db.read(async move |rx| store::tag::named(rx, &asked).await).await?;
        let none = || invalid("untag", t_with("macro-no-tag", &[("tag", name.as_str().into())]));
        found.push(tag.ok_or_else(none)?.id);
    }
    Ok(found)
}

impl Known {
    /// Text, actions and readers of a macro.
    pub(super) fn fields(&self, me: &Member, it: &Entered, id: &str, wrong: &Wrong) -> Markup {
        let named = |field: &str| format!("{field}-{id}");
        let as_is = (String::new(), t("macro-as-is").to_owned());
        let mut people = vec![as_is.clone(), ("me".to_owned(), t("macro-me").to_owned())];
        people.push(("nobody".to_owned(), t("assign-nobody").to_owned()));
        let here = self.colleagues.iter().filter(|it| it.here);
        people.extend(here.map(|it| (it.id.to_string(), it.name.clone())));
        let mut teams = vec![as_is.clone()];
        teams.extend(self.teams.iter().map(|it| (it.id.to_string(), it.name.clone())));
        let mut weights = vec![as_is];
        weights.extend(Priority::ALL.iter().map(|it| (it.word().to_owned(), priority_name(*it).to_owned())));
        let thens = [
            (String::new(), t("macro-then-any").to_owned()),
            ("waiting".to_owned(), t("send-waiting").to_owned()),
            ("open".to_owned(), t("send-open").to_owned()),
            ("resolved".to_owned(), t("send-resolve").to_owned()),
        ];
        let sharings = choices(me, &self.teams);
        let select = |name: &'static str, label: &str, all: &[(String, String)], chosen: &str| {
            let all: Vec<(&str, &str)> = all.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
            html! { (Select::new(name, label, &all).id(&named(name)).chosen(chosen).error(wrong.at(name))) }
        };
        let placeholders = PLACEHOLDERS.iter().map(|it| format!("{{{it}}}")).collect::<Vec<_>>().join(", ");
        let hint = t_with("macro-text-hint", &[("all", placeholders.into())]);
        let does = *it.assign != *"" || *it.team != *"" || *it.priority != *"" || *it.tag != *"" || *it.untag != *"";
        let does = does || *it.snooze != *"" || it.resolve.is_some() || *it.then != *"";
        html! {
            (Field::new("name", t("view-name")).id(&named("name")).value(&it.name).required().autocomplete("off").error(wrong.at("name")))
            (Area::new("body", t("macro-text")).id(&named("body")).value(&it.body).rows(6).hint(&hint).error(wrong.at("body")))
            details open[does || wrong.at("snooze").is_some()] {
                summary.sm { (t("macro-does")) }
                div.stack.stack-sm.mt {
                    (select("assign", t("macro-assign"), &people, &it.assign))
                    @if !self.teams.is_empty() { (select("team", t("macro-team"), &teams, &it.team)) }
                    (select("priority", t("priority"), &weights, &it.priority))
                    (Field::new("tag", t("macro-tag")).id(&named("tag")).value(&it.tag).hint(t("tag-hint")).autocomplete("off").error(wrong.at("tag")))
                    (Field::new("untag", t("macro-untag")).id(&named("untag")).value(&it.untag).autocomplete("off").error(wrong.at("untag")))
                    (Field::new("snooze", t("macro-snooze")).id(&named("snooze")).number().value(&it.snooze).error(wrong.at("snooze")))
                    (check("resolve", t("macro-resolve"), "", it.resolve.is_some()))
                    (Field::new("resolution", t("resolution-ask")).id(&named("resolution")).value(&it.resolution).autocomplete("off").error(wrong.at("resolution")))
                    (select("then", t("macro-then"), &thens, &it.then))
                }
            }
            @if sharings.len() > 1 || wrong.at("sharing").is_some() { (select("sharing", t("macro-sharing"), &sharings, &it.sharing)) }
        }
    }
}
