//! `format=flowed` (RFC 3676): lines that were broken to travel become paragraphs again.

/// `text` with its soft line breaks undone. With `delsp`, the space before a soft break goes too.
pub(crate) fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the line that goes on.
    let mut goes_on: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let depth = line.bytes().take_while(|it| *it == b'>').count();
        let words = &line[depth..];
        let words = words.strip_prefix(' ').unwrap_or(words);
        let signature = words == "-- ";
        if goes_on != Some(depth) || signature {
            if goes_on.is_some() {
                out.push('\n');
            }
            if depth > 0 {
                out.extend(std::iter::repeat_n('>', depth));
                out.push(' ');
            }
        }
        let soft = !signature && words.ends_with(' ');
        out.push_str(if soft && delsp { &words[..words.len() - 1] } else { words });
        if soft {
            goes_on = Some(depth);
        } else {
            goes_on = None;
            out.push('\n');
        }
    }
    if !text.ends_with('\n') && out.ends_with('\n') {
        out.pop();
    }
    out
}
