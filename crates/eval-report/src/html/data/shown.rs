//! The cases of a page, in at most so many bytes, with their media.

use serde_json::{Value, json};

use crate::html::embed::{CaseMedia, embedded};
use crate::html::pool::Pool;
use crate::{MediaSource, Page};

/// All texts of the cases together: a page is to be mailed, and to open at once.
const MOST_BYTES: usize = 24_000_000;

#[derive(Default)]
pub(in crate::html) struct Shown {
    pub texts: Pool,
    cases: Vec<String>,
    media: Vec<CaseMedia>,
    bytes: usize,
    /// Cases without room.
    pub left_out: u64,
}

impl Shown {
    pub fn push(&mut self, case: &Value, media: CaseMedia) {
        let text = case.to_string();
        if self.bytes + text.len() > MOST_BYTES {
            self.left_out += 1;
            return;
        }
        self.bytes += text.len();
        self.cases.push(text);
        self.media.push(media);
    }

    /// For the script. The head is what it needs to know beside the cases.
    pub fn into_json(self, head: Value, source: &dyn MediaSource, page: &Page<'_>) -> String {
        let embedded = embedded(&self.media, source, page.embed, page.threads);
        let mut head = head;
        head["left_out"] = json!(self.left_out);
        head["texts"] = json!(self.texts.into_list());
        head["media"] = json!(embedded.media);
        head["held"] = json!(embedded.held);
        let mut json = head.to_string();
        json.truncate(json.len() - 1);
        json.push_str(",\"cases\":[");
        for (at, (text, places)) in self.cases.into_iter().zip(embedded.places).enumerate() {
            json.push_str(if at > 0 { "," } else { "" });
            json.push_str(&text[..text.len() - 1]);
            json.push_str(&format!(",\"media\":{}}}", json!(places)));
        }
        json.push_str("]}");
        json
    }
}
