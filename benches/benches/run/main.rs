//! Whole runs on this machine beside a client that only reads, encodes and posts, against the targets.
//!
//! `cargo bench --package benches --bench run [-- --full]`. Server, client and tool are processes of their own (this
//! program, started again with a role), so that each one's time and memory is its own. Linux only: it reads `/proc`.

mod bare;
mod images;
mod measure;
mod micro;
mod peers;
mod server;
mod table;
mod tool;
mod whole;

use std::path::Path;

use measure::{Measured, Process};
use table::Table;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve", delay] => server::serve(number(delay)),
        ["bare", url, folder, cases, at_once] => {
            bare::run(url, Path::new(folder), number(cases) as usize, number(at_once) as usize);
        }
        ["tool", url, folder, cases, at_once] => {
            tool::run(url, Path::new(folder), number(cases) as usize, number(at_once) as usize);
        }
        ["whole", program, project, words @ ..] => whole::run(Path::new(program), Path::new(project), words),
        ["summarise", folder, trials] => tool::summarise(Path::new(folder), number(trials)),
        // Only the headline.
        words if words.contains(&"--headline") => headline(),
        words if words.contains(&"--peers") => beside_peers(),
        // Whatever cargo adds.
        words => all(words.contains(&"--full")),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

/// Measures everything and prints the table.
fn all(full: bool) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("room for the images");
    let most = if full { 100_000 } else { 5_000 };
    let average = images::write(folder.path(), most);
    eprintln!("{} images, {:.0} KB on average", images::IMAGES, average / 1e3);
    let mut table = Table::default();
    as_installed(folder.path(), &mut table);
    beside_bare(folder.path(), &mut table);
    waiting(folder.path(), &mut table);
    growing(folder.path(), most, &mut table);
    summaries(folder.path(), full, &mut table);
    micro::add(&mut table);
    println!("{table}");
}

/// Measures what a user waits for, and nothing else.
fn headline() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("room for the images");
    images::write(folder.path(), 10_000);
    let mut table = Table::default();
    as_installed(folder.path(), &mut table);
    println!("{table}");
}

/// Measures what a team could use instead, and nothing else.
fn beside_peers() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("room for the images");
    images::write(folder.path(), 1_000);
    let mut table = Table::default();
    peers::beside(folder.path(), &mut table);
    println!("{table}");
}

/// A run of the command in a project of its own, with the project.
fn whole(
    program: &Path,
    delay: u64,
    folder: &Path,
    cases: usize,
    at_once: usize,
) -> (Measured, tempfile::TempDir) {
    let server = Process::start(&["serve", &delay.to_string()]);
    let project = whole::project(&server.first_line, folder);
    let measured = in_project(program, project.path(), &whole::words(cases, at_once));
    let seen = server.finish();
    assert_eq!(seen.trim(), cases.to_string(), "requests that the server has seen");
    (measured, project)
}

fn in_project(program: &Path, project: &Path, words: &[String]) -> Measured {
    let places = [program, project].map(|path| path.display().to_string());
    let all: Vec<&str> =
        ["whole"].into_iter().chain(places.iter().chain(words).map(String::as_str)).collect();
    Measured::read(&Process::start(&all).first_line)
}

/// What a user waits for: `vision-eval run` with its reports, beside a client that only posts.
fn as_installed(folder: &Path, table: &mut Table) {
    const CASES: usize = 1_000;
    let program = whole::program();
    let megabytes = |page: &Path| std::fs::metadata(page).map_or(f64::NAN, |file| file.len() as f64 / 1e6);
    let (mut bare, mut ours, mut page) = (Vec::new(), Vec::new(), f64::NAN);
    // In turns, and several of them: the machine's own speed changes within seconds.
    for _ in 0..5 {
        bare.push(against(0, "bare", folder, CASES, 32));
        let (measured, project) = whole(&program, 0, folder, CASES, 32);
        page = megabytes(&project.path().join("run/report.html"));
        ours.push(measured);
    }
    let (bare, ours) = (median(bare), median(ours));
    let (reference, each) = (bare.cpu * 1e3 / CASES as f64, ours.cpu * 1e3 / CASES as f64);
    table.about("`vision-eval run` with its reports: 1,000 images, 32 at once, no delay");
    table.most("processor time of a case", "ms", each, 2.5, Some(reference));
    table.most("… beside a bare client", "×", each / reference, 6.0, None);
    table.only("wall time", "s", ours.wall);
    table.most("peak of memory", "MiB", ours.peak, 160.0, Some(bare.peak));
    table.most("report.html", "MB", page, 6.0, None);
    let ideal = CASES as f64 * 0.2 / 32.0;
    let reference = ideal / against(200, "bare", folder, CASES, 32).wall;
    let (waiting, project) = whole(&program, 200, folder, CASES, 32);
    table.least(
        "200 ms delay: efficiency, start and reports included",
        "",
        ideal / waiting.wall,
        0.9,
        Some(reference),
    );
    let report = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let again = in_project(&program, project.path(), &report("report run -o again.html --quiet"));
    table.only("`report run -o x.html`, previews at hand", "s", again.wall);
    let (large, project) = whole(&program, 0, folder, 10_000, 32);
    table.only("10,000 images: processor time of a case", "ms", large.cpu * 1e3 / 10_000.0);
    table.most("… peak of memory", "MiB", large.peak, 160.0, None);
    std::fs::remove_dir_all(project.path().join("cache")).expect("a cache");
    let alone = in_project(&program, project.path(), &report("report run -o again.html --quiet"));
    table.most("… `report run -o x.html`, no preview at hand", "s", alone.wall, 10.0, None);
    table.only("… the page", "MB", megabytes(&project.path().join("again.html")));
}

