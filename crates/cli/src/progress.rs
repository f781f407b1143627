//! What a person sees while a run goes on: on stderr, bars on a terminal and a line every few seconds elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use eval::{Event, Observer, Reason, Reasons};
use eval_report::escape;
use eval_report::figures::{counted, money, times as times_of};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use vision_core::ErrorKind;

use crate::said;

/// Shows a run.
#[derive(Debug)]
pub struct Progress {
    look: Look,
    state: Mutex<State>,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing but warnings.
    Quiet,
    /// What failed and what was skipped, at the end.
    End,
    /// A line now and then.
    Lines,
    /// A bar per provider.
    Bars,
}

#[derive(Debug)]
struct State {
    bars: MultiProgress,
    providers: BTreeMap<String, Provider>,
    begun: Instant,
    said: Instant,
}

#[derive(Debug)]
struct Provider {
    bar: ProgressBar,
    total: u64,
    /// In earlier parts of the run.
    known: u64,
    /// In this one.
    done: u64,
    failed: u64,
    /// Why trials failed or were skipped, by kind.
    failures: BTreeMap<&'static str, Reasons>,
    spent: f64,
}

/// How often a log gets a line.
const EVERY: Duration = Duration::from_secs(5);

impl Progress {
    /// Shows as much as `look` says.
    pub fn new(look: Look) -> Self {
        let bars = match look {
            Look::Bars => MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(8)),
            _ => MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
        };
        let now = Instant::now();
        let state = State { bars, providers: BTreeMap::new(), begun: now, said: now };
        Self { look, state: Mutex::new(state) }
    }

    /// Takes the bars away and says the last word.
    pub fn finish(&self) {
        let state = self.lock();
        for provider in state.providers.values() {
            provider.bar.finish_and_clear();
        }
        if self.look == Look::Lines {
            eprintln!("{}", state.line(Tense::Past));
        }
        if self.look != Look::Quiet {
            for (label, provider) in &state.providers {
                let all = provider.failures.iter();
                let all =
                    all.flat_map(|(kind, reasons)| reasons.sorted().into_iter().map(move |it| (kind, it)));
                for (kind, Reason { count, first, .. }) in all {
                    let before = match *kind == ErrorKind::Unsupported.name() {
                        true => format!("{label}: {count} skipped: "),
                        false => format!("{label}: {count} failed, {kind}: "),
                    };
                    let (message, case) = first.rsplit_once(" (").unwrap_or((first, ""));
                    let case = if case.is_empty() { String::new() } else { format!(" ({case}") };
                    eprintln!("{}", said::line(&before, message, &case));
                }
            }
        }
    }

    /// A line for the log, if the last one is a while ago: a host that is silent is news, too.
    pub fn tick(&self) {
        let mut state = self.lock();
        if self.look == Look::Lines && state.said.elapsed() >= EVERY {
            state.said = Instant::now();
            eprintln!("{}", state.line(Tense::Present));
        }
    }

    fn say(&self, text: &str) {
        let text = escape::terminal(text);
        let state = self.lock();
        match self.look {
            // suspend, so that the bars do not swallow the line.
            Look::Bars => state.bars.suspend(|| eprintln!("{text}")),
            _ => eprintln!("{text}"),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        match event {
            Event::Planned { provider, trials } => {
                let mut state = self.lock();
                let bar = state.bars.add(ProgressBar::new(trials));
                bar.set_style(style());
                bar.set_prefix(provider.to_owned());
                let provider_state = Provider {
                    bar,
                    total: trials,
                    known: 0,
                    done: 0,
                    failed: 0,
                    failures: BTreeMap::new(),
                    spent: 0.0,
                };
                state.providers.insert(provider.to_owned(), provider_state);
            }
            Event::Known { provider } => {
                if let Some(provider) = self.lock().providers.get_mut(provider) {
                    provider.known += 1;
                    provider.bar.inc(1);
                    // What was done before says nothing about the pace.
                    provider.bar.reset_eta();
                }
            }
            Event::Ended(trial) => {
                let mut state = self.lock();
                if let Some(provider) = state.providers.get_mut(&trial.key.provider) {
                    provider.done += 1;
                    if let Some(failure) = trial.failure() {
                        // What a provider cannot do is skipped before it is asked.
                        provider.failed += u64::from(failure.kind != ErrorKind::Unsupported);
                        let reason = format!("{} ({})", failure.message, trial.key.case);
                        provider.failures.entry(failure.kind.name()).or_default().add(&reason);
                    }
                    provider.spent += trial.charged().0;
                    provider.bar.inc(1);
                    provider.bar.set_message(provider.words());
                }
                drop(state);
                self.tick();
            }
            Event::Overrun { provider, times } => self.say(&format!(
                "warning: {provider}: an answer cost {} the most that its request allows; from now on \
                 the budget reserves as much for each of its requests",
                times_of(times)
            )),
            Event::Looked(look) => self.say(&looked(look)),
            Event::Batch { provider, batch, state, done, requests } => {
                let requests = counted(requests, "request");
                let done = done.map(|done| format!(", {done} of {requests} done"));
                let done = done.unwrap_or_else(|| format!(", {requests}"));
                self.say(&format!("{provider}: batch {batch}: {state}{done}"));
            }
            Event::Noted { provider, message } => self.say(&format!("{provider}: {message}")),
            Event::Paused { provider, reason } => self.say(&format!("{provider} waits: {reason}")),
            Event::Stopped { provider, reason } => self.say(&format!("{provider}: {reason}")),
        }
    }
}

