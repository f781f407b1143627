//! What mistakes cost: a price for a field that no task has is a mistake, and not a price.

use crate::support::{Ended, Project, write_dataset};

fn project(loss: &str) -> Project {
    let project = Project::offline(2);
    let manifest = "name = \"bills\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
        [tasks.document]\nprompt = \"Read.\"\nmetric = \"document\"\n\
        [tasks.document.settings.fields]\nGesamtbetrag = \"money\"\n\
        [tasks.document.settings.lists.items]\nprice = \"money\"\n";
    project.write("data/dataset.toml", manifest);
    let cases = project.read("data/cases.jsonl");
    let cases: String = cases
        .lines()
        .map(|line| {
            let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
            case["task"] = "document".into();
            case["expected"] = serde_json::json!({ "Gesamtbetrag": 12 });
            case.as_object_mut().unwrap().remove("fields");
            format!("{case}\n")
        })
        .collect();
    project.write("data/cases.jsonl", &cases);
    project.configure(&format!("[[provider]]\nkind = \"control\"\nmodel = \"prior\"\n{loss}"));
    project
}

#[track_caller]
fn refuses(ended: &Ended) {
    for words in ["no task has a field `Gesamt`", "did you mean `Gesamtbetrag`?"] {
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}

#[test]
fn a_price_for_a_field_that_no_task_has_is_refused_wherever_prices_count() {
    let project = project(
        "[loss]\nGesamtbetrag.wrong = 25\n\"items.price\".wrong = 1\nitems.missing = 2\n\"*\".wrong = 3\n",
    );
    project.expect(0, "plan");
    project.expect(0, "run -q --run-dir one");
    let config = project.read("eval.toml").replace("Gesamtbetrag.wrong", "Gesamt.wrong");
    project.write("eval.toml", &config);
    for words in ["plan", "run -q --run-dir two", "report one", "automate one"] {
        refuses(&project.expect(96, words));
    }
}

#[test]
fn a_field_of_another_dataset_of_the_project_may_have_a_price() {
    let project = project("[loss]\nGesamtbetrag.wrong = 25\nlabel.wrong = 1\n");
    write_dataset(&project.path("more"), 2);
    project.write("eval.toml", &format!("[[dataset]]\npath = \"more\"\n{}", project.read("eval.toml")));
    project.expect(0, "plan --dataset data");
    project.expect(0, "run -q --dataset data --run-dir one");
    project.expect(0, "report one");
}

#[test]
fn a_mistake_in_a_loss_names_the_file_it_stands_in() {
    let project = project("");
    project.write("l.toml", &format!("{}[loss]\nGesamtbetrag = 25\n", project.read("eval.toml")));
    let refused = project.expect(96, "plan -c l.toml");
    assert!(refused.err.contains("l.toml: [loss]") && !refused.err.contains("eval.toml"), "{}", refused.err);
}
