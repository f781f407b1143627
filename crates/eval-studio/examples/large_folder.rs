//! How long does a large folder take to label, and how much memory? `large_folder FOLDER [DOCUMENTS]`
//!
//! Writes so many small pictures into the folder if it has none, then opens it, and labels and exports as a person would.
//! On Linux the peak of memory is printed, too.

use std::fs;
use std::path::Path;
use std::time::Instant;

use eval_studio::{Change, Label, Project, Save, Settings, Studio, Wanted, export};
use serde_json::Value;

const PIXEL: &[u8] = include_bytes!("../../vision-media/tests/corpus/one_pixel.png");
const AT: &str = "2026-11-30T12:00:00Z";
const LABELED: usize = 200;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("usage: large_folder FOLDER [DOCUMENTS]");
    let documents: usize = arguments.next().map_or(10_000, |text| text.parse().expect("a number"));
    let scans = Path::new(&folder).join("scans");
    if !scans.exists() {
        write(&scans, documents);
    }
    let settings = Settings { export: Some(Path::new(&folder).join("dataset")), ..Settings::default() };
    let project = Project::from_names(&["note:text".to_owned()]).expect("a field");
    let studio = timed("opened", || Studio::open(&scans, Some(project), settings).expect("a studio"));
    let overview = timed("the overview", || studio.overview("anna").expect("an overview"));
    let bytes = serde_json::to_string(&overview).expect("plain data").len();
    println!("{bytes} bytes of overview");
    let begun = Instant::now();
    for number in 0..LABELED {
        let view = studio.show("anna", &Wanted::default(), AT).expect("a document").expect("one is left");
        let label = Some(Label::Value(Value::from(format!("note {number}"))));
        let change = Change { field: "note".to_owned(), seen: 0, label, typed: None };
        let save = Save { document: view.document, shown: view.shown, changes: vec![change] };
        studio.save("anna", &save, AT).expect("a saved label");
    }
    println!("{:.1} ms for each of {LABELED} labels", begun.elapsed().as_secs_f64() * 1e3 / LABELED as f64);
    let exported = timed("exported", || export(&studio, &studio.export_base()).expect("a dataset"));
    println!("{} cases", exported.cases);
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    println!("{what} in {:.3} s", begun.elapsed().as_secs_f64());
    done
}

/// Pictures of one pixel, each with other bytes behind its end.
fn write(scans: &Path, documents: usize) {
    fs::create_dir_all(scans).expect("a folder");
    for number in 0..documents {
        let bytes = [PIXEL, number.to_string().as_bytes()].concat();
        fs::write(scans.join(format!("scan-{number:06}.png")), bytes).expect("a picture");
    }
}
