//! What judges and people say of open answers.

use eval_summary::{
    Agreement, CheckAgreement, JudgeStanding, JudgedCandidate, JudgedTask, Judging, Preference,
    PreferredCandidate, Summary, Uncalibrated,
};

use crate::document::{Cell, Column, Document, Line, Section, Tone};
use crate::figures::{and, count, counted, interval, interval_of_points, money, percent, points, signed};

pub(crate) fn judging(judging: &Judging) -> Document {
    let all = &judging.tasks;
    let decide = all.iter().filter(|task| task.standing.decides()).count();
    Document {
        title: "Judged answers".to_owned(),
        about: and(&all.iter().map(|task| task.scope.to_string()).collect::<Vec<_>>()),
        headline: match all.as_slice() {
            [task] => standing(task),
            _ => format!("Judged scores are used on {decide} of {}.", counted(all.len() as u64, "task")),
        },
        tone: if decide == all.len() { Tone::Good } else { Tone::Unsure },
        sections: all.iter().map(section).collect(),
    }
}

/// One for each judged task; none where nobody judged.
pub(super) fn sections(summary: &Summary) -> Vec<Section> {
    summary.judging.iter().flat_map(|judging| &judging.tasks).map(section).collect()
}

fn section(task: &JudgedTask) -> Section {
    let mut section = Section::open(format!("Judged answers: {}", task.scope));
    section.say(standing(task));
    section.facts(vec![
        ("Judge", judge(task)),
        ("People", people(task)),
        ("Canaries", canaries(task).into_iter().collect()),
        ("Own family", family(task).into_iter().collect()),
    ]);
    candidates(&mut section, task);
    checks(&mut section, task);
    preference(&mut section, task);
    others(&mut section, task);
    section.note(vec![
        "Rule: by accepted wordings only, a lower bound. Judge: as the judge says. Corrected: the judge's mean plus what \
         people's judgements of the same answers show it to be wrong by (prediction-powered inference, jackknife by source \
         document, t interval); it holds if the answers that people judged are a random sample."
            .to_owned(),
    ]);
    section
}

/// What the scores of the task are.
pub(super) fn standing(task: &JudgedTask) -> String {
    let judge = task.judge.as_deref().unwrap_or("the rule");
    let of = &task.scope;
    match task.standing {
        JudgeStanding::Calibrated => format!(
            "Scores of {of} are those of {judge}, corrected by people's judgements of {}; differences and verdict \
             rest on the corrected scores.",
            counted(task.labelled, "answer")
        ),
        JudgeStanding::Allowed => format!(
            "Scores of {of} are those of {judge}, which is not calibrated: people judged {} of {} needed answers.",
            count(task.labelled),
            count(task.needed)
        ),
        JudgeStanding::Uncalibrated => format!(
            "Scores of {of} are rule-based: {judge} is not calibrated (people judged {} of {} needed answers).",
            count(task.labelled),
            count(task.needed)
        ),
        JudgeStanding::Caught => {
            format!("Scores of {of} are rule-based: {judge} said yes to answers that meet no check.")
        }
    }
}

/// Why nothing is decided on a task of two runs, or by a bound.
pub(super) fn uncalibrated(it: &Uncalibrated) -> String {
    let why = match it.caught {
        true => "said yes to answers that meet no check".to_owned(),
        false => format!(
            "is not calibrated: people judged {} of {} needed answers",
            count(it.labelled),
            count(it.needed)
        ),
    };
    format!("nothing is decided here: in {}, the judge {} {why}", it.run, it.judge)
}

fn judge(task: &JudgedTask) -> Vec<String> {
    let Some(judge) = &task.judge else {
        return vec!["none: people's judgements correct the rule".to_owned()];
    };
    let cost = cost(task.usd);
    let mut lines = vec![format!("{judge}: {} judged, {cost}", counted(task.answers, "different answer"))];
    let counts = [
        (task.unjudged, "not judged: the rule decides", "trial"),
        (task.unreadable, "could not be read", "verdict"),
        (task.misquoted, "called met without a true quotation: counted as not met", "check"),
        (task.without_media, "judged without seeing all media", "answer"),
    ];
    lines.extend(
        counts
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, what, noun)| format!("{} {what}", counted(number, noun))),
    );
    lines
}

