//! What can run unattended, in sentences and tables.

use eval_decide::{Automation, AutomationLine, Signal, TaskAutomation, Total, Wanted};

use crate::document::{Block, Cell, Column, Document, Line, Section, Tone};
use crate::figures::{and, count, counted, money, percent, price, whole};
use crate::html::coverage;

pub(crate) fn automation(automation: &Automation) -> Document {
    let first = automation.tasks.first();
    Document {
        title: "Automation".to_owned(),
        about: format!("{} · {}", automation.run, terms(automation)),
        headline: first.map_or_else(
            || "No case has a label for these fields.".to_owned(),
            |task| headline(automation, task),
        ),
        tone: match first
            .map(|task| task.recommended.is_some() && !task.people_alone_cost_less() && !task.may_cost_more())
        {
            Some(true) => Tone::Good,
            Some(false) => Tone::Unsure,
            None => Tone::Bad,
        },
        sections: automation.tasks.iter().map(|task| section(automation, task)).collect(),
    }
}

/// The part of a run's report: each task with its sentence, and the rest on demand.
pub(crate) fn unattended(automation: &Automation) -> Section {
    let mut whole = Section::open("Automation");
    whole.say(format!("How many documents can run unattended: {}.", terms(automation)));
    let several = automation.tasks.len() > 1;
    for task in &automation.tasks {
        let part = section(automation, task);
        if several {
            whole.say(format!("{}: {}", task.scope, headline(automation, task)));
            whole.fold(unfolded(part));
        } else {
            whole.blocks.extend(part.blocks);
        }
    }
    whole.note(vec!["For single fields, other limits and other costs: vision-eval automate.".to_owned()]);
    whole
}

/// A part that is folded itself and has no folds in it.
fn unfolded(section: Section) -> Section {
    let mut whole = Section::folded(section.title);
    for block in section.blocks {
        match block {
            Block::Fold(inner) => {
                whole.say(inner.title);
                whole.blocks.extend(inner.blocks);
            }
            block => whole.blocks.push(block),
        }
    }
    whole
}

/// What was asked for, in short.
fn terms(automation: &Automation) -> String {
    let wanted = &automation.wanted;
    let is_usual = (wanted.people.usd - Wanted::default().people.usd).abs() < f64::EPSILON;
    let wrong =
        wanted.wrong_usd.map_or_else(String::new, |usd| format!(", {} per wrong document", money(usd)));
    format!(
        "at most {} wrong at {} confidence; a person costs {}{} per document and leaves {} wrong{wrong}",
        percent(wanted.max_error),
        whole_percent(1.0 - wanted.delta),
        money(wanted.people.usd),
        if is_usual { " (the default; --human-usd sets another)" } else { "" },
        percent(wanted.people.error)
    )
}

fn whole_percent(share: f64) -> String {
    format!("{}%", whole(share * 100.0))
}

/// The main finding for one task.
fn headline(automation: &Automation, task: &TaskAutomation) -> String {
    let wanted = &automation.wanted;
    let error = percent(wanted.max_error);
    let confidence = whole_percent(1.0 - wanted.delta);
    if let Some(best) = &task.recommended {
        let promised = &best.promised;
        if let Some(total) = best.total.as_ref().filter(|_| task.people_alone_cost_less()) {
            return format!(
                "Recommended: people only, {} per 1,000 documents. {} by {} keeps the promise of {error} for {} of \
                 documents, but costs {} in all.",
                money(task.people.usd),
                best.provider,
                signal(best.signal),
                percent(promised.share),
                money(total.usd)
            );
        }
        let cost = best.total.as_ref().map_or_else(String::new, |total| {
            let most = best.total_at_most.as_ref().filter(|most| money(most.usd) != money(total.usd));
            let (seen, people) = (money(total.usd), money(task.people.usd));
            match most.map(|most| money(most.usd)) {
                None => format!(", {seen} per 1,000 documents instead of {people}"),
                Some(most) if task.may_cost_more() => format!(
                    ". With the errors seen 1,000 documents cost {seen} instead of {people}; with as many as promised up to \
                     {most}, which is more than people cost"
                ),
                Some(most) => format!(
                    ", {seen} per 1,000 documents with the errors seen and up to {most} with as many as promised, instead of \
                     {people}"
                ),
            }
        });
        return format!(
            "Recommended: {} by {}: {} of documents run unattended, at most {error} of them wrong ({confidence} \
             confidence){cost}.",
            best.provider,
            signal(best.signal),
            percent(promised.share)
        );
    }
    let choice = if task.lines.len() > 1 && task.lines.iter().any(|line| line.promised.is_some()) {
        format!(" that also holds for a choice among {}", counted(task.lines.len() as u64, "line"))
    } else {
        String::new()
    };
    let documents = counted(task.documents, "document");
    let needed = task.needed.filter(|needed| *needed > task.documents).map_or_else(String::new, |needed| {
        format!(" It would take about {}, if errors go on as observed.", counted(needed, "document"))
    });
    match &task.today {
        Some(today) => format!(
            "No line keeps the promise of {error} with {documents}{choice}.{needed} Today {} by {} can promise {}{}, with {} of \
             documents unattended.",
            today.best.provider,
            signal(today.best.signal),
            percent(today.error),
            among(task),
            percent(today.best.promised.share)
        ),
        None => {
            format!("No line keeps the promise of {error} with {documents}{choice}, nor any other.{needed}")
        }
    }
}

