//! People judge a sample, and correct the judge.

use std::collections::BTreeSet;

use crate::world::{World, says, world};

/// Fills in a sheet as somebody with eyes would, and returns how many answers are on it.
pub fn fill_in(world: &World, path: &str) -> usize {
    let text = world.project.read(path);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (id, answer, statement, met) = (at("answer_id"), at("answer"), at("statement"), at("met"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    let (mut current, mut ids) = (String::new(), BTreeSet::new());
    for row in reader.records() {
        let mut cells: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        if ids.insert(cells[id].clone()) {
            current = cells[answer].clone();
        }
        cells[met] = if says(&current, &cells[statement]).is_some() { "yes" } else { "no" }.to_owned();
        writer.write_record(&cells).unwrap();
    }
    world.project.write(path, &String::from_utf8(writer.into_inner().unwrap()).unwrap());
    ids.len()
}

/// Candidates judged by a model, and forty answers by a person.
fn calibrated(candidates: &[&str], judge: &str, pictures: usize) -> World {
    let world = world(pictures, candidates);
    world.configure(candidates, &world.judges(&[judge]));
    world.run();
    world.judge("-q --sample 40 -o sheet.csv");
    assert!(fill_in(&world, "sheet.csv") >= 40);
    world.judge("-q --calibrate sheet.csv --author anna");
    world
}

#[test]
fn a_sheet_does_not_tell_who_answered() {
    let world = world(30, &["compatible/sharp", "compatible/dull"]);
    world.run();
    world.judge("--sample 40 -o sheet.csv");
    let sheet = world.project.read("sheet.csv");
    for word in ["sharp", "dull", "compatible", "must"] {
        assert!(!sheet.contains(word), "{word}");
    }
    let refused = world.project.expect(110, "judge run --sample 40 -o sheet.csv");
    assert!(refused.err.contains("cannot be written"), "a sheet is not written over: {}", refused.err);
    world.judge("-q --sample 40 -o same.csv");
    assert_eq!(world.project.read("same.csv"), sheet, "the seed draws");
    world.judge("-q --sample 40 --seed 9 -o other.csv");
    assert_ne!(world.project.read("other.csv"), sheet);
    // Who goes on gets others.
    fill_in(&world, "sheet.csv");
    world.judge("-q --calibrate sheet.csv");
    world.judge("-q --sample 10 -o more.csv");
    let ids = |name: &str| -> BTreeSet<String> {
        world
            .project
            .read(name)
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect()
    };
    assert!(ids("sheet.csv").is_disjoint(&ids("more.csv")));
}

#[test]
fn forty_judgements_of_a_person_calibrate_a_noisy_judge() {
    let world = calibrated(&["compatible/sharp", "compatible/dull"], "compatible/noisy", 60);
    let task = world.judged();
    assert_eq!((&task["standing"], &task["people"]), (&"calibrated".into(), &1.into()), "{task}");
    for label in ["compatible/sharp", "compatible/dull"] {
        let (candidate, truth) = (world.candidate(label), world.truth(label));
        let corrected = &candidate["corrected"];
        let (low, high) = (&corrected["interval"]["low"], &corrected["interval"]["high"]);
        assert!(low.as_f64() <= Some(truth) && high.as_f64() >= Some(truth), "{truth}: {candidate}");
        let raw = candidate["judge"].as_f64().unwrap();
        let mean = corrected["mean"].as_f64().unwrap();
        assert!((mean - truth).abs() < (raw - truth).abs(), "{label}: {raw} → {mean}, in truth {truth}");
        assert!((world.score(label) - mean).abs() < 1e-9, "the leaderboard has the corrected score");
        let agreement = &candidate["agreement"];
        let share = agreement["agreed"].as_f64().unwrap() / agreement["n"].as_f64().unwrap();
        assert!((0.75..0.97).contains(&share), "{agreement}");
        assert!(candidate["labels_to_halve"].is_null() || candidate["labels_to_halve"].as_u64() > Some(0));
    }
    let report = world.project.expect(0, "report run --format markdown").out;
    for words in ["corrected by people's judgements", "Agreement", "must not be said"] {
        assert!(report.contains(words), "{words}: {report}");
    }
}

#[test]
fn a_judge_that_favors_its_own_family_is_corrected_and_named() {
    let candidates = ["openai/gpt-5.6-luna", "compatible/dull"];
    let world = calibrated(&candidates, "openai/kin", 60);
    let (own, other) = (world.candidate(candidates[0]), world.candidate(candidates[1]));
    assert_eq!((&own["own_family"], &other["own_family"]), (&true.into(), &serde_json::Value::Null));
    assert!(own["judge"].as_f64().unwrap() - other["judge"].as_f64().unwrap() > 0.2, "{own} {other}");
    assert!(own["bias"].as_f64().unwrap() > 0.2 && other["bias"].as_f64().unwrap().abs() < 0.02);
    assert_eq!(world.judged()["family"]["shown"], true, "{}", world.judged()["family"]);
    let truth = world.truth(candidates[0]);
    let interval = &own["corrected"]["interval"];
    assert!(
        interval["low"].as_f64() <= Some(truth) && interval["high"].as_f64() >= Some(truth),
        "{truth}: {own}"
    );
    let difference = &world.summary()["differences"][0]["pairs"][0];
    assert_eq!(difference["opinion"], "cannot-tell", "they are equally good: {difference}");
    let winner = &world.summary()["verdict"]["winner"];
    assert!(winner.is_null(), "nothing is settled between equals: {winner}");
    assert!(world.judge("").out.contains("favors openai/gpt-5.6-luna"));
}

#[test]
fn people_alone_correct_the_rule() {
    let world = world(60, &["compatible/sharp"]);
    world.run();
    let rule = world.score("compatible/sharp");
    world.judge("-q --sample 40 -o sheet.csv");
    fill_in(&world, "sheet.csv");
    world.judge("-q --calibrate sheet.csv");
    let (score, truth) = (world.score("compatible/sharp"), world.truth("compatible/sharp"));
    assert!((score - truth).abs() < (rule - truth).abs(), "{rule} → {score}, in truth {truth}");
    assert_eq!(world.judged()["judge"], serde_json::Value::Null);
}

#[test]
fn a_sheet_that_makes_no_sense_is_refused_as_a_whole() {
    let world = world(6, &["compatible/sharp"]);
    world.run();
    world.judge("-q --sample 6 -o sheet.csv");
    fill_in(&world, "sheet.csv");
    let sheet = world.project.read("sheet.csv");
    for (wrong, said) in [
        (sheet.replacen(",yes\n", ",perhaps\n", 1), "neither yes nor no"),
        (sheet.replacen("answer_id", "id", 1), "`answer_id` is missing"),
        (sheet.replacen(",c1,", ",c99,", 1), "no check `c99`"),
        (format!("{sheet}0123456789abcdef,c1,,,,,,yes\n"), "is no answer of this run"),
    ] {
        world.project.write("wrong.csv", &wrong);
        let refused = world.project.expect(96, "judge run --calibrate wrong.csv");
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    assert!(!world.project.path("run/judged-by-people.jsonl").exists());
    // Half of an answer is none; a later word of the same person replaces the earlier one.
    let rows: Vec<&str> = sheet.lines().collect();
    world.project.write("half.csv", &(rows[..rows.len() - 1].join("\n") + "\n"));
    let ended = world.project.expect(0, "judge run --calibrate half.csv");
    assert!(ended.err.contains("5 answers judged by anonymous; 1 are not judged"), "{}", ended.err);
    world.judge("-q --calibrate sheet.csv");
    assert_eq!((&world.judged()["labelled"], &world.judged()["people"]), (&6.into(), &1.into()));
}
