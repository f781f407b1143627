//! What can be asked for.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::guard::{MOST, guard};
use super::media::{Drawn, Shown};
use crate::event::Mark;
use crate::exchange::{self, Form};
use crate::export::export;
use crate::request::{Save, Wanted};
use crate::studio::Studio;
use crate::trust::trust;
use crate::{Kind, StudioError};

struct Shared {
    studio: Arc<Studio>,
    drawn: Drawn,
}

type App = State<Arc<Shared>>;

/// All routes behind the guard.
pub fn router(studio: Arc<Studio>, token: Arc<str>) -> Router {
    let file = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/", file("text/html; charset=utf-8", include_str!("../../assets/studio.html")))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .route("/base.css", file("text/css; charset=utf-8", eval_report::BASE_STYLE))
        .route("/studio.css", file("text/css; charset=utf-8", include_str!("../../assets/studio.css")))
        .route("/studio.js", file("text/javascript; charset=utf-8", include_str!("../../assets/studio.js")))
        .route("/viewer.js", file("text/javascript; charset=utf-8", include_str!("../../assets/viewer.js")))
        .route("/fields.js", file("text/javascript; charset=utf-8", include_str!("../../assets/fields.js")))
        .route("/rooms.js", file("text/javascript; charset=utf-8", include_str!("../../assets/rooms.js")))
        .route("/api.js", file("text/javascript; charset=utf-8", include_str!("../../assets/api.js")))
        .route("/api/overview", get(overview))
        .route("/api/show", post(show))
        .route("/api/media", get(media))
        .route("/api/understand", post(understand))
        .route("/api/labels", post(save))
        .route("/api/undo", post(undo))
        .route("/api/mark", post(mark))
        .route("/api/trust", get(figures))
        .route("/api/export", post(write_dataset))
        .route("/api/table", get(table))
        .route("/api/import", post(import))
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is nothing here\n") })
        .layer(DefaultBodyLimit::max(MOST as usize))
        .layer(from_fn_with_state(token, guard))
        .with_state(Arc::new(Shared { studio, drawn: Drawn::default() }))
}

#[derive(Deserialize)]
struct Person {
    by: String,
}

#[derive(Deserialize)]
struct With<T> {
    by: String,
    #[serde(flatten)]
    rest: T,
}

type Answer = Result<Response, StudioError>;

/// Reads and writes files, which waits for disks.
async fn answer<T: Serialize + Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Studio) -> Result<T, StudioError> + Send + 'static,
) -> Answer {
    let done = tokio::task::spawn_blocking(move || work(&shared.studio)).await;
    Ok(Json(done.map_err(|_| StudioError::invalid("something went wrong that should not"))??).into_response())
}

async fn overview(State(shared): App, Query(person): Query<Person>) -> Answer {
    answer(shared, move |studio| studio.overview(&person.by)).await
}

async fn show(State(shared): App, Json(wanted): Json<With<Wanted>>) -> Answer {
    answer(shared, move |studio| studio.show(&wanted.by, &wanted.rest, &now())).await
}

#[derive(Deserialize)]
struct Page {
    document: String,
    page: usize,
}

async fn media(State(shared): App, Query(wanted): Query<Page>) -> Answer {
    let draw = move || shared.drawn.page(shared.studio.store().root(), &wanted.document, wanted.page);
    let done = tokio::task::spawn_blocking(draw).await;
    let Shown { content_type, bytes, pages } =
        done.map_err(|_| StudioError::invalid("something went wrong that should not"))??;
    let headers = [(header::CONTENT_TYPE.as_str(), content_type.to_owned()), ("x-pages", pages.to_string())];
    Ok((headers, Body::from(bytes)).into_response())
}

#[derive(Deserialize)]
struct Typed {
    field: String,
    text: String,
}

async fn understand(State(shared): App, Json(typed): Json<Typed>) -> Answer {
    answer(shared, move |studio| studio.understand(&typed.field, &typed.text)).await
}

async fn save(State(shared): App, Json(wanted): Json<With<Save>>) -> Answer {
    answer(shared, move |studio| studio.save(&wanted.by, &wanted.rest, &now())).await
}

#[derive(Deserialize)]
struct Undo {
    batch: u64,
}

async fn undo(State(shared): App, Json(wanted): Json<With<Undo>>) -> Answer {
    answer(shared, move |studio| studio.undo(&wanted.by, wanted.rest.batch, &now())).await
}

#[derive(Deserialize)]
struct Marked {
    document: String,
    mark: Mark,
    on: bool,
    #[serde(default)]
    reason: String,
}

async fn mark(State(shared): App, Json(With { by, rest }): Json<With<Marked>>) -> Answer {
    answer(shared, move |studio| studio.mark(&by, &rest.document, (rest.mark, rest.on, &rest.reason), &now()))
        .await
}

async fn figures(State(shared): App) -> Answer {
    answer(shared, trust).await
}

async fn write_dataset(State(shared): App) -> Answer {
    answer(shared, |studio| export(studio, &studio.export_base())).await
}

#[derive(Deserialize)]
struct Wants {
    form: Form,
}

async fn table(State(shared): App, Query(wanted): Query<Wants>) -> Answer {
    answer(shared, move |studio| exchange::write(studio, wanted.form)).await
}

#[derive(Deserialize)]
struct Given {
    form: Form,
    text: String,
}

async fn import(State(shared): App, Json(With { by, rest }): Json<With<Given>>) -> Answer {
    answer(shared, move |studio| exchange::read(studio, &by, rest.form, &rest.text, &now())).await
}

/// Now, RFC 3339, UTC, to the millisecond.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
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
            Kind::Files => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(Complaint { error: self.message })).into_response()
    }
}
