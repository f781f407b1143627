use vision_core::Usage;

use super::{Price, PriceBook, Tier};

fn price() -> Price {
    Price {
        input_per_mtok: Some(2.0),
        output_per_mtok: Some(10.0),
        cached_input_per_mtok: Some(0.2),
        cache_write_per_mtok: Some(2.5),
        tiers: vec![Tier { above_input_tokens: 200_000, input_per_mtok: Some(4.0), ..Tier::default() }],
        ..Price::default()
    }
}

#[track_caller]
fn check(price: &Price, usage: Usage, dollars_a_million: Option<f64>) {
    let cost = price.cost(&usage).map(|cost| (cost.0 * 1e6 * 1e6).round() / 1e6);
    assert_eq!(cost, dollars_a_million);
}

fn usage(input: u64, output: u64) -> Usage {
    Usage { input: Some(input), output: Some(output), ..Usage::default() }
}

#[test]
fn plain_tokens() {
    check(&price(), usage(1000, 100), Some(2000.0 + 1000.0));
}

#[test]
fn cached_and_written_input_is_part_of_the_input() {
    let usage = Usage { cached: Some(600), cache_write: Some(100), ..usage(1000, 0) };
    check(&price(), usage, Some(300.0 * 2.0 + 600.0 * 0.2 + 100.0 * 2.5));
}

#[test]
fn a_long_request_is_billed_whole_by_its_tier() {
    check(&price(), usage(200_000, 10), Some(400_000.0 + 100.0));
    check(&price(), usage(200_001, 10), Some(800_004.0 + 100.0));
}

#[test]
fn sound_costs_its_own_price_where_there_is_one() {
    let sound = Usage { audio: Some(400), ..usage(1000, 0) };
    check(&price(), sound, Some(2000.0));
    check(&Price { audio_input_per_mtok: Some(5.0), ..price() }, sound, Some(600.0 * 2.0 + 400.0 * 5.0));
}

#[test]
fn seconds_of_sound() {
    let price = Price { per_audio_second_usd: Some(0.0001), ..Price::default() };
    check(&price, Usage { audio_seconds: Some(30), ..Usage::default() }, Some(3000.0));
}

#[test]
fn unknown_stays_unknown() {
    check(&price(), Usage::default(), None);
    check(&Price::default(), usage(10, 10), None);
}

#[test]
fn what_is_free_is_free_without_counts() {
    check(&Price::free("local", "fast"), Usage::default(), Some(0.0));
}

#[test]
fn the_embedded_book_knows_the_usual_models() {
    let book = PriceBook::embedded();
    assert_eq!(book.find("openai", "gpt-5.6-luna").unwrap().input_per_mtok, Some(0.2));
    assert_eq!(book.find("openai", "gpt-5.6-luna-2026-07-09").unwrap().model, "gpt-5.6-luna");
    assert!(book.find("openai", "gpt-99").is_none());
    assert!(book.entries.iter().all(|price| !price.as_of.is_empty() && price.source.is_some()));
}

#[test]
fn a_users_entry_replaces_ours() {
    let mine = Price {
        provider: "openai".into(),
        model: "gpt-5.6-luna".into(),
        input_per_mtok: Some(9.0),
        ..Price::default()
    };
    let other =
        PriceBook { entries: vec![mine], as_of: "2026-12-01".into(), ..PriceBook::embedded().clone() };
    let book = PriceBook::embedded().clone().overridden_by(other);
    assert_eq!(book.find("openai", "gpt-5.6-luna").unwrap().input_per_mtok, Some(9.0));
    assert_eq!(book.as_of, "2026-12-01");
}

#[test]
fn the_newest_entry_counts() {
    let at = |as_of: &str, input| Price {
        provider: "a".into(),
        model: "b".into(),
        as_of: as_of.into(),
        input_per_mtok: Some(input),
        ..Price::default()
    };
    let book = PriceBook {
        entries: vec![at("2026-11-01", 2.0), at("2026-01-01", 1.0)],
        ..PriceBook::embedded().clone()
    };
    assert_eq!(book.find("a", "b").unwrap().input_per_mtok, Some(2.0));
}
