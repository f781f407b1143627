//! Runs against a bad host: what passes is survived, what stays is told, and nothing is lost or scored wrong.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::Value;

use crate::support::{Host, Project, provider, write_sounds};

/// One model behind each dialect, with where the dialect is spoken. The last one takes sounds only, the others are
/// asked about pictures.
const DIALECTS: [(&str, &str, &str); 5] = [
    ("compatible", "m", "/v1"),
    ("openai", "gpt-5-pro", "/v1"),
    ("anthropic", "claude-haiku-5-5", ""),
    ("gemini", "gemini-3.7-flash", ""),
    ("openai", "gpt-transcribe", "/v1"),
];

/// Projects that ask through all dialects at once.
fn projects(cases: usize, host: &Host, at_once: usize) -> [Project; 2] {
    let (pictures, sounds) = (Project::new(cases, ""), Project::new(1, ""));
    write_sounds(&sounds.path("data"), cases);
    let (of_sound, of_pictures) = DIALECTS.split_last().unwrap();
    configure(&pictures, of_pictures, host, at_once);
    configure(&sounds, &[*of_sound], host, at_once);
    [pictures, sounds]
}

fn configure(project: &Project, dialects: &[(&str, &str, &str)], host: &Host, at_once: usize) {
    let providers = dialects.iter().map(|(kind, model, path)| {
        format!(
            "[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\nbase_url = \"{}{path}\"\n\
             limits = {{ concurrency = {at_once} }}\n\
             price = {{ input_per_mtok = 0.0, output_per_mtok = 0.0 }}\n",
            host.address()
        )
    });
    project.configure(&providers.collect::<String>());
    project.write(".env", "ANTHROPIC_API_KEY=sk-ant-made-up\nGEMINI_API_KEY=AIza-made-up\n");
    let config = project.read("eval.toml");
    project.write("eval.toml", &format!("max_concurrency = {}\n{config}", 4 * at_once));
}

/// What became of the trials of one provider.
#[derive(Debug, Default)]
pub struct Tally {
    pub right: usize,
    pub failed: BTreeMap<String, usize>,
    pub retried: usize,
}

impl Tally {
    pub fn recorded(&self) -> usize {
        self.right + self.failed.values().sum::<usize>()
    }
}

/// Counts what was recorded, and holds it against the scores: an answer is right, and a failure is no answer.
#[track_caller]
fn tally(project: &Project, run: &str) -> BTreeMap<String, Tally> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for trial in project.trials(run) {
        let tally = tallies.entry(trial["provider"].as_str().unwrap().to_owned()).or_default();
        let attempts = match (trial.get("response"), trial.get("failure")) {
            (Some(response), None) => {
                tally.right += 1;
                let number: usize = trial["case"].as_str().unwrap()[1..].parse().unwrap();
                let expected = match trial["dataset"].as_str() {
                    Some("sounds") => "good morning",
                    _ => [r#"{"label":"photo"}"#, r#"{"label":"chart"}"#][number % 2],
                };
                assert_eq!(response["text"], expected, "{trial}");
                &response["attempts"]
            }
            (None, Some(failure)) => {
                *tally.failed.entry(failure["kind"].as_str().unwrap().to_owned()).or_default() += 1;
                &failure["attempts"]
            }
            _ => panic!("neither answer nor failure, or both: {trial}"),
        };
        tally.retried += usize::from(attempts.as_array().is_some_and(|attempts| attempts.len() > 1));
    }
    let summary: Value = serde_json::from_str(&project.read(&format!("{run}/summary.json"))).unwrap();
    for row in summary["overall"]["rows"].as_array().unwrap() {
        let Some(tally) = tallies.get(row["provider"].as_str().unwrap()) else { continue };
        let count = |name: &str| row["answers"][name].as_u64().unwrap() as usize;
        assert_eq!(
            (count("answered"), count("failed")),
            (tally.right, tally.recorded() - tally.right),
            "{row}"
        );
        let mean = row["score"]["mean"].as_f64().unwrap();
        let share = tally.right as f64 / (count("answered") + count("failed") + count("missing")) as f64;
        assert!((mean - share).abs() < 1e-9, "{mean} is not {share}: {row}");
    }
    tallies
}

