use vision_core::{Response, Usage, Usd};

use super::{Price, PriceBook, Sent, Tier};

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

const TODAY: &str = "2026-11-28T10:00:00Z";

#[track_caller]
fn check(price: &Price, usage: Usage, dollars_a_million: Option<f64>) {
    let cost = price.cost(&usage, 0).map(|cost| (cost.0 * 1e6 * 1e6).round() / 1e6);
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
fn what_a_tier_does_not_name_rises_with_its_input() {
    let parts = Usage { cached: Some(100_000), cache_write: Some(100_000), ..usage(300_000, 0) };
    check(&price(), parts, Some(100_000.0 * (4.0 + 0.4 + 5.0)));
    let sound = Usage { audio: Some(300_000), ..usage(300_000, 0) };
    check(&Price { audio_input_per_mtok: Some(5.0), ..price() }, sound, Some(300_000.0 * 10.0));
    let written = Tier { cache_write_long_per_mtok: Some(8.0), ..price().tiers.remove(0) };
    let long = Usage { cache_write_long: Some(300_000), ..usage(300_000, 0) };
    check(&Price { tiers: vec![written], ..price() }, long, Some(300_000.0 * 8.0));
}

#[test]
fn the_most_that_a_long_request_can_cost_is_that_it_is_written_to_the_cache() {
    let most = |tokens| price().at_most(tokens, 0, 0).map(|cost| (cost.0 * 1e6).round());
    assert_eq!(most(200_000), Some(200_000.0 * 2.5));
    assert_eq!(most(300_000), Some(300_000.0 * 5.0));
}

/// What so much input, some of it written to the cache, and output cost by the embedded book, in dollars.
#[track_caller]
fn by_the_book(name: (&str, &str), usage: Usage, dollars: f64) {
    let price = PriceBook::embedded().find(name.0, name.1, TODAY).expect("it is in the book");
    let cost = price.cost(&usage, 0).map(|cost| (cost.0 * 1e6).round() / 1e6);
    assert_eq!(cost, Some(dollars), "{name:?}");
    let most = price.at_most(usage.input.unwrap(), usage.output.unwrap(), 0).unwrap();
    assert!(most.0 >= dollars - 1e-9, "{name:?}: at most {}", most.0);
}

#[test]
fn long_requests_cost_what_the_vendors_say() {
    by_the_book(("bedrock", "global.anthropic.claude-haiku-5-5"), usage(120_000, 1_000), 0.0625);
    by_the_book(("bedrock", "us.anthropic.claude-haiku-5-5"), usage(120_000, 1_000), 0.06875);
    by_the_book(("bedrock", "eu.anthropic.claude-haiku-5-5"), usage(120_000, 1_000), 0.06875);
    by_the_book(("anthropic", "claude-haiku-5-5"), usage(120_000, 1_000), 0.0625);
    by_the_book(("bedrock", "us.openai.gpt-6-luna"), usage(300_000, 1_000), 0.066825);
    by_the_book(("xai", "grok-4.3"), usage(250_000, 1_000), 0.63);
    by_the_book(("qwen", "qwen3-vl-plus"), usage(40_000, 1_000), 0.0144);
    by_the_book(("qwen", "qwen3-vl-plus"), usage(200_000, 1_000), 0.1248);
    let written = Usage { cache_write: Some(290_000), ..usage(300_000, 1_000) };
    by_the_book(("openai", "gpt-6-luna"), written, 0.07525);
}

#[test]
fn sound_costs_its_own_price_where_there_is_one() {
    let sound = Usage { audio: Some(400), ..usage(1000, 0) };
    check(&price(), sound, Some(2000.0));
    check(&Price { audio_input_per_mtok: Some(5.0), ..price() }, sound, Some(600.0 * 2.0 + 400.0 * 5.0));
}

#[test]
fn tiers_and_places_cost_what_the_book_says() {
    let cost = |(provider, model): (&str, &str), tier: &str| {
        let price = PriceBook::embedded().find(provider, model, TODAY).unwrap();
        let served = price.served(Some(tier))?.cost(&usage(1000, 100), 0)?;
        Some((served.0 / price.cost(&usage(1000, 100), 0)?.0 * 1000.0).round() / 1000.0)
    };
    let vertex = ("vertex", "gemini-3.7-flash");
    assert_eq!(cost(vertex, "priority"), Some(1.8));
    assert_eq!(cost(vertex, "flex"), Some(0.5));
    assert_eq!(cost(vertex, "on_demand+regional"), Some(1.1));
    assert_eq!(cost(vertex, "provisioned_throughput"), None);
    let claude = ("anthropic", "claude-opus-5-5");
    assert_eq!(cost(claude, "standard+fast+us"), Some(2.2));
    assert_eq!(cost(("anthropic", "claude-haiku-5-5"), "standard+fast"), None);
    assert_eq!(cost(("openai", "gpt-6-luna"), "priority"), Some(2.0));
    assert_eq!(cost(("openai", "gpt-6.2-sol"), "priority"), None);
    for (model, times) in
        [("gpt-5.4-mini", 1.1), ("gpt-6-luna", 1.1), ("gpt-6.2-sol", 1.1), ("gpt-5.2", 1.0), ("gpt-4o", 1.0)]
    {
        assert_eq!(cost(("openai", model), "default+regional"), Some(times), "{model}");
    }
    assert_eq!(cost(("openai", "gpt-6-luna"), "priority+regional"), Some(2.2));
}

#[test]
fn sound_from_the_cache_is_billed_once() {
    let sound = Usage { audio: Some(900), cached: Some(600), cached_audio: Some(500), ..usage(1000, 0) };
    let price = Price { audio_input_per_mtok: Some(5.0), ..price() };
    check(&price, sound, Some(100.0 * 0.2 + 900.0 * 5.0));
    let price = Price { cached_audio_per_mtok: Some(0.5), ..price };
    check(&price, sound, Some(100.0 * 0.2 + 400.0 * 5.0 + 500.0 * 0.5));
    let said = Usage { audio: Some(900), cached: Some(500), cached_audio: Some(500), ..usage(1000, 10) };
    by_the_book(("gemini", "gemini-2.5-flash"), said, 0.000505);
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
    assert_eq!(book.find("openai", "gpt-5.6-luna", TODAY).unwrap().input_per_mtok, Some(0.2));
    assert_eq!(book.find("openai", "gpt-5.6-luna-2026-07-09", TODAY).unwrap().model, "gpt-5.6-luna");
    assert!(book.find("openai", "gpt-99", TODAY).is_none());
    assert!(book.find("yandex", "gemma-3-27b-it", TODAY).is_none(), "a note is no price");
    assert!(book.entries.iter().all(|price| !price.as_of.is_empty() && price.source.is_some()));
}

#[test]
fn the_embedded_book_is_of_the_day_it_says() {
    let book = PriceBook::embedded();
    let per_mtok = |provider, model, day| {
        let price = book.find(provider, model, day).unwrap_or_else(|| panic!("{provider}/{model}"));
        (price.input_per_mtok.unwrap(), price.output_per_mtok.unwrap(), price.cached_input_per_mtok)
    };
    assert_eq!(per_mtok("mistral", "mistral-large-4", TODAY), (0.7, 2.1, Some(0.07)));
    assert_eq!(per_mtok("deepinfra", "google/gemma-4-31B-it", TODAY), (0.2, 0.4, None));
    assert_eq!(per_mtok("openai", "gpt-6.2-astra", TODAY), (8.0, 40.0, Some(0.4)));
    assert_eq!(per_mtok("openai", "gpt-6.2-sol", TODAY), (2.0, 10.0, Some(0.1)));
    assert_eq!(per_mtok("openai", "gpt-5.5-pro", TODAY), (30.0, 180.0, None));
    assert_eq!(per_mtok("gemini", "gemini-4-hydrogen", TODAY), (1.5, 7.5, Some(0.075)));
    for model in ["gemini-3.6-flash", "gemini-3.7-flash", "gemini-3.8-flash"] {
        assert_eq!(per_mtok("gemini", model, "2026-12-31T23:59:59Z"), (0.75, 3.75, Some(0.075)));
        assert_eq!(per_mtok("gemini", model, "2027-01-01T00:00:00Z"), (1.5, 7.5, Some(0.15)));
    }
    // Google has not said whether Vertex follows the direct price.
    assert!(book.find("vertex", "gemini-3.7-flash", "2026-12-31T23:59:59Z").is_some());
    assert!(book.find("vertex", "gemini-3.7-flash", "2027-01-01T00:00:00Z").is_none());
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
    assert_eq!(book.find("openai", "gpt-5.6-luna", TODAY).unwrap().input_per_mtok, Some(9.0));
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
    assert_eq!(book.find("a", "b", TODAY).unwrap().input_per_mtok, Some(2.0));
}

#[test]
fn the_price_that_holds_on_the_day_counts() {
    let at = |from: Option<&str>, until: Option<&str>, input| Price {
        provider: "a".into(),
        model: "b".into(),
        as_of: "2026-11-01".into(),
        from: from.map(str::to_owned),
        until: until.map(str::to_owned),
        input_per_mtok: Some(input),
        ..Price::default()
    };
    let book = PriceBook {
        entries: vec![at(None, Some("2026-12-31"), 1.0), at(Some("2027-01-01"), Some("2027-06-30"), 2.0)],
        ..PriceBook::embedded().clone()
    };
    let on = |day: &str| book.find("a", "b", day).and_then(|price| price.input_per_mtok);
    assert_eq!(on("2026-12-31T23:59:59Z"), Some(1.0));
    assert_eq!(on("2027-01-01"), Some(2.0));
    assert_eq!(on("2027-07-01"), None, "what has ended is not known");
}

#[test]
fn prices_that_were_seen_long_ago_or_have_ended_are_listed() {
    let mut book = PriceBook::embedded().clone();
    book.entries.retain(|price| price.until.is_none());
    let seen = "2026-11-21";
    book.entries.iter_mut().for_each(|price| price.as_of = seen.to_owned());
    assert_eq!(book.outdated("2027-02-19", 90).count(), 0, "90 days");
    assert!(book.outdated("2027-02-20", 90).count() > 70, "91 days");
    let ended = Price { until: Some("2026-12-31".into()), as_of: seen.into(), ..price() };
    assert!(!ended.is_outdated("2026-12-31", 90) && ended.is_outdated("2027-01-01", 90));
    let own = Price { as_of: "eval.toml".into(), ..price() };
    assert!(!own.is_outdated("2030-01-01", 90), "nobody knows when it was seen");
}

#[test]
fn pictures_cost_on_top_of_their_tokens() {
    let price = Price { per_image_usd: Some(0.5), ..price() };
    assert_eq!(price.cost(&usage(1000, 0), 2), Some(Usd(0.002 + 1.0)));
    let free_but_for_pictures = Price { per_image_usd: Some(0.5), ..Price::free("a", "b") };
    assert!(!free_but_for_pictures.is_free());
    assert_eq!(free_but_for_pictures.cost(&usage(9, 9), 1), Some(Usd(0.5)));
}

#[test]
fn counts_that_overflow_are_no_panic_and_no_bill() {
    let huge = Usage { cached: Some(u64::MAX), cache_write: Some(u64::MAX), ..usage(u64::MAX, u64::MAX) };
    assert!(price().cost(&huge, 0).is_some_and(|cost| cost.0.is_finite()));
    let answer = Response { usage: huge, text: "12.50".into(), ..Response::default() };
    assert_eq!(price().cost_of(&answer, Sent::pictures(1)), None);
}

#[test]
fn a_bill_of_nothing_beside_an_answer_is_not_believed() {
    let said = |cost, usage| Response { text: "12.50".into(), cost, usage, ..Response::default() };
    for bill in [0.0, -1000.0, f64::NAN, f64::INFINITY, 1e300] {
        let answer = said(Some(Usd(bill)), Usage::default());
        assert_eq!(price().cost_of(&answer, Sent::pictures(1)), None, "{bill}");
        let counted = said(Some(Usd(bill)), usage(100_000, 1000));
        assert_eq!(price().cost_of(&counted, Sent::pictures(1)), price().cost(&counted.usage, 1), "{bill}");
    }
    assert_eq!(price().cost_of(&said(None, usage(0, 0)), Sent::pictures(1)), None, "words without tokens");
    assert_eq!(price().cost_of(&said(Some(Usd(0.3)), usage(0, 0)), Sent::pictures(1)), Some(Usd(0.3)));
    let free = Price::free("a", "b");
    assert_eq!(free.cost_of(&said(Some(Usd(0.0)), usage(0, 0)), Sent::pictures(1)), Some(Usd::ZERO));
}

#[test]
fn the_tier_that_served_decides_the_price() {
    let price = Price { batch_input_per_mtok: Some(1.0), batch_output_per_mtok: Some(5.0), ..price() };
    let served = |tier: Option<&str>| Response {
        text: "12.50".into(),
        usage: Usage { cached: Some(500_000), ..usage(1_000_000, 1000) },
        service_tier: tier.map(str::to_owned),
        ..Response::default()
    };
    let cost =
        |tier| price.cost_of(&served(tier), Sent::pictures(1)).map(|cost| (cost.0 * 1e6).round() / 1e6);
    let standard = cost(None).unwrap();
    assert_eq!(cost(Some("default")), Some(standard));
    assert_eq!(cost(Some("flex")), Some(standard / 2.0));
    assert_eq!(cost(Some("priority")), None, "dearer, and no book says how much");
}

#[track_caller]
fn refused(entry: &str, currency: &str, line: usize, words: &str) {
    let text = format!(
        "{{\n\"currency\": \"{currency}\",\n\"as_of\": \"2026-11-28\",\n\"origin\": \"me\",\n\"entries\": [\n\
         {{\"provider\": \"a\", \"model\": \"b\", \"as_of\": \"2026-11-28\", {entry}}}\n]}}\n"
    );
    let (at, message) = PriceBook::parse(&text).unwrap_err();
    assert!(at == line && message.contains(words), "{at}: {message}");
}

#[test]
fn what_cannot_be_a_price_is_refused_with_its_line() {
    refused("\"input_per_mtok\": 1", "EUR", 2, "currency `EUR` is not supported");
    refused("\"input_per_mtok\": -1", "USD", 6, "not -1");
    refused("\"tiers\": [{\"above_input_tokens\": 1, \"output_per_mtok\": -1}]", "USD", 6, "not -1");
    refused("\"input_per_mtok\": \"1\"", "USD", 6, "invalid type");
    refused("\"per_picture_usd\": 1", "USD", 6, "unknown field `per_picture_usd`");
    refused("\"until\": \"1 May\", \"input_per_mtok\": 1", "USD", 6, "`1 May` is not a day");
    refused(
        "\"from\": \"2027-01-02\", \"until\": \"2027-01-01\", \"input_per_mtok\": 1",
        "USD",
        6,
        "ends before",
    );
    refused("\"tiers\": []", "USD", 6, "holds no price");
}

#[test]
fn a_pattern_is_for_models_without_an_entry_of_their_own() {
    let entry = |model: &str, dollars| Price {
        provider: "documentai".to_owned(),
        model: model.to_owned(),
        as_of: "2026-11-28".to_owned(),
        input_per_mtok: Some(dollars),
        ..Price::default()
    };
    let entries = vec![entry("expense/*", 1.0), entry("expense/1a*", 2.0), entry("expense/1a2b", 3.0)];
    let book = PriceBook { entries, ..PriceBook::embedded().clone() };
    let found = |model| book.find("documentai", model, TODAY).and_then(|price| price.input_per_mtok);
    assert_eq!(found("expense/9"), Some(1.0));
    assert_eq!(found("expense/1a9"), Some(2.0));
    assert_eq!(found("expense/1a2b"), Some(3.0));
    assert_eq!(found("ocr/9"), None);
}

#[test]
fn the_book_knows_what_a_page_costs() {
    let book = PriceBook::embedded();
    for (provider, model) in [
        ("textract", "expense"),
        ("azure-di", "prebuilt-receipt"),
        ("documentai", "invoice/1a2b"),
        ("mistral-ocr", "mistral-ocr-4-1"),
    ] {
        let price = book.find(provider, model, TODAY).unwrap_or_else(|| panic!("{provider}/{model}"));
        assert!(price.bills_only_units(), "{provider}/{model}");
    }
}

#[test]
fn the_upper_end_of_a_unit_is_not_below_its_lower_one() {
    let unit = |most: &str| {
        serde_json::from_str::<super::UnitPrice>(&format!(r#"{{"unit":"page","usd":0.1,"most_usd":{most}}}"#))
    };
    assert!(unit("0.1").is_ok() && unit("0.2").is_ok());
    assert!(unit("0.01").unwrap_err().to_string().contains("less than `usd`"));
}

#[test]
fn mistral_is_half_in_batches_and_claude_costs_more_in_a_region_of_google() {
    let book = PriceBook::embedded();
    for price in book.entries.iter().filter(|price| price.provider == "mistral") {
        assert!(price.for_batches().is_some(), "{}", price.model);
        assert_eq!(price.batch_input_per_mtok, price.input_per_mtok.map(|dollars| dollars / 2.0));
    }
    for model in ["claude-haiku-5-5", "claude-haiku-4-5@20251001", "claude-sonnet-4-5@20250929"] {
        let price = book.find("vertex", model, TODAY).unwrap();
        assert_eq!(price.times.get("regional"), Some(&1.1), "{model}");
    }
}