/// The best of several lines promises less than it could by itself, as its row in the table does.
fn among(task: &TaskAutomation) -> String {
    match task.lines.len() {
        0 | 1 => String::new(),
        lines => format!(" as the choice among {}", counted(lines as u64, "line")),
    }
}

/// What a signal is called in a sentence.
pub(crate) fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Repeats => "agreement of repeats",
        Signal::Candidates => "agreement with other candidates",
        Signal::Variants => "agreement with other variants",
        Signal::Rules => "consistency rules",
        Signal::Schema => "valid answers",
        Signal::Evidence => "confidence of the API",
        Signal::Stated => "confidence stated in the answer",
        Signal::Tokens => "token probabilities",
        Signal::Own => "signals of the answer, combined",
        Signal::Combined => "all signals, combined",
    }
}

fn section(automation: &Automation, task: &TaskAutomation) -> Section {
    let fields = if task.on.is_empty() { "the whole answer".to_owned() } else { and(&task.on) };
    let mut section = Section::open(format!("Unattended: {}", task.scope));
    section.say(format!(
        "{} ({}); right means: {fields}.{}{}{}",
        counted(task.documents, "document"),
        counted(task.cases, "case"),
        match task.unlabelled {
            0 => String::new(),
            cases => format!(" {} without a label for it.", counted(cases, "case")),
        },
        match task.unanswered {
            0 => String::new(),
            cases => format!(" {} without an answer.", counted(cases, "case")),
        },
        task.wrong_usd.map_or_else(String::new, |usd| format!(" A wrong document costs {}.", money(usd)))
    ));
    section.say(headline(automation, task));
    section.whole_table("", &columns(task), rows(automation, task));
    section.blocks.extend(coverage(automation, task).map(Block::Drawing));
    section.table(
        "What each line by itself can promise today",
        &today_columns(),
        task.lines.iter().map(today).collect(),
    );
    section.fold(signals(task));
    section.fold(naive(automation, task));
    section.note(vec![
        "Money is per 1,000 documents. The promise is Learn then Test with the exact binomial test, one source document \
         counting once; in the tables it holds for each line by itself. The recommendation is the cheapest line that keeps \
         it with the error rate divided by the number of lines, so that it holds for the choice."
            .to_owned(),
    ]);
    section
}

fn columns(task: &TaskAutomation) -> [Column; 8] {
    let errors = if task.wrong_usd.is_some() { "Errors" } else { "Wrong" };
    [
        Column::new("Candidate"),
        Column::new("Accepted by").detail("from"),
        Column::new("Unattended").detail("documents"),
        Column::new("Observed error").detail("bound"),
        Column::new("Answers"),
        Column::new("People"),
        Column::new(errors).about("Wrong documents per 1,000"),
        Column::new("Total"),
    ]
}

fn rows(automation: &Automation, task: &TaskAutomation) -> Vec<Line> {
    let mut rows: Vec<Line> = task.lines.iter().map(|line| row(task, line)).collect();
    let mut cells = vec![Cell::text("people only"), Cell::text("–"), Cell::number(Some(0.0), percent)];
    cells.push(Cell::number(Some(automation.wanted.people.error), percent));
    cells.extend(costs(task, Some(&task.people)));
    rows.push(Line::plain(cells));
    rows
}