/// What became of everybody's trials.
fn run_all(projects: &[Project], code: i32, options: &str) -> Vec<(String, Tally)> {
    let tallies: Vec<_> = projects.iter().flat_map(|project| run(project, code, options)).collect();
    assert_eq!(tallies.len(), DIALECTS.len());
    tallies
}

pub fn run(project: &Project, code: i32, options: &str) -> BTreeMap<String, Tally> {
    project.expect(code, &format!("run --run-dir run --no-progress -q {options}"));
    tally(project, "run")
}

#[test]
fn a_bad_network_costs_time_but_no_case_and_no_provider_pays_for_the_waits() {
    let faults = ["429:0.4@0.05", "500@0.05", "cut@0.03", "half@0.02", "trickle:10ms@0.05", "slow:40ms"];
    let host = Host::new(&faults);
    let project = Project::new(150, "");
    // Two models behind one host share its six places, so that half of the requests queue.
    let of = |label: &str| {
        let entry = provider("compatible", &host.url()).replace("concurrency = 8", "concurrency = 6");
        entry.replace("model = \"m\"", &format!("model = \"{label}\""))
    };
    project.configure(&(of("one") + &of("other")));
    let tallies = run(&project, 0, "");
    let right = |tally: &Tally| (tally.right, tally.recorded());
    assert_eq!(tallies.values().map(right).collect::<Vec<_>>(), [(150, 150); 2], "every case is answered");
    assert!(tallies.values().all(|tally| tally.retried > 5), "{tallies:?}");

    let trials = project.trials("run");
    let attempts = |trial: &Value| trial["response"]["attempts"].as_array().unwrap().clone();
    let journal = host.journal();
    let all: Vec<Value> = trials.iter().flat_map(attempts).collect();
    assert_eq!(all.len() as u64, journal.requests, "each request is in the record");
    for status in [429, 500] {
        let recorded = all.iter().filter(|attempt| attempt["status"] == status).count() as u64;
        assert_eq!(recorded, journal.by_status[&status], "each {status} is in the record");
    }
    let broken = |attempt: &&Value| attempt["error"] == "unavailable" && attempt.get("status").is_none();
    let cut = journal.by_fault["cut"] + journal.by_fault["half"];
    assert_eq!(all.iter().filter(broken).count() as u64, cut, "each cut connection is in the record");

    let time = |value: &Value, name: &str| value[name].as_u64().unwrap_or_default();
    let (mut clean, mut retried, mut elapsed) = (Vec::new(), Vec::new(), Vec::new());
    let mut queued = 0;
    for trial in &trials {
        let (attempts, total) = (attempts(trial), time(&trial["response"]["timing"], "total"));
        let (last, earlier) = attempts.split_last().unwrap();
        assert!(total >= 40_000 && total <= time(last, "total"), "{trial}");
        let before: u64 = earlier.iter().map(|it| time(it, "total") + time(it, "wait")).sum();
        assert!(time(last, "start") >= before, "{trial}");
        queued += u32::from(attempts.iter().any(|it| time(it, "queued") > 0));
        match earlier.is_empty() {
            true => clean.push(total),
            false => {
                retried.push(total);
                elapsed.push(time(last, "start") + time(last, "total"));
            }
        }
    }
    assert!(queued > 50, "only {queued} have queued");
    let (clean, retried, elapsed) = (middle(clean), middle(retried), middle(elapsed));
    assert!(retried < 2 * clean, "{retried} µs after retries, {clean} without");
    assert!(elapsed > 4 * retried, "waits and failed attempts took {elapsed} µs in all, and are not counted");
}

