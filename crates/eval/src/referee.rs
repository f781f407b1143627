use eval_record::{Look, Trial};

/// Is told each ended trial, and says after each block of documents who goes on. It alone knows scores: nothing else in a
/// run does.
pub trait Referee: Send + Sync {
    /// A trial ended, in this part of the run or in an earlier one.
    fn note(&self, trial: &Trial);

    /// What is known once everybody who is left has answered the first so many documents of the sequence.
    fn look(&self, documents: u64) -> Look;
}
