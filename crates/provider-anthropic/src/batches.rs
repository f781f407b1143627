//! Message batches: the requests go in one body, and the answers come as lines.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, LineOutcome, Pages, Parcel, Phase,
    Sought, checked,
};
use vision_core::Result;
use vision_http::{Body, Method, Pieces, Reply};

/// The batches of a service that has them as Anthropic has.
#[derive(Debug)]
struct MessageBatches {
    door: Door,
    root: String,
}

/// The most that a batch may hold is 256 MB, and all of it is in memory while it is sent.
const LIMITS: BatchLimits = BatchLimits { requests: 100_000, bytes: 96 << 20 };

/// The batches behind this door.
pub fn batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    let root = door.root("/v1/messages")?.to_owned();
    Ok(Arc::new(MessageBatches { door, root }))
}

impl MessageBatches {
    fn at(&self, rest: &str) -> String {
        format!("{}/v1/messages/batches{rest}", self.root)
    }

    /// Whether an ended batch holds the requests of a parcel.
    async fn holds(&self, id: &str, name: &str) -> Result<bool> {
        let lines = self.door.lines(self.at(&format!("/{}/results", checked(id)?)), line).await?;
        let begin = format!("{name}-");
        Ok(lines.iter().any(|line| line.id.starts_with(&begin)))
    }
}

#[async_trait]
impl BatchHost for MessageBatches {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }

    async fn upload(&self, _: &Parcel) -> Result<Option<String>> {
        Ok(None)
    }

    async fn create(&self, parcel: &Parcel, _: Option<&str>) -> Result<BatchStatus> {
        let mut body = br#"{"requests":["#.to_vec();
        for (at, item) in parcel.items.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            body.extend_from_slice(format!(r#"{comma}{{"custom_id":"{}","params":"#, item.id).as_bytes());
            item.body.iter().for_each(|piece| body.extend_from_slice(piece));
            body.push(b'}');
        }
        body.extend_from_slice(b"]}");
        status(&self.door.ask(Method::Post, self.at(""), Body::Json(Pieces::from(body))).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        status(&self.door.ask(Method::Get, self.at(&format!("/{}", checked(id)?)), Body::Empty).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        // `results_url` is this address; taking our own keeps the key at the host that it is for.
        self.door.lines(self.at(&format!("/{}/results", checked(&batch.id)?)), line).await
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        let url = self.at(&format!("/{}/cancel", checked(id)?));
        self.door.ask(Method::Post, url, Body::Empty).await.map(|_| ())
    }

    /// Batches carry no mark here: what is in one is seen in its answers, and those are there at its end.
    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        let (mut after, mut perhaps, mut pages) = (String::new(), Vec::new(), Pages::default());
        loop {
            pages.turn()?;
            let body =
                self.door.ask(Method::Get, self.at(&format!("?limit=100{after}")), Body::Empty).await?;
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            for batch in listed {
                let status = status(batch)?;
                let total = status.counts.map_or(0, |counts| counts.total);
                if sought.known.contains(&status.id)
                    || total != sought.requests as u64
                    || is_old(batch, sought.since)
                {
                    continue;
                }
                match status.phase {
                    Phase::Ended if self.holds(&status.id, sought.name).await? => {
                        return Ok(Found::Batch(status));
                    }
                    Phase::Ended => {}
                    _ => perhaps.push(status.id),
                }
            }
            match body["last_id"].as_str() {
                Some(last)
                    if body["has_more"] == true
                        && !listed.last().is_some_and(|it| is_old(it, sought.since)) =>
                {
                    after = format!("&after_id={}", checked(last)?);
                }
                _ => break,
            }
        }
        Ok(if perhaps.is_empty() { Found::Nothing } else { Found::Perhaps(perhaps) })
    }

    async fn tidy(&self, batch: &BatchStatus) -> Result<()> {
        self.door.delete(self.at(&format!("/{}", checked(&batch.id)?))).await
    }

    /// Requests come with the batch itself.
    async fn discard(&self, _: &str) -> Result<()> {
        Ok(())
    }
}

fn status(body: &Value) -> Result<BatchStatus> {
    let word = body["processing_status"].as_str().unwrap_or_default().to_owned();
    let counts = &body["request_counts"];
    let count = |name: &str| counts[name].as_u64().unwrap_or(0);
    let done =
        ["succeeded", "errored", "canceled", "expired"].into_iter().map(count).fold(0, u64::saturating_add);
    Ok(BatchStatus {
        id: checked(body["id"].as_str().unwrap_or_default())?.to_owned(),
        phase: if word == "ended" { Phase::Ended } else { Phase::Working },
        word,
        counts: counts.is_object().then(|| Counts { done, total: done.saturating_add(count("processing")) }),
        input: None,
        outputs: Vec::new(),
    })
}

/// Whether a batch was created long before a moment, in seconds since 1970. Clocks may differ by an hour.
fn is_old(batch: &Value, since: u64) -> bool {
    let created = batch["created_at"].as_str().and_then(seconds);
    created.is_some_and(|created| created.saturating_add(3600) < since)
}

/// Seconds since 1970 of `2026-11-28T10:00:00.000000+00:00`, which is always in UTC here.
fn seconds(text: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Days of a civil date, counted in years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let days = (365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day)
        .checked_sub(719_469)?;
    Some(days * 86_400 + number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?)
}

fn line(line: &Value) -> Option<BatchLine> {
    let id = line["custom_id"].as_str()?.to_owned();
    let result = &line["result"];
    let outcome = match result["type"].as_str()? {
        "succeeded" => LineOutcome::Replied(Reply::json_text(200, result["message"].to_string())),
        "errored" => {
            let reply = Reply::json_text(status_of(&result["error"]), result["error"].to_string());
            LineOutcome::Replied(match result["error"]["request_id"].as_str() {
                Some(id) => reply.with_header("request-id", id),
                None => reply,
            })
        }
        other => LineOutcome::NotDone(other.to_owned()),
    };
    Some(BatchLine { id, outcome })
}

/// The status that a single request would have had for this error.
fn status_of(error: &Value) -> u16 {
    match error["error"]["type"].as_str().unwrap_or_default() {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "overloaded_error" => 529,
        _ => 500,
    }
}

#[cfg(test)]
mod time {
    use super::seconds;

    #[test]
    fn dates_are_seconds() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-11-28T16:00:00.000000+00:00"), Some(1_795_881_600));
        assert_eq!(seconds("2024-02-29T00:00:01Z"), Some(1_709_164_801));
        assert_eq!(seconds("soon"), None);
    }
}
