//! Hand-made attacks, and ways to put them wherever somebody else chooses the text.

use eval_summary::{
    Against, AnswerView, CaseView, Change, ComparedCases, Excluded, History, Measure, Objection,
    RunComparison, SideAnswers, Summary, Warning,
};
use vision_core::{Bounds, Evidence};

pub const ATTACKS: &[&str] = &[
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    "<!--<script>window.__pwned=1//",
    "<img src=x onerror=\"window.__pwned=1\">",
    "\" onmouseover=\"window.__pwned=1\" x=\"",
    "<svg onload=window.__pwned=1>",
    "</title></style></textarea><script>window.__pwned=1</script>",
    "<iframe srcdoc=\"<script>parent.__pwned=1</script>\">",
    "[x](javascript:window.__pwned=1)",
    "![x](https://evil.test/leak.png)",
    "https://evil.test/?leak @everyone #1",
    "a | b | c\n| --- | --- |\n```\n<b>",
    "`code` **bold** </details>",
    "=HYPERLINK(\"https://evil.test\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\x1b[2J\x1b]0;owned\x07\u{9b}31m",
    "\u{202e}txt.exe\u{2066}\u{200f}",
    "\r\n::error::owned%0A",
    "{{ 7*7 }}{% raw %}",
    "]]>&xxe;\u{0}\u{1}",
    "../../../etc/passwd",
];

/// Into a summary and its cases.
pub fn in_summary(summary: &mut Summary, cases: &mut [CaseView]) {
    let all = ATTACKS.join(" ");
    summary.run.name.push_str(&all);
    summary.run.command.push_str(&all);
    for (standing, attack) in summary.verdict.candidates.iter_mut().zip(ATTACKS.iter().cycle()) {
        standing.provider.push_str(attack);
    }
    summary.verdict.today = Some(all.clone());
    summary.verdict.excluded.extend(ATTACKS.iter().map(|&attack| Excluded {
        provider: attack.to_owned(),
        reasons: vec![Objection::NoAnswers { failed: 1, kind: Some(attack.to_owned()) }],
    }));
    summary.trust.warnings.push(Warning::OtherMetric { metric: all.clone() });
    summary.datasets[0].licence.push_str(&all);
    for board in std::iter::once(&mut summary.overall).chain(&mut summary.boards) {
        for (row, attack) in board.rows.iter_mut().zip(ATTACKS.iter().cycle()) {
            row.provider.push_str(attack);
        }
        board.measure = Measure::Figure { name: all.clone(), about: all.clone() };
    }
    for (failing, attack) in
        summary.failings.iter_mut().flat_map(|one| &mut one.fields).zip(ATTACKS.iter().cycle())
    {
        failing.field.push_str(attack);
    }
    for (at, case) in cases.iter_mut().enumerate() {
        let attack = ATTACKS[at % ATTACKS.len()];
        case.case = format!("{attack}{at}");
        in_case(case, attack);
        case.answers.iter_mut().for_each(|answer| in_answer(answer, attack));
    }
}

fn in_case(case: &mut CaseView, attack: &str) {
    case.prompt.push_str(attack);
    case.system = Some(attack.to_owned());
    case.media.push(format!("javascript:window.__pwned=1//{attack}"));
    case.tags.insert(attack.to_owned(), attack.to_owned());
    case.expected = serde_json::json!({ attack: attack });
}

fn in_answer(answer: &mut AnswerView, attack: &str) {
    answer.text = attack.to_owned();
    answer.refusal = Some(attack.to_owned());
    answer.notes.push(attack.to_owned());
    answer.served = Some(attack.to_owned());
    let (path, text) = (attack.to_owned(), Some(attack.to_owned()));
    let bounds = Some(Bounds { left: 0.1, top: 0.2, right: 0.6, bottom: 0.3 });
    answer.evidence.push(Evidence { path, text, bounds, page: Some(1), ..Evidence::default() });
    for finding in &mut answer.findings {
        finding.path = attack.to_owned();
        finding.got = serde_json::json!(attack);
        finding.note = Some(attack.to_owned());
    }
}

/// Into the cases of a comparison.
pub fn in_cases(cases: &mut ComparedCases) {
    for (at, case) in cases.cases.iter_mut().enumerate() {
        let attack = ATTACKS[at % ATTACKS.len()];
        case.case = format!("{attack}{at}");
        case.expected_before = Some(serde_json::json!(attack));
        if let Some(asked) = &mut case.asked {
            in_case(asked, attack);
            asked.case.clone_from(&case.case);
        }
        for side in &mut case.sides {
            match side {
                SideAnswers::Answers(answers) => answers.iter_mut().for_each(|it| in_answer(it, attack)),
                SideAnswers::Scores(scores) => {
                    scores.iter_mut().for_each(|score| score.wrong = vec![attack.to_owned()]);
                }
            }
        }
    }
}

/// Into a comparison of runs.
pub fn in_comparison(comparison: &mut RunComparison) {
    comparison.sides.iter_mut().for_each(|side| side.name.push_str(&ATTACKS.join(" ")));
    comparison.against.iter_mut().for_each(in_against);
    comparison.command = Some(format!("vision-eval compare {}", ATTACKS.join(" ")));
}

pub fn in_against(against: &mut Against) {
    let attack = |at: usize| ATTACKS[at % ATTACKS.len()];
    against.name.push_str(&ATTACKS.join(" "));
    for attack in ATTACKS {
        let [what, of, from, to] = ["served model", attack, attack, attack].map(str::to_owned);
        against.changes.push(Change { what, of, from, to });
    }
    // Candidates keep their first letters, so that a page still finds their answers.
    for (at, one) in against.candidates.iter_mut().enumerate() {
        one.provider.push_str(attack(at));
    }
    for (at, one) in against.differences.iter_mut().enumerate() {
        one.difference.b.push_str(attack(at));
    }
    for (at, one) in against.fields.iter_mut().enumerate() {
        (one.field, one.dataset) = (attack(at).to_owned(), attack(at + 1).to_owned());
    }
    for (at, one) in against.broken.iter_mut().enumerate() {
        (one.case, one.provider) = (attack(at).to_owned(), attack(at + 1).to_owned());
        one.fields.push(attack(at + 2).to_owned());
    }
    for (at, one) in against.unmatched.iter_mut().enumerate() {
        one.examples.push(attack(at).to_owned());
    }
}

/// Into a history.
pub fn in_history(history: &mut History) {
    for (line, attack) in history.lines.iter_mut().zip(ATTACKS.iter().cycle()) {
        line.provider.push_str(attack);
        line.run.push_str(attack);
        line.started.push_str(attack);
        for mark in &mut line.marks {
            (mark.of, mark.from, mark.to) = (ATTACKS.join(" "), attack.to_string(), attack.to_string());
        }
        line.served.iter_mut().for_each(|one| one.model.push_str(attack));
    }
    history.unreadable.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
}
