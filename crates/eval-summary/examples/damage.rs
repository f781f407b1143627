//! What would a gate say if a provider began to misread? `damage RUN OUT [SHARE [SEED]]`
//!
//! Copies a recorded run and swaps two neighbouring digits in a share of the fields that were answered, 3 % unless told
//! otherwise. Nobody is asked, and the copy is gated and compared like any other run.

use std::path::Path;

use eval_record::Record;
use eval_summary::testdata::damaged;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: damage RUN OUT [SHARE [SEED]]";
    let (run, out) = (arguments.next().expect(usage), arguments.next().expect(usage));
    let share = arguments.next().map_or(0.03, |text| text.parse().expect("a share"));
    let seed = arguments.next().map_or(1, |text| text.parse().expect("a seed"));
    let record = Record::open(Path::new(&run)).expect("a recorded run");
    damaged(&record, Path::new(&out), share, seed).expect("a place for the copy");
    println!("{out}: {run} with digits swapped in {} % of its fields", share * 100.0);
}
