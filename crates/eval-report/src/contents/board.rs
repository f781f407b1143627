use eval_summary::{Board, Estimate, Quantile, Row, Scope, StandingKind, Summary};

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{interval, money_of, percent, range_of_seconds, seconds, whole};

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::open("Leaderboard");
    // With one task, both tables are the same.
    let several = summary.boards.len() > 1;
    let board = if several { &summary.overall } else { summary.boards.first().unwrap_or(&summary.overall) };
    let title = if several { format!("Overall: {}", board.headline) } else { title(board) };
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

fn title(board: &Board) -> String {
    format!("{}: {}", board.scope, board.headline)
}

fn title_of_part(board: &Board) -> String {
    let cases = board.rows.iter().map(|row| row.answers.cases).max().unwrap_or(0);
    format!("{}, {cases} cases", title(board))
}

/// The scores of everybody on every task.
fn by_task(section: &mut Section, summary: &Summary) {
    let tasks = summary.boards.iter().map(|board| Column::new(board.scope.to_string()).detail("95 %"));
    let columns: Vec<Column> = std::iter::once(Column::new("Provider")).chain(tasks).collect();
    let line = |row: &Row| {
        let of = |board: &Board| {
            let same = board.rows.iter().find(|one| one.provider == row.provider);
            same.map_or_else(|| Cell::text("–"), |one| share(one.score.as_ref()))
        };
        let mut cells = vec![Cell::text(&row.provider)];
        cells.extend(summary.boards.iter().map(of));
        Line { cells, tone: tone(row, summary) }
    };
    section.whole_table("Score by task", &columns, summary.overall.rows.iter().map(line).collect());
}

/// Real files beside drawn ones: what is good on drawn pages only must be seen at once.
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
        summary.boards.iter().filter(|board| origin(board) == Some(wanted)).filter(asked).collect()
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
        Column::new("Drawn files").detail("tasks"),
    ];
    let cell = |boards: &[&Board], row: &Row| {
        Cell::number(mean(boards, row), percent).with(boards.len().to_string())
    };
    let line = |row: &Row| Line {
        cells: vec![Cell::text(&row.provider), cell(&real, row), cell(&drawn, row)],
        tone: tone(row, summary),
    };
    let title = "Real and drawn files: mean of the scores of their tasks";
    section.whole_table(title, &columns, summary.overall.rows.iter().map(line).collect());
}

fn columns() -> [Column; 17] {
    [
        Column::new("Provider"),
        Column::new("Score").detail("95 %").about("Over all trials; a failed one counts 0"),
        Column::new("n").about("Trials that were scored"),
        Column::new("Answered").detail("n").about("The score over the trials that were answered"),
        Column::new("All right").about("Trials with nothing wrong at all"),
        Column::new("Schema").about("Answers whose JSON needed no repair and fits the schema").optional(),
        Column::new("Failed").detail("kinds").about("Trials without an answer"),
        Column::new("p50")
            .detail("95 %")
            .about("Half of the answers took no longer; without queues and retries"),
        Column::new("p95").detail("95 %").about("95 % of the answers took no longer"),
        Column::new("$/1,000").about("Dollars for a thousand cases"),
        Column::new("$/case").about("Dollars for one case"),
        Column::new("$/right").about("Dollars for one fully right case"),
        Column::new("Tokens in").about("Input tokens of a trial, as the provider counts them").optional(),
        Column::new("out").about("Output tokens of a trial, reasoning included").optional(),
        Column::new("Stable")
            .detail("k")
            .about("pass^k: the chance that all k repeats are fully right")
            .optional(),
        Column::new("Flips").about("Cases whose repeats do not all get the same score").optional(),
        Column::new("Best")
            .about("$: nobody scores as well for less money; t: nobody does in less time")
            .optional(),
    ]
}

fn tone(row: &Row, summary: &Summary) -> Tone {
    let chosen = summary.verdict.winner.as_deref() == Some(row.provider.as_str());
    if chosen { Tone::Good } else { Tone::Plain }
}

fn lines(board: &Board, summary: &Summary) -> Vec<Line> {
    board.rows.iter().map(|row| Line { cells: cells(row, summary), tone: tone(row, summary) }).collect()
}

fn cells(row: &Row, summary: &Summary) -> Vec<Cell> {
    let (answers, cost) = (&row.answers, &row.cost);
    let mean = |estimate: &Option<Estimate>| estimate.as_ref().map(|one| one.mean);
    let latency = row.latency.as_ref();
    let dollars = |usd| money_of(cost, usd);
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
        time(latency.map(|one| &one.p50)),
        time(latency.map(|one| &one.p95)),
        Cell::number(cost.per_1000, dollars),
        Cell::number(mean(&cost.per_case), dollars),
        Cell::number(cost.per_fully_right, dollars),
        Cell::number(mean(&row.tokens.input), whole),
        Cell::number(mean(&row.tokens.output), whole),
        repeats.map_or_else(Cell::default, |one| stable.with(format!("k = {}", one.k))),
        Cell::number(repeats.map(|one| one.flip_rate), percent),
        Cell::text(best(row)),
    ]
}

fn kind(row: &Row, summary: &Summary) -> String {
    let mut words = Vec::new();
    let standing = summary.verdict.candidates.iter().find(|it| it.provider == row.provider);
    match standing.map(|it| it.standing) {
        Some(StandingKind::Recommended) => words.push("recommended"),
        Some(StandingKind::InContention) => words.push("in contention"),
        Some(StandingKind::Worse) | None => {}
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
        (true, true) => "$ t",
        (true, false) => "$",
        (false, true) => "t",
        (false, false) => "",
    }
}

fn failures(row: &Row) -> String {
    let parts: Vec<String> = row.failures.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    parts.join(", ")
}

/// Who was not asked what, and why.
fn notes(board: &Board) -> Vec<String> {
    let mut notes = Vec::new();
    for row in &board.rows {
        if !row.skipped.is_empty() {
            let cases: u64 = row.skipped.iter().map(|skip| skip.cases).sum();
            let reasons: Vec<String> =
                row.skipped.iter().map(|skip| format!("{} × {}", skip.cases, skip.reason)).collect();
            notes.push(format!("{} was not asked {cases} cases: {}.", row.provider, reasons.join("; ")));
        }
        if row.tasks > 0 && !row.tasks_missing.is_empty() {
            notes.push(format!("{} has no score for {}.", row.provider, row.tasks_missing.join(", ")));
        }
    }
    notes
}

fn legend(summary: &Summary) -> Vec<String> {
    let mut notes = vec![
        "Score counts failed trials as 0; Answered leaves them out. Best: $ = nobody scores as well for less money, \
         t = in less time. A control never looks at the media; what is local runs here for nothing."
            .to_owned(),
    ];
    if summary.run.repeats == 1 {
        notes.push(
            "Each case was asked once, so that stability is not known; --repeat 3 measures it.".to_owned(),
        );
    }
    notes
}
