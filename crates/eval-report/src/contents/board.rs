use eval_summary::{Board, Estimate, Measure, Quantile, Row, Scope, Skip, StandingKind, Summary};

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{
    UNKNOWN, and, counted, interval, money, percent, points, price_of, range_of_seconds, seconds, speed,
    standing, whole,
};

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Leaderboard");
    // With one task, both tables are the same.
    let several = summary.boards.len() > 1;
    let board = if several { &summary.overall } else { summary.boards.first().unwrap_or(&summary.overall) };
    let title = if several { format!("Overall: {}", measure(board)) } else { title(board) };
    section.whole_table(title, &columns(), lines(board, summary));
    section.note(notes(board));
    if several {
        by_origin(&mut section, summary);
        by_task(&mut section, summary);
        for board in &summary.boards {
            let mut part = Section::folded(title_of_part(board));
            part.table("", &columns(), lines(board, summary));
            part.note(notes(board));
            section.fold(part);
        }
    }
    section.note(legend(summary));
    section
}

/// The first rows with what a choice is made on.
pub(super) fn brief(summary: &Summary) -> Section {
    const MOST: usize = 6;
    let mut section = Section::open("Leaderboard");
    let several = summary.boards.len() > 1;
    let board = if several { &summary.overall } else { summary.boards.first().unwrap_or(&summary.overall) };
    let all = columns();
    let wanted = ["Provider", "Score", "n", "Failed", "p95", "$/1,000"];
    let places: Vec<usize> =
        wanted.iter().filter_map(|name| all.iter().position(|column| column.name == *name)).collect();
    let columns: Vec<Column> = places.iter().map(|at| all[*at].clone()).collect();
    let rows = board.rows.iter().take(MOST).map(|row| {
        let cells = cells(row, board, summary);
        let cells = places.iter().map(|at| cells[*at].clone());
        // Only the interval of the score has room beside its number.
        let cells = cells.enumerate().map(|(at, cell)| if at == 1 { cell } else { cell.with("") });
        Line { cells: cells.collect(), tone: tone(row, summary) }
    });
    section.whole_table("", &columns, rows.collect());
    let rest = board.rows.len().saturating_sub(MOST);
    if rest > 0 {
        section.note(vec![format!("{} in the full report.", counted(rest as u64, "more row"))]);
    }
    section
}

fn title(board: &Board) -> String {
    format!("{}: {}", board.scope, measure(board))
}

/// What the score is.
fn measure(board: &Board) -> String {
    match &board.measure {
        Measure::Figure { name, about } => format!("{name}, {about}"),
        Measure::MeanOfTasks { tasks, left_out, by_wordings } => {
            let tasks = match tasks {
                0 | 1 => "the score of the only task".to_owned(),
                tasks => format!("mean score over {tasks} tasks, equally weighted"),
            };
            let excluded = [(left_out, "no provider supports them"), (by_wordings, BY_WORDINGS)];
            let excluded: Vec<String> = excluded
                .into_iter()
                .filter(|(names, _)| !names.is_empty())
                .map(|(names, why)| format!("{} ({why})", and(names)))
                .collect();
            match excluded.is_empty() {
                true => tasks,
                false => format!("{tasks}; excluding {}", excluded.join(", and ")),
            }
        }
    }
}

fn title_of_part(board: &Board) -> String {
    let cases = board.rows.iter().map(|row| row.answers.cases).max().unwrap_or(0);
    format!("{}, {}", title(board), counted(cases, "case"))
}

/// Why an open task does not count overall.
const BY_WORDINGS: &str = "checked by accepted wordings only";

/// The scores of everybody on every task, open tasks without a judge apart.
fn by_task(section: &mut Section, summary: &Summary) {
    let (open, counted): (Vec<&Board>, Vec<&Board>) =
        summary.boards.iter().partition(|board| summary.is_by_wordings(board));
    scores(section, "Score by task", &counted, summary);
    if !open.is_empty() {
        scores(section, &format!("Open tasks, {BY_WORDINGS}"), &open, summary);
        section.note(vec![
            "Open tasks: an answer counts as saying something only in one of the accepted wordings, so that scores are lower \
             bounds. They count in no overall score and decide no verdict; `vision-eval judge` has them judged."
                .to_owned(),
        ]);
    }
}

