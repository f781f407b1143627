//! The tables of judges.

use crate::{cell, covered, header, judge, noise, pairs, row};

pub fn judges(seed: u64) {
    const PEOPLE: [usize; 3] = [20, 40, 100];
    let runs = 2_000;
    println!(
        "\n### 95 % intervals of a judged score, 200 answers: share that holds the truth, in % (half width in points)\n"
    );
    let columns = PEOPLE.map(|people| format!("corrected, {people} by people")).to_vec();
    let columns = [columns, ["people alone, 40", "judge alone"].map(str::to_owned).to_vec()].concat();
    header("scores", &columns);
    for (number, shape) in judge::SHAPES.iter().enumerate() {
        let cell = |(share, half): (f64, f64)| format!("{} ({:.1})", covered(share, runs), 100.0 * half);
        let found = PEOPLE.map(|people| {
            judge::coverage(shape, people, runs, seed ^ ((number as u64) << 20) ^ people as u64)
        });
        let mut cells: Vec<String> = found.iter().map(|found| cell(found.corrected)).collect();
        cells.extend([cell(found[1].people), cell(found[1].judge)]);
        row(shape.name, &cells);
    }
    println!("\n### Equal candidates, one favored by the judge: called better, in % (at most 2.5)\n");
    let columns = PEOPLE.map(|people| format!("corrected, {people} by people")).to_vec();
    header("scores", &[columns, vec!["judge alone".to_owned()]].concat());
    for (number, shape) in judge::SHAPES.iter().enumerate().filter(|(_, shape)| shape.pages == 1) {
        let found = PEOPLE.map(|people| {
            judge::favored(shape, people, runs, seed ^ ((number as u64) << 24) ^ people as u64)
        });
        let mut cells: Vec<String> =
            found.iter().map(|(share, _)| cell(*share, 0.0, 0.025 + noise(runs))).collect();
        cells.push(format!("{:.1}", 100.0 * found[0].1));
        row(shape.name, &cells);
    }
    judged_gates(seed, runs);
    judged_pairs(seed);
}

fn judged_pairs(seed: u64) {
    const DOCUMENTS: [usize; 3] = [20, 50, 200];
    let columns = DOCUMENTS.map(|documents| format!("{documents} documents"));
    println!(
        "\n### 95 % intervals of strengths from pairs in both orders: share that holds the truth, in % (half width in log odds)\n"
    );
    header("answers beside each other", &columns);
    let runs = |documents: usize| if documents < 200 { 500 } else { 250 };
    let own_seed = |number: usize, documents: usize| seed ^ ((number as u64) << 36) ^ documents as u64;
    for (number, shape) in pairs::SHAPES.iter().enumerate() {
        let truth = pairs::truth(shape, own_seed(number, 0));
        let cells = DOCUMENTS.map(|documents| {
            let runs = runs(documents);
            let (share, half) = pairs::coverage(shape, &truth, documents, runs, own_seed(number, documents));
            format!("{} ({half:.2})", covered(share, runs))
        });
        row(shape.name, &cells);
    }
    println!(
        "\n### A preference is named, in %: among equals (at most 5) / by a judge asked in one order only / where one is better\n"
    );
    header("answers beside each other", &columns);
    for (number, shape) in pairs::SHAPES.iter().enumerate() {
        let cells = DOCUMENTS.map(|documents| {
            let (runs, seed) = (runs(documents), own_seed(number, documents));
            let [both, once] = pairs::named(&shape.of_equals(), documents, runs, seed);
            let better = pairs::named(shape, documents, runs, seed)[0];
            let both = cell(both, 0.0, 0.05 + noise(runs));
            format!("{both} / {:.0} / {:.0}", 100.0 * once, 100.0 * better)
        });
        row(shape.name, &cells);
    }
}

fn judged_gates(seed: u64, runs: u64) {
    println!("\n### Two runs before a gate, 40 answers of each judged by people: called regressed, in %\n");
    let of =
        |what: &str| ["the same cases", "other cases", "judge alone"].map(|who| format!("{what}: {who}"));
    header("scores", &[of("equal (at most 5)"), of("a fifth lost")].concat());
    for (number, shape) in judge::SHAPES.iter().enumerate().filter(|(_, shape)| shape.pages == 1) {
        let mut cells = Vec::new();
        for (loss, most) in [(0.0, 0.05 + noise(runs)), (0.2, 1.0)] {
            let seed = seed ^ ((number as u64) << 28) ^ f64::to_bits(loss);
            let [same, apart] = [false, true].map(|apart| judge::gated(shape, loss, apart, runs, seed));
            cells.extend([cell(same.0, 0.0, most), cell(apart.0, 0.0, most)]);
            cells.push(format!("{:.1}", 100.0 * same.1));
        }
        row(shape.name, &cells);
    }
}
