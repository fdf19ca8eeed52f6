use domain::filter::{Ask, Day, Gap, Is, Key, Mistake, Side, Term, Whose, Why, gap, quoted};
use domain::{Filter, Priority, Status, View, Word};
use proptest::prelude::*;

fn asks(text: &str) -> Vec<Ask> {
    let (filter, mistakes) = Filter::parse(text);
    assert_eq!(mistakes, [], "{text}");
    filter.terms.into_iter().map(|it| it.ask).collect()
}

fn named(name: &str) -> Whose {
    Whose::Named(name.to_owned())
}

#[test]
fn what_is_typed_is_understood() {
    let cases = [
        ("is:open", Ask::Is(vec![Is::Open])),
        ("IS:Open", Ask::Is(vec![Is::Open])),
        ("status:open,waiting", Ask::Status(vec![Status::Open, Status::Waiting])),
        ("waiting:us", Ask::Waiting(vec![Side::Us])),
        ("priority:high,urgent", Ask::Priority(vec![Priority::High, Priority::Urgent])),
        ("assignee:me,nobody", Ask::Assignee(vec![Whose::Mine, Whose::Nobodys])),
        ("assignee:\"Jonas Feld\",me", Ask::Assignee(vec![named("Jonas Feld"), Whose::Mine])),
        ("team:“Field service”", Ask::Team(vec![named("Field service")])),
        ("team:mine", Ask::Team(vec![Whose::Mine])),
        ("channel:support@tareline.example", Ask::Channel(vec!["support@tareline.example".into()])),
        ("before:2026-11-01", Ask::Before(Day::On { year: 2026, month: 11, day: 1 })),
        ("after:7d", Ask::After(Day::Ago(7))),
        ("after:today", Ask::After(Day::Ago(0))),
        ("customer:\"Northwind Bakery\",lind", Ask::Customer(vec!["Northwind Bakery".into(), "lind".into()])),
        ("refund", Ask::Words("refund".into())),
        ("\"Credit note\"", Ask::Words("Credit note".into())),
        ("INV-10874", Ask::Words("INV-10874".into())),
        ("10:30", Ask::Words("10:30".into())),
        ("https://shop.example/orders", Ask::Words("https://shop.example/orders".into())),
    ];
    for (text, ask) in cases {
        assert_eq!(asks(text), [ask], "{text}");
    }
    let (filter, _) = Filter::parse("  is:open   -assignee:me ");
    let place = |it: &Term| (it.at.clone(), it.not);
    assert_eq!(filter.terms.iter().map(place).collect::<Vec<_>>(), [(2..9, false), (12..24, true)]);
    assert_eq!(asks(""), []);
}

#[test]
fn a_mistake_points_at_its_word_and_the_rest_counts() {
    let cases = [
        ("is:opne", 3..7, Why::UnknownValue(Key::Is, Some("open"))),
        ("status:sideways", 7..15, Why::UnknownValue(Key::Status, None)),
        ("asignee:me", 0..7, Why::UnknownKey(Some(Key::Assignee))),
        ("mood:bad", 0..4, Why::UnknownKey(None)),
        ("???", 0..3, Why::Alone),
        ("\"\"", 0..2, Why::Alone),
        ("-printer", 0..8, Why::OnlyNot),
        ("team:", 0..5, Why::NoValue(Key::Team)),
        ("team:\"\"", 0..7, Why::NoValue(Key::Team)),
        ("before:soon", 7..11, Why::NotADay),
        ("before:2026-13-01", 7..17, Why::NotADay),
        ("after:1d,2d", 6..11, Why::OneDay(Key::After)),
        ("is:open,spam", 8..12, Why::Apart),
    ];
    for (text, at, why) in cases {
        let typed = format!("{text} is:open");
        let (filter, mistakes) = Filter::parse(&typed);
        assert_eq!(mistakes, [Mistake { at, why }], "{text}");
        assert_eq!(filter.terms.len(), 1, "{text}");
    }
    let (_, mistakes) = Filter::parse("is:open tsaus:new is:closd");
    assert_eq!(mistakes.iter().map(|it| it.at.clone()).collect::<Vec<_>>(), [8..13, 21..26]);
}

#[test]
fn words_and_what_is_not_to_be_there_are_told_apart() {
    let (filter, mistakes) = Filter::parse("is:open refund -\"credit note\" Käse,brot -draft");
    assert_eq!(mistakes, []);
    let sought = filter.sought();
    let said = |all: &[domain::sought::Phrase]| all.iter().map(|it| it.words.join(" ")).collect::<Vec<_>>();
    assert_eq!(
        (said(&sought.all), said(&sought.none)),
        (vec!["refund".into(), "kase".into(), "brot".into()], vec!["credit note".into(), "draft".into()])
    );
    assert_eq!(
        filter.terms.iter().map(|it| it.at.clone()).collect::<Vec<_>>(),
        [0..7, 8..14, 15..29, 30..35, 36..40, 41..47]
    );
}

#[test]
fn what_can_stand_where_somebody_types_is_known() {
    let cases = [
        ("", Some((0..0, None, ""))),
        ("is:open ", Some((8..8, None, ""))),
        ("is:open as", Some((8..10, None, "as"))),
        ("-as", Some((1..3, None, "as"))),
        ("is:", Some((3..3, Some(Key::Is), ""))),
        ("is:op", Some((3..5, Some(Key::Is), "op"))),
        ("status:open,wa", Some((12..14, Some(Key::Status), "wa"))),
        ("status:open,", Some((12..12, Some(Key::Status), ""))),
        ("assignee:\"Jonas F", Some((9..17, Some(Key::Assignee), "Jonas F"))),
        ("mood:b", None),
    ];
    for (text, found) in cases {
        let found = found.map(|(at, key, typed)| Gap { at, key, typed: typed.to_owned() });
        assert_eq!(gap(text, text.len()), found, "{text}");
    }
    assert_eq!(gap("is:op assignee:me", 5).map(|it| it.typed), Some("op".to_owned()));
    for value in ["open", "Jonas Feld", "a,b"] {
        assert_eq!(asks(&format!("assignee:{}", quoted(value))), [Ask::Assignee(vec![named(value)])]);
    }
}

#[test]
fn every_known_value_is_one() {
    for key in Key::ALL {
        for value in key.values() {
            asks(&format!("{key}:{value}"));
        }
    }
    for view in View::ALL {
        let aside = |ask: &Ask| matches!(ask, Ask::Is(all) if all.iter().any(|it| it.is_aside()));
        assert_eq!(asks(view.filter()).iter().any(aside), view.aside().is_some(), "{view}");
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed(text in "[ a-z:,\"“”„«»#\\-0-9é]{0,40}", cursor in 0..60_usize) {
        let (filter, mistakes) = Filter::parse(&text);
        for at in filter.terms.iter().map(|it| &it.at).chain(mistakes.iter().map(|it| &it.at)) {
            prop_assert!(text.get(at.clone()).is_some(), "{at:?}");
        }
        if let Some(gap) = gap(&text, cursor) {
            prop_assert!(text.get(gap.at).is_some());
        }
    }
}