fn scores(section: &mut Section, title: &str, boards: &[&Board], summary: &Summary) {
    let tasks = boards.iter().map(|board| Column::new(board.scope.to_string()).detail("95% CI"));
    let columns: Vec<Column> = std::iter::once(Column::new("Provider")).chain(tasks).collect();
    let line = |row: &Row| {
        let of = |board: &Board| {
            let same = board.rows.iter().find(|one| one.provider == row.provider);
            same.map_or_else(|| Cell::text(UNKNOWN), |one| share(one.score.as_ref()))
        };
        let mut cells = vec![Cell::text(&row.provider)];
        cells.extend(boards.iter().map(|board| of(board)));
        Line { cells, tone: tone(row, summary) }
    };
    section.whole_table(title, &columns, summary.overall.rows.iter().map(line).collect());
}

/// Real files beside generated ones: what is good on generated pages only must be seen at once.
fn by_origin(section: &mut Section, summary: &Summary) {
    let origin = |board: &Board| match &board.scope {
        Scope::Overall => None,
        Scope::Task { dataset, .. } => {
            summary.datasets.iter().find(|it| it.name == *dataset)?.origin.as_deref()
        }
    };
    let score = |board: &Board, row: &Row| {
        let same = board.rows.iter().find(|one| one.provider == row.provider)?;
        same.score.as_ref().map(|score| score.mean)
    };
    // Tasks that some candidate has a score for, so that all rows are means over the same ones.
    let of = |wanted: &str| -> Vec<&Board> {
        let candidates = || summary.overall.rows.iter().filter(|row| !row.control);
        let asked = |board: &&Board| candidates().any(|row| score(board, row).is_some());
        let boards = summary.boards.iter().filter(|board| !summary.is_by_wordings(board));
        boards.filter(|board| origin(board) == Some(wanted)).filter(asked).collect()
    };
    let (real, drawn) = (of("real"), of("drawn"));
    if real.is_empty() || drawn.is_empty() {
        return;
    }
    let mean = |boards: &[&Board], row: &Row| {
        let scores: Option<Vec<f64>> = boards.iter().map(|board| score(board, row)).collect();
        scores.map(|scores| scores.iter().sum::<f64>() / scores.len() as f64)
    };
    let columns = [
        Column::new("Provider"),
        Column::new("Real files").detail("tasks"),
        Column::new("Generated files").detail("tasks"),
    ];
    let cell = |boards: &[&Board], row: &Row| {
        Cell::number(mean(boards, row), percent).with(boards.len().to_string())
    };
    let line = |row: &Row| Line {
        cells: vec![Cell::text(&row.provider), cell(&real, row), cell(&drawn, row)],
        tone: tone(row, summary),
    };
    let title = "Real and generated files: mean score over their tasks";
    section.whole_table(title, &columns, summary.overall.rows.iter().map(line).collect());
}

