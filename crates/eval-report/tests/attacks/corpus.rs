//! Attacks wherever somebody else chooses the text of a summary or of its cases.

use eval_summary::{CaseView, Summary};

#[path = "list.rs"]
mod list;

use list::ATTACKS;

pub fn poison(summary: &mut Summary, cases: &mut [CaseView]) {
    let all = ATTACKS.join(" ");
    summary.run.name.push_str(&all);
    summary.run.command.push_str(&all);
    summary.verdict.sentence.push_str(&all);
    summary.verdict.reasons.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
    summary.trust.warnings.push(all.clone());
    summary.datasets[0].licence.push_str(&all);
    for board in std::iter::once(&mut summary.overall).chain(&mut summary.boards) {
        for (row, attack) in board.rows.iter_mut().zip(ATTACKS.iter().cycle()) {
            row.provider.push_str(attack);
        }
        board.headline.push_str(&all);
    }
    for (failing, attack) in
        summary.failings.iter_mut().flat_map(|one| &mut one.fields).zip(ATTACKS.iter().cycle())
    {
        failing.field.push_str(attack);
    }
    for (at, case) in cases.iter_mut().enumerate() {
        let attack = ATTACKS[at % ATTACKS.len()];
        case.case = format!("{attack}{at}");
        case.prompt.push_str(attack);
        case.system = Some(attack.to_owned());
        case.media.push(format!("javascript:window.__pwned=1//{attack}"));
        case.tags.insert(attack.to_owned(), attack.to_owned());
        case.expected = serde_json::json!({ attack: attack });
        for answer in &mut case.answers {
            answer.text = attack.to_owned();
            answer.refusal = Some(attack.to_owned());
            answer.notes.push(attack.to_owned());
            answer.served = Some(attack.to_owned());
            for finding in &mut answer.findings {
                finding.path = attack.to_owned();
                finding.got = serde_json::json!(attack);
                finding.note = Some(attack.to_owned());
            }
        }
    }
}
