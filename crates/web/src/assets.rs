//! Style, script, faces and icons: embedded, named by their content, kept by browsers for ever.
//!
//! All assets share one hash, so that a style sheet names its faces and a module the modules it imports by plain
//! relative paths. A page of the version before may still ask by its old hash: it gets the file as it is now, and
//! must ask again.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::Embed;
use sha2::{Digest, Sha256};

use crate::error::Trouble;
use crate::extract::Path;

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

/// The order of the style sheet. Layers decide between files; within a layer, a later file wins.
const STYLE: &str = "reset fonts tokens base icon shell nav bar section text button bulk badge avatar channel row card table tag toast \
    form tabs menu dialog palette progress banner notices empty timeline feed frame file composer supplier macros checks suggest \
    pager inbox filter search notes conversation side brief login settings hours setup customer merge trouble utilities";

/// Layers, weakest first.
const LAYERS: &str = "@layer reset, tokens, base, layout, components, pages, utilities;\n";

struct Assets {
    hash: String,
    style: Bytes,
    sprite: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut style = LAYERS.to_owned();
    for name in STYLE.split_whitespace() {
        style.push_str(&text_of(&format!("css/{name}.css")));
    }
    let mut digest = Sha256::new();
    for path in Files::iter() {
        if let Some(file) = Files::get(&path) {
            digest.update(path.as_bytes());
            digest.update(&file.data);
        }
    }
    let hash = digest.finalize().iter().take(8).fold(String::new(), |mut hash, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    Assets { hash, style: style.into(), sprite: text_of("icons.svg") }
});

/// Where a page finds an asset, for example `/assets/0123456789abcdef/bellwether.css`.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", ASSETS.hash)
}

/// The icons as one invisible drawing, a part of each page: fragments that arrive later find theirs in it.
pub fn sprite() -> &'static str {
    &ASSETS.sprite
}

/// The whole style sheet.
pub fn style() -> Bytes {
    ASSETS.style.clone()
}

/// `GET /assets/{hash}/{path}`. It is public: it says nothing about anybody.
pub async fn asset(Path((hash, path)): Path<(String, String)>) -> Response {
    serve(&path, hash == ASSETS.hash)
}

/// `GET /favicon.ico`: what browsers ask for unasked.
pub async fn favicon() -> Response {
    serve("favicon.svg", false)
}

fn serve(path: &str, for_ever: bool) -> Response {
    let found = if path == "bellwether.css" {
        Some((style(), "text/css; charset=utf-8".to_owned()))
    } else {
        Files::get(path).map(|file| {
            let kind = file.metadata.mimetype();
            let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
            (Bytes::from(file.data.into_owned()), kind)
        })
    };
    let Some((body, kind)) = found else { return Trouble::NotFound.into_response() };
    let kind = HeaderValue::from_str(&kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let keep = if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, body).into_response()
}

fn text_of(path: &str) -> String {
    Files::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn every_style_file_is_in_the_sheet_and_every_name_has_a_file() {
        let mut files: Vec<String> = Files::iter()
            .filter_map(|it| it.strip_prefix("css/").and_then(|it| it.strip_suffix(".css")).map(str::to_owned))
            .collect();
        let mut named: Vec<String> = STYLE.split_whitespace().map(str::to_owned).collect();
        files.sort();
        named.sort();
        assert_eq!(files, named);
    }

    #[test]
    fn braces_are_balanced_in_every_style_file() {
        for name in STYLE.split_whitespace() {
            let text = text_of(&format!("css/{name}.css"));
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{name}.css");
        }
    }

    #[tokio::test]
    async fn an_asset_is_kept_for_ever_only_under_the_hash_of_its_content() {
        let now = asset(Path((ASSETS.hash.clone(), "js/bellwether.js".to_owned()))).await;
        assert_eq!(now.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(now.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        let old = asset(Path(("00".to_owned(), "bellwether.css".to_owned()))).await;
        assert_eq!(old.headers()[header::CACHE_CONTROL], "no-cache");
        let none = asset(Path((ASSETS.hash.clone(), "../Cargo.toml".to_owned()))).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND);
    }
}
