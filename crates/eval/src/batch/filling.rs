use eval_record::{BatchAsk, BatchEvent, BatchIntent};
use vision_batch::{BatchLimits, Item, Parcel};
use vision_http::Pieces;
use vision_layers::Held;

use super::log::now;
use super::opening::{OpenAsk, held};
use crate::jobs::Job;

/// Requests that are gathered for one batch.
#[derive(Debug)]
pub(super) struct Filling {
    /// The number of the batch.
    pub number: u32,
    pub parcel: Parcel,
    pub asks: Vec<(BatchAsk, Job)>,
    bytes: usize,
}

/// A request that is ready to be handed over.
#[derive(Debug)]
pub(super) struct Ready {
    pub job: Job,
    pub dataset: String,
    pub case: String,
    pub body: Pieces,
    pub held: Held,
}

/// What stands around a body in a batch, generously: its id, the method and the path.
const FRAME: usize = 256;

impl Filling {
    pub fn new((number, name): (u32, String), model: &str) -> Self {
        let parcel = Parcel { name, model: model.to_owned(), items: Vec::new() };
        Self { number, parcel, asks: Vec::new(), bytes: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }

    /// Whether a body of so many bytes has no place beside those that are in already.
    pub fn is_too_full_for(&self, body: &Pieces, limits: BatchLimits) -> bool {
        !self.is_empty()
            && (self.asks.len() >= limits.requests || self.bytes + body.len() + FRAME > limits.bytes)
    }

    pub fn add(&mut self, ready: Ready) {
        let Ready { job, dataset, case, body, held: Held { number, amount } } = ready;
        let id = format!("{}-{}", self.parcel.name, self.asks.len());
        self.bytes += body.len() + FRAME;
        self.parcel.items.push(Item { id: id.clone(), body });
        self.asks.push((
            BatchAsk { id, dataset, case, repeat: job.repeat, reservation: number, usd: amount },
            job,
        ));
    }

    /// What is to be done with it.
    pub fn intent(&self, label: &str) -> BatchEvent {
        BatchEvent::Intended(BatchIntent {
            batch: self.number,
            name: self.parcel.name.clone(),
            provider: label.to_owned(),
            at: now(),
            asks: self.asks.iter().map(|(ask, _)| ask.clone()).collect(),
        })
    }

    /// Its requests, once the host has it.
    pub fn open_asks(&self) -> impl Iterator<Item = (String, OpenAsk)> {
        self.asks.iter().map(|(ask, job)| {
            (ask.id.clone(), OpenAsk { job: Some(*job), held: held(ask), is_settled: false })
        })
    }
}

#[cfg(test)]
mod tests {
    use vision_batch::BatchLimits;
    use vision_core::{Task, Usd};
    use vision_http::Pieces;
    use vision_layers::Held;

    use super::{FRAME, Filling, Ready};
    use crate::jobs::Job;

    fn body(bytes: usize) -> Pieces {
        vec![b'x'; bytes].into()
    }

    /// How many requests of these sizes fit into one batch.
    fn fitting(sizes: &[usize], limits: BatchLimits) -> usize {
        let mut filling = Filling::new((1, "ve0-1".to_owned()), "m");
        for size in sizes {
            if filling.is_too_full_for(&body(*size), limits) {
                break;
            }
            let job = Job { dataset: 0, entry: 0, repeat: 0, task: Task::Text };
            let held = Held { number: None, amount: Usd::ZERO };
            let (dataset, case) = ("d".to_owned(), "c".to_owned());
            filling.add(Ready { job, dataset, case, body: body(*size), held });
        }
        filling.asks.len()
    }

    #[test]
    fn a_batch_is_cut_by_count_and_by_bytes() {
        let limits = BatchLimits { requests: 3, bytes: 10 * FRAME };
        assert_eq!(fitting(&[0; 9], limits), 3);
        assert_eq!(fitting(&[4 * FRAME; 9], limits), 2);
        assert_eq!(
            fitting(&[20 * FRAME, 0], limits),
            1,
            "what is too large for any batch is left to the host"
        );
    }

    #[test]
    fn ids_are_what_every_host_takes() {
        let mut filling = Filling::new((u32::MAX, format!("ve{:016x}-{}", u64::MAX, u32::MAX)), "m");
        let job = Job { dataset: 0, entry: 0, repeat: 0, task: Task::Text };
        let held = Held { number: Some(1), amount: Usd(0.5) };
        let (dataset, case) = ("d".to_owned(), "receipt #7/ü".to_owned());
        filling.add(Ready { job, dataset, case, body: body(1), held });
        let id = &filling.parcel.items[0].id;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        assert!(id.len() <= 58 && id.bytes().all(known), "{id}");
        assert_eq!(filling.asks[0].0.id, *id);
    }
}
