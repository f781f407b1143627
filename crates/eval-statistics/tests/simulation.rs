//! A short form of `cargo xtask simulate`: coverage and false alarms stay within their targets. Seeded.
#![allow(dead_code, reason = "the example uses more of these files")]

#[path = "../examples/simulate/amounts.rs"]
mod amounts;
#[path = "../examples/simulate/draw.rs"]
mod draw;
#[path = "../examples/simulate/family.rs"]
mod family;
#[path = "../examples/simulate/gate.rs"]
mod gate;
#[path = "../examples/simulate/judge.rs"]
mod judge;
#[path = "../examples/simulate/latency.rs"]
mod latency;
#[path = "../examples/simulate/overall.rs"]
mod overall;
#[path = "../examples/simulate/paired.rs"]
mod paired;
#[path = "../examples/simulate/pairs.rs"]
mod pairs;
#[path = "../examples/simulate/required.rs"]
mod required;
#[path = "../examples/simulate/single.rs"]
mod single;

use eval_statistics::{Comparison, PairedCase, SplitMix64, Verdict, compare};

const SEED: u64 = 20_261_128;
const RUNS: u64 = 400;

/// 93 % and what the noise of the simulation may take from it, two standard errors.
const LEAST: f64 = 0.93 - 0.0255;

/// 5 % and what the noise of the simulation may add to it.
const MOST: f64 = 0.05 + 0.022;

#[test]
fn intervals_of_scores_cover_the_truth_on_every_shape() {
    for shape in single::SHAPES {
        for documents in [8, 20, 60] {
            let found = single::coverage(shape, documents, RUNS, SEED);
            assert!(found.printed >= LEAST, "{}, {documents} documents: {}", shape.name, found.printed);
        }
    }
}

#[test]
fn corrected_scores_of_a_judge_cover_the_truth_where_the_judge_alone_does_not() {
    for shape in [&judge::SHAPES[0], &judge::SHAPES[3]] {
        let found = judge::coverage(shape, 40, RUNS / 2, SEED);
        assert!(found.corrected.0 >= LEAST - 0.01, "{}: {found:?}", shape.name);
        assert!(found.judge.0 < 0.8 && found.corrected.1 < found.people.1, "{}: {found:?}", shape.name);
        let (corrected, judge) = judge::favored(shape, 40, RUNS / 2, SEED);
        assert!(corrected <= MOST && judge > 0.9, "{}: {corrected} {judge}", shape.name);
    }
}

#[test]
fn a_judge_that_likes_the_first_place_prefers_no_equal_and_its_strengths_cover_the_truth() {
    let shape = &pairs::SHAPES[1];
    let truth = pairs::truth(shape, SEED);
    let (held, _) = pairs::coverage(shape, &truth, 30, RUNS / 4, SEED);
    assert!(held >= LEAST - 0.02, "{held}");
    // Where the first place mostly wins, a judge that is asked in one order only names somebody.
    let [both, once] = pairs::named(&pairs::SHAPES[2].of_equals(), 30, RUNS / 4, SEED);
    assert!(both <= MOST + 0.02 && once > 0.5, "{both} {once}");
}

#[test]
fn overall_figures_cover_the_truth_whatever_the_sizes_of_the_tasks() {
    for shape in &overall::SHAPES[..9] {
        let found = overall::coverage(shape, RUNS, SEED);
        assert!(found.score >= LEAST, "{}: score {}", shape.name, found.score);
        assert!(found.difference >= LEAST, "{}: difference {}", shape.name, found.difference);
    }
}

#[test]
fn paired_differences_cover_the_truth_and_raise_no_false_alarms() {
    for shape in paired::SHAPES.iter().chain(paired::LOPSIDED) {
        for documents in [8, 20, 60] {
            let found = paired::simulate(shape, 0.0, documents, RUNS, SEED);
            assert!(found.covered >= LEAST, "{}, {documents} documents: {}", shape.name, found.covered);
            let alarms = found.better + found.worse;
            let is_alike = shape.truth(0.0) == 0.0;
            assert!(!is_alike || alarms <= MOST, "{}, {documents} documents: {alarms}", shape.name);
        }
    }
}

#[test]
fn repeats_do_not_narrow_the_quantiles_of_latency() {
    for shape in latency::SHAPES {
        for (q, cases) in [(0.5, 20), (0.5, 80), (0.95, 20), (0.95, 100)] {
            let found = latency::coverage(shape, q, cases, RUNS, SEED);
            assert!(found.printed >= LEAST, "{}, {q} of {cases}: {}", shape.0, found.printed);
        }
    }
}

