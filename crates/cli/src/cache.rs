use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use eval_report::figures::counted;
use vision_cache::{Cache, is_unwritable};

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::output::{CacheOutput, ListFormat, json};
use crate::table::print;

/// What `cache` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval run --cache on
  vision-eval cache stats
  vision-eval cache prune --older-than 30d --max-size 500MB
  vision-eval cache prune --max-size 0MB")]
pub struct CacheArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the number and size of cached answers
    Stats {
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Remove old answers, or limit the cache's size
    Prune(Prune),
}

#[derive(Debug, Args)]
struct Prune {
    /// Remove answers older than AGE: 12h, 30d, 8w
    #[arg(long, value_name = "AGE", value_parser = age, required_unless_present = "max_size")]
    older_than: Option<Duration>,

    /// Remove the oldest answers until at most SIZE is left: 500MB, 2GB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_size: Option<u64>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// Where `run --cache` keeps answers.
pub fn file(environment: &Environment) -> Result<PathBuf, Failure> {
    let folder = environment.cache_folder();
    let folder = folder.ok_or_else(|| Failure::setup("no folder for a cache: set HOME or XDG_CACHE_HOME"))?;
    Ok(folder.join("answers.sqlite"))
}

/// The cache cannot be used: its file cannot be written, or belongs to something else.
pub fn unusable(error: &vision_core::Error) -> Failure {
    let exit = if is_unwritable(error) { Exit::Output } else { Exit::Setup };
    Failure::new(exit, error.chain())
}

/// Looks at the cache, or makes it smaller.
pub fn start(arguments: &CacheArguments, environment: &Environment) -> Result<Exit, Failure> {
    let path = file(environment)?;
    let (Verb::Stats { format } | Verb::Prune(Prune { format, .. })) = &arguments.verb;
    if !path.exists() && *format == ListFormat::Text {
        print(&format!("{} is empty", path.display()))?;
        return Ok(Exit::Pass);
    }
    if !path.exists() {
        json(&CacheOutput { path: path.display().to_string(), ..CacheOutput::default() })?;
        return Ok(Exit::Pass);
    }
    let failed = |error: vision_core::Error| unusable(&error);
    let cache = Cache::open(&path).map_err(failed)?;
    if let Some(complaint) = cache.complaint() {
        eprintln!("warning: {complaint}");
    }
    let now = SystemTime::now();
    let removed = match &arguments.verb {
        Verb::Prune(prune) => Some(cache.prune(prune.older_than, prune.max_size, now).map_err(failed)?),
        Verb::Stats { .. } => None,
    };
    let stats = cache.stats().map_err(failed)?;
    if *format == ListFormat::Json {
        let oldest = stats.oldest.and_then(|oldest| now.duration_since(oldest).ok());
        json(&CacheOutput {
            path: path.display().to_string(),
            answers: stats.answers,
            bytes: stats.file_bytes,
            oldest_seconds: oldest.map(|age| age.as_secs()),
            removed,
        })?;
        return Ok(Exit::Pass);
    }
    if let Some(removed) = removed {
        print(&format!("{} removed", counted(removed, "answer")))?;
    }
    print(&in_words(&path, &stats, now))?;
    Ok(Exit::Pass)
}

fn in_words(path: &Path, stats: &vision_cache::Stats, now: SystemTime) -> String {
    let age = stats.oldest.and_then(|oldest| now.duration_since(oldest).ok());
    let oldest = age.map(|age| format!(", the oldest {} days old", age.as_secs() / 86_400));
    format!(
        "{}: {} in {:.1} MB{}",
        path.display(),
        counted(stats.answers, "answer"),
        stats.file_bytes as f64 / 1e6,
        oldest.unwrap_or_default()
    )
}

fn age(text: &str) -> Result<Duration, String> {
    let units = [("m", 60.0), ("h", 3600.0), ("d", 86_400.0), ("w", 604_800.0)];
    amount(text, &units)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "not an age such as 12h, 30d or 8w".to_owned())
}

fn size(text: &str) -> Result<u64, String> {
    let units = [("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("b", 1.0)];
    amount(text, &units).map(|bytes| bytes as u64).ok_or_else(|| "not a size such as 500MB or 2GB".to_owned())
}

/// A number and a unit, in the unit of 1.
fn amount(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let (unit, factor) = units.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{age, size};

    #[test]
    fn reads_ages_and_sizes() {
        assert_eq!(age("30d"), Ok(Duration::from_secs(30 * 86_400)));
        assert_eq!(age("1.5 h"), Ok(Duration::from_secs(5_400)));
        assert_eq!((size("500MB"), size("2gb"), size("10 b")), (Ok(500_000_000), Ok(2_000_000_000), Ok(10)));
        for wrong in ["", "30", "d", "-1d", "infd", "1e30w"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
        assert!(size("5 apples").is_err());
    }
}
