//! What else a team could use for this: the same cases, the same host, in turns with ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::measure::{Measured, Process};
use crate::table::Table;
use crate::{against, median, whole};

const CASES: usize = 1_000;
const AT_ONCE: usize = 32;
const ROUNDS: usize = 3;

/// A program, its files, and the words that make it ask.
struct Peer {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// From the folder it is installed in.
    program: &'static str,
    words: fn(url: &str, dataset: &str) -> String,
}

const PEERS: [Peer; 3] = [
    Peer {
        name: "a plain script with the vendor's Python client",
        files: &[("plain.py", include_str!("../../peers/plain.py"))],
        program: "venv/bin/python",
        words: |url, dataset| format!("plain.py {url} {dataset} {CASES} {AT_ONCE}"),
    },
    Peer {
        name: "inspect_ai",
        files: &[("inspect_task.py", include_str!("../../peers/inspect_task.py"))],
        program: "venv/bin/inspect",
        words: |url, _| {
            format!(
                "eval inspect_task.py --model openai/m -M responses_api=false --model-base-url {url} \
                 --max-connections {AT_ONCE} --display none --log-dir logs"
            )
        },
    },
    Peer {
        name: "promptfoo",
        files: &[("promptfooconfig.cjs", include_str!("../../peers/promptfooconfig.cjs"))],
        program: "node_modules/.bin/promptfoo",
        words: |_, _| {
            format!("eval -c promptfooconfig.cjs -j {AT_ONCE} --no-cache --no-table --no-progress-bar")
        },
    },
];

/// Measures them all.
pub fn beside(folder: &Path, table: &mut Table) {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/install");
    assert!(Command::new(installed).status().expect("bash").success(), "the peers are installed");
    let program = whole::program();
    let mut bare = Vec::new();
    let mut ours = Vec::new();
    let mut theirs: [Vec<Measured>; PEERS.len()] = Default::default();
    // In turns: the machine's own speed changes within seconds.
    for _ in 0..ROUNDS {
        bare.push(against(0, "bare", folder, CASES, AT_ONCE));
        ours.push(crate::whole(&program, 0, folder, CASES, AT_ONCE).0);
        for (peer, measured) in PEERS.iter().zip(&mut theirs) {
            measured.push(peer.run(0, folder));
        }
    }
    let bare = median(bare);
    let waiting = crate::whole(&program, 200, folder, CASES, AT_ONCE).0;
    row(table, "vision-eval run", &median(ours), &waiting, &bare);
    for (peer, measured) in PEERS.iter().zip(theirs) {
        row(table, peer.name, &median(measured), &peer.run(200, folder), &bare);
    }
}

fn row(table: &mut Table, name: &str, fast: &Measured, waiting: &Measured, bare: &Measured) {
    let ideal = CASES as f64 * 0.2 / AT_ONCE as f64;
    table.about(&format!("{name}: {CASES} images, {AT_ONCE} at once"));
    table.only("processor time of a case", "ms", fast.cpu * 1e3 / CASES as f64);
    table.only("… beside a bare client", "×", fast.cpu / bare.cpu);
    table.only("wall time", "s", fast.wall);
    table.only("peak of memory", "MiB", fast.peak);
    table.only("200 ms delay: efficiency, start and reports included", "", ideal / waiting.wall);
}

impl Peer {
    /// Runs it in a folder of its own; the host must have seen each case once.
    fn run(&self, delay: u64, dataset: &Path) -> Measured {
        let server = Process::start(&["serve", &delay.to_string()]);
        let url = server.first_line.clone();
        let project = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("room for a project");
        for (name, text) in self.files {
            fs::write(project.path().join(name), text).expect("room for a file");
        }
        let places = [Path::new("/usr/bin/env"), project.path()].map(|path| path.display().to_string());
        let dataset = dataset.display().to_string();
        let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
        let program = installed.join(self.program).display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let settings = [
            // promptfoo wants a newer Node.js than many machines have; the one installed beside it comes first.
            format!("PATH={}:{path}", installed.join("node_modules/.bin").display()),
            "OPENAI_API_KEY=none".to_owned(),
            "PROMPTFOO_DISABLE_TELEMETRY=1".to_owned(),
            "PROMPTFOO_DISABLE_UPDATE=1".to_owned(),
            "PROMPTFOO_CONFIG_DIR=promptfoo".to_owned(),
            format!("DATASET={dataset}"),
            format!("CASES={CASES}"),
            format!("URL={url}"),
        ];
        let words = (self.words)(&url, &dataset);
        let all: Vec<&str> = ["whole"]
            .into_iter()
            .chain(places.iter().chain(&settings).map(String::as_str))
            .chain([program.as_str()])
            .chain(words.split(' '))
            .collect();
        let measured = Measured::read(&Process::start(&all).first_line);
        assert_eq!(
            server.finish().trim(),
            CASES.to_string(),
            "requests of {} that the server has seen",
            self.name
        );
        measured
    }
}
