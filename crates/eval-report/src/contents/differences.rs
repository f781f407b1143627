use eval_summary::{Board, Difference, Differences, Doubt, Row, Scope, Summary};

use crate::document::{Cell, Column, Line, Section};
use crate::figures::{chance, equal, interval_of_points, opinion, points};

pub(super) fn section(summary: &Summary) -> Section {
    let mut section = Section::folded("Differences");
    let skip_tasks = summary.boards.len() == 1;
    let shown = summary.differences.iter().take(if skip_tasks { 1 } else { usize::MAX });
    let pairs = shown.flat_map(|of| against_best(of, summary).into_iter().map(move |pair| (pair, &of.scope)));
    let pairs: Vec<(Difference, &Scope)> = pairs.collect();
    let lines: Vec<Line> = pairs.iter().map(|(pair, scope)| line(pair, scope)).collect();
    if lines.is_empty() {
        section.say("No two candidates to compare.");
        return section;
    }
    let mut columns = vec![Column::new("Provider"), Column::new("On")];
    columns.extend(figure_columns());
    columns.push(Column::new("Best"));
    section.table("All candidates vs. the best", &columns, lines);
    let doubts = pairs.iter().filter_map(|(pair, scope)| doubt(pair, scope));
    section.note(note(summary).into_iter().chain(doubts).collect());
    section
}

fn note(summary: &Summary) -> Vec<String> {
    let anytime = summary.differences.iter().flat_map(|of| &of.pairs).any(|pair| pair.anytime);
    let plain = format!(
        "Paired by case and clustered by source document. Better or worse: p ≤ 0.05 in a paired sign-flip test, corrected \
         for all comparisons in this report (weighted Holm), that no failure which was likely missed would undo. {INTERVAL} Detectable: the smallest difference that this many \
         cases detect with 80% power."
    );
    let scored = || summary.overall.rows.iter().filter(|row| !row.control && row.score.is_some());
    let is_complete = |row: &Row| row.answers.missing == 0;
    let passed_over = scored().any(is_complete) && !scored().all(is_complete);
    let complete = "Best: the best score among candidates without missing trials.".to_owned();
    let of = if summary.verdict.about_these_alone { ", and is about these documents alone" } else { "" };
    let looked = format!(
        "Where no p is given, the interval decides: it holds at all looks of a run that ends when it is decided{of}."
    );
    std::iter::once(plain).chain(passed_over.then_some(complete)).chain(anytime.then_some(looked)).collect()
}

/// Why an interval and a test may seem to differ.
pub(super) const INTERVAL: &str = "The 95% CI is adjusted for the number of candidates and assumes nothing about the shape \
                                   of the scores, so it is wider than the test: it ends at 0 where the test shows a \
                                   difference, and includes 0 where it does not.";

/// Why a difference with a small p is not called significant.
pub(super) fn doubt(pair: &Difference, scope: &Scope) -> Option<String> {
    let why = match pair.doubt? {
        Doubt::Missed { low, high } => format!(
            "a failure that was likely missed would undo it (60% bounds of the difference: {} to {} points)",
            points(low),
            points(high)
        ),
        Doubt::FewCases { p } => {
            format!("a few cases outweigh all others (p = {} by Student's t)", chance(p))
        }
    };
    let of = if pair.a == pair.b { pair.b.clone() } else { format!("{} against {}", pair.b, pair.a) };
    Some(format!("{of} on {scope}: not significant in spite of p {}: {why}.", equal(pair.p_adjusted)))
}

/// Every candidate against the best; all other pairs are in the JSON.
fn against_best(differences: &Differences, summary: &Summary) -> Vec<Difference> {
    let board = match &differences.scope {
        Scope::Overall => Some(&summary.overall),
        scope => summary.board(scope),
    };
    let Some(best) = board.and_then(best) else { return Vec::new() };
    let against_best = |pair: &Difference| match (pair.a == best, pair.b == best) {
        (true, _) => Some(pair.clone()),
        // Two that tie stand in the order of the plan.
        (false, true) => Some(pair.turned()),
        (false, false) => None,
    };
    differences.pairs.iter().filter_map(against_best).collect()
}

/// The best score. One of which trials are missing says little of the others, and is the best only among its like.
fn best(board: &Board) -> Option<&str> {
    let rows = || board.rows.iter().filter(|row| !row.control && row.score.is_some());
    let complete = rows().find(|row| row.answers.missing == 0);
    complete.or_else(|| rows().next()).map(|row| row.provider.as_str())
}

fn line(pair: &Difference, scope: &Scope) -> Line {
    let (word, tone) = opinion(pair.opinion);
    let mut cells = vec![Cell::text(&pair.b), Cell::text(scope.to_string())];
    cells.extend(figures(pair, word));
    cells.push(Cell::text(&pair.a));
    Line { cells, tone }
}

pub(super) fn figure_columns() -> [Column; 7] {
    [
        Column::new("Result"),
        Column::new("Points").detail("95% CI").about("Mean difference in score, in points"),
        Column::new("n").about("Cases in common"),
        Column::new("p").about("Adjusted for all comparisons"),
        Column::new("Detectable")
            .about("Smallest difference, in points, that this many cases detect with 80% power")
            .optional(),
        Column::new("Wins").about("Cases with a higher score"),
        Column::new("Losses").about("Cases with a lower score"),
    ]
}

pub(super) fn figures(pair: &Difference, word: &str) -> [Cell; 7] {
    let difference = Cell::number(Some(pair.difference), points);
    [
        Cell::text(word),
        match &pair.interval {
            Some(bounds) => difference.with(interval_of_points(Some(bounds))),
            None => difference,
        },
        Cell::count(pair.n),
        Cell::number(Some(pair.p_adjusted).filter(|_| !pair.anytime), chance),
        Cell::number(pair.smallest_detectable, |share| format!("{:.1}", share * 100.0)),
        Cell::count(pair.better),
        Cell::count(pair.worse),
    ]
}