fn columns() -> [Column; 23] {
    [
        Column::new("Provider"),
        Column::new("Score").detail("95% CI").about("Over all trials; a failed trial scores 0"),
        Column::new("n").about("Scored trials"),
        Column::new("If answered").detail("n").about("Score over the answered trials only"),
        Column::new("Fully correct").about("Trials without any mistake"),
        Column::new("Valid JSON")
            .about("Answers whose JSON needed no repair and matches the schema")
            .optional(),
        Column::new("Failed").detail("kinds").about("Trials without an answer, by kind of failure"),
        Column::new("Strict")
            .detail("change")
            .about("Score if only values in the form that was asked for counted")
            .optional(),
        Column::new("p50").detail("95% CI").about("Median latency, without queueing and retries"),
        Column::new("p95").detail("95% CI").about("95% of the answers took no longer"),
        Column::new("First token")
            .detail("95% CI")
            .about("Median time to the first token of streamed answers, reasoning included")
            .optional(),
        Column::new("Tokens/s")
            .about("Median speed of streamed answers: tokens after the first per second after the first")
            .optional(),
        Column::new("$/1,000").about("Cost per 1,000 cases, with the people who read some instead"),
        Column::new("$/case").about("Cost per case"),
        Column::new("$/correct").about("Cost per fully correct case"),
        Column::new("To a person")
            .detail("cost")
            .about("Cases that a cascade refers to a person; they count as right as often as a person is")
            .optional(),
        Column::new("Mistakes $/1,000 docs")
            .detail("95% CI")
            .about("What the mistakes in 1,000 documents cost, by [loss]")
            .optional(),
        Column::new("Total $/1,000 docs")
            .detail("95% CI")
            .about("What 1,000 documents and their mistakes cost")
            .optional(),
        Column::new("Tokens in").about("Mean input tokens per trial, as the provider counts them").optional(),
        Column::new("Tokens out").about("Mean output tokens per trial, including reasoning").optional(),
        Column::new("pass^k")
            .detail("k")
            .about("Probability that all k repeats are fully correct")
            .optional(),
        Column::new("Flip rate").about("Cases whose repeats get different scores").optional(),
        Column::new("Frontier")
            .about("cost: no provider scores as high for less money; time: none does in less time")
            .optional(),
    ]
}

/// What people read instead, and what that costs.
fn to_people(row: &Row) -> Cell {
    let Some(referred) = &row.referred else { return Cell::default() };
    let usd = referred.usd_per_1000.map_or_else(|| "cost unknown".to_owned(), |usd| money(usd) + "/1,000");
    Cell::number(Some(referred.share.mean), percent).with(usd)
}

/// Dollars with their interval.
fn loss(estimate: Option<&Estimate>) -> Cell {
    let bounds = estimate.and_then(|it| it.interval.as_ref());
    let bounds = bounds.map_or_else(String::new, |it| format!("{}–{}", money(it.low), money(it.high)));
    Cell::number(estimate.map(|it| it.mean), money).with(bounds)
}

fn tone(row: &Row, summary: &Summary) -> Tone {
    let chosen = summary.verdict.winner.as_deref() == Some(row.provider.as_str());
    if chosen { Tone::Good } else { Tone::Plain }
}

fn lines(board: &Board, summary: &Summary) -> Vec<Line> {
    let line = |row: &Row| Line { cells: cells(row, board, summary), tone: tone(row, summary) };
    board.rows.iter().map(line).collect()
}

fn cells(row: &Row, board: &Board, summary: &Summary) -> Vec<Cell> {
    let (answers, cost) = (&row.answers, &row.cost);
    let mean = |estimate: &Option<Estimate>| estimate.as_ref().map(|one| one.mean);
    let latency = row.latency.as_ref();
    let streamed = row.streamed.as_ref();
    let dollars = |usd| price_of(cost, usd);
    let answered = Cell::number(mean(&row.score_answered), percent);
    let repeats = row.repeats.as_ref();
    let stable = Cell::number(repeats.and_then(|one| one.pass_hat_k), percent);
    vec![
        Cell::text(&row.provider).with(kind(row, summary)),
        share(row.score.as_ref()),
        Cell::count(answers.trials),
        if answers.failed > 0 { answered.with(answers.answered.to_string()) } else { answered },
        Cell::number(mean(&row.fully_right), percent),
        Cell::number(answers.schema_valid, percent),
        Cell::count(answers.failed).with(failures(row)),
        strict(row, board),
        time(latency.map(|one| &one.p50)),
        time(latency.map(|one| &one.p95)),
        streamed.map_or_else(Cell::default, |one| time(Some(&one.first_token))),
        Cell::number(streamed.and_then(|one| one.tokens_per_second.as_ref()).map(|one| one.value), speed),
        // What never answered is not free.
        Cell::number(cost.per_1000.filter(|_| answers.answered > 0), dollars),
        Cell::number(mean(&cost.per_case).filter(|_| answers.answered > 0), dollars),
        Cell::number(cost.per_fully_right, dollars),
        to_people(row),
        loss(row.loss.as_ref().map(|loss| &loss.mistakes)),
        loss(row.loss.as_ref().and_then(|loss| loss.total.as_ref())),
        Cell::number(mean(&row.tokens.input), whole),
        Cell::number(mean(&row.tokens.output), whole),
        repeats.map_or_else(Cell::default, |one| stable.with(format!("k = {}", one.k))),
        Cell::number(repeats.map(|one| one.flip_rate), percent),
        Cell::text(best(row)),
    ]
}

