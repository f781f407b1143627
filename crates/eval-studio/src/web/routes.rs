//! What can be asked for.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;

use super::answer::{App, Shared};
use super::guard::{MOST, guard};
use super::media::Drawn;
use super::{labeling, reviewing};
use crate::room::Room;

/// Texts of the page, by their path.
const SCRIPTS: [(&str, &str); 12] = [
    ("/api.js", include_str!("../../assets/api.js")),
    ("/viewer.js", include_str!("../../assets/viewer.js")),
    ("/studio.js", include_str!("../../assets/studio.js")),
    ("/fields.js", include_str!("../../assets/fields.js")),
    ("/rooms.js", include_str!("../../assets/rooms.js")),
    ("/choose.js", include_str!("../../assets/choose.js")),
    ("/run.js", include_str!("../../assets/run.js")),
    ("/cases.js", include_str!("../../assets/cases.js")),
    ("/case.js", include_str!("../../assets/case.js")),
    ("/decide.js", include_str!("../../assets/decide.js")),
    ("/judge.js", include_str!("../../assets/judge.js")),
    ("/live.js", include_str!("../../assets/live.js")),
];

const STYLES: [(&str, &str); 3] = [
    ("/base.css", eval_report::BASE_STYLE),
    ("/studio.css", include_str!("../../assets/studio.css")),
    ("/run.css", include_str!("../../assets/run.css")),
];

/// All routes behind the guard.
pub fn router(room: Room, token: Arc<str>) -> Router {
    let mut router = Router::new()
        .route("/", get(page))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .merge(labeling::routes())
        .merge(reviewing::routes())
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is nothing here\n") });
    let kinds = [("text/javascript; charset=utf-8", &SCRIPTS[..]), ("text/css; charset=utf-8", &STYLES[..])];
    for (kind, files) in kinds {
        for (path, text) in files {
            router = router.route(path, get(move || async move { ([(header::CONTENT_TYPE, kind)], *text) }));
        }
    }
    router
        .layer(DefaultBodyLimit::max(MOST as usize))
        .layer(from_fn_with_state(token, guard))
        .with_state(Arc::new(Shared { room, drawn: Drawn::default() }))
}

/// The page of the room. It holds nothing of the folder.
async fn page(State(shared): App) -> impl IntoResponse {
    let run_style = "<link rel=\"stylesheet\" href=\"/run.css\">\n";
    let (title, script, more, body) = match &shared.room {
        Room::Run(_) => ("Review", "/run.js", run_style, include_str!("../../assets/run.html")),
        room if room.is_labeling() => ("Studio", "/studio.js", "", include_str!("../../assets/studio.html")),
        _ => ("Studio", "/choose.js", run_style, include_str!("../../assets/choose.html")),
    };
    let head = include_str!("../../assets/head.html");
    let head = head.replace("{title}", title).replace("{script}", script).replace("{more}", more);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], format!("{head}{body}</html>\n"))
}
