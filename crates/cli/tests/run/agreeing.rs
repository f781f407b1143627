//! One figure for one claim, wherever it is printed.

use serde_json::{Value, json};

use crate::support::Project;

fn json_of(project: &Project, code: i32, words: &str) -> Value {
    let ended = project.expect(code, &format!("{words} --format json"));
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
}

/// Answers to a project's cases, of which each candidate has some wrong: the first, those from a number on, or none.
fn import(project: &Project, cases: usize, run: &str, candidates: &[(&str, &dyn Fn(usize) -> bool)]) {
    let mut rows = "case,candidate,answer,usd\n".to_owned();
    for case in 0..cases {
        let (right, wrong) = if case % 2 == 1 { ("chart", "photo") } else { ("photo", "chart") };
        for (name, is_right) in candidates {
            rows += &format!("c{case},{name},{},0.01\n", if is_right(case) { right } else { wrong });
        }
    }
    project.write("answers.csv", &rows);
    project.expect(0, &format!("import answers answers.csv --run-dir {run} -q"));
}

#[test]
fn the_verdict_and_the_table_of_differences_print_the_same_interval() {
    let project = Project::offline(60);
    let all: Vec<(String, usize)> = (0..8).map(|at| (format!("m{at}"), 3 * at)).collect();
    let rights: Vec<Box<dyn Fn(usize) -> bool>> = all
        .iter()
        .map(|(_, wrong)| Box::new(move |case| case >= *wrong) as Box<dyn Fn(usize) -> bool>)
        .collect();
    let candidates: Vec<(&str, &dyn Fn(usize) -> bool)> =
        all.iter().zip(&rights).map(|((name, _), right)| (name.as_str(), right.as_ref())).collect();
    import(&project, 60, "run", &candidates);
    let report = json_of(&project, 0, "report run");
    let pairs = report["differences"][0]["pairs"].as_array().unwrap();
    let mut compared = 0;
    for standing in report["verdict"]["candidates"].as_array().unwrap() {
        let gap = &standing["against_best"];
        let Some(bounds) = gap["interval"].as_object() else { continue };
        let pair = pairs.iter().find(|pair| pair["a"] == "m0" && pair["b"] == standing["provider"]).unwrap();
        for end in ["low", "high", "level"] {
            let (one, other) = (bounds[end].as_f64().unwrap(), pair["interval"][end].as_f64().unwrap());
            assert!((one - other).abs() < 1e-9, "{end}: {standing} {pair}");
        }
        let zero = pair["interval"]["high"].as_f64().unwrap();
        match pair["opinion"].as_str() {
            Some("cannot-tell") => assert!(zero >= 0.0, "nothing is shown, so 0 is not ruled out: {pair}"),
            _ => assert!(zero <= 0.0, "{pair}"),
        }
        compared += 1;
    }
    assert_eq!(compared, 7);
    assert!((report["verdict"]["level"].as_f64().unwrap() - (1.0 - 0.05 / 7.0)).abs() < 1e-9);
}

/// One is better in each of eight documents, but by so little that one failure would undo it.
#[test]
fn a_small_p_that_shows_nothing_is_explained_with_the_figure() {
    let project = Project::offline(1);
    import_forms(&project, 8, &[("good", &|_| form(None)), ("close", &|case| form(Some(case)))]);
    let report = json_of(&project, 0, "report run");
    let pair = &report["differences"][0]["pairs"][0];
    assert_eq!(
        (&pair["opinion"], &pair["doubt"]["kind"]),
        (&json!("cannot-tell"), &json!("missed")),
        "{pair}"
    );
    let (low, high) = (pair["doubt"]["low"].as_f64().unwrap(), pair["doubt"]["high"].as_f64().unwrap());
    assert!(low < 0.0 && high >= 0.0 && pair["p_adjusted"].as_f64().unwrap() < 0.05, "{pair}");
    let text = project.expect(0, "report run").out.replace('\n', " ");
    let said = "close against good on overall: not significant in spite of p = 0.008: a failure that was likely missed would \
                undo it (60% bounds of the difference: ";
    assert!(text.contains(said), "{text}");
}

