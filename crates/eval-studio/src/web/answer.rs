//! How what was asked for is answered: off the runtime, as JSON, with a sentence where it fails.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::media::{Drawn, Shown};
use crate::room::Room;
use crate::{Kind, StudioError};

/// What all routes share.
pub struct Shared {
    pub room: Room,
    pub drawn: Drawn,
}

pub type App = State<Arc<Shared>>;

pub type Answer = Result<Response, StudioError>;

#[derive(Deserialize)]
pub struct Person {
    pub by: String,
}

#[derive(Deserialize)]
pub struct With<T> {
    pub by: String,
    #[serde(flatten)]
    pub rest: T,
}

/// Reads and writes files, which waits for disks.
pub async fn answer<T: Serialize + Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Shared) -> Result<T, StudioError> + Send + 'static,
) -> Answer {
    let done = tokio::task::spawn_blocking(move || work(&shared)).await;
    Ok(Json(done.map_err(|_| panicked())??).into_response())
}

/// The same with a page of a document.
pub async fn picture(
    shared: Arc<Shared>,
    draw: impl FnOnce(&Shared) -> Result<Shown, StudioError> + Send + 'static,
) -> Answer {
    let done = tokio::task::spawn_blocking(move || draw(&shared)).await;
    let Shown { content_type, bytes, pages } = done.map_err(|_| panicked())??;
    let headers = [("content-type", content_type.to_owned()), ("x-pages", pages.to_string())];
    Ok((headers, axum::body::Body::from(bytes)).into_response())
}

fn panicked() -> StudioError {
    StudioError::invalid("something went wrong that should not")
}

#[derive(Serialize)]
struct Complaint {
    error: String,
}

impl IntoResponse for StudioError {
    fn into_response(self) -> Response {
        let status = match self.kind {
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Files | Kind::Unwritable => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(Complaint { error: self.message })).into_response()
    }
}
