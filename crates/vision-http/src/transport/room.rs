use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room for large replies, which all that are under way share: a host can pack many megabytes into a few bytes,
/// and do so in every reply at once.
///
/// A reply that turns out to be large takes a place for the largest there can be, once, so that no two wait for
/// each other with their bytes in hand.
#[derive(Debug)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    /// Up to this size a reply needs no place.
    small: usize,
}

/// An answer of this size is longer than any model writes.
const SMALL: usize = 1 << 20;

/// A place, held until the reply is no longer needed.
pub(super) type Place = OwnedSemaphorePermit;

impl Room {
    pub fn new(largest: usize, in_all: usize) -> Self {
        let places = (in_all / largest.max(1)).clamp(1, Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(places)), small: SMALL.min(largest) }
    }

    /// Whether a reply of so many bytes needs a place.
    pub fn is_needed_for(&self, bytes: usize) -> bool {
        bytes > self.small
    }

    /// Waits for a place.
    pub async fn take(&self) -> Place {
        self.places.clone().acquire_owned().await.expect("the places are never closed")
    }
}

/// The bytes, with their place if they have one: it is free again when the last of them is gone.
pub(super) fn held(bytes: Bytes, place: Option<Place>) -> Bytes {
    match place {
        Some(place) => Bytes::from_owner(Held { bytes, _place: place }),
        None => bytes,
    }
}

struct Held {
    bytes: Bytes,
    _place: Place,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
