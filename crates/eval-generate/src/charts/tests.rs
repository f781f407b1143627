use super::*;
use crate::recipe::{Difficulty, Kind};

fn recipe(seed: u64, difficulty: Difficulty) -> Recipe {
    Recipe { kind: Kind::Charts, seed, count: 48, difficulty }
}

fn charts(seed: u64) -> impl Iterator<Item = (Chart, Vec<Question>)> {
    let all = Difficulty::ALL.iter().map(move |difficulty| recipe(seed, *difficulty));
    all.flat_map(|recipe| (0..recipe.count).map(move |index| invent(&recipe, index)))
}

#[test]
fn draws_the_chart_of_the_tutorial() {
    insta::assert_snapshot!(draw::draw(&invent::tutorial()));
}

#[test]
fn draws_every_form() {
    for (index, form) in Form::ROUND.iter().enumerate().skip(1) {
        let recipe = Recipe { seed: 3, ..recipe(3, Difficulty::Normal) };
        let (chart, questions) = invent(&recipe, index);
        let asked: Vec<_> = questions.iter().map(|question| (&question.ask, &question.expected)).collect();
        let truth =
            serde_json::to_string_pretty(&json!({"table": chart.table(), "questions": asked})).unwrap();
        insta::assert_snapshot!(
            format!("{index:02}_{}", form.name()),
            format!("{}\n{truth}\n", draw::draw(&chart))
        );
    }
}

#[test]
fn marks_stay_inside_the_axis() {
    for (chart, _) in charts(5).filter(|(chart, _)| !chart.form.is_round()) {
        for at in 0..chart.categories.len() {
            let values = chart.series.iter().filter_map(|series| series.values[at]);
            let reached =
                if chart::is_stack(&chart) { values.sum() } else { values.fold(f64::MIN, f64::max) };
            assert!(chart.axis.share(reached) < 1.000_1, "{:?} {reached}", chart.title);
        }
        assert!(chart.values().all(|value| chart.axis.share(value) > -0.000_1), "{:?}", chart.title);
    }
}

#[test]
fn printed_values_are_written_in_the_picture_as_in_the_table() {
    for (chart, _) in charts(6).filter(|(chart, _)| chart.printed) {
        let svg = draw::draw(&chart);
        for value in chart.values() {
            assert!(svg.contains(&format!(">{}</text>", chart.label(value))), "{:?} {value}", chart.title);
        }
    }
}

#[test]
fn values_that_are_not_printed_can_be_read_off_the_axis() {
    for (chart, _) in
        charts(7).filter(|(chart, _)| !chart.printed && !chart.axis.log && chart.form != Form::Scatter)
    {
        let resolution = if chart.form.is_round() { 5.0 } else { chart.axis.resolution() };
        for value in chart.values() {
            let steps = value / resolution;
            assert!((steps - steps.round()).abs() < 1e-6, "{:?} {value} {resolution}", chart.title);
        }
    }
}

#[test]
fn slices_fill_the_circle() {
    for (chart, _) in charts(8).filter(|(chart, _)| chart.form.is_round() && chart.unit.1 == "%") {
        assert!((chart.values().sum::<f64>() - 100.0).abs() < 1e-6, "{:?}", chart.title);
    }
}

#[test]
fn tables_and_answers_fit_their_schemas() {
    let table = jsonschema::validator_for(&table_schema()).unwrap();
    let answer = jsonschema::validator_for(&question_schema()).unwrap();
    for (chart, questions) in charts(9) {
        assert!(table.is_valid(&chart.table()), "{}", chart.table());
        let columns = chart.table()["columns"].as_array().unwrap().len();
        for row in chart.table()["rows"].as_array().unwrap() {
            assert_eq!(row.as_array().unwrap().len(), columns);
        }
        for question in questions {
            assert!(answer.is_valid(&json!({"answer": question.expected["value"]})), "{question:?}");
        }
    }
}

#[test]
fn every_form_axis_and_question_comes_up() {
    let mut seen = std::collections::BTreeSet::new();
    for (chart, questions) in charts(10) {
        seen.extend([chart.form.name(), chart.axis_name(), chart.look.name]);
        seen.extend(questions.iter().map(|question| question.kind));
    }
    insta::assert_compact_debug_snapshot!(seen);
}

#[test]
fn a_fresh_seed_does_not_contain_the_chart_of_the_tutorial() {
    let (bundled, _) = invent(&recipe(1, Difficulty::Normal), 0);
    let (fresh, _) = invent(&recipe(2, Difficulty::Normal), 0);
    assert_eq!(bundled.title.as_deref(), Some("2025 Quarterly Revenue"));
    assert_ne!(draw::draw(&bundled), draw::draw(&fresh));
}
