use eval::ProviderConfig;
use eval_record::{Price, PriceBook};
use eval_report::figures::{count, money};
use vision_core::Capabilities;

use super::table;
use crate::environment::Environment;
use crate::exit::Failure;
use crate::host::{Traffic, transport};
use crate::providers::abilities;
use crate::registry::{Kind, Providers};
use crate::settings::Shared;

/// What is known of one kind of provider.
pub fn page(kind: &Kind) -> Result<String, Failure> {
    let environment = Environment::empty();
    let providers = Providers::new(&environment, transport(&Shared::default(), &Traffic::default())?, false);
    let mut text = format!("# {}\n\nGenerated from what the program knows of this provider.\n\n", kind.name);
    text += &table(&["", ""], facts(kind));
    if let Ok((ready, _)) = providers.ready(&ProviderConfig::new(kind.name, kind.example)) {
        let capabilities = ready.provider.capabilities();
        text += &format!("\n`{}/{}` supports: {}.\n", kind.name, kind.example, abilities(capabilities));
        let limits = limits(capabilities);
        if !limits.is_empty() {
            text += &format!("\n## Limits\n\n{}", table(&["Limit", "Value"], limits));
        }
    }
    let prices = prices(kind.name);
    if !prices.is_empty() {
        let head = ["Model", "Input", "Output", "Cached input", "As of", "Note"];
        text +=
            &format!("\n## Built-in prices\n\nUS dollars per million tokens.\n\n{}", table(&head, prices));
    }
    Ok(text)
}

fn facts(kind: &Kind) -> Vec<Vec<String>> {
    let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let key = match (kind.keys.is_empty(), kind.keyless) {
        (true, _) => "none needed".to_owned(),
        (false, true) => format!("optional: {}", code(kind.keys)),
        (false, false) => code(kind.keys),
    };
    let mut rows = vec![vec!["Key".to_owned(), key]];
    if !kind.key_page.is_empty() {
        let is_address = kind.key_page.starts_with("https://");
        let page = if is_address { format!("<{}>", kind.key_page) } else { kind.key_page.to_owned() };
        rows.push(vec!["Get a key".to_owned(), page]);
    }
    if !kind.base_url_variable.is_empty() {
        rows.push(vec!["Base URL".to_owned(), format!("`base_url`, or `{}`", kind.base_url_variable)]);
    }
    rows.push(vec!["Example".to_owned(), format!("`{}/{}`", kind.name, kind.example)]);
    rows.push(vec!["Requests in flight".to_owned(), format!("{} by default", kind.concurrency)]);
    rows
}

fn limits(of: &Capabilities) -> Vec<Vec<String>> {
    let limits = [
        ("Images per request", of.max_images.map(|it| it as u64)),
        ("Bytes per image", of.max_image_bytes.map(|it| it as u64)),
        ("Pixels per side", of.max_image_side.map(u64::from)),
        ("Pixels per image", of.max_image_pixels),
        ("Bytes of media per request", of.max_request_bytes.map(|it| it as u64)),
        ("Pages per PDF", of.max_pdf_pages.map(u64::from)),
    ];
    limits.iter().filter_map(|(name, value)| Some(vec![(*name).to_owned(), count((*value)?)])).collect()
}

fn prices(kind: &str) -> Vec<Vec<String>> {
    let book = PriceBook::embedded();
    let holds = |it: &&Price| {
        it.provider == kind
            && it.input_per_mtok.is_some()
            && it.until.as_ref().is_none_or(|until| *until >= book.as_of)
    };
    let dollars = |usd: Option<f64>| usd.map_or_else(|| "n/a".to_owned(), money);
    let row = |it: &Price| {
        let validity = match (&it.from, &it.until) {
            (Some(from), _) if *from > book.as_of => format!("from {from}"),
            (_, Some(until)) => format!("until {until}"),
            _ => String::new(),
        };
        let note = it.note.clone().unwrap_or_default();
        let remarks: Vec<String> = [validity, note].into_iter().filter(|it| !it.is_empty()).collect();
        vec![
            format!("`{}`", it.model),
            dollars(it.input_per_mtok),
            dollars(it.output_per_mtok),
            dollars(it.cached_input_per_mtok),
            it.as_of.clone(),
            remarks.join("; "),
        ]
    };
    book.entries.iter().filter(holds).map(row).collect()
}
