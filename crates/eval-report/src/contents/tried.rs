//! What each setting buys.

mod diff;

use eval_summary::{Effect, EffectOn, Opinion, Summary, Tried, TriedModel, TriedPrompt};

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{counted, interval_of_points, money, percent, points, price, seconds};

/// Nothing where every model was asked in one way.
pub(super) fn section(summary: &Summary) -> Option<Section> {
    let tried = summary.tried.as_ref()?;
    let mut section = Section::open("What each setting buys");
    section.facts(vec![("Recommended", tried.models.iter().map(recommended).collect())]);
    effects(&mut section, tried);
    for model in &tried.models {
        ways(&mut section, model);
    }
    prompts(&mut section, tried);
    Some(section)
}

fn recommended(model: &TriedModel) -> String {
    let ways = counted(model.ways.len() as u64, "setting");
    let told = |label: &str| {
        let way = model.ways.iter().find(|way| way.provider == label);
        let factors = way.into_iter().flat_map(|way| &way.factors);
        factors.map(|(factor, value)| format!("{factor}={value}")).collect::<Vec<_>>().join(", ")
    };
    match (&model.recommended, &model.today) {
        (Some(label), _) => format!("{}: {} (of {ways})", model.model, told(label)),
        (None, Some(label)) => {
            format!("{}: not settled; on these figures {} (of {ways})", model.model, told(label))
        }
        (None, None) => format!("{}: none of {ways} may be recommended (see the verdict)", model.model),
    }
}

fn effects(section: &mut Section, tried: &Tried) {
    let columns = [
        Column::new("Model"),
        Column::new("Setting"),
        Column::new("Points").detail("interval").about("Mean difference in score, in points"),
        Column::new("Cost per 1,000").detail("interval").optional(),
        Column::new("Tokens per case").detail("interval").optional(),
        Column::new("Time").detail("interval").about("Mean difference in seconds").optional(),
        Column::new("Result").about("Of the score"),
        Column::new("n").about("Cases"),
    ];
    section.whole_table("Each value against the first", &columns, tried.effects.iter().map(effect).collect());
    let level = tried.effects.iter().find_map(|effect| Some(effect.score.as_ref()?.interval.as_ref()?.level));
    let family = level.map_or_else(String::new, |level| {
        format!(
            " Each interval of a score has {} confidence, so that all figures hold together with 95%.",
            percent(level)
        )
    });
    section.note(vec![format!(
        "Within a model, paired by case, clustered by source document, averaged over all other settings that were \
         tried with both values. All figures of this table are one family, corrected (weighted Holm).{family}"
    )]);
}

fn effect(effect: &Effect) -> Line {
    let (word, tone) = match effect.score.as_ref().map(|score| score.opinion) {
        Some(Opinion::Better) => ("better", Tone::Good),
        Some(Opinion::Worse) => ("worse", Tone::Bad),
        Some(Opinion::CannotTell) => ("not significant", Tone::Unsure),
        None => ("n/a", Tone::Plain),
    };
    let score = effect.score.as_ref();
    let cells = vec![
        Cell::text(&effect.model),
        Cell::text(format!("{}: {} → {}", effect.factor, effect.from, effect.to)),
        Cell::number(score.map(|it| it.difference), points)
            .with(score.map_or_else(String::new, |it| interval_of_points(it.interval.as_ref()))),
        amount(effect.usd_per_case.as_ref(), |usd| signed(usd * 1_000.0, money)),
        amount(effect.tokens.as_ref(), |tokens| signed(tokens, |tokens| format!("{tokens:.0}"))),
        amount(effect.seconds.as_ref(), |time| signed(time, seconds)),
        Cell::text(word),
        Cell::count(score.map_or(0, |it| it.n)),
    ];
    Line { cells, tone }
}

fn amount(of: Option<&EffectOn>, print: impl Fn(f64) -> String) -> Cell {
    let bounds = of.and_then(|it| it.interval.as_ref());
    let interval = bounds.map_or_else(String::new, |it| format!("[{}, {}]", print(it.low), print(it.high)));
    Cell::number(of.map(|it| it.difference), print).with(interval)
}

/// With its sign; never a negative zero.
fn signed(value: f64, print: impl Fn(f64) -> String) -> String {
    let text = print(value.abs());
    match value {
        _ if text == print(0.0) => text,
        less if less < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

fn ways(section: &mut Section, model: &TriedModel) {
    let names: Vec<&String> = model.ways.first().map(|way| way.factors.keys().collect()).unwrap_or_default();
    let mut columns: Vec<Column> = names.iter().map(|name| Column::new(name.as_str())).collect();
    columns.extend([
        Column::new("Score"),
        Column::new("Cost per 1,000"),
        Column::new("Median time").optional(),
        Column::new("Frontier").about("No candidate of this run scores as high for less"),
    ]);
    let line = |way: &eval_summary::Way| {
        let mut cells: Vec<Cell> = names
            .iter()
            .map(|name| Cell::text(way.factors.get(name.as_str()).map_or("", String::as_str)))
            .collect();
        cells.extend([
            Cell::number(way.score, percent),
            Cell::number(way.usd_per_1000, price),
            Cell::number(way.p50_seconds, seconds),
            Cell::text(if way.on_frontier { "yes" } else { "no" }),
        ]);
        let is_recommended = model.recommended.as_ref() == Some(&way.provider);
        Line { cells, tone: if is_recommended { Tone::Good } else { Tone::Plain } }
    };
    let title = format!("{}: score against cost", model.model);
    section.whole_table(title, &columns, model.ways.iter().map(line).collect());
}

/// Each prompt against the first one of its task.
fn prompts(section: &mut Section, tried: &Tried) {
    let mut diffs = Section::folded("Prompts");
    for group in tried.prompts.chunk_by(|a, b| (&a.dataset, a.task) == (&b.dataset, b.task)) {
        let Some((first, others)) = group.split_first() else { continue };
        for other in others {
            diffs.say(format!("{} {}: {} → {}", first.dataset, first.task, first.name, other.name));
            diffs.list(diff::lines(&whole(first), &whole(other)));
        }
    }
    if !diffs.blocks.is_empty() {
        diffs.note(vec![
            "Lines that only the first has begin with −, those that only the second has with +.".to_owned(),
        ]);
        section.fold(diffs);
    }
}

/// With its system prompt in front.
fn whole(prompt: &TriedPrompt) -> String {
    match &prompt.system {
        Some(system) => format!("System: {system}\n{}", prompt.text),
        None => prompt.text.clone(),
    }
}
