use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::shared::Shared;

/// Counts what each key does, for hosts that allow only so much.
#[derive(Debug, Default)]
pub(super) struct Limits {
    keys: Shared<HashMap<String, Use>>,
    per_minute: Option<u64>,
    at_once: Option<u64>,
}

#[derive(Debug)]
struct Use {
    open: u64,
    window: Instant,
    count: u64,
}

/// A request that is allowed, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    limits: &'a Limits,
    key: String,
    /// Limit, what is left of it, and the time until it is whole again.
    pub requests: Option<(u64, u64, Duration)>,
}

const WINDOW: Duration = Duration::from_secs(60);

impl Limits {
    pub fn new(per_minute: Option<u64>, at_once: Option<u64>) -> Self {
        Self { keys: Shared::default(), per_minute, at_once }
    }

    /// A place, or the wait until there may be one; no wait is known for requests at the same time.
    pub fn enter(&self, key: &str) -> Result<Place<'_>, Option<Duration>> {
        let mut keys = self.keys.lock();
        let used =
            keys.entry(key.to_owned()).or_insert_with(|| Use { open: 0, window: Instant::now(), count: 0 });
        if used.window.elapsed() >= WINDOW {
            (used.window, used.count) = (Instant::now(), 0);
        }
        let left_of_window = WINDOW.saturating_sub(used.window.elapsed());
        if self.per_minute.is_some_and(|most| used.count >= most) {
            return Err(Some(left_of_window));
        }
        if self.at_once.is_some_and(|most| used.open >= most) {
            return Err(None);
        }
        used.open += 1;
        used.count += 1;
        let requests = self.per_minute.map(|most| (most, most - used.count, left_of_window));
        Ok(Place { limits: self, key: key.to_owned(), requests })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(used) = self.limits.keys.lock().get_mut(&self.key) {
            used.open -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Limits;

    #[test]
    fn a_window_is_full_until_it_has_passed() {
        crate::block_on(async {
            let limits = Limits::new(Some(2), None);
            for left in [1, 0] {
                assert_eq!(limits.enter("a").unwrap().requests.unwrap().1, left);
            }
            assert_eq!(limits.enter("a").unwrap_err(), Some(Duration::from_secs(60)));
            assert!(limits.enter("b").is_ok(), "another key has a window of its own");
            tokio::time::advance(Duration::from_secs(60)).await;
            assert!(limits.enter("a").is_ok());
        });
    }

    #[test]
    fn a_place_is_free_again_once_left() {
        crate::block_on(async {
            let limits = Limits::new(None, Some(1));
            let place = limits.enter("a").unwrap();
            assert_eq!(limits.enter("a").unwrap_err(), None);
            drop(place);
            assert!(limits.enter("a").is_ok());
        });
    }
}
