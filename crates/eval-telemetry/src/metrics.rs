//! The convention's two metrics of a client.

use eval_record::Trial;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter};

use crate::convention::{Candidate, ERROR_TYPE, RESPONSE_MODEL, error_type};

/// Boundaries that the convention gives.
const SECONDS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS: [f64; 14] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16384.0,
    65536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// What is counted.
pub struct Instruments {
    tokens: Histogram<u64>,
    seconds: Histogram<f64>,
}

impl Instruments {
    pub fn new(meter: &Meter) -> Self {
        Self {
            tokens: meter
                .u64_histogram("gen_ai.client.token.usage")
                .with_unit("{token}")
                .with_description("Number of input and output tokens used")
                .with_boundaries(TOKENS.to_vec())
                .build(),
            seconds: meter
                .f64_histogram("gen_ai.client.operation.duration")
                .with_unit("s")
                .with_description("GenAI operation duration")
                .with_boundaries(SECONDS.to_vec())
                .build(),
        }
    }

    pub fn count(&self, candidate: &Candidate, trial: &Trial) {
        let mut shared = candidate.attributes();
        if let Some(model) = trial.response().and_then(|response| response.model.clone()) {
            shared.push(KeyValue::new(RESPONSE_MODEL, model));
        }
        let usage = trial.usage();
        for (kind, count) in [("input", usage.input), ("output", usage.output)] {
            if let Some(count) = count {
                let own = [shared.clone(), vec![KeyValue::new("gen_ai.token.type", kind)]].concat();
                self.tokens.record(count, &own);
            }
        }
        // Nobody measured how long a batch took.
        if trial.untimed {
            return;
        }
        for attempt in trial.attempts() {
            let error = attempt.error.map(|kind| KeyValue::new(ERROR_TYPE, error_type(kind)));
            let own = [shared.clone(), error.into_iter().collect()].concat();
            self.seconds.record(attempt.total.as_secs_f64(), &own);
        }
    }
}
