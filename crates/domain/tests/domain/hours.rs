use domain::hours::{Hours, Span, WallTime};

/// Christmas 2026 is a Friday.
const CHRISTMAS: WallTime = WallTime { year: 2026, month: 12, day: 25, weekday: 4, minute: 600 };

#[test]
fn hours_end_at_their_end_and_holidays_have_none() {
    let work = Some(Span { from: 9 * 60, to: 17 * 60 });
    let days = vec![work, work, work, work, work, None, None];
    let week = Hours { days, closed: Vec::new() };
    for (weekday, minute, open) in
        [(0, 539, false), (0, 540, true), (4, 1019, true), (4, 1020, false), (5, 600, false), (6, 600, false)]
    {
        let at = WallTime { weekday, minute, ..CHRISTMAS };
        assert_eq!(week.is_open(at), open, "{at:?}");
    }
    assert!(week.is_open(CHRISTMAS));
    for closed in ["2026-12-25", "12-25"] {
        let week = Hours { closed: vec![closed.to_owned()], ..week.clone() };
        assert!(!week.is_open(CHRISTMAS), "{closed}");
    }
    assert!(Hours::default().is_open(CHRISTMAS), "nobody has said anything");
}
