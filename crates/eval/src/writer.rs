use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use eval_record::{LineWriter, MediaEntry, Record, RecordError, Trial};

/// Writes a run's lines on a thread of its own, as they come.
///
/// Each line is written at once, so that a killed process loses none; the disk is told to keep them once a second,
/// so that a power cut loses at most the last second.
#[derive(Debug)]
pub(crate) struct Writer {
    sender: Option<Sender<Written>>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

enum Written {
    Trial(Box<Trial>),
    Media(Box<MediaEntry>),
}

const SYNC_EVERY: Duration = Duration::from_secs(1);

impl Writer {
    pub fn start(record: &Record) -> Result<Self, RecordError> {
        let (trials, media) = (record.append("trials.jsonl")?, record.append("media.jsonl")?);
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new()
            .name("record".to_owned())
            .spawn(move || write_all(&receiver, trials, media))
            .expect("a thread can be started");
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// False once the disk has refused a line: then there is no sense in going on.
    pub fn trial(&self, trial: Trial) -> bool {
        self.send(Written::Trial(Box::new(trial)))
    }

    pub fn media(&self, entry: MediaEntry) -> bool {
        self.send(Written::Media(Box::new(entry)))
    }

    fn send(&self, line: Written) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.send(line).is_ok())
    }

    /// Waits until everything is on disk.
    pub fn finish(mut self) -> std::io::Result<()> {
        drop(self.sender.take());
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(outcome)) => outcome,
            _ => Err(std::io::Error::other("the thread that writes the record has died")),
        }
    }
}

fn write_all(
    lines: &Receiver<Written>,
    mut trials: LineWriter,
    mut media: LineWriter,
) -> std::io::Result<()> {
    let mut synced = Instant::now();
    let mut fresh = false;
    loop {
        match lines.recv_timeout(SYNC_EVERY) {
            Ok(Written::Trial(trial)) => {
                trials.write(&trial)?;
                fresh = true;
            }
            Ok(Written::Media(entry)) => media.write(&entry)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                media.sync()?;
                return trials.sync();
            }
        }
        if fresh && synced.elapsed() >= SYNC_EVERY {
            trials.sync()?;
            (synced, fresh) = (Instant::now(), false);
        }
    }
}
