use std::collections::BTreeMap;

use eval_record::{Money, OutputFrom, Plan, Quote, QuoteLine};
use eval_report::figures::{counted, money};

use crate::output::{PlanLine, PlanOutput, Skipped, UsdRange};
use crate::table::{TIED, table};

/// The quote as a table, with what each provider and all of them cost, and what is skipped.
pub fn quote_table(plan: &Plan, columns: usize) -> String {
    let quote = &plan.quote;
    let asked = quote.lines.iter().filter(|line| line.requests > 0);
    let rows = asked.map(|line| {
        [
            line.provider.clone(),
            format!("{} {}", line.dataset, line.task),
            line.requests.to_string(),
            bytes(line.upload_bytes),
            line.input_tokens.map_or("?".to_owned(), count),
            tokens_out(line),
            line_cost(line),
            line.wall_seconds.map_or(String::new(), seconds),
        ]
    });
    let head = ["provider", "dataset, task", "asks", "upload", "tokens in", "out", "cost", "time"];
    let mut text = table(head, rows, columns);
    text.push_str("\n\n");
    if let Some(by_provider) = by_provider(quote, columns) {
        text.push_str(&by_provider);
        text.push_str("\n\n");
    }
    text.push_str(&total(quote));
    let batched: Vec<&str> =
        plan.providers.iter().filter(|it| it.batch).map(|it| it.label.as_str()).collect();
    if !batched.is_empty() {
        text.push_str(&format!("\nsubmitted in batches, at the batch price: {}", batched.join(", ")));
    }
    for line in quote.lines.iter().filter(|line| line.skipped > 0) {
        text.push('\n');
        text.push_str(&skipped(line));
    }
    text
}

/// The same as data.
pub fn as_output(plan: &Plan, warnings: &[String]) -> PlanOutput {
    let line = |line: &QuoteLine| PlanLine {
        provider: line.provider.clone(),
        dataset: line.dataset.clone(),
        task: line.task.to_string(),
        cases: line.cases,
        requests: line.requests,
        skipped: skip_reasons(line),
        upload_bytes: line.upload_bytes,
        input_tokens: line.input_tokens,
        output_tokens: line.output_tokens,
        output_cap: line.output_cap,
        usd: line.money.map(|it| UsdRange { low: it.low.0, expected: it.expected.0, high: it.high.0 }),
        is_rough: line.from_ceiling,
        output_from: match line.output_from {
            OutputFrom::EarlierRuns => "earlier-runs",
            OutputFrom::Labels => "labels",
            OutputFrom::Cap => "cap",
        },
        seconds: line.wall_seconds,
    };
    PlanOutput {
        price_date: plan.quote.price_date.clone(),
        budget_usd: plan.budget_usd.map(|budget| budget.0),
        lines: plan.quote.lines.iter().map(line).collect(),
        warnings: warnings.to_vec(),
    }
}

/// Older plans hold the first reason alone.
fn skip_reasons(line: &QuoteLine) -> Vec<Skipped> {
    let first = line.skip_reason.clone().unwrap_or_else(|| "not supported".to_owned());
    match line.skip_reasons.as_slice() {
        [] if line.skipped == 0 => Vec::new(),
        [] => vec![Skipped { cases: line.skipped, reason: first }],
        all => all.iter().map(|it| Skipped { cases: it.cases, reason: it.reason.clone() }).collect(),
    }
}

/// Each reason with its count, where there are several.
fn skipped(line: &QuoteLine) -> String {
    let cases = counted(line.skipped, "case");
    let head = format!("skipped: {} on {} {}, {cases}:", line.provider, line.dataset, line.task);
    match line.skip_reasons.as_slice() {
        [] => format!("{head} {}", line.skip_reason.as_deref().unwrap_or("not supported")),
        [only] => format!("{head} {}", only.reason),
        several => several
            .iter()
            .fold(head, |text, it| format!("{text}\n  {}: {}", counted(it.cases, "case"), it.reason)),
    }
}

/// What a provider costs in all; nothing where one of its prices is not known.
#[derive(Debug, Default)]
struct Sum {
    requests: u64,
    money: Option<Money>,
    known: Known,
}

/// How well an expected cost is known.
#[derive(Debug, Default, Clone, Copy)]
struct Known {
    /// Input is counted as the most that media can have.
    from_ceiling: bool,
    /// Answers are counted as the longest that they can be.
    from_cap: bool,
}

impl Known {
    fn of<'q>(lines: impl IntoIterator<Item = &'q QuoteLine>) -> Self {
        lines.into_iter().fold(Self::default(), |known, line| Self {
            from_ceiling: known.from_ceiling || line.from_ceiling,
            from_cap: known.from_cap || costs_by_cap(line),
        })
    }
}

/// Whether the expected cost counts answers at their longest: where they cost nothing, that says nothing.
fn costs_by_cap(line: &QuoteLine) -> bool {
    let counts = line.money.is_some_and(|money| money.low.0 < money.expected.0);
    line.output_from == OutputFrom::Cap && counts
}