#[test]
fn a_regression_has_one_interval_that_excludes_no_loss() {
    let project = Project::offline(60);
    import(&project, 60, "runs/before", &[("m", &|_| true)]);
    import(&project, 60, "runs/after", &[("m", &|case| case >= 12)]);
    project.expect(0, "baseline set main runs/before");
    let gate = json_of(&project, 100, "gate runs/after --baseline main");
    let loss = &gate["checks"][0]["loss"];
    let paired = &gate["against"]["differences"][0]["difference"];
    assert_eq!(loss["interval"], paired["interval"], "{gate}");
    let (high, shown) = (loss["interval"]["high"].as_f64().unwrap(), loss["shown"].as_f64().unwrap());
    assert!(shown > 0.01 && (high + shown).abs() < 1e-9, "{loss}");
    let text = project.expect(100, "gate runs/after --baseline main").out;
    assert!(!text.contains("+0.0]"), "{text}");
}

const FIELDS: usize = 8;

/// A form, with one field wrong if it is said.
fn form(wrong: Option<usize>) -> Value {
    let word = |at: usize| if wrong == Some(at) { "harbour".to_owned() } else { format!("meadow {at}") };
    (0..FIELDS).map(|at| (format!("f{at}"), json!(word(at)))).collect::<serde_json::Map<_, _>>().into()
}

/// The answers of candidates to so many forms.
fn import_forms(project: &Project, cases: usize, candidates: &[(&str, &dyn Fn(usize) -> Value)]) {
    let manifest = "name = \"forms\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
                    [tasks.document]\nprompt = \"Read it.\"\nmetric = \"document\"\n[tasks.document.settings.fields]\n";
    let types: String = (0..FIELDS).map(|at| format!("f{at} = \"text\"\n")).collect();
    project.write("forms/dataset.toml", &format!("{manifest}{types}"));
    let (mut labels, mut answers) = (String::new(), String::new());
    for case in 0..cases {
        std::fs::copy(project.path("data/0.png"), project.path(&format!("forms/{case}.png"))).unwrap();
        let id = format!("d{case}");
        labels +=
            &format!("{}\n", json!({"id": id, "media": [format!("{case}.png")], "expected": form(None)}));
        for (name, answer) in candidates {
            answers += &format!("{}\n", json!({"case": id, "candidate": name, "answer": answer(case)}));
        }
    }
    project.write("forms/cases.jsonl", &labels);
    project.write("answers.jsonl", &answers);
    project.expect(0, "import answers answers.jsonl --dataset forms --run-dir run -q");
}

/// Right in nearly every field, and wrong somewhere in every document, beside one that is right or not at all.
#[test]
fn a_recommendation_whose_documents_are_seldom_fully_correct_says_so() {
    let project = Project::offline(1);
    let seldom = |case: usize| if case.is_multiple_of(4) { json!({"f0": "harbour"}) } else { form(None) };
    import_forms(&project, 40, &[("often", &|case| form(Some(case % FIELDS))), ("seldom", &seldom)]);
    let text = project.expect(0, "report run").out.replace('\n', " ");
    assert!(
        text.contains("87.5% (0.0% fully correct)") || text.contains("(87.5%, 0.0% fully correct"),
        "{text}"
    );
    assert!(
        text.contains("Fully correct: often scores 87.5%") && text.contains("seldom has 75.0%"),
        "{text}"
    );
    let page = project.expect(0, "report run --format html").out;
    assert!(page.contains("<dt>Fully correct</dt><dd>0.0%</dd>"), "no card says it");
    assert!(page.contains("<li>Fully correct: often scores 87.5%"), "no risk says it");
}
