use eval_summary::{Pixels, Summary};

use crate::document::{Block, Cell, Column, Line, Section};
use crate::figures::money;

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Can I trust this");
    let (trust, run) = (&summary.trust, &summary.run);
    let mut tool = format!("{}, scorer {}", super::program(&run.tool), summary.scorer);
    tool.extend(run.commit.iter().map(|commit| format!(", commit {commit}")));
    let mut seeds = format!("{}; each case asked {}", run.seed, times(run.repeats));
    seeds.extend(run.partition.iter().map(|part| format!("; part {part} of the cases")));
    section.facts(vec![
        ("Pixels", pixels(&trust.pixels)),
        ("Not there", not_there(summary)),
        ("Left out", trust.dropped_parameters.clone()),
        ("Prices", prices(summary)),
        ("Seed", vec![format!("{seeds}.")]),
        ("Media", vec![format!("{}.", run.media)]),
        ("Program", vec![format!("{tool}.")]),
    ]);
    let columns = [
        Column::new("Provider"),
        Column::new("Model asked for"),
        Column::new("Models that answered").detail("fingerprint"),
        Column::new("Answered"),
        Column::new("Failed"),
        Column::new("Skipped").about("Trials that it could not be asked"),
        Column::new("Missing").about("Planned trials that are not there"),
        Column::new("Cached").about("Answers from the cache; they have no latency"),
        Column::new("Cut").about("Answers that were cut at a token limit"),
        Column::new("Declined").about("Answers in which the model declined, or a filter did"),
    ];
    section.table("Who answered", &columns, served(summary));
    let columns = [
        Column::new("Provider"),
        Column::new("Quoted").detail("low–high"),
        Column::new("Spent"),
        Column::new("Requests").about("Quoted"),
        Column::new("Attempts").about("Made, retries included; hits of the cache are none"),
        Column::new("Tokens in").detail("quoted"),
    ];
    section.table("Quote against actual", &columns, quotes(summary));
    let columns = Column::all([
        "Dataset",
        "Version",
        "Hash",
        "Task",
        "Prompt",
        "Metric",
        "Metric hash",
        "Cases",
        "Selection",
        "Licence",
    ]);
    section.table("What was asked", &columns, datasets(summary));
    section.say("The command that repeats it:");
    section.blocks.push(Block::Command(run.command.clone()));
    section
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn pixels(pixels: &Pixels) -> Vec<String> {
    let mut lines = vec![match (pixels.same, pixels.compared) {
        (_, 0) => "Nothing to compare: no case was sent with media to two providers.".to_owned(),
        (true, cases) => format!("The same for everybody ({cases} cases compared)."),
        (false, cases) => format!("NOT the same: {} of {cases} cases differ.", pixels.different),
    }];
    lines.extend(pixels.examples.iter().take(3).map(|one| {
        format!("{}/{}: {} got other bytes than {}.", one.dataset, one.case, one.provider, one.other)
    }));
    if pixels.media > 0 {
        lines.push(format!("{} of {} media were changed on the way.", pixels.changed, pixels.media));
    }
    lines.extend(pixels.steps.iter().map(|step| format!("{} media: {}.", step.media, step.step)));
    if pixels.misnamed > 0 {
        lines.push(format!("{} media are named like another type than their bytes.", pixels.misnamed));
    }
    lines
}

