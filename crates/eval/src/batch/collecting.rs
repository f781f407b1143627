use std::mem;
use std::time::Duration;

use eval_record::{BatchEvent, Trial};
use vision_batch::{BatchHost, BatchLine, LineOutcome, Phase};
use vision_core::{Error, Result};
use vision_http::Reply;
use vision_layers::Held;

use super::lane::{BatchLane, key};
use super::opening::{OpenAsk, OpenBatch};
use crate::Event;
use crate::executor::Ended;

/// What a look at a batch has shown.
enum Look {
    /// It goes on.
    Working,
    /// Its answers can be taken.
    Ended,
    /// It has ended, and there are none.
    Lost,
    /// None of it was carried out.
    Failed(String),
    /// Nobody can say now, or there is nothing any more.
    Error(Error),
}

impl BatchLane {
    /// Looks at every open batch once, and collects those that have ended.
    pub(super) async fn look(&mut self, host: &dyn BatchHost) {
        for mut batch in mem::take(&mut self.state.open) {
            match self.look_at(&mut batch, host).await {
                Look::Working => self.state.open.push(batch),
                Look::Ended => self.collect(batch, host).await,
                Look::Failed(reason) => {
                    self.drop_batch(batch.number, &reason, batch.asks.values().map(|ask| ask.held));
                    self.state.complaints.push(format!("batch {} failed: {reason}", batch.number));
                    self.tidy(&batch, host).await;
                }
                Look::Lost => {
                    self.lose(&batch);
                    self.tidy(&batch, host).await;
                }
                Look::Error(error) if is_gone(&error) => self.lose(&batch),
                Look::Error(error) => {
                    self.state.complaints.push(error.chain());
                    self.state.open.push(batch);
                }
            }
        }
    }

    async fn look_at(&mut self, batch: &mut OpenBatch, host: &dyn BatchHost) -> Look {
        let id = batch.status.id.clone();
        let status = match self.patiently(|| host.look(&id)).await {
            Ok(status) => status,
            Err(error) => return Look::Error(error),
        };
        let done = status.counts.map(|counts| counts.done);
        if status.word != batch.status.word || status.counts != batch.status.counts {
            self.log.write(&BatchEvent::State { batch: batch.number, state: status.word.clone(), done });
            self.observer.event(Event::Batch {
                provider: &self.executor.label,
                batch: batch.number,
                state: &status.word,
                done,
                requests: batch.asks.len() as u64,
            });
        }
        batch.status = status;
        match &batch.status.phase {
            Phase::Working => Look::Working,
            Phase::Ended => Look::Ended,
            Phase::Failed(reason) => Look::Failed(reason.clone()),
            Phase::Lost => Look::Lost,
        }
    }

    /// Records every answer of a batch that has ended.
    async fn collect(&mut self, mut batch: OpenBatch, host: &dyn BatchHost) {
        let lines = match self.results(&batch, host).await {
            Ok(lines) => lines,
            Err(error) if is_gone(&error) => return self.lose(&batch),
            Err(error) => {
                self.state.complaints.push(error.chain());
                return self.state.open.push(batch);
            }
        };
        let (mut undone, mut unreadable, mut kept) = (Vec::new(), Vec::new(), false);
        for line in lines {
            if let LineOutcome::Unreadable(reply) = line.outcome {
                unreadable.push(reply);
                continue;
            }
            // An id that is not ours, or comes twice.
            let Some(ask) = batch.asks.remove(&line.id) else { continue };
            match line.outcome {
                LineOutcome::Replied(reply) => {
                    if !self.record(ask, reply).await {
                        batch.asks.insert(line.id, ask);
                        kept = true;
                    }
                }
                LineOutcome::NotDone(word) => {
                    self.note_undone(&batch, word, 1);
                    undone.push(ask);
                }
                LineOutcome::Unreadable(_) => {}
            }
        }
        let is_broken = !unreadable.is_empty() && !batch.asks.is_empty() && !kept;
        if is_broken {
            kept |= !self.record_broken(&mut batch, &unreadable).await;
        }
        if kept || self.recorder.is_closed() {
            return self.state.open.push(batch);
        }
        // What has no line was not carried out either.
        let silent = batch.asks.len() as u64;
        if silent > 0 {
            self.note_undone(&batch, batch.status.word.clone(), silent);
        }
        undone.extend(batch.asks.values().copied());
        // What cannot be read can then still be looked at.
        self.close(&batch, &undone, (!is_broken).then_some(host)).await;
    }

    /// The lines of a batch, taken once more if some cannot be read: a download may have been cut.
    async fn results(&mut self, batch: &OpenBatch, host: &dyn BatchHost) -> Result<Vec<BatchLine>> {
        let lines = self.patiently(|| host.results(&batch.status)).await?;
        let is_unreadable = |line: &BatchLine| matches!(line.outcome, LineOutcome::Unreadable(_));
        match lines.iter().any(is_unreadable) {
            true => self.patiently(|| host.results(&batch.status)).await,
            false => Ok(lines),
        }
    }

    /// Records what has no line of its own as broken, where lines cannot be read: it may have been carried out and billed,
    /// so that it is neither free nor asked again by itself. Returns whether none need be taken again.
    async fn record_broken(&mut self, batch: &mut OpenBatch, unreadable: &[Reply]) -> bool {
        let mut all = true;
        let ids: Vec<String> = batch.asks.keys().cloned().collect();
        for id in ids {
            let names = |reply: &&Reply| String::from_utf8_lossy(&reply.body).contains(&id);
            let reply = unreadable.iter().find(names).unwrap_or(&unreadable[0]).clone();
            let Some(ask) = batch.asks.remove(&id) else { continue };
            if !self.record(ask, reply).await {
                batch.asks.insert(id, ask);
                all = false;
            }
        }
        let (number, count) = (batch.number, unreadable.len());
        let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
        self.state.complaints.push(format!(
            "batch {number}: {lines} of the results cannot be read; requests without an answer count as failed, and the \
             host keeps the files"
        ));
        all
    }

