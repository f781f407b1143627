mod browser;
mod charts;

use eval_summary::{CaseView, Summary};
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use sha2::{Digest, Sha256};

use crate::document::{Block, Document, Section};
use crate::{MediaSource, contents, escape};

pub(crate) use charts::{Trend, of_fields, trend};

const STYLE: &str = include_str!("../assets/report.css");
const SCRIPT: &str = include_str!("../assets/report.js");
const TEMPLATE: &str = include_str!("../assets/report.html");

/// One self-contained page: verdict, leaderboard, charts and every case. It asks no network and runs from a file.
#[must_use]
pub fn html(summary: &Summary, cases: impl IntoIterator<Item = CaseView>, media: &dyn MediaSource) -> String {
    let mut document = contents::summary(summary);
    let mut section = Section::open("Charts");
    section.blocks = charts::of_summary(summary).into_iter().map(Block::Drawing).collect();
    if section.blocks.is_empty() {
        section.say("There is nothing to draw: no candidate has a score.");
    }
    document.sections.insert(2, section);
    page(&document, Some(browser::data(summary, cases, media)))
}

/// A document as a page, with the JSON of the case browser if it has one.
pub(crate) fn page(document: &Document, data: Option<String>) -> String {
    let mut environment = Environment::new();
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(out.write_str(&escape::html(text))?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_template("report.html", TEMPLATE).expect("our own template is well formed");
    let template = environment.get_template("report.html").expect("it was just added");
    let data = data.map(|json| escape::json_in_html(&json));
    let context = context! {
        document => Value::from(Serde(document)), data,
        style => STYLE, script => SCRIPT, style_hash => hash(STYLE), script_hash => hash(SCRIPT),
    };
    template.render(context).expect("the template uses what it is given")
}

/// As a content-security policy names what may run.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64_simd::STANDARD.encode_to_string(Sha256::digest(text.as_bytes())))
}
