//! Previews for the page of a run, made while the run waits for its answers.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use eval_record::Record;
use eval_report::{EarlyMedia, Embed, MediaSource as _};

use super::previews::Previews;
use super::{DatasetMedia, open_folders};
use crate::app::App;
use crate::settings::Project;

/// Makes the previews that the page will show if every answer is right, in a thread that lets everything else go first.
/// They are kept where the page looks for them. It ends when this is dropped, and the page makes what is missing.
pub struct Ahead {
    going_on: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ahead {
    /// Begins for a run whose page embeds so many media. What cannot be done now is done at the end.
    pub fn begin(record: &Record, embed: Embed, project: &Project, app: &App) -> Self {
        let (folders, _) = open_folders(project, record);
        let record = Record { dir: record.dir.clone(), plan: record.plan.clone() };
        let cache = app.environment.cache_folder().filter(|_| embed != Embed::None);
        let (going_on, over) = channel();
        let work = move || {
            go_last();
            let previews = Previews::new(cache);
            if previews.are_kept() {
                make(&record, embed, &DatasetMedia::of(folders, previews), &over);
            }
        };
        Self {
            going_on: Some(going_on),
            thread: thread::Builder::new().name("previews".to_owned()).spawn(work).ok(),
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        drop(self.going_on.take());
        // One preview at most: the page would make the same one meanwhile.
        self.thread.take().map(JoinHandle::join);
    }
}

/// How often it looks whether the list of cases is there, which is written when the run begins.
const LOOK: Duration = Duration::from_millis(20);

fn make(record: &Record, embed: Embed, media: &DatasetMedia, over: &Receiver<()>) {
    let is_over = |after| over.recv_timeout(after) != Err(RecvTimeoutError::Timeout);
    while !record.path("cases.jsonl").exists() {
        if is_over(LOOK) {
            return;
        }
    }
    let mut early = EarlyMedia::new(embed);
    // The run itself says what is wrong with its list.
    if record.cases(|_, case| early.add(case.dataset, &case.case, case.media)).is_err() {
        return;
    }
    for (dataset, name) in early.into_list() {
        if is_over(Duration::ZERO) {
            return;
        }
        media.media(&dataset, &name);
    }
}

/// To Linux, what other systems take for the whole process is this thread alone.
#[cfg(target_os = "linux")]
fn go_last() {
    rustix::process::setpriority_process(None, 19).ok();
}

#[cfg(not(target_os = "linux"))]
fn go_last() {}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fs;
    use std::path::Path;

    use eval_record::{Plan, Record};
    use vision_testkit::media;

    use super::*;

    const PLAN: &str = r#"{"v":1,"name":"eval","started":"2026-11-28T10:00:00Z","tool":"1","command":"run","seed":1,
        "repeats":1,"datasets":[],"providers":[],"media":{},"generation":{},
        "execution":{"max_concurrency":1,"timeout_seconds":1.0,"max_retries":0},
        "quote":{"price_date":"2026-11-28","lines":[]}}"#;

    /// A run of two cases with large pictures.
    fn record(folder: &Path) -> Record {
        let line = |number: u32| {
            let picture = media::png("large", 1_400, 900, number);
            fs::write(folder.join(format!("{number}.png")), picture.bytes().unwrap()).unwrap();
            format!(
                r#"{{"dataset":"d","case":"c{number}","task":"classify","expected":{{"label":"x"}},"source":"s","media":["{number}.png"]}}"#
            )
        };
        fs::write(folder.join("cases.jsonl"), [line(1), line(2)].join("\n") + "\n").unwrap();
        let plan: Plan = serde_json::from_str(PLAN).unwrap();
        Record { dir: folder.to_owned(), plan }
    }

    /// How many previews are kept after it.
    fn made(embed: Embed, is_over: bool) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        let (going_on, over) = channel();
        let _going_on = (!is_over).then_some(going_on);
        let previews = Previews::new(Some(folder.path().to_owned()));
        let folders = HashMap::from([("d".to_owned(), folder.path().to_owned())]);
        make(&record, embed, &DatasetMedia::of(folders, previews), &over);
        fs::read_dir(folder.path().join("previews/1")).unwrap().count()
    }

    #[test]
    fn previews_of_the_page_are_kept_for_it_unless_the_run_is_over() {
        assert_eq!(made(Embed::Some, false), 2);
        assert_eq!(made(Embed::All, false), 2);
        assert_eq!(made(Embed::None, false), 0);
        assert_eq!(made(Embed::Some, true), 0);
    }

    #[test]
    fn a_run_that_ends_before_it_begins_ends_this_too() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        fs::remove_file(folder.path().join("cases.jsonl")).unwrap();
        let (going_on, over) = channel();
        drop(going_on);
        make(&record, Embed::Some, &DatasetMedia::of(HashMap::new(), Previews::new(None)), &over);
    }
}