fn not_there(summary: &Summary) -> Vec<String> {
    let trust = &summary.trust;
    let missing = trust.incomplete.iter().map(|one| {
        let budget = if one.over_budget > 0 {
            format!(" ({} had no room in the budget)", one.over_budget)
        } else {
            String::new()
        };
        let cases = if one.cases.is_empty() {
            String::new()
        } else {
            let more = if one.missing > one.cases.len() as u64 { ", …" } else { "" };
            format!(": {}{more}", one.cases.join(", "))
        };
        format!("{} of {} trials of {} on {}{budget}{cases}.", one.missing, one.planned, one.provider, one.of)
    });
    let mut lines: Vec<String> = missing.collect();
    if trust.damaged.lines > 0 {
        let examples = trust.damaged.examples.join("; ");
        lines.push(format!("{} lines of the record cannot be read: {examples}.", trust.damaged.lines));
    }
    lines.extend(trust.unscorable.iter().map(|one| {
        format!("{} trials on {} are not scored: {}.", one.trials, one.of, one.reason.trim_end_matches('.'))
    }));
    if lines.is_empty() {
        lines.push("Nothing: every planned trial is in the record and scored.".to_owned());
    }
    lines
}

fn prices(summary: &Summary) -> Vec<String> {
    let prices = &summary.trust.prices;
    let mut lines = vec![format!(
        "Price book of {}{}.",
        prices.date,
        if prices.repriced { ", not the one of the run" } else { "" }
    )];
    if !prices.unknown.is_empty() {
        let names = prices.unknown.join(", ");
        lines.push(format!("Not known: {names}; every sum with them is a lower bound (≥)."));
    }
    lines
}

fn served(summary: &Summary) -> Vec<Line> {
    let line = |one: &eval_summary::ProviderInfo| {
        let models = one.served.iter().map(|model| {
            let mark = model.fingerprint.as_ref().map_or_else(String::new, |mark| format!(" [{mark}]"));
            format!("{}{mark} × {}", model.model, model.answers)
        });
        let row = summary.overall.rows.iter().find(|row| row.provider == one.label);
        let answers = row.map(|row| row.answers.clone()).unwrap_or_default();
        let mut cells = vec![
            Cell::text(&one.label),
            Cell::text(&one.model),
            Cell::text(models.collect::<Vec<_>>().join(", ")),
        ];
        let declined = answers.refused + answers.filtered;
        let counts = [
            answers.answered,
            answers.failed,
            answers.skipped,
            answers.missing,
            answers.cached,
            answers.cut,
            declined,
        ];
        cells.extend(counts.map(Cell::count));
        Line::plain(cells)
    };
    summary.providers.iter().map(line).collect()
}

fn quotes(summary: &Summary) -> Vec<Line> {
    let line = |one: &eval_summary::QuoteCheck| {
        let quoted = one.quoted.map_or_else(
            || Cell::text("unknown"),
            |[low, expected, high]| {
                let cell = Cell::number(Some(expected), money);
                if high > 0.0 { cell.with(format!("{}–{}", money(low), money(high))) } else { cell }
            },
        );
        let spent = |usd| if one.at_least { format!("≥ {}", money(usd)) } else { money(usd) };
        let tokens = Cell::count(one.input_tokens_counted);
        Line::plain(vec![
            Cell::text(&one.provider),
            quoted,
            Cell::number(Some(one.spent), spent),
            Cell::count(one.requests),
            Cell::count(one.attempts),
            match one.input_tokens {
                Some(quoted) => tokens.with(quoted.to_string()),
                None => tokens.with("unknown"),
            },
        ])
    };
    summary.trust.quote.iter().map(line).collect()
}

fn datasets(summary: &Summary) -> Vec<Line> {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let mut lines = Vec::new();
    for dataset in &summary.datasets {
        for task in &dataset.tasks {
            lines.push(Line::plain(vec![
                Cell::text(&dataset.name),
                Cell::text(&dataset.version),
                Cell::text(short(&dataset.content_hash)),
                Cell::text(task.task.name()),
                Cell::text(format!("{} {}", task.prompt_name, short(&task.prompt_hash))),
                Cell::text(&task.metric),
                Cell::text(short(&task.metric_hash)),
                Cell::count(task.cases),
                Cell::text(if dataset.selection.is_empty() { "all" } else { &dataset.selection }),
                Cell::text(&dataset.licence),
            ]));
        }
    }
    lines
}
