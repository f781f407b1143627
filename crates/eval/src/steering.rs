//! Steers a run while it goes on, and says what it asks just now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use eval_record::{Asking, Now};
use tokio::sync::watch;
use tokio::time::Instant;
use vision_core::{Capabilities, Estimate, Provider, ProviderId, Request, Response, Result, VisionProvider};
use vision_layers::Places;

use crate::stop::Stop;

/// More trials under way are counted, and not told.
const TOLD: usize = 100;

/// The wheel of a run: whoever holds a clone may turn it. Untouched, it changes nothing.
#[derive(Debug, Clone)]
pub struct Steering(Arc<Wheel>);

tokio::task_local! {
    /// The trial that this task is about.
    static TRIAL: (Steering, u64);
}

/// Trials by number, in the order in which they began, and whether a request of theirs is on its way.
type Asked = (u64, BTreeMap<u64, (Asking, bool)>);

#[derive(Debug)]
struct Wheel {
    course: watch::Sender<Course>,
    asked: Mutex<Asked>,
    begun: Instant,
}

/// How a run is to go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Course {
    /// Whether it begins nothing.
    pub paused: bool,
    /// Requests in parallel, if somebody changed that.
    pub at_once: Option<usize>,
}

impl Default for Steering {
    fn default() -> Self {
        let course = watch::Sender::new(Course::default());
        Self(Arc::new(Wheel { course, asked: Mutex::default(), begun: Instant::now() }))
    }
}

impl Steering {
    /// Begins no further request, or begins them again.
    pub fn pause(&self, paused: bool) {
        self.0.course.send_modify(|course| course.paused = paused);
    }

    /// So many requests in parallel from now on, and at least one.
    pub fn run_at_once(&self, requests: usize) {
        self.0.course.send_modify(|course| course.at_once = Some(requests.max(1)));
    }

    /// What the run does now, as far as this knows it; `usual` is how many requests it was begun with.
    #[must_use]
    pub fn now(&self, usual: usize) -> Now {
        let course = *self.0.course.borrow();
        let asked = self.asked();
        Now {
            at_ms: u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            paused: course.paused,
            stopping: false,
            max_concurrency: course.at_once.unwrap_or(usual),
            obeyed: 0,
            asked: asked.1.values().take(TOLD).map(|(asking, _)| asking.clone()).collect(),
            under_way: asked.1.len(),
            waiting: asked.1.values().filter(|(_, is_sent)| !is_sent).count(),
        }
    }

    pub(crate) fn course(&self) -> watch::Receiver<Course> {
        self.0.course.subscribe()
    }

    /// A trial is under way until the result is dropped.
    pub(crate) fn begin(&self, (provider, dataset, case): (&str, &str, &str), at_ms: u64) -> UnderWay {
        let mut asked = self.asked();
        asked.0 += 1;
        let number = asked.0;
        let asking = Asking {
            provider: provider.to_owned(),
            dataset: dataset.to_owned(),
            case: case.to_owned(),
            at_ms,
        };
        asked.1.insert(number, (asking, false));
        UnderWay { steering: self.clone(), number }
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the places of a run, and those that each of its hosts has at most, as it is steered, and none
    /// once the end is asked for: what waits for one is not begun. Ends with the run.
    pub(crate) async fn place(
        self,
        run: (Arc<Places>, usize),
        hosts: Vec<(Arc<Places>, usize)>,
        mut stop: Stop,
    ) {
        let mut course = self.course();
        loop {
            tokio::select! {
                biased;
                () = stop.asked() => break,
                steered = course.changed() => if steered.is_err() { return },
            }
            let Course { paused, at_once } = *course.borrow_and_update();
            let (places, usual) = &run;
            places.resize(if paused { 0 } else { at_once.unwrap_or(*usual) });
            if let Some(at_once) = at_once {
                hosts.iter().for_each(|(places, most)| places.resize(at_once.min(*most)));
            }
        }
        run.0.close();
        hosts.iter().for_each(|(places, _)| places.close());
    }
}

/// A trial that is under way.
pub(crate) struct UnderWay {
    steering: Steering,
    number: u64,
}

impl UnderWay {
    /// Asks on behalf of this trial.
    pub async fn on_behalf<T>(&self, asking: impl Future<Output = T>) -> T {
        TRIAL.scope((self.steering.clone(), self.number), asking).await
    }
}

/// Stands inside all waiting, and knows so what is sent just now.
#[derive(Debug)]
pub(crate) struct Sending(pub Provider);

/// A request that is on its way until this is dropped.
struct OnItsWay;

impl OnItsWay {
    fn set(is_sent: bool) {
        let note = |(steering, number): &(Steering, u64)| {
            if let Some((_, sent)) = steering.asked().1.get_mut(number) {
                *sent = is_sent;
            }
        };
        // Whoever asks for nobody is not counted.
        let _ = TRIAL.try_with(note);
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        Self::set(false);
    }
}

#[async_trait]
impl VisionProvider for Sending {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.0.estimate(request)
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        OnItsWay::set(true);
        let _on_its_way = OnItsWay;
        self.0.analyze(request).await
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.steering.asked().1.remove(&self.number);
    }
}