fn row(task: &TaskAutomation, line: &AutomationLine) -> Line {
    let accepted = line.promised.as_ref();
    let (share, error) = match accepted {
        Some(it) => (
            Cell::number(Some(it.share), percent).with(count(it.documents)),
            Cell::number(Some(it.observed_error), percent).with(format!("≤ {}", percent(it.bound))),
        ),
        None => (Cell::text("no promise"), Cell::text("–")),
    };
    let from = accepted.map_or_else(String::new, |it| it.threshold.to_string());
    let mut cells =
        vec![Cell::text(&line.provider), Cell::text(signal(line.signal)).with(from), share, error];
    cells.extend(costs(task, line.total.as_ref()));
    if line.total.is_none() {
        cells[4] = Cell::number(line.usd_per_1000, price);
    }
    Line { cells, tone: if accepted.is_some() { Tone::Good } else { Tone::Plain } }
}

fn costs(task: &TaskAutomation, total: Option<&Total>) -> [Cell; 4] {
    let of = |value: fn(&Total) -> f64| Cell::number(total.map(value), price);
    let wrong = match task.wrong_usd {
        Some(_) => of(|total| total.errors),
        None => Cell::number(total.map(|total| total.wrong), |wrong| format!("{wrong:.1}")),
    };
    [of(|total| total.answers), of(|total| total.people), wrong, of(|total| total.usd)]
}

fn today_columns() -> [Column; 5] {
    [
        Column::new("Candidate"),
        Column::new("Accepted by"),
        Column::new("Error at most"),
        Column::new("Unattended").detail("documents"),
        Column::new("Documents needed")
            .about("Labeled documents that the promise takes, if errors go on as observed"),
    ]
}

fn today(line: &AutomationLine) -> Line {
    let today = line.today.as_ref();
    let share = today.map(|today| &today.accepted);
    let needed = match (&line.promised, &line.needed) {
        (Some(_), _) => "enough".to_owned(),
        (None, Some(needed)) => match needed.documents {
            Some(documents) => format!("about {}", count(documents)),
            None => "its errors are too frequent".to_owned(),
        },
        (None, None) => String::new(),
    };
    Line::plain(vec![
        Cell::text(&line.provider),
        Cell::text(signal(line.signal)),
        Cell::number(today.map(|today| today.error), percent),
        Cell::number(share.map(|it| it.share), percent)
            .with(share.map_or_else(String::new, |it| count(it.documents))),
        Cell::text(needed),
    ])
}

fn signals(task: &TaskAutomation) -> Section {
    let mut section = Section::folded("Do the signals tell right from wrong?");
    let columns = [
        Column::new("Candidate"),
        Column::new("Signal"),
        Column::new("AUROC")
            .about("Chance that a right document has a higher value than a wrong one; 0.5 is useless"),
        Column::new("Calibration error").about("Mean distance between the value and the share that is right"),
        Column::new("Right, by value")
            .about("Share that is right in parts of about one size, lowest value first"),
    ];
    let line = |line: &AutomationLine| {
        let parts = line.calibration.reliability.iter();
        let parts: Vec<String> = parts.map(|it| format!("{:.2}: {}", it.value, percent(it.right))).collect();
        Line::plain(vec![
            Cell::text(&line.provider),
            Cell::text(signal(line.signal)),
            Cell::number(line.calibration.auroc, |it| format!("{it:.2}")),
            Cell::number(line.calibration.error, percent),
            Cell::text(parts.join(", ")),
        ])
    };
    section.table("", &columns, task.lines.iter().map(line).collect());
    section
}

/// What looks good enough and is no promise.
fn naive(automation: &Automation, task: &TaskAutomation) -> Section {
    let mut section = Section::folded("Naive thresholds (no promise)");
    section.say(format!(
        "The threshold at which the observed error is at most {}. The true error is above that in about half of all \
         studies: do not automate by these.",
        percent(automation.wanted.max_error)
    ));
    let columns = [
        Column::new("Candidate"),
        Column::new("Accepted by").detail("from"),
        Column::new("Accepted").detail("documents"),
        Column::new("Observed error"),
        Column::new("True error up to"),
    ];
    let line = |line: &AutomationLine| {
        let it = line.naive.as_ref()?;
        Some(Line::plain(vec![
            Cell::text(&line.provider),
            Cell::text(signal(line.signal)).with(crate::figures::plain(it.threshold)),
            Cell::number(Some(it.share), percent).with(count(it.documents)),
            Cell::number(Some(it.observed_error), percent),
            Cell::number(Some(it.bound), percent),
        ]))
    };
    section.table("", &columns, task.lines.iter().filter_map(line).collect());
    section
}