fn middle(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Short where nothing ever comes, and otherwise longer than any busy machine needs: of a body without end, each dialect
/// reads tens of megabytes several times, one after the other.
pub fn timeout(fault: &str) -> String {
    format!("--timeout {}", if fault.starts_with("hang") { 2 } else { 900 })
}

/// What passes when the same is asked again, or takes its time.
pub const PASSING: [&str; 14] = [
    "429:0.05*1",
    "html:408*1",
    "500*1",
    "502*1",
    "503:0.05*2",
    "504*1",
    "529*1",
    "error200*1",
    "cut*1",
    "half*1",
    "html:502*1",
    "hang*1",
    "slow:30ms",
    "trickle:10ms",
];

fn survives(fault: &str, cases: usize) {
    let host = Host::new(&[fault]);
    let projects = projects(cases, &host, cases.min(50));
    for (provider, tally) in run_all(&projects, 0, &timeout(fault)) {
        assert_eq!((tally.right, tally.recorded()), (cases, cases), "{provider} through {fault}: {tally:?}");
        let retried = if fault.contains('*') { cases } else { 0 };
        assert_eq!(tally.retried, retried, "{provider} through {fault}: {tally:?}");
    }
}

/// What asking again does not mend: it strikes some of the cases, and those fail by this kind.
pub const SPOILING: [(&str, &str); 7] = [
    ("400@0.4", "invalid_request"),
    ("404@0.4", "invalid_request"),
    ("html:413@0.4", "too_large"),
    ("badjson@0.4", "malformed"),
    ("empty@0.4", "malformed"),
    ("html@0.4", "malformed"),
    ("endless@0.4", "malformed"),
];

fn spoils_no_other((fault, kind): (&str, &str), cases: usize) {
    let host = Host::new(&[fault]);
    let projects = projects(cases, &host, cases.min(50));
    for (provider, tally) in run_all(&projects, 0, &timeout(fault)) {
        let failed = tally.failed.get(kind).copied().unwrap_or_default();
        assert!(failed > 0 && tally.right > 0, "{provider} through {fault}: {tally:?}");
        assert_eq!(failed + tally.right, cases, "{provider} through {fault}: {tally:?}");
    }
}

/// What stays, the kind of each failure, and whether it ends a provider's part in the run.
pub const STAYING: [(&str, &str, bool); 9] = [
    ("401", "auth", true),
    ("403", "auth", true),
    ("quota", "quota_exhausted", true),
    ("redirect:http://127.0.0.1:9/v1", "config", true),
    ("429:0.05", "rate_limited", false),
    ("500", "unavailable", false),
    ("cut", "unavailable", false),
    ("hang", "timeout", false),
    ("error200", "unavailable", false),
];

fn is_told((fault, kind, ends): (&str, &str, bool), cases: usize) {
    let host = Host::new(&[fault]);
    let projects = projects(cases, &host, 2);
    // A host that stays silent for four in a row is probed four times, and then given up.
    let silent = ["unavailable", "timeout"].contains(&kind) && cases >= 4;
    for (provider, tally) in run_all(&projects, 5, &format!("{} --max-retries 0", timeout(fault))) {
        let failed = tally.failed.get(kind).copied().unwrap_or_default();
        assert_eq!((failed, tally.right), (tally.recorded(), 0), "{provider} through {fault}: {tally:?}");
        let few = failed <= if silent { 10 } else { 4 };
        assert!(if ends || silent { few } else { failed == cases }, "{provider} through {fault}: {tally:?}");
    }
}

/// Does all of it side by side: most of the time is waiting.
pub fn all<T: Copy + Send + Sync + std::fmt::Debug>(table: &[T], check: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        let check = &check;
        for row in table {
            scope.spawn(move || check(*row));
        }
    });
}

#[test]
fn each_dialect_survives_what_passes() {
    all(&PASSING, |fault| survives(fault, 12));
}

#[test]
fn what_is_spoilt_fails_by_name_and_spoils_no_other_case() {
    all(&SPOILING, |row| spoils_no_other(row, 12));
}

#[test]
fn what_stays_is_told_and_never_scored_as_an_answer() {
    all(&STAYING, |row| is_told(row, 3));
}

#[test]
#[ignore = "each dialect × each fault × 200 cases takes minutes; run it by name"]
fn the_whole_matrix_with_200_cases_each() {
    let stage = |name: &str, begun: Instant| {
        println!("{name}: {:.0} s", begun.elapsed().as_secs_f64());
        Instant::now()
    };
    let begun = Instant::now();
    all(&PASSING, |fault| survives(fault, 200));
    let begun = stage("what passes", begun);
    all(&SPOILING, |row| spoils_no_other(row, 200));
    let begun = stage("what spoils", begun);
    all(&STAYING, |row| is_told(row, 200));
    let _ = stage("what stays", begun);
    println!(
        "{} dialects × {} faults × 200 cases",
        DIALECTS.len(),
        PASSING.len() + SPOILING.len() + STAYING.len()
    );
}
