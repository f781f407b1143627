use eval_summary::{Board, Estimate, Row, Summary};

use crate::document::{Cell, Line, Section, Tone};
use crate::figures::{interval, money_of, percent, seconds, whole};

const HEADERS: [&str; 19] = [
    "Provider",
    "Score",
    "95 %",
    "n",
    "Failed",
    "p95",
    "$/1,000",
    "Best",
    "Answered only",
    "All right",
    "Schema",
    "p50",
    "p95 range",
    "Tokens in",
    "out",
    "$/case",
    "$/right case",
    "Unstable",
    "Failures",
];

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Leaderboard");
    let winner = summary.verdict.winner.as_deref();
    // With one task, both tables are the same.
    if summary.boards.len() > 1 {
        let title = "Overall: every task has the same weight".to_owned();
        section.table(title, &HEADERS, lines(&summary.overall, winner));
    }
    for board in &summary.boards {
        section.table(format!("{}: {}", board.scope, board.headline), &HEADERS, lines(board, winner));
    }
    section.say(
        "Score counts failed trials as 0. Best: $ = nobody scores as well for less, t = in less time. \
         (control) never sees the image; (local) runs here for nothing.",
    );
    section
}

fn lines(board: &Board, winner: Option<&str>) -> Vec<Line> {
    let line = |row: &Row| Line {
        cells: cells(row),
        tone: if winner == Some(row.provider.as_str()) { Tone::Good } else { Tone::Plain },
    };
    board.rows.iter().map(line).collect()
}

fn cells(row: &Row) -> Vec<Cell> {
    let (answers, cost) = (&row.answers, &row.cost);
    let mean = |estimate: &Option<Estimate>| estimate.as_ref().map(|one| one.mean);
    let latency = row.latency.as_ref();
    let bounds = row.score.as_ref().and_then(|score| score.interval.as_ref());
    let dollars = |usd| money_of(cost, usd);
    vec![
        Cell::text(name(row)),
        Cell::number(mean(&row.score), percent),
        Cell::text(interval(bounds)),
        Cell::count(answers.trials),
        Cell::count(answers.failed),
        Cell::number(latency.map(|one| one.p95.value), seconds),
        Cell::number(cost.per_1000, dollars),
        Cell::text(best(row)),
        Cell::number(mean(&row.score_answered), percent),
        Cell::number(mean(&row.fully_right), percent),
        Cell::number(answers.schema_valid, percent),
        Cell::number(latency.map(|one| one.p50.value), seconds),
        Cell::text(latency.map_or_else(|| "–".to_owned(), |one| range(one.p95.low, one.p95.high))),
        Cell::number(mean(&row.tokens.input), whole),
        Cell::number(mean(&row.tokens.output), whole),
        Cell::number(mean(&cost.per_case), dollars),
        Cell::number(cost.per_fully_right, dollars),
        Cell::number(row.repeats.as_ref().map(|one| one.flip_rate), percent),
        Cell::text(failures(row)),
    ]
}

fn name(row: &Row) -> String {
    let mut name = row.provider.clone();
    if row.control {
        name.push_str(" (control)");
    } else if row.local {
        name.push_str(" (local)");
    }
    if !row.tasks_missing.is_empty() {
        name.push('*');
    }
    name
}

fn best(row: &Row) -> &'static str {
    match (row.pareto_cost, row.pareto_latency) {
        (true, true) => "$ t",
        (true, false) => "$",
        (false, true) => "t",
        (false, false) => "",
    }
}

fn range(low: Option<f64>, high: Option<f64>) -> String {
    let end = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), seconds);
    if low.is_none() && high.is_none() { "–".to_owned() } else { format!("{}–{}", end(low), end(high)) }
}

fn failures(row: &Row) -> String {
    let mut parts: Vec<String> = row.failures.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    parts.extend(row.skipped.iter().map(|skip| format!("skipped {}: {}", skip.cases, skip.reason)));
    if !row.tasks_missing.is_empty() {
        parts.push(format!("* without {}", row.tasks_missing.join(", ")));
    }
    parts.join("; ")
}