#[test]
fn a_report_on_equal_providers_calls_nobody_better_or_worse() {
    for (providers, runs) in [(2, 300), (4, 100)] {
        let found = family::reports(family::SHAPES[0].1, providers, 60, (0.0, true), runs, SEED);
        assert!(found.any <= MOST, "{providers} providers: {}", found.any);
    }
}

#[test]
fn the_gate_is_useful_on_a_hundred_cases_and_honest_on_six() {
    let named = |name: &str| gate::SHAPES.iter().find(move |shape| shape.name.starts_with(name)).unwrap();
    for noisy in ["nothing; 10 % of yes/no", "nothing; half of the graded cases move by 0.1"] {
        for (cases, least) in [(20, 0.0), (60, 0.5), (100, 0.9), (200, 0.9)] {
            let found = gate::outcomes(named(noisy), cases, RUNS, SEED);
            assert!(found.regressed <= MOST, "{noisy}, {cases} cases: regressed {}", found.regressed);
            assert!(found.exit_zero >= least, "{noisy}, {cases} cases: exit 0 in {}", found.exit_zero);
        }
    }
    for lossy in
        gate::SHAPES.iter().filter(|shape| shape.name.starts_with("10 ") || shape.name.starts_with("20 "))
    {
        for cases in [6, 10, 20, 60] {
            let found = gate::outcomes(lossy, cases, RUNS, SEED);
            // 10 % and the noise of the simulation.
            assert!(found.exit_zero <= 0.13, "{}, {cases} cases: exit 0 in {}", lossy.name, found.exit_zero);
        }
    }
}

#[test]
fn a_loss_that_a_gate_is_said_to_detect_ends_four_of_five_runs() {
    for (noise, cases) in [(0.0, 30), (0.0, 100), (0.1, 30), (0.1, 100), (0.1, 300)] {
        let (loss, found) = gate::detectable(noise, cases, 5 * RUNS, SEED).unwrap();
        // Two and a half standard errors.
        assert!(
            (found.regressed - 0.8).abs() < 0.0225,
            "{noise} of {cases} flip, {loss} lost: {}",
            found.regressed
        );
    }
}

#[test]
fn what_is_called_detectable_is_found_in_four_of_five_studies() {
    let mut stream = SplitMix64::new(SEED);
    let mut study = |noise: f64, gain: f64, cases: usize| {
        let mut case = |number: usize| match stream.unit() {
            unit if unit < noise / 2.0 => PairedCase::single(number, 1.0, 0.0),
            unit if unit < noise + gain => PairedCase::single(number, 0.0, 1.0),
            _ => PairedCase::single(number, 1.0, 1.0),
        };
        let cases: Vec<PairedCase> = (0..cases).map(&mut case).collect();
        compare(&cases, &Comparison::usual(SEED)).unwrap()
    };
    for (noise, cases) in [(0.0, 12), (0.0, 30), (0.05, 30), (0.1, 20), (0.02, 124), (0.1, 124), (0.3, 60)] {
        let (mut told, mut found) = (0, 0);
        for _ in 0..RUNS {
            let Some(gain) = study(noise, 0.0, cases).smallest_detectable else { continue };
            told += 1;
            let gain = gain.min(1.0 - noise);
            found += u64::from(study(noise, gain, cases).verdict == Verdict::Better);
        }
        let share = found as f64 / told as f64;
        assert!(told > RUNS / 2 && share >= 0.75, "{noise} of {cases} differ: {share} of {told}");
    }
}

#[test]
fn the_promised_number_of_cases_settles_it() {
    for (shape, cases) in [(&required::SHAPES[0], 20), (&required::SHAPES[6], 60)] {
        let found = required::promises(shape, cases, 100, SEED);
        assert!(found.told > 0.0 && found.kept >= 0.67, "{}: {} of {}", shape.name, found.kept, found.told);
    }
}

#[test]
fn costs_cover_the_truth_though_few_documents_make_up_much_of_them() {
    for shape in amounts::SHAPES {
        for documents in [8, 20, 60] {
            let found = amounts::coverage(shape, documents, RUNS, SEED);
            assert!(found.printed >= LEAST, "{}, {documents} documents: {}", shape.name, found.printed);
        }
    }
    for sizes in amounts::TASKS.iter().filter(|sizes| sizes.len() < 5 || sizes[0] <= 20) {
        let found = amounts::coverage_over_tasks(sizes, RUNS / 2, SEED);
        assert!(found >= LEAST - 0.01, "{sizes:?}: {found}");
    }
}
