mod charts;
mod compared;
mod data;
mod embed;
mod first;
mod hints;
mod limits;
mod pool;
mod worst;

use std::num::NonZeroUsize;

use eval_decide::Automation;
use eval_summary::{CaseView, Summary, TradeOff};
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::document::{Block, Document, Section};
use crate::{Embed, MediaSource, contents, escape};

use first::First;
use worst::WorstOf;

pub(crate) use charts::{Trend, coverage, frontier, of_fields, trend};
pub use compared::{compare_html, gate_html};
pub use embed::EarlyMedia;

/// The colors and letters that every page of this tool has.
pub const BASE_STYLE: &str = include_str!("../assets/css/base.css");

const STYLE: &str = concat!(
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/first.css"),
    include_str!("../assets/css/tables.css"),
    include_str!("../assets/css/charts.css"),
    include_str!("../assets/css/cases.css"),
    include_str!("../assets/css/case.css"),
    include_str!("../assets/css/compare.css"),
    include_str!("../assets/css/evidence.css"),
    include_str!("../assets/css/narrow.css"),
    include_str!("../assets/css/print.css"),
);
/// One function, so that none of its names leaks into the page.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("../assets/js/page.js"),
    include_str!("../assets/js/print.js"),
    include_str!("../assets/js/tables.js"),
    include_str!("../assets/js/volume.js"),
    include_str!("../assets/js/limits.js"),
    include_str!("../assets/js/cases.js"),
    include_str!("../assets/js/zoom.js"),
    include_str!("../assets/js/evidence.js"),
    include_str!("../assets/js/detail.js"),
    include_str!("../assets/js/compare.js"),
    include_str!("../assets/js/browse.js"),
    "})();\n",
);
const TEMPLATES: [(&str, &str); 6] = [
    ("page.html", include_str!("../assets/html/page.html")),
    ("first.html", include_str!("../assets/html/first.html")),
    ("limits.html", include_str!("../assets/html/limits.html")),
    ("section.html", include_str!("../assets/html/section.html")),
    ("worst.html", include_str!("../assets/html/worst.html")),
    ("cases.html", include_str!("../assets/html/cases.html")),
];

/// How the page of a run is made.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Which media are in it.
    pub embed: Embed,
    /// How many cases the reader has in a month, for the monthly cost; the reader can change it.
    pub monthly_volume: Option<u64>,
    /// What can run unattended.
    pub automation: Option<&'a Automation>,
    /// The verdict under other limits, for the reader to move.
    pub trade_off: Option<&'a TradeOff>,
    /// Threads that read media. The page does not depend on it.
    pub threads: NonZeroUsize,
}

impl Default for Page<'_> {
    fn default() -> Self {
        Self {
            embed: Embed::default(),
            monthly_volume: None,
            automation: None,
            trade_off: None,
            threads: NonZeroUsize::MIN,
        }
    }
}

/// One self-contained page: verdict, leaderboard, charts and every case. It makes no request and opens from a file.
#[must_use]
pub fn html(
    summary: &Summary,
    cases: impl IntoIterator<Item = CaseView>,
    media: &dyn MediaSource,
    page: &Page<'_>,
) -> String {
    let mut document = contents::summary(summary);
    let mut section = Section::open("Charts");
    section.blocks = charts::of_summary(summary).into_iter().map(Block::Drawing).collect();
    if section.blocks.is_empty() {
        section.say("There is nothing to draw: no candidate has a score.");
    }
    document.sections.insert(2, section);
    if let Some(automation) = page.automation.filter(|it| !it.tasks.is_empty()) {
        document.sections.insert(3, contents::unattended(automation));
    }
    let data = data::data(summary, cases, media, page);
    let parts = Parts {
        first: Some(First::of(summary, page.monthly_volume)),
        limits: page.trade_off.is_some(),
        worst: Some(WorstOf::of(summary, &data.hints)),
        // Before the last section, which says whether all of it can be trusted.
        worst_at: document.sections.len().saturating_sub(2),
        data: true,
        compared: false,
    };
    with_data(&render(&document, Some(parts)), &data.json)
}

/// The page with the data of its case browser.
fn with_data(frame: &str, json: &str) -> String {
    // What others wrote is escaped, so that it never looks like the place of the data.
    let (before, after) = frame.split_once(DATA).expect("the template has a place for the data");
    let mut page = String::with_capacity(frame.len() + json.len() + json.len() / 50);
    page.push_str(before);
    escape::push_json_in_html(&mut page, json);
    page.push_str(after);
    page
}

/// Where the data of the case browser stands in the template.
const DATA: &str = "<!--data-->";

/// The parts that only some pages have.
#[derive(Default, Serialize)]
pub(crate) struct Parts {
    first: Option<First>,
    limits: bool,
    worst: Option<WorstOf>,
    worst_at: usize,
    /// Whether there is a case browser.
    data: bool,
    /// Whether that shows several runs.
    compared: bool,
}

/// A document as a page.
pub(crate) fn render(document: &Document, parts: Option<Parts>) -> String {
    let mut environment = Environment::new();
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape::html(text))?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_filter("prose", prose);
    environment.add_filter("parted", |text: &str| {
        Value::from_safe_string(escape::html(text).replace('/', "/<wbr>"))
    });
    for (name, text) in TEMPLATES {
        environment.add_template(name, text).expect("our own template is well formed");
    }
    let template = environment.get_template("page.html").expect("it was just added");
    let common = context! {
        document => Value::from(Serde(document)),
        style => STYLE, script => SCRIPT, style_hash => hash(STYLE), script_hash => hash(SCRIPT),
    };
    let context = match parts {
        Some(parts) => context! { ..Value::from(Serde(parts)), ..common },
        None => common,
    };
    template.render(context).expect("the template uses what it is given")
}

/// A sentence in which what stands in backticks is code. A mark without another is meant as it is.
fn prose(text: &str) -> Value {
    let escaped = escape::html(text);
    if escaped.matches('`').count() % 2 == 1 {
        return Value::from_safe_string(escaped);
    }
    let parts = escaped.split('`').enumerate();
    Value::from_safe_string(
        parts
            .map(|(at, part)| if at % 2 == 0 { part.to_owned() } else { format!("<code>{part}</code>") })
            .collect(),
    )
}

/// As a content-security policy names what may run.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64_simd::STANDARD.encode_to_string(Sha256::digest(text.as_bytes())))
}