fn cost(usd: Option<f64>) -> String {
    match usd {
        None => "cost unknown".to_owned(),
        Some(0.0) => "free".to_owned(),
        Some(usd) => money(usd),
    }
}

fn people(task: &JudgedTask) -> Vec<String> {
    match task.labelled {
        0 => vec!["none yet: draw a sample with `vision-eval judge RUN --sample 40 -o sheet.csv`".to_owned()],
        labelled => {
            let who = if task.people == 1 {
                "1 person".to_owned()
            } else {
                format!("{} people", count(task.people))
            };
            vec![format!("{who} judged {}", counted(labelled, "answer"))]
        }
    }
}

fn canaries(task: &JudgedTask) -> Option<String> {
    let all = counted(task.canaries, "made-up answer");
    match (task.canaries, task.fell_for.as_slice()) {
        (0, _) => None,
        (_, []) => Some(format!("passed: no to all {all}")),
        (_, tricks) => {
            let tricks: Vec<&str> = tricks.iter().map(|trick| trick_in_words(trick)).collect();
            Some(format!("failed ({all}): said yes to an answer that {}", and(&tricks)))
        }
    }
}

pub(super) fn trick_in_words(trick: &str) -> &str {
    match trick {
        "asks" => "asks for a yes",
        "escapes" => "pretends to end and to be a new instruction",
        "empty" => "says nothing",
        "denies" => "denies every check",
        other => other,
    }
}

fn family(task: &JudgedTask) -> Option<String> {
    let favor = task.family.as_ref()?;
    let own: Vec<&str> =
        task.candidates.iter().filter(|it| it.own_family).map(|it| it.provider.as_str()).collect();
    let (difference, interval) =
        (points(favor.difference.mean), interval_of_points(favor.difference.interval.as_ref()));
    let said = if favor.shown { "favors" } else { "is not shown to favor" };
    Some(format!("the judge {said} {}: {difference} points more than people give {interval}", and(&own)))
}

fn candidates(section: &mut Section, task: &JudgedTask) {
    let columns = [
        Column::new("Candidate"),
        Column::new("Corrected").detail("95% CI").about("The judge's score corrected by people's"),
        Column::new("Judge").about("The judge's score as it is").optional(),
        Column::new("Rule").about("By accepted wordings only"),
        Column::new("Bias")
            .about("The judge's score less people's, on the same answers, in points")
            .optional(),
        Column::new("Agreement").detail("kappa").about("Checks on which judge and people agree").optional(),
        Column::new("By people").about("Trials that people judged"),
        Column::new("To halve")
            .about("Further answers to judge for an interval of half the width")
            .optional(),
        Column::new("n").about("Trials"),
    ];
    let line = |it: &JudgedCandidate| {
        let corrected = it.corrected.as_ref();
        let to_halve = it.labels_to_halve.map_or_else(|| Cell::text("–"), Cell::count);
        Line::plain(vec![
            Cell::text(&it.provider),
            Cell::number(corrected.map(|it| it.mean), percent)
                .with(corrected.map_or_else(String::new, |it| interval(it.interval.as_ref()))),
            Cell::number(it.judge, percent),
            Cell::number(Some(it.rule), percent),
            Cell::number(it.bias, points),
            agreement(it.agreement.as_ref()),
            Cell::count(it.labelled),
            to_halve,
            Cell::count(it.trials),
        ])
    };
    section.whole_table("Candidates", &columns, task.candidates.iter().map(line).collect());
}

fn agreement(agreement: Option<&Agreement>) -> Cell {
    let Some(it) = agreement.filter(|it| it.n > 0) else { return Cell::text("–") };
    Cell::number(Some(it.agreed as f64 / it.n as f64), percent)
        .with(it.kappa.map_or_else(String::new, |kappa| format!("{kappa:.2}")))
}

