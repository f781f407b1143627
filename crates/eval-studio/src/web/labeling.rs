//! What the page to label asks for, and the one to choose fields.

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::sync::Arc;

use super::answer::{Answer, App, Person, Shared, With, answer, picture};
use crate::clock::now;
use crate::event::Mark;
use crate::exchange::{self, Form};
use crate::export::export;
use crate::request::{Save, Wanted};
use crate::room::Chosen;
use crate::studio::Studio;
use crate::trust::trust;

pub fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/fields", get(offered).post(choose))
        .route("/api/fields/preview", post(preview))
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
}

/// Something of the documents to label.
async fn of_studio<T: serde::Serialize + Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Studio) -> crate::Result<T> + Send + 'static,
) -> Answer {
    answer(shared, move |shared| work(&*shared.room.studio()?)).await
}

async fn offered(State(shared): App) -> Answer {
    answer(shared, |shared| shared.room.choosing()?.offered()).await
}

async fn preview(State(shared): App, Json(chosen): Json<Chosen>) -> Answer {
    answer(shared, move |shared| shared.room.choosing().and_then(|_| chosen.preview())).await
}

async fn choose(State(shared): App, Json(chosen): Json<Chosen>) -> Answer {
    answer(shared, move |shared| shared.room.choosing()?.choose(&chosen)).await
}

async fn overview(State(shared): App, Query(person): Query<Person>) -> Answer {
    of_studio(shared, move |studio| studio.overview(&person.by)).await
}

async fn show(State(shared): App, Json(wanted): Json<With<Wanted>>) -> Answer {
    of_studio(shared, move |studio| studio.show(&wanted.by, &wanted.rest, &now())).await
}

#[derive(Deserialize)]
struct Page {
    document: String,
    page: usize,
}

async fn media(State(shared): App, Query(wanted): Query<Page>) -> Answer {
    picture(shared, move |shared| {
        shared.drawn.page(shared.room.studio()?.store().root(), &wanted.document, wanted.page)
    })
    .await
}

#[derive(Deserialize)]
struct Typed {
    field: String,
    text: String,
}

async fn understand(State(shared): App, Json(typed): Json<Typed>) -> Answer {
    of_studio(shared, move |studio| studio.understand(&typed.field, &typed.text)).await
}

async fn save(State(shared): App, Json(wanted): Json<With<Save>>) -> Answer {
    of_studio(shared, move |studio| studio.save(&wanted.by, &wanted.rest, &now())).await
}

#[derive(Deserialize)]
struct Undo {
    batch: u64,
}

async fn undo(State(shared): App, Json(wanted): Json<With<Undo>>) -> Answer {
    of_studio(shared, move |studio| studio.undo(&wanted.by, wanted.rest.batch, &now())).await
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
    let act = (rest.mark, rest.on);
    of_studio(shared, move |studio| studio.mark(&by, &rest.document, (act.0, act.1, &rest.reason), &now()))
        .await
}

async fn figures(State(shared): App) -> Answer {
    of_studio(shared, trust).await
}

async fn write_dataset(State(shared): App) -> Answer {
    of_studio(shared, |studio| export(studio, &studio.export_base())).await
}

#[derive(Deserialize)]
struct Wants {
    form: Form,
}

async fn table(State(shared): App, Query(wanted): Query<Wants>) -> Answer {
    of_studio(shared, move |studio| exchange::write(studio, wanted.form)).await
}

#[derive(Deserialize)]
struct Given {
    form: Form,
    text: String,
}

async fn import(State(shared): App, Json(With { by, rest }): Json<With<Given>>) -> Answer {
    of_studio(shared, move |studio| exchange::read(studio, &by, rest.form, &rest.text, &now())).await
}
