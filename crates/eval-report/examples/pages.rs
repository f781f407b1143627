//! Writes pages for a browser to try: `pages FOLDER`. All records are synthetic.
//!
//! `attack*.html`: every text that a model, a dataset or a provider could choose is an attack; `compare*.html`,
//! `gate*.html` and `history.html`: the other pages; `automation.html`, `cascade*.html` and `labels.html`: what decisions rest on;
//! `evidence.html`: answers that say where their values stand;
//! `large.html`: 10,000 trials with their pictures; the others are runs that are hard to lay out.

use std::path::PathBuf;

use eval_report::{MediaSource, NoMedia, Page, compare_html, gate_html, history_html};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{CaseView, GateRules, Options, Summary, TradeOff, score};
use vision_core::Task;

#[path = "pages/evidence.rs"]
mod evidence;

#[path = "pages/extremes.rs"]
mod extremes;

#[path = "pages/findings.rs"]
mod findings;

#[path = "../tests/report/attacks.rs"]
mod attacks;

#[path = "../tests/report/runs.rs"]
mod runs;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("usage: pages FOLDER"));
    std::fs::create_dir_all(&folder).expect("a writable folder");
    let write = |name: &str, page: String| {
        std::fs::write(folder.join(name), page).expect("a writable file");
    };
    let mut attacked = Viewed::of(&SyntheticRun::varied());
    attacks::in_summary(&mut attacked.summary, &mut attacked.cases);
    write("attack.html", attacked.page(&NoMedia));
    let mut weeks = runs::weeks();
    write("history.html", history_html(&weeks));
    attacks::in_history(&mut weeks);
    write("attack-history.html", history_html(&weeks));
    let (page, rules) = (Page::default(), GateRules::default());
    for (name, runs) in extremes::compared() {
        let sides: Vec<runs::Side<'_>> =
            runs.iter().map(|(name, run, has_record)| (*name, run, *has_record)).collect();
        let (mut comparison, mut cases) = runs::compared(&sides);
        write(&format!("compare-{name}.html"), compare_html(&comparison, &cases, &Noise, &page));
        if name == "two" {
            attacks::in_comparison(&mut comparison);
            attacks::in_cases(&mut cases);
            write("attack-compare.html", compare_html(&comparison, &cases, &NoMedia, &page));
        }
        if let [before, now] = sides.as_slice() {
            let (mut report, mut cases) = runs::gated(&[*before, *now], &rules);
            write(&format!("gate-{name}.html"), gate_html(&report, &cases, &Noise, &page));
            if name == "two" {
                report.against.iter_mut().for_each(attacks::in_against);
                attacks::in_cases(&mut cases);
                write("attack-gate.html", gate_html(&report, &cases, &NoMedia, &page));
            }
        }
    }
    for (name, run) in extremes::all() {
        write(&format!("{name}.html"), Viewed::of(&run).page(&Noise));
    }
    for (name, page) in findings::pages() {
        write(&format!("{name}.html"), page);
    }
    let mut placed = Viewed::of(&SyntheticRun { cases: 6, ..SyntheticRun::varied() });
    evidence::into(&mut placed.cases);
    write("evidence.html", placed.page(&evidence::TwoPages(&Noise)));
    write("large.html", Viewed::of(&large()).page(&Noise));
}

/// All that a page is made of.
struct Viewed {
    summary: Summary,
    trade_off: Option<TradeOff>,
    cases: Vec<CaseView>,
}

impl Viewed {
    fn of(run: &SyntheticRun) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the record");
        let record = run.write(&folder.path().join("run")).expect("a record");
        let options = Options { keep: usize::MAX, ..Options::default() };
        let scored = score(&record, &options).expect("scores");
        let summary = Summary::of_scored(&scored, &options).expect("a summary");
        Self {
            trade_off: scored.trade_off(&summary, &options),
            cases: scored.case_views().expect("cases").collect::<Result<_, _>>().expect("whole cases"),
            summary,
        }
    }

    fn page(self, media: &dyn MediaSource) -> String {
        let page = Page { trade_off: self.trade_off.as_ref(), ..Page::default() };
        eval_report::html(&self.summary, self.cases, media, &page)
    }
}

/// Three tasks of 417 cases, each asked of eight providers.
fn large() -> SyntheticRun {
    let provider = |number: u32| {
        let accuracy = 0.9 + f64::from(number) / 100.0;
        SyntheticProvider::new(&format!("synthetic/{number}"), u64::from(number), accuracy)
    };
    SyntheticRun {
        cases: 417,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify, Task::Text],
        providers: (1..=8).map(provider).collect(),
        ..SyntheticRun::varied()
    }
}

/// A picture for every name, as large as a thumbnail is.
struct Noise;

impl MediaSource for Noise {
    fn media(&self, _dataset: &str, name: &str) -> Vec<(&'static str, Vec<u8>)> {
        let (wide, high) = (64_u32, 56_u32);
        let mut seed = name.bytes().fold(7_u32, |seed, byte| seed.wrapping_mul(31) ^ u32::from(byte));
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let pixels: Vec<u8> = (0..wide * high * 3).map(|_| noise()).collect();
        // A bitmap needs no compression: a head, its measures, and the colours.
        let mut bytes = b"BM".to_vec();
        for word in [54 + pixels.len() as u32, 0, 54, 40, wide, high, 1 | 24 << 16, 0, 0, 0, 0, 0, 0] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(pixels);
        vec![("image/bmp", bytes)]
    }

    fn folder(&self, _dataset: &str) -> Option<String> {
        None
    }
}