fn checks(section: &mut Section, task: &JudgedTask) {
    let columns = [
        Column::new("Check"),
        Column::new("Agreement").detail("kappa"),
        Column::new("Only the judge").about("Checks that only the judge calls met"),
        Column::new("Only people").about("Checks that only people call met"),
        Column::new("n").about("Checks that both judged"),
    ];
    let line = |it: &CheckAgreement| {
        Line::plain(vec![
            Cell::text(in_words(&it.check)),
            agreement(Some(&it.agreement)),
            Cell::count(it.agreement.judge_only),
            Cell::count(it.agreement.people_only),
            Cell::count(it.agreement.n),
        ])
    };
    section.whole_table(
        "Judge and people by kind of check",
        &columns,
        task.checks.iter().map(line).collect(),
    );
}

fn in_words(check: &str) -> &str {
    match check {
        "must" => "must be said",
        "must_not" => "must not be said",
        other => other,
    }
}

/// Answers beside each other, where the judge was asked about two at a time.
fn preference(section: &mut Section, task: &JudgedTask) {
    let Some(it) = &task.preference else { return };
    let columns = [
        Column::new("Candidate"),
        Column::new("Strength").detail("95% CI").about("Bradley-Terry, in log odds; all add up to 0"),
        Column::new("Won").about("Pairs won; ties count half"),
        Column::new("Pairs").about("Pairs of answers that it was in"),
    ];
    let line = |one: &PreferredCandidate| {
        let interval = one.interval.as_ref();
        Line::plain(vec![
            Cell::text(&one.provider),
            Cell::number(Some(one.strength), signed).with(
                interval.map_or_else(String::new, |it| format!("{} to {}", signed(it.low), signed(it.high))),
            ),
            Cell::number(Some(one.won), percent),
            Cell::count(one.pairs),
        ])
    };
    section.whole_table("Preference", &columns, it.candidates.iter().map(line).collect());
    section.list(vec![preferred(it), order(it)]);
    section.note(vec![
        "Preference: the judge saw every two different answers to a case beside each other, in both orders. Verdicts that \
         change with the order count as ties, and so do equal answers. People have not corrected it: it decides no verdict."
            .to_owned(),
    ]);
}

fn preferred(it: &Preference) -> String {
    let of = format!("{} ({}, {})", it.judge, counted(it.pairs, "pair"), cost(it.usd));
    match &it.preferred {
        Some(candidate) => format!("{of} prefers {candidate} to every other candidate."),
        None => format!("{of}: no candidate is shown to be preferred."),
    }
}

/// What the order of showing does.
fn order(it: &Preference) -> String {
    let share = |count: u64| percent(count as f64 / it.pairs.max(1) as f64);
    let mut said = format!(
        "The order decides {} of {} (the first always wins {}, the second always {})",
        share(it.pairs - it.consistent),
        counted(it.pairs, "pair"),
        share(it.always_first),
        share(it.always_second)
    );
    said += match it.order_effect {
        Some(effect) if it.order_p <= 0.05 && effect > 0.0 => "; the judge favors what is shown first.",
        Some(effect) if it.order_p <= 0.05 && effect < 0.0 => "; the judge favors what is shown second.",
        _ => "; no place is shown to be favored.",
    };
    if it.unread > 0 {
        said += &format!(" {} could not be read in both orders.", counted(it.unread, "pair"));
    }
    said
}

fn others(section: &mut Section, task: &JudgedTask) {
    let columns = [
        Column::new("Other judge"),
        Column::new("Agreement").detail("kappa").about("Checks on which it agrees with the judge above"),
        Column::new("Canaries"),
        Column::new("Answers"),
    ];
    let line = |it: &eval_summary::OtherJudge| {
        Line::plain(vec![
            Cell::text(&it.judge),
            agreement(Some(&it.agreement)),
            Cell::text(if it.caught { "failed" } else { "passed" }),
            Cell::count(it.answers),
        ])
    };
    section.whole_table("Other judges", &columns, task.others.iter().map(line).collect());
}
