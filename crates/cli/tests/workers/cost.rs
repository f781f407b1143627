//! What processes cost, by the account of the system. Linux only: it reads `/proc`.

use std::fs;
use std::process::Child;
use std::time::Duration;

/// Processor seconds and resident memory of a process.
#[derive(Debug, Default, Clone, Copy)]
pub struct Cost {
    pub seconds: f64,
    pub kilobytes: u64,
}

pub fn cost(process: u32) -> Option<Cost> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes = resident.split_whitespace().next()?.parse().ok()?;
    // A hundred ticks a second on every Linux that this runs on.
    Some(Cost { seconds: ticks / 100.0, kilobytes })
}

/// Waits for a process, and says what it had cost right before its end.
pub fn watched(mut child: Child) -> (Cost, Option<i32>) {
    let mut last = Cost::default();
    loop {
        last = cost(child.id()).unwrap_or(last);
        if let Some(status) = child.try_wait().unwrap() {
            return (last, status.code());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How many processes want a core, over the last minute.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}

/// Processor seconds of everybody in a run.
pub struct Costs {
    pub coordinator: f64,
    pub workers: f64,
    pub broker: f64,
    /// This process, which has the host in it.
    pub host: f64,
}

impl Costs {
    /// Of the coordinator, the workers and the broker, by their numbers.
    pub fn of((coordinator, workers, broker): &(u32, Vec<u32>, u32)) -> Self {
        let seconds = |process: u32| cost(process).map_or(0.0, |cost| cost.seconds);
        Self {
            coordinator: seconds(*coordinator),
            workers: workers.iter().map(|worker| seconds(*worker)).sum(),
            broker: seconds(*broker),
            host: seconds(std::process::id()),
        }
    }

    pub fn since(self, before: &Self) -> Self {
        Self {
            coordinator: self.coordinator - before.coordinator,
            workers: self.workers - before.workers,
            broker: self.broker - before.broker,
            host: self.host - before.host,
        }
    }

    pub fn all(&self) -> f64 {
        self.coordinator + self.workers + self.broker + self.host
    }
}
