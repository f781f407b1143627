use std::collections::HashMap;

use eval_metrics::task::Scored as Judgement;

/// Case, provider, repeat.
pub(crate) type Place = (u32, u16, u32);

/// Judgements that are still needed when the summary is made, in bounded memory.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    judgements: HashMap<Place, Judgement>,
    room: usize,
}

impl Kept {
    pub fn new(room: usize) -> Self {
        Self { judgements: HashMap::new(), room }
    }

    /// Keeps it while there is room. One without values takes room, too.
    pub fn add(&mut self, place: Place, judgement: Judgement) {
        let size = judgement.explanation.len() + 1;
        if size <= self.room {
            self.room -= size;
            self.judgements.insert(place, judgement);
        }
    }

    pub fn get(&self, place: Place) -> Option<&Judgement> {
        self.judgements.get(&place)
    }
}
