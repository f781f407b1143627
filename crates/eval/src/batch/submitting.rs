use std::sync::Arc;
use std::time::Duration;

use eval_record::{BatchEvent, Trial};
use vision_batch::{BatchHost, BatchLimits, BatchStatus, Found, Sought};
use vision_core::{Error, ErrorKind};

use super::filling::{Filling, Ready};
use super::lane::{BatchLane, key};
use super::log::now;
use super::opening::{OpenBatch, held};
use crate::Event;
use crate::executor::Ended;
use crate::jobs::Job;
use crate::media::CaseMedia;

impl BatchLane {
    /// Submits everything that is neither recorded nor in a batch.
    pub(super) async fn submit_rest(&mut self, host: &dyn BatchHost) {
        let limits = host.limits();
        let requests = self.settings.most_requests.unwrap_or(limits.requests).min(limits.requests);
        let limits = BatchLimits { requests, ..limits };
        let mut filling: Option<Filling> = None;
        while let Some(job) = self.schedule.next(0) {
            if self.state.taken.contains(&key(&job)) {
                continue;
            }
            if self.state.unwanted.contains(&key(&job)) {
                self.leave(job).await;
                continue;
            }
            if self.recorder.is_closed() {
                self.schedule.give_up("the record could not be written".to_owned());
                break;
            }
            let Some(ready) = self.ready(job).await else { continue };
            if let Some(full) = filling.take_if(|filling| filling.is_too_full_for(&ready.body, limits))
                && !self.submit(full, host).await
            {
                return self.money.release(ready.held);
            }
            filling.get_or_insert_with(|| Filling::new(self.log.number(), &self.model)).add(ready);
        }
        let Some(rest) = filling else { return };
        match self.stop.is_asked() || self.recorder.is_closed() {
            true => rest.asks.iter().for_each(|(ask, _)| self.money.release(held(ask))),
            false => _ = self.submit(rest, host).await,
        }
    }

    /// Leaves a job alone that somebody has cancelled, and says so unless it was answered.
    async fn leave(&mut self, job: Job) {
        match self.executor.read(job).await {
            Ok(_) => self.state.cancelled += 1,
            Err(ended) => _ = self.schedule.note(&ended, 0),
        }
    }

    /// What a job sends, with its money put aside; nothing if it cannot be asked.
    async fn ready(&mut self, job: Job) -> Option<Ready> {
        let (case, media) = match self.executor.read(job).await {
            Ok(loaded) => loaded,
            Err(ended) => {
                self.schedule.note(&ended, 0);
                return None;
            }
        };
        let provider = self.batching.provider().clone();
        let (output, mut sent) = (self.executor.mode(job, &case), Arc::<CaseMedia>::default());
        let request = media.and_then(|media| {
            sent = media;
            self.executor.request(job, &case, &sent)
        });
        let called = match request {
            Ok(request) if request.stream => {
                Err(Error::new(ErrorKind::Unsupported, "the answers of batches cannot be streamed"))
            }
            Ok(request) => self.batching.call(&request).await.map(|call| (request, call)),
            Err(error) => Err(error),
        };
        let held = match called {
            Ok((request, call)) => {
                self.money.hold(&request, &provider.estimate(&request)).await.map(|held| (held, call))
            }
            Err(error) => Err(error),
        };
        match held {
            Ok((held, call)) => {
                let dataset = self.executor.case(job).ok()?.0.to_owned();
                Some(Ready { job, dataset, case: case.id, body: call.body.into_pieces(), held })
            }
            Err(error) if error.kind() == ErrorKind::Budget => {
                self.schedule.note(&Ended::NotSent(error.message().to_owned()), 0);
                None
            }
            Err(error) => {
                let at = self.executor.elapsed();
                let trial = self.executor.trial(job, &case, at, output, (&sent, Err(error)));
                self.write(&Trial { untimed: true, ..trial }, &sent.entries);
                None
            }
        }
    }

