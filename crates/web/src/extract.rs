//! Extractors whose refusals are pages: the same as axum's, with [`Trouble`] for an answer.
//!
//! What they read is a struct that names every field; `#[serde(deny_unknown_fields)]` on it refuses the rest.

use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use desk::Upload;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer};
use store::case::list::Cursor;

use crate::error::Trouble;
use crate::text::{t, t_with};

/// The parts of the path. A part that cannot be read names nothing, so it is not found.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Trouble::NotFound),
            Err(other) => Err(Trouble::internal(other)),
        }
    }
}

/// What stands behind the question mark.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(cause)) => Err(unreadable("bad-address", &cause)),
            Err(other) => Err(Trouble::internal(other)),
        }
    }
}

/// A posted form.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Form(value)),
            Err(FormRejection::InvalidFormContentType(_)) => Err(Trouble::bad(t("bad-form-type"))),
            Err(FormRejection::BytesRejection(cause)) => Err(unread(cause.status())),
            Err(other) => Err(unreadable("bad-form", &other)),
        }
    }
}

/// A form with files.
#[derive(Debug)]
pub struct Multipart(pub axum::extract::Multipart);

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        match <axum::extract::Multipart as FromRequest<S>>::from_request(request, state).await {
            Ok(parts) => Ok(Multipart(parts)),
            Err(_) => Err(Trouble::bad(t("bad-form-type"))),
        }
    }
}

/// A form that may come with files or without.
#[derive(Debug)]
pub enum FormOrMultipart<T> {
    /// Without.
    Form(T),
    /// With.
    Multipart(axum::extract::Multipart),
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for FormOrMultipart<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let with_files = <axum::extract::Multipart as OptionalFromRequest<S>>::from_request;
        let is_multipart = request
            .headers()
            .get(axum::http::header::CONTENT_TYPE)
            .is_some_and(|it| it.as_bytes().starts_with(b"multipart/form-data"));
        if is_multipart {
            match with_files(request, state).await {
                Ok(Some(parts)) => Ok(FormOrMultipart::Multipart(parts)),
                _ => Err(Trouble::bad(t("bad-form-type"))),
            }
        } else {
            let Form(value) = Form::from_request(request, state).await?;
            Ok(FormOrMultipart::Form(value))
        }
    }
}

impl FormOrMultipart<Vec<(String, String)>> {
    /// Its fields in their order, and the files that came with it.
    pub async fn read(self) -> Result<(Vec<(String, String)>, Vec<Upload>), Trouble> {
        let mut parts = match self {
            FormOrMultipart::Form(fields) => return Ok((fields, Vec::new())),
            FormOrMultipart::Multipart(parts) => parts,
        };
        let (mut fields, mut uploads) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "files" {
                fields.push((name, part.text().await?));
                continue;
            }
            let label = part.file_name().unwrap_or_default().to_owned();
            let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = part.bytes().await?.to_vec();
            // A field of files into which nobody put one.
            if !label.is_empty() || !bytes.is_empty() {
                uploads.push(Upload { name: label, media_type, bytes });
            }
        }
        Ok((fields, uploads))
    }
}

/// A position in a list, where an address names one: `#[serde(default, deserialize_with = "cursor")]`.
pub fn cursor<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Cursor>, D::Error> {
    let text = String::deserialize(text)?;
    Cursor::parse(&text).map(Some).ok_or_else(|| D::Error::custom(t("bad-cursor")))
}

/// The trouble of a part of a form with files that cannot be read.
impl From<axum::extract::multipart::MultipartError> for Trouble {
    fn from(error: axum::extract::multipart::MultipartError) -> Trouble {
        unread(error.status())
    }
}

fn unread(status: StatusCode) -> Trouble {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Trouble::TooLarge } else { Trouble::bad(t("bad-body")) }
}

/// A sentence, and the words of the parser for whoever wrote the program that asks.
fn unreadable(key: &'static str, cause: &dyn std::error::Error) -> Trouble {
    let mut deepest = cause;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let why: String = deepest.to_string().chars().take(200).collect();
    Trouble::bad(t_with(key, &[("why", why.into())]))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        #[expect(dead_code, reason = "only that it is read matters")]
        name: String,
    }

    async fn post(kind: &str, body: &'static str) -> Result<Form<Input>, Trouble> {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        Form::from_request(request, &()).await
    }

    #[tokio::test]
    async fn a_form_with_a_field_that_nobody_asked_for_is_refused_by_name() {
        assert!(post("application/x-www-form-urlencoded", "name=Ines").await.is_ok());
        let Err(Trouble::BadInput { what }) = post("application/x-www-form-urlencoded", "name=Ines&role=lead").await
        else {
            panic!("it was taken");
        };
        assert!(what.contains("role"), "{what}");
    }

    #[tokio::test]
    async fn another_kind_of_document_is_refused_with_a_sentence() {
        let trouble = post("text/plain", "name=Ines").await.unwrap_err();
        assert_eq!(trouble, Trouble::bad(t("bad-form-type")));
    }
}
