//! What the page of a run asks for.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use eval_record::Steer;
use serde::Deserialize;

use super::answer::{Answer, App, Shared, With, answer, picture};
use crate::clock::now;
use crate::review::{CaseName, Decide, Judged, Remark, Review};

pub fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/review", get(overview))
        .route("/api/review/cases", get(cases))
        .route("/api/review/case", get(case))
        .route("/api/review/queue", get(queue))
        .route("/api/review/media", get(media))
        .route("/api/review/understand", post(understand))
        .route("/api/review/decide", post(decide))
        .route("/api/review/comment", post(comment))
        .route("/api/review/flag", post(flag))
        .route("/api/review/undo", post(undo))
        .route("/api/review/decisions", get(decisions))
        .route("/api/review/apply", post(apply))
        .route("/api/judge", get(to_judge).post(judge))
        .route("/api/live", get(live).post(steer))
}

/// Something of the run to review.
async fn of_review<T: serde::Serialize + Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Review) -> crate::Result<T> + Send + 'static,
) -> Answer {
    answer(shared, move |shared| work(shared.room.review()?)).await
}

async fn overview(State(shared): App) -> Answer {
    of_review(shared, Review::overview).await
}

async fn cases(State(shared): App) -> Answer {
    of_review(shared, Review::list).await
}

async fn case(State(shared): App, Query(of): Query<CaseName>) -> Answer {
    of_review(shared, move |review| review.show(&of)).await
}

async fn queue(State(shared): App) -> Answer {
    of_review(shared, Review::queue).await
}

#[derive(Deserialize)]
struct Medium {
    dataset: String,
    case: String,
    at: usize,
    page: usize,
}

async fn media(State(shared): App, Query(wanted): Query<Medium>) -> Answer {
    picture(shared, move |shared| {
        let Medium { dataset, case, at, page } = wanted;
        let (name, bytes) = shared.room.review()?.medium(&CaseName { dataset, case }, at)?;
        shared.drawn.of(&name, bytes, page)
    })
    .await
}

#[derive(Deserialize)]
struct Typed {
    #[serde(flatten)]
    of: CaseName,
    field: String,
    text: String,
}

async fn understand(State(shared): App, Json(typed): Json<Typed>) -> Answer {
    of_review(shared, move |review| review.understand(&typed.of, &typed.field, &typed.text)).await
}

async fn decide(State(shared): App, Json(wanted): Json<With<Decide>>) -> Answer {
    of_review(shared, move |review| review.decide(&wanted.by, &wanted.rest, &now())).await
}

async fn comment(State(shared): App, Json(wanted): Json<With<Remark>>) -> Answer {
    of_review(shared, move |review| review.comment(&wanted.by, &wanted.rest, &now())).await
}

async fn flag(State(shared): App, Json(wanted): Json<With<Remark>>) -> Answer {
    of_review(shared, move |review| review.flag(&wanted.by, &wanted.rest, &now())).await
}

#[derive(Deserialize)]
struct Undo {
    batch: u64,
}

async fn undo(State(shared): App, Json(wanted): Json<With<Undo>>) -> Answer {
    of_review(shared, move |review| review.undo(&wanted.by, wanted.rest.batch, &now())).await
}

async fn decisions(State(shared): App) -> Answer {
    of_review(shared, Review::decisions).await
}

#[derive(Deserialize)]
struct Of {
    dataset: String,
}

async fn apply(State(shared): App, Json(of): Json<Of>) -> Answer {
    of_review(shared, move |review| review.apply(&of.dataset, &now())).await
}

#[derive(Deserialize)]
struct Place {
    by: String,
    at: Option<usize>,
}

async fn to_judge(State(shared): App, Query(wanted): Query<Place>) -> Answer {
    of_review(shared, move |review| review.to_judge(&wanted.by, wanted.at)).await
}

async fn judge(State(shared): App, Json(wanted): Json<With<Judged>>) -> Answer {
    of_review(shared, move |review| review.judge(&wanted.by, &wanted.rest, &now())).await
}

async fn live(State(shared): App) -> Answer {
    answer(shared, |shared| shared.room.live()?.view()).await
}

async fn steer(State(shared): App, Json(wanted): Json<With<Steer>>) -> Answer {
    answer(shared, move |shared| shared.room.live()?.steer(&wanted.by, wanted.rest, &now())).await
}