/// The score without leniency, where that makes a difference to a candidate.
fn strict(row: &Row, board: &Board) -> Cell {
    let change = |row: &Row| row.score.as_ref().zip(row.strict).map(|(score, strict)| strict - score.mean);
    let is_visible = |change: f64| points(change) != points(0.0);
    if !board.rows.iter().any(|row| !row.control && change(row).is_some_and(is_visible)) {
        return Cell::default();
    }
    let change = change(row).filter(|change| is_visible(*change));
    Cell::number(row.strict, percent).with(change.map_or_else(String::new, |it| points(it) + " points"))
}

fn kind(row: &Row, summary: &Summary) -> String {
    let mut words = Vec::new();
    match summary.verdict.standing(&row.provider) {
        Some(StandingKind::Worse) | None => {}
        Some(other) => words.push(standing(other)),
    }
    if row.control {
        words.push("control");
    } else if row.local {
        words.push("local");
    }
    words.join(", ")
}

fn share(score: Option<&Estimate>) -> Cell {
    let cell = Cell::number(score.map(|one| one.mean), percent);
    match score.and_then(|one| one.interval.as_ref()) {
        Some(bounds) => cell.with(interval(Some(bounds))),
        None => cell,
    }
}

fn time(quantile: Option<&Quantile>) -> Cell {
    let cell = Cell::number(quantile.map(|one| one.value), seconds);
    match quantile {
        Some(one) if one.low.is_some() || one.high.is_some() => {
            cell.with(range_of_seconds(one.low, one.high))
        }
        _ => cell,
    }
}

fn best(row: &Row) -> &'static str {
    match (row.pareto_cost, row.pareto_latency) {
        (true, true) => "cost, time",
        (true, false) => "cost",
        (false, true) => "time",
        (false, false) => "",
    }
}

fn failures(row: &Row) -> String {
    let parts: Vec<String> = row.failures.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    parts.join(", ")
}

/// What each provider skipped, and why.
fn notes(board: &Board) -> Vec<String> {
    let mut notes = Vec::new();
    for row in &board.rows {
        if !row.skipped.is_empty() {
            let cases: u64 = row.skipped.iter().map(|skip| skip.cases).sum();
            let reasons: Vec<String> =
                row.skipped.iter().map(|skip| skip_reason(skip, row.skipped.len())).collect();
            notes.push(format!(
                "{} skipped {}: {}.",
                row.provider,
                counted(cases, "case"),
                reasons.join("; ")
            ));
        }
        if row.tasks > 0 && !row.tasks_missing.is_empty() {
            notes.push(format!("{} has no score for {}.", row.provider, and(&row.tasks_missing)));
        }
    }
    notes
}

/// The count is said only where there are several reasons.
fn skip_reason(skip: &Skip, of: usize) -> String {
    let reason = skip.reason.trim_end_matches('.');
    if of == 1 { reason.to_owned() } else { format!("{reason} ({})", skip.cases) }
}

fn legend(summary: &Summary) -> Vec<String> {
    let mut notes = vec![
        "Score counts failed trials as 0; If answered leaves them out. Frontier: no provider scores as high for less \
         money (cost) or in less time (time). Controls never see the media; local providers run on this machine, free \
         of charge."
            .to_owned(),
    ];
    if summary.providers.iter().any(|one| one.local && !one.control) {
        notes.push(
            "The local reader finds a field by its English name, such as invoice_number or total; fields of other names \
             are mostly left empty. Printed labels are known in English and German, those of sums and taxes in most \
             European languages."
                .to_owned(),
        );
    }
    if summary.run.repeats == 1 {
        notes.push("Stability unknown: one repeat per case (use --repeat 3).".to_owned());
    }
    notes
}