/// Whether there is more to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tense {
    Present,
    Past,
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:28!} {bar:24} {pos:>6}/{len:<6} {rate:>8} {eta:>4}  {msg}")
        .expect("a test reads this template")
        .with_key("rate", |state: &ProgressState, text: &mut dyn Write| {
            // The bar leaves out what cannot be written.
            write!(text, "{:.1}/s", state.per_sec()).ok();
        })
        .progress_chars("━╸─")
}

impl Provider {
    fn words(&self) -> String {
        let failed = if self.failed > 0 { format!("{} failed ", self.failed) } else { String::new() };
        let spent = if self.spent > 0.0 { money(self.spent) } else { String::new() };
        failed + &spent
    }
}

impl State {
    /// `132 of 480 trials, 2 failed, 12.3/s, $0.14, about 28 s left`
    fn line(&self, tense: Tense) -> String {
        let sum = |count: fn(&Provider) -> u64| self.providers.values().map(count).sum::<u64>();
        let (known, failed) = (sum(|it| it.known), sum(|it| it.failed));
        let (done, total) = (sum(|it| it.done), sum(|it| it.total) - known);
        let spent: f64 = self.providers.values().map(|it| it.spent).sum();
        let rate = done as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let mut words = vec![format!("{done} of {total} trials")];
        if known > 0 {
            words.push(format!("{known} done before"));
        }
        if failed > 0 {
            words.push(format!("{failed} failed"));
        }
        words.push(format!("{rate:.1}/s"));
        if spent > 0.0 {
            words.push(money(spent));
        }
        if tense == Tense::Present && done > 0 && done < total {
            words.push(format!("about {:.0} s left", (total - done) as f64 / rate));
        }
        words.join(", ")
    }
}

/// What a look at a run that ends when it is decided has shown.
fn looked(look: &eval_record::Look) -> String {
    let after = format!("after {} of {} documents", look.documents, look.of);
    let now: Vec<&str> = look
        .out
        .iter()
        .filter(|(_, documents)| *documents == look.documents)
        .map(|(label, _)| label.as_str())
        .collect();
    let out = if now.is_empty() { String::new() } else { format!("; out: {}", now.join(", ")) };
    match (&look.pick, look.settled) {
        (Some(pick), true) => format!("{after}: decided for {pick}{out}"),
        _ => format!("{after}: not decided{out}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_template_of_the_bars_is_well_formed() {
        super::style();
    }
}