/// Whom to ask, the cheapest first, if there is a choice.
fn by_provider(quote: &Quote, columns: usize) -> Option<String> {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    let asked = || quote.lines.iter().filter(|line| line.requests > 0);
    for line in asked() {
        let sum =
            sums.entry(&line.provider).or_insert(Sum { money: Some(Money::default()), ..Sum::default() });
        sum.requests += line.requests;
        sum.money = sum.money.zip(line.money).map(|(sum, money)| plus(sum, money));
        sum.known = Known::of(asked().filter(|other| other.provider == line.provider));
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    if sums.len() < 2 || sums.iter().all(|(_, sum)| sum.money.is_some_and(|money| money.high.0 == 0.0)) {
        return None;
    }
    let expected = |sum: &Sum| sum.money.map_or(f64::INFINITY, |money| money.expected.0);
    sums.sort_by(|(_, a), (_, b)| expected(a).total_cmp(&expected(b)));
    let rows = sums.into_iter().map(|(provider, sum)| {
        let per_1000 = sum.money.map(|money| Money {
            low: money.low,
            expected: vision_core::Usd(money.expected.0 / sum.requests as f64 * 1000.0),
            high: money.high,
        });
        [
            provider.to_owned(),
            sum.requests.to_string(),
            expected_cost(sum.money, sum.known),
            sum.money.map_or(String::new(), range),
            expected_cost(per_1000, sum.known),
        ]
    });
    Some(table(["provider", "requests", "expected", "between", "per 1,000 requests"], rows, columns))
}

fn plus(a: Money, b: Money) -> Money {
    Money { low: a.low + b.low, expected: a.expected + b.expected, high: a.high + b.high }
}

fn total(quote: &Quote) -> String {
    let (sum, unknown) = quote.total();
    let asked = || quote.lines.iter().filter(|line| line.requests > 0);
    let requests = counted(asked().map(|line| line.requests).sum(), "request");
    let unpriced: std::collections::BTreeSet<&str> =
        asked().filter(|line| line.money.is_none()).map(|line| line.provider.as_str()).collect();
    let unpriced = unpriced.into_iter().collect::<Vec<_>>().join(", ");
    let priced = || asked().filter(|line| line.money.is_some());
    match (sum.high.0 > 0.0, unknown) {
        (false, false) => format!("{requests}, free"),
        (false, true) => format!("{requests}, cost unknown: no price for {unpriced}"),
        (true, false) => format!(
            "{requests} for {}, between {} (prices of {})",
            expected_cost(Some(sum), Known::of(priced())),
            range(sum),
            quote.price_date
        ),
        (true, true) => format!(
            "{requests}: {} for {}, between {}, and those of {unpriced}, whose cost is unknown (prices of {})",
            priced().map(|line| line.requests).sum::<u64>(),
            expected_cost(Some(sum), Known::of(priced())),
            range(sum),
            quote.price_date
        ),
    }
}

fn range(sum: Money) -> String {
    match sum.high.0 {
        0.0 => String::new(),
        _ => format!("{} and {}", money(sum.low.0), money(sum.high.0)),
    }
}

fn expected_cost(sum: Option<Money>, known: Known) -> String {
    match sum {
        None => "unknown".to_owned(),
        Some(sum) if sum.high.0 == 0.0 => "free".to_owned(),
        Some(sum) if known.from_cap => format!("up{TIED}to{TIED}{}", money(sum.expected.0)),
        // No bound: that is the upper end of the range.
        Some(sum) if known.from_ceiling => format!("~{TIED}{}", money(sum.expected.0)),
        Some(sum) => money(sum.expected.0),
    }
}

fn line_cost(line: &QuoteLine) -> String {
    let expected = expected_cost(line.money, Known::of([line]));
    match line.money {
        Some(sum) if sum.high.0 > 0.0 => format!("{expected} ({}–{})", money(sum.low.0), money(sum.high.0)),
        _ => expected,
    }
}

fn tokens_out(line: &QuoteLine) -> String {
    match line.output_from {
        OutputFrom::Cap => format!("≤{TIED}{}", count(line.output_cap)),
        OutputFrom::Labels => format!("~{TIED}{}", count(line.output_tokens)),
        OutputFrom::EarlierRuns => count(line.output_tokens),
    }
}

fn count(tokens: u64) -> String {
    match tokens {
        0..10_000 => tokens.to_string(),
        10_000..10_000_000 => format!("{}{TIED}k", tokens / 1000),
        _ => format!("{}{TIED}M", tokens / 1_000_000),
    }
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{}{TIED}kB", bytes.div_ceil(1000)),
        _ => format!("{:.1}{TIED}MB", bytes as f64 / 1e6),
    }
}

fn seconds(seconds: f64) -> String {
    match seconds {
        ..120.0 => format!("{seconds:.0}{TIED}s"),
        _ => format!("{:.0}{TIED}min", seconds / 60.0),
    }
}