    /// Hands a batch over. Returns whether the host has it.
    async fn submit(&mut self, filling: Filling, host: &dyn BatchHost) -> bool {
        let (number, parcel) = (filling.number, &filling.parcel);
        // From here on its money is not forgotten.
        if !self.log.write_through(&filling.intent(&self.executor.label)) {
            return self.unwritten();
        }
        let file = match self.patiently(|| host.upload(parcel)).await {
            Ok(file) => file,
            Err(error) => {
                // What broke off may have arrived.
                self.discard(&parcel.name, number, host).await;
                return self.refused(&filling, &error);
            }
        };
        for attempt in 1.. {
            // From here on the host may have it.
            if !self.log.write_through(&BatchEvent::Creating { batch: number, file: file.clone() }) {
                return self.unwritten();
            }
            match host.create(parcel, file.as_deref()).await {
                Ok(status) => return self.opened(filling, status, file),
                Err(error) if is_refusal(&error) && attempt >= self.retry.attempts => {
                    self.discard(&parcel.name, number, host).await;
                    return self.refused(&filling, &error);
                }
                Err(error) if is_refusal(&error) && error.is_transient() => {
                    let own = Duration::from_secs(1) * 2_u32.saturating_pow(attempt - 1);
                    self.stop.sleep(error.details.retry_after.unwrap_or(own)).await;
                }
                Err(error) if is_refusal(&error) => {
                    self.discard(&parcel.name, number, host).await;
                    return self.refused(&filling, &error);
                }
                Err(error) => return self.search_for(filling, file.as_deref(), error, host).await,
            }
        }
        false
    }

    fn unwritten(&mut self) -> bool {
        self.schedule.give_up("the record could not be written".to_owned());
        false
    }

    /// The host has it.
    fn opened(&mut self, filling: Filling, status: BatchStatus, file: Option<String>) -> bool {
        self.log.write_through(&BatchEvent::Submitted { batch: filling.number, id: status.id.clone() });
        self.observer.event(Event::Batch {
            provider: &self.executor.label,
            batch: filling.number,
            state: "submitted",
            done: None,
            requests: filling.asks.len() as u64,
        });
        let asks = filling.open_asks().collect();
        let number = filling.number;
        self.state.open.push(OpenBatch { number, status, file, is_cancelled: false, asks });
        true
    }

    /// The host did not take it: nothing of it will be billed.
    fn refused(&mut self, filling: &Filling, error: &Error) -> bool {
        self.drop_batch(filling.number, &error.chain(), filling.asks.iter().map(|(ask, _)| held(ask)));
        self.schedule.give_up(error.chain());
        false
    }

    /// The host broke off: it may have the batch.
    async fn search_for(
        &mut self,
        filling: Filling,
        file: Option<&str>,
        error: Error,
        host: &dyn BatchHost,
    ) -> bool {
        let mut known = self.log.known().clone();
        known.extend(self.state.open.iter().map(|open| open.status.id.clone()));
        let sought = Sought {
            name: &filling.parcel.name,
            requests: filling.asks.len(),
            file,
            since: now().saturating_sub(600),
            known: &known,
        };
        match self.patiently(|| host.find(&sought)).await {
            Ok(Found::Batch(status)) => self.opened(filling, status, file.map(str::to_owned)),
            _ => {
                self.schedule.give_up(format!(
                    "it is not known whether batch {} was submitted: {}; resuming looks for {} at its host",
                    filling.number,
                    error.chain(),
                    filling.parcel.name
                ));
                false
            }
        }
    }
}

/// Whether a host has said no, or was never asked: else it may have done what it was asked. A reply that cannot be used is
/// neither: the batch may be there under a name that was not understood.
fn is_refusal(error: &Error) -> bool {
    let status = error.details.status;
    !error.details.maybe_billed
        && match status {
            Some(status) => (400..500).contains(&status),
            None => error.kind() != ErrorKind::Malformed,
        }
}