    /// Notes that a batch is collected, and deletes what the host keeps of it.
    async fn close(&mut self, batch: &OpenBatch, undone: &[OpenAsk], host: Option<&dyn BatchHost>) {
        undone.iter().for_each(|ask| self.money.release(ask.held));
        // What was not carried out is asked again, if there is still something to submit, unless somebody wanted it to end.
        if !batch.is_cancelled || self.settings.resubmit {
            undone.iter().filter_map(|ask| ask.job).for_each(|job| _ = self.state.taken.remove(&key(&job)));
        }
        let released = undone.iter().filter_map(|ask| ask.held.number).collect();
        let undone = undone.len() as u64;
        let written = self.log.write(&BatchEvent::Collected { batch: batch.number, released, undone });
        if written
            && self.recorder.sync()
            && let Some(host) = host
        {
            self.tidy(batch, host).await;
        }
    }

    fn note_undone(&mut self, batch: &OpenBatch, word: String, count: u64) {
        match batch.is_cancelled && !self.settings.resubmit {
            true => self.state.cancelled += count,
            false => *self.state.undone.entry(word).or_default() += count,
        }
    }

    /// Deletes what the host keeps of a batch that will bring nothing more.
    async fn tidy(&self, batch: &OpenBatch, host: &dyn BatchHost) {
        self.note_left(batch.number, host.tidy(&batch.kept()).await);
    }

    /// Deletes what was uploaded for a batch that the host has not made of it.
    pub(super) async fn discard(&self, name: &str, number: u32, host: &dyn BatchHost) {
        self.note_left(number, host.discard(name).await);
    }

    fn note_left(&self, number: u32, deleted: Result<()>) {
        let Err(error) = deleted else { return };
        let message = format!("batch {number}: its files were not deleted: {}", error.chain());
        self.observer.event(Event::Noted { provider: &self.executor.label, message: &message });
    }

    /// Nothing of a batch can be had any more. Its money stays spent, as the host may have billed it.
    fn lose(&mut self, batch: &OpenBatch) {
        let undone = batch.asks.len() as u64;
        self.log.write(&BatchEvent::Collected { batch: batch.number, released: Vec::new(), undone });
        let again = match batch.is_cancelled {
            true => "",
            false => ", and resuming asks again",
        };
        self.state.complaints.push(format!(
            "the host has no answers of batch {}; they may have been billed{again}",
            batch.number
        ));
        if batch.is_cancelled {
            self.state.cancelled += undone;
        }
    }

    /// Records the answer to a request. Returns whether it need not be taken again.
    async fn record(&mut self, ask: OpenAsk, reply: Reply) -> bool {
        let Some(job) = ask.job else { return true };
        if ask.is_settled {
            self.schedule.note(&Ended::AlreadyDone, 0);
            return true;
        }
        let (case, media) = match self.executor.read(job).await {
            Ok((case, Ok(media))) => (case, media),
            Ok((case, Err(error))) => {
                self.schedule.lose(format!("{}: {}", case.id, error.chain()));
                return false;
            }
            Err(ended) => {
                self.schedule.note(&ended, 0);
                return matches!(ended, Ended::AlreadyDone);
            }
        };
        let output = self.executor.mode(job, &case);
        let request = match self.executor.request(job, &case, &media) {
            Ok(request) => request,
            Err(error) => {
                self.schedule.lose(format!("{}: {}", case.id, error.chain()));
                return false;
            }
        };
        let outcome = self.batching.read(&request, reply).await;
        let outcome = self.money.settle(ask.held, &request, outcome);
        let at = self.executor.elapsed();
        let trial = self.executor.trial(job, &case, at, output, (&media, outcome));
        self.write(&Trial { untimed: true, ..trial }, &media.entries);
        true
    }

    /// Writes a trial down, and tells everybody.
    pub(super) fn write(&mut self, trial: &Trial, media: &[eval_record::MediaEntry]) {
        self.recorder.trial(trial, media);
        self.observer.event(Event::Ended(trial));
        self.schedule.note_collected(trial);
    }

    /// A batch of which nothing was or will be carried out.
    pub(super) fn drop_batch(&self, batch: u32, reason: &str, held: impl Iterator<Item = Held>) {
        self.log.write(&BatchEvent::Dropped { batch, reason: reason.to_owned() });
        held.for_each(|held| self.money.release(held));
    }

    /// Does what changes nothing, again if it fails for a while.
    pub(super) async fn patiently<T, F: Future<Output = Result<T>>>(
        &mut self,
        ask: impl Fn() -> F,
    ) -> Result<T> {
        for attempt in 1.. {
            match ask().await {
                Err(error)
                    if error.is_transient() && attempt < self.retry.attempts && !self.stop.is_asked() =>
                {
                    let own = Duration::from_secs(1) * 2_u32.saturating_pow(attempt - 1);
                    let wait = error.details.retry_after.unwrap_or(own).min(LONGEST_WAIT);
                    self.stop.sleep(wait).await;
                }
                outcome => return outcome,
            }
        }
        unreachable!("the loop returns on its last attempt")
    }
}

/// Between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Whether a host no longer has what it was asked for.
fn is_gone(error: &Error) -> bool {
    matches!(error.details.status, Some(404 | 410))
}
