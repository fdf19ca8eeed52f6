//! A rule by which a meeting comes again (RFC 5545 §3.3.10), in plain words.

/// The words; `None` for what is no rule. What they leave out (`BYSETPOS` and the like) is said as "by a longer rule".
pub(super) fn words(rule: &str) -> Option<String> {
    let parts: Vec<(String, String)> = rule
        .split(';')
        .take(20)
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase()))
        .collect();
    let of = |name: &str| parts.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let unit = match of("FREQ")? {
        "SECONDLY" => "second",
        "MINUTELY" => "minute",
        "HOURLY" => "hour",
        "DAILY" => "day",
        "WEEKLY" => "week",
        "MONTHLY" => "month",
        "YEARLY" => "year",
        _ => return None,
    };
    let interval: u32 = of("INTERVAL").and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut out = if interval > 1 { format!("every {interval} {unit}s") } else { format!("every {unit}") };
    let days: Vec<String> = of("BYDAY").into_iter().flat_map(|it| it.split(',')).take(7).filter_map(day).collect();
    if let Some(days) = joined(&days) {
        out = format!("{out} on {days}");
    }
    let dates: Vec<String> =
        of("BYMONTHDAY").into_iter().flat_map(|it| it.split(',')).take(5).filter_map(date).collect();
    if let Some(dates) = joined(&dates) {
        out = format!("{out} on {dates}");
    }
    let longer = ["BYSETPOS", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND"];
    let months = unit != "year" && of("BYMONTH").is_some();
    if months || longer.iter().any(|it| of(it).is_some()) {
        out.push_str(" by a longer rule");
    }
    if let Some(count) = of("COUNT").and_then(|it| it.parse::<u32>().ok()) {
        out = format!("{out}, {count} times");
    } else if let Some(until) = of("UNTIL").and_then(until) {
        out = format!("{out}, until {until}");
    }
    Some(out)
}

/// `MO`, `2TU` or `-1FR`.
fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let name = match name {
        "MO" => "Monday",
        "TU" => "Tuesday",
        "WE" => "Wednesday",
        "TH" => "Thursday",
        "FR" => "Friday",
        "SA" => "Saturday",
        "SU" => "Sunday",
        _ => return None,
    };
    Some(match number.trim_start_matches('+') {
        "" => name.to_owned(),
        "1" => format!("the first {name}"),
        "2" => format!("the second {name}"),
        "3" => format!("the third {name}"),
        "4" => format!("the fourth {name}"),
        "5" => format!("the fifth {name}"),
        "-1" => format!("the last {name}"),
        _ => return None,
    })
}

fn date(text: &str) -> Option<String> {
    match text.trim().parse::<i8>().ok()? {
        -1 => Some("the last day".to_owned()),
        it @ 1..=31 => Some(format!("day {it}")),
        _ => None,
    }
}

fn until(text: &str) -> Option<String> {
    let digits = text.get(..8).filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?;
    Some(format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

/// `a`, `a and b`, `a, b and c`.
fn joined(all: &[String]) -> Option<String> {
    let (last, before) = all.split_last()?;
    Some(if before.is_empty() { last.clone() } else { format!("{} and {last}", before.join(", ")) })
}
