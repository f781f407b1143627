use eval_summary::{Answers, Pixels, Summary};

use crate::document::{Block, Cell, Column, Line, Section};
use crate::figures::{count, counted, money};

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Data quality");
    let (trust, run) = (&summary.trust, &summary.run);
    let mut tool = format!("{}, scorer {}", super::program(&run.tool), summary.scorer);
    tool.extend(run.commit.iter().map(|commit| format!(", commit {commit}")));
    let mut seeds = format!("{}; {} per case", run.seed, counted(run.repeats.into(), "repeat"));
    seeds.extend(run.partition.iter().map(|part| format!("; part {part} of the cases")));
    section.facts(vec![
        ("Same inputs", pixels(&trust.pixels)),
        ("Missing", not_there(summary)),
        ("Dropped parameters", trust.dropped_parameters.clone()),
        ("Prices", prices(summary)),
        ("Seed", vec![format!("{seeds}.")]),
        ("Media", vec![format!("{}.", run.media)]),
        ("Tool", vec![format!("{tool}.")]),
    ]);
    let columns = [
        Column::new("Provider"),
        Column::new("Requested model"),
        Column::new("Served models").detail("fingerprint"),
        Column::new("Answered"),
        Column::new("Failed"),
        Column::new("Skipped").about("Trials the provider does not support"),
        Column::new("Missing").about("Planned trials not in the record"),
        Column::new("Cached").about("Answers from the cache; they have no latency"),
        Column::new("Truncated").about("Answers cut off at a token limit"),
        Column::new("Refused").about("Refusals by the model or a content filter"),
    ];
    section.table("Responses", &columns, served(summary));
    let columns = [
        Column::new("Provider"),
        Column::new("Quoted").detail("low–high"),
        Column::new("Spent"),
        Column::new("Requests").about("Quoted requests"),
        Column::new("Attempts").about("Requests sent, including retries; cache hits send none"),
        Column::new("Tokens in").detail("quoted"),
    ];
    section.table("Quoted and actual cost", &columns, quotes(summary));
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
        "License",
    ]);
    section.table("Datasets and prompts", &columns, datasets(summary));
    section.say("To repeat this run:");
    section.blocks.push(Block::Command(run.command.clone()));
    section
}

fn pixels(pixels: &Pixels) -> Vec<String> {
    let mut lines = vec![match (pixels.same, pixels.compared) {
        (_, 0) => "Nothing to compare: no two providers were sent the same media.".to_owned(),
        (true, cases) => {
            format!("Yes: all providers were sent the same media ({} compared).", counted(cases, "case"))
        }
        (false, cases) => format!("No: {} of {} differ.", pixels.different, counted(cases, "case")),
    }];
    lines.extend(pixels.examples.iter().take(3).map(|one| {
        format!("{}/{}: {} was sent other bytes than {}.", one.dataset, one.case, one.provider, one.other)
    }));
    if pixels.media > 0 {
        lines.push(format!(
            "{} of {} changed before sending.",
            count(pixels.changed),
            counted(pixels.media, "media file")
        ));
    }
    lines.extend(
        pixels.steps.iter().map(|step| format!("{}: {}.", counted(step.media, "media file"), step.step)),
    );
    if pixels.misnamed > 0 {
        lines.push(format!(
            "{} with a name that does not match the type of the bytes.",
            counted(pixels.misnamed, "media file")
        ));
    }
    lines
}

fn not_there(summary: &Summary) -> Vec<String> {
    let trust = &summary.trust;
    let missing = trust.incomplete.iter().map(|one| {
        let budget = if one.over_budget > 0 {
            format!(" ({} exceeded the budget)", one.over_budget)
        } else {
            String::new()
        };
        let cases = if one.cases.is_empty() {
            String::new()
        } else {
            let more = if one.missing > one.cases.len() as u64 { ", …" } else { "" };
            format!(": {}{more}", one.cases.join(", "))
        };
        format!(
            "{} of {} of {} on {}{budget}{cases}.",
            count(one.missing),
            counted(one.planned, "trial"),
            one.provider,
            one.of
        )
    });
    let mut lines: Vec<String> = missing.collect();
    if trust.damaged.lines > 0 {
        let examples = trust.damaged.examples.join("; ");
        lines.push(format!(
            "{} of the record cannot be read: {examples}.",
            counted(trust.damaged.lines, "line")
        ));
    }
    lines.extend(trust.unscorable.iter().map(|one| {
        format!(
            "{} on {} not scored: {}.",
            counted(one.trials, "trial"),
            one.of,
            one.reason.trim_end_matches('.')
        )
    }));
    if lines.is_empty() {
        let planned = summary.recorded_trials();
        lines.push(format!("Complete: all {} recorded and scored.", counted(planned, "planned trial")));
    }
    lines
}

fn prices(summary: &Summary) -> Vec<String> {
    let prices = &summary.trust.prices;
    let mut lines = vec![format!(
        "Price book of {}{}.",
        prices.date,
        if prices.repriced { ", not the one used in the run" } else { "" }
    )];
    if !prices.unknown.is_empty() {
        let names = prices.unknown.join(", ");
        lines.push(format!("Unknown for {names}; sums that include them are lower bounds (≥)."));
    }
    lines
}

fn served(summary: &Summary) -> Vec<Line> {
    let line = |one: &eval_summary::ProviderInfo| {
        let models = one.served.iter().map(|model| {
            let mark = model.fingerprint.as_ref().map_or_else(String::new, |mark| format!(" [{mark}]"));
            format!("{}{mark} × {}", model.model, model.answers)
        });
        let of_it = || summary.whole().flat_map(|board| &board.rows).filter(|row| row.provider == one.label);
        let sum = |of: fn(&Answers) -> u64| of_it().map(|row| of(&row.answers)).sum::<u64>();
        let mut cells = vec![
            Cell::text(&one.label),
            Cell::text(&one.model),
            Cell::text(models.collect::<Vec<_>>().join(", ")),
        ];
        let counts = [
            sum(|answers| answers.answered),
            sum(|answers| answers.failed),
            sum(|answers| answers.skipped),
            sum(|answers| answers.missing),
            sum(|answers| answers.cached),
            sum(|answers| answers.cut),
            sum(|answers| answers.refused + answers.filtered),
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
