use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use vision_core::{Error, ErrorKind, Result};

use crate::Transport;

/// Where tokens or keys come from.
#[async_trait]
pub trait Source<T>: fmt::Debug + Send + Sync {
    /// For people: `the service account in key.json`.
    fn name(&self) -> &str;

    /// What can be seen to be missing before anybody is asked: a program that is not installed.
    fn lacks(&self) -> Option<&str> {
        None
    }

    /// Gets a new one. Whatever has to be asked is asked over `transport`.
    async fn fetch(&self, transport: &dyn Transport) -> Result<Fresh<T>>;
}

/// A token, and how long it is good. Shows nothing of it.
#[derive(Clone)]
pub struct Fresh<T> {
    /// The token.
    pub value: T,
    /// From now; `None` is for ever.
    pub lasts: Option<Duration>,
}

impl<T> fmt::Debug for Fresh<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fresh(***, lasts {:?})", self.lasts)
    }
}

/// Keeps what a source gave until shortly before its end. However many calls wait, one of them asks.
pub struct Renewed<T> {
    source: Box<dyn Source<T>>,
    kept: Mutex<Option<Kept<T>>>,
    /// Locked by the caller that asks; the number and the failure of the last question.
    asking: tokio::sync::Mutex<Asked>,
}

struct Kept<T> {
    value: T,
    until: Option<Instant>,
}

#[derive(Default)]
struct Asked {
    times: u64,
    failure: Option<(ErrorKind, String)>,
}

/// Tokens are replaced so long before their end: the slowest request ends within it.
const BEFORE_THE_END: Duration = Duration::from_secs(225);

impl<T: Clone + Send + Sync> Renewed<T> {
    /// Nothing is asked yet.
    pub fn new(source: impl Source<T> + 'static) -> Self {
        Self { source: Box::new(source), kept: Mutex::default(), asking: tokio::sync::Mutex::default() }
    }

    /// Where they come from, for people.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// What can be seen to be missing before anybody is asked.
    pub fn lacks(&self) -> Option<&str> {
        self.source.lacks()
    }

    /// One that is good for a while.
    pub async fn get(&self, transport: &dyn Transport) -> Result<T> {
        if let Some(value) = self.good() {
            return Ok(value);
        }
        let before = self.asking.try_lock().map_or(None, |asked| Some(asked.times));
        let mut asked = self.asking.lock().await;
        // Somebody else asked while this call waited: the outcome is everybody's.
        if let Some(value) = self.good() {
            return Ok(value);
        }
        if before.is_none()
            && let Some((kind, message)) = &asked.failure
        {
            return Err(Error::new(*kind, message.clone()));
        }
        asked.times += 1;
        match self.source.fetch(transport).await {
            Ok(fresh) => {
                asked.failure = None;
                let until = fresh.lasts.map(|lasts| Instant::now() + early(lasts));
                *self.lock() = Some(Kept { value: fresh.value.clone(), until });
                Ok(fresh.value)
            }
            Err(error) => {
                asked.failure = Some((error.kind(), error.chain()));
                Err(error)
            }
        }
    }

    fn good(&self) -> Option<T> {
        let kept = self.lock();
        let kept = kept.as_ref().filter(|kept| kept.until.is_none_or(|until| Instant::now() < until))?;
        Some(kept.value.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Kept<T>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Renewed<T> {
    /// Throws away what is kept, if it is what a host has rejected: somebody else may have renewed it meanwhile.
    pub fn forget(&self, is_rejected: impl FnOnce(&T) -> bool) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        _ = kept.take_if(|kept| is_rejected(&kept.value));
    }
}

/// Of a short life, half: a token of two minutes must not be asked for with every call.
fn early(lasts: Duration) -> Duration {
    lasts.saturating_sub(BEFORE_THE_END).max(lasts / 2)
}

impl<T> fmt::Debug for Renewed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Renewed({})", self.source.name())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use async_trait::async_trait;
    use vision_core::{Error, ErrorKind, Result, Secret};

    use super::{Fresh, Renewed, Source};
    use crate::{Call, Reply, Transport};

    #[derive(Debug)]
    struct Nobody;

    #[async_trait]
    impl Transport for Nobody {
        async fn send(&self, _: Call) -> Result<Reply> {
            Ok(Reply::default())
        }
    }

    /// Gives out `token-1`, `token-2`, … for an hour each, and takes a second for it.
    #[derive(Debug)]
    struct Office {
        given: Arc<AtomicU64>,
        closed: bool,
        lasts: Duration,
    }

    #[async_trait]
    impl Source<Secret> for Office {
        fn name(&self) -> &str {
            "the office"
        }

        async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<Secret>> {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
            if self.closed {
                return Err(Error::new(ErrorKind::Auth, format!("closed, {number}")));
            }
            Ok(Fresh { value: Secret::new(format!("token-{number}")), lasts: Some(self.lasts) })
        }
    }

    fn office(closed: bool, lasts: u64) -> (Arc<Renewed<Secret>>, Arc<AtomicU64>) {
        let given = Arc::new(AtomicU64::new(0));
        let lasts = Duration::from_secs(lasts);
        (Arc::new(Renewed::new(Office { given: given.clone(), closed, lasts })), given)
    }

    async fn get(tokens: &Renewed<Secret>) -> String {
        tokens.get(&Nobody).await.unwrap().expose().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_it_ends() {
        let (tokens, _) = office(false, 3600);
        assert_eq!(get(&tokens).await, "token-1");
        tokio::time::advance(Duration::from_secs(3300)).await;
        assert_eq!(get(&tokens).await, "token-1");
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(get(&tokens).await, "token-2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_of_a_minute_is_kept_for_half_of_it() {
        let (tokens, _) = office(false, 60);
        assert_eq!((get(&tokens).await, get(&tokens).await), ("token-1".to_owned(), "token-1".to_owned()));
        tokio::time::advance(Duration::from_secs(31)).await;
        assert_eq!(get(&tokens).await, "token-2");
    }

    #[tokio::test(start_paused = true)]
    async fn one_question_serves_all_who_wait() {
        for closed in [false, true] {
            let (tokens, given) = office(closed, 3600);
            let waiting: Vec<_> = (0..50)
                .map(|_| {
                    let tokens = tokens.clone();
                    tokio::spawn(async move { tokens.get(&Nobody).await.map(|it| it.expose().to_owned()) })
                })
                .collect();
            for outcome in waiting {
                match outcome.await.unwrap() {
                    Ok(token) => assert_eq!(token, "token-1"),
                    Err(error) => assert_eq!(error.message(), "closed, 1"),
                }
            }
            assert_eq!(given.load(Ordering::Relaxed), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_no_reason_not_to_ask_again() {
        let (tokens, given) = office(true, 3600);
        for _ in 0..2 {
            tokens.get(&Nobody).await.unwrap_err();
        }
        assert_eq!(given.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_token_is_replaced() {
        let (tokens, _) = office(false, 3600);
        get(&tokens).await;
        tokens.forget(|token| token.expose() == "token-0");
        assert_eq!(get(&tokens).await, "token-1", "another one was rejected");
        tokens.forget(|token| token.expose() == "token-1");
        assert_eq!(get(&tokens).await, "token-2");
        assert_eq!(format!("{tokens:?}"), "Renewed(the office)");
    }
}