/// Runs a client against a server of this delay; the server must have seen each case once.
fn against(delay: u64, role: &str, folder: &Path, cases: usize, at_once: usize) -> Measured {
    let server = Process::start(&["serve", &delay.to_string()]);
    let url = server.first_line.clone();
    let words = [role, &url, &folder.display().to_string(), &cases.to_string(), &at_once.to_string()];
    let measured = Measured::read(&Process::start(&words).first_line);
    let seen = server.finish();
    assert_eq!(seen.trim(), cases.to_string(), "requests that the server has seen");
    measured
}

/// The middle one by processor time.
fn median(mut rounds: Vec<Measured>) -> Measured {
    rounds.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    rounds.swap_remove(rounds.len() / 2)
}

fn beside_bare(folder: &Path, table: &mut Table) {
    const CASES: usize = 1_000;
    let (mut bare, mut tool) = (Vec::new(), Vec::new());
    // In turns, and many of them: the machine's own speed changes within seconds.
    for _ in 0..9 {
        bare.push(against(0, "bare", folder, CASES, 32));
        tool.push(against(0, "tool", folder, CASES, 32));
    }
    let (bare, tool) = (median(bare), median(tool));
    let (reference, ours) = (bare.cpu * 1e3 / CASES as f64, tool.cpu * 1e3 / CASES as f64);
    let planning = tool.planning * 1e3 / CASES as f64;
    table.about("1,000 images, 32 at once, no delay");
    table.most("processor time of a case", "ms", ours, 1.0, Some(reference));
    table.most("… beside a bare client", "×", ours / reference, 2.0, None);
    table.only("… of it planning and quoting", "ms", planning);
    table.only("cases a second (server on the same cores)", "/s", CASES as f64 / tool.wall);
    table.most("peak of memory", "MiB", tool.peak, 120.0, Some(bare.peak));
}

fn waiting(folder: &Path, table: &mut Table) {
    table.about("200 ms delay: cases × delay ÷ concurrency ÷ wall time");
    for (at_once, cases, target) in [(32, 1_000, 0.93), (128, 2_000, 0.85)] {
        let ideal = cases as f64 * 0.2 / at_once as f64;
        let bare = ideal / against(200, "bare", folder, cases, at_once).wall;
        let tool = ideal / against(200, "tool", folder, cases, at_once).wall;
        table.least(&format!("efficiency at {at_once} at once"), "", tool, target, Some(bare));
    }
}

fn growing(folder: &Path, most: usize, table: &mut Table) {
    table.about("Growth, no delay");
    for (at_once, cases) in [(32, 1_000), (32, most), (128, 1_000), (128, most)] {
        let tool = against(0, "tool", folder, cases, at_once);
        table.only(
            &format!("processor time of a case of {cases}, {at_once} at once"),
            "ms",
            tool.cpu * 1e3 / cases as f64,
        );
        match at_once {
            32 => table.most("… peak of memory", "MiB", tool.peak, 120.0, None),
            // Four times as many requests are under way, each with its image.
            _ => table.only("… peak of memory", "MiB", tool.peak),
        }
        table.most("… file descriptors left open", "", tool.files, 16.0, None);
    }
}

fn summaries(folder: &Path, full: bool, table: &mut Table) {
    table.about("Summary of recorded trials, as many threads as cores, as `vision-eval report` does it");
    let sizes: &[u64] = if full { &[1_000, 100_000, 1_000_000] } else { &[1_000, 100_000] };
    let mut before = None;
    for &trials in sizes {
        let dir = folder.join(format!("record-{trials}"));
        let words = ["summarise", &dir.display().to_string(), &trials.to_string()];
        let measured = Measured::read(&Process::start(&words).first_line);
        table.most(&format!("{trials} trials"), "s", measured.wall, 30.0, None);
        let power =
            |(fewer, sooner): (u64, f64)| (measured.wall / sooner).ln() / (trials as f64 / fewer as f64).ln();
        table.grows(before.map(power));
        before = Some((trials, measured.wall));
        table.most("… peak of memory", "MiB", measured.peak, 300.0, None);
    }
}
