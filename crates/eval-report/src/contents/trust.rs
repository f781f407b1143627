use eval_summary::Summary;

use crate::document::{Block, Cell, Line, Section};
use crate::figures::money;

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Can I trust this");
    let (trust, run) = (&summary.trust, &summary.run);
    let pixels = &trust.pixels;
    let mut items = vec![if pixels.same {
        format!("Same pixels for everybody ({} cases compared).", pixels.compared)
    } else {
        format!("NOT the same pixels: {} of {} cases differ.", pixels.different, pixels.compared)
    }];
    items.extend(pixels.steps.iter().map(|step| format!("{} media: {}", step.media, step.step)));
    items.extend(trust.incomplete.iter().map(|one| {
        format!("Missing: {} of {} trials of {} on {}.", one.missing, one.planned, one.provider, one.of)
    }));
    if trust.damaged.lines > 0 {
        items.push(format!("{} lines of the record cannot be read.", trust.damaged.lines));
    }
    items.extend(trust.unscorable.iter().map(|one| format!("Not scored on {}: {}", one.of, one.reason)));
    items.extend(trust.dropped_parameters.iter().map(|one| format!("Parameter left out: {one}")));
    items.push(format!("Prices of {}.", trust.prices.date));
    items.push(format!("Seed {}, scorer {}, media {}.", run.seed, summary.scorer, run.media));
    section.list(items);
    section.table("Served", &["Provider", "Model asked for", "Models that answered"], served(summary));
    section.table(
        "Quote against actual",
        &["Provider", "Quoted", "Spent", "Requests", "Attempts"],
        quotes(summary),
    );
    section.table(
        "Datasets",
        &["Dataset", "Version", "Hash", "Task", "Prompt", "Metric", "Licence"],
        datasets(summary),
    );
    section.say("Run it again:");
    section.blocks.push(Block::Command(run.command.clone()));
    section
}

fn served(summary: &Summary) -> Vec<Line> {
    let line = |one: &eval_summary::ProviderInfo| {
        let models: Vec<String> = one
            .served
            .iter()
            .map(|model| {
                let mark = model.fingerprint.as_ref().map_or_else(String::new, |mark| format!(" [{mark}]"));
                format!("{}{mark} × {}", model.model, model.answers)
            })
            .collect();
        Line::plain(vec![Cell::text(&one.label), Cell::text(&one.model), Cell::text(models.join(", "))])
    };
    summary.providers.iter().map(line).collect()
}

fn quotes(summary: &Summary) -> Vec<Line> {
    let line = |one: &eval_summary::QuoteCheck| {
        let quoted = one.quoted.map_or_else(
            || "unknown".to_owned(),
            |[low, expected, high]| format!("{} ({}–{})", money(expected), money(low), money(high)),
        );
        let spent = if one.at_least { format!("≥ {}", money(one.spent)) } else { money(one.spent) };
        Line::plain(vec![
            Cell::text(&one.provider),
            Cell::text(quoted),
            Cell { text: spent, number: Some(one.spent) },
            Cell::count(one.requests),
            Cell::count(one.attempts),
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
                Cell::text(&dataset.licence),
            ]));
        }
    }
    lines
}
