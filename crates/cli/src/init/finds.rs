//! What `init` says it found.

use std::path::Path;

use eval_report::escape;
use eval_report::figures::{and, count, counted};

use super::candidates::Candidate;
use super::config::slashed;
use super::data::{Existing, Labels};
use super::folder::Folder;
use super::peers::Peer;
use crate::exit::Failure;
use crate::table::print;

/// Folders of media that are named.
const NAMED: usize = 5;

/// Prints a line for each thing that was found.
pub fn show(
    folder: &Folder,
    existing: &[Existing],
    labels: Option<&Labels>,
    peers: &[Peer],
    candidates: &[Candidate],
) -> Result<(), Failure> {
    let mut lines = media(folder);
    for Existing { path, cases } in existing {
        lines.push((slashed(path), format!("dataset, {}", counted(*cases as u64, "case"))));
    }
    match labels {
        Some(labels) => lines.push((slashed(&labels.input), about(labels))),
        None if existing.is_empty() && folder.media_count() > 0 => {
            lines.push((
                "labels".to_owned(),
                "none: a table with the columns `file` and `label` is missing".to_owned(),
            ));
        }
        None => {}
    }
    lines.extend(peers.iter().map(|peer| (peer.origin.clone(), models(peer))));
    let enabled: Vec<String> = candidates
        .iter()
        .filter(|it| it.enabled)
        .map(|Candidate { kind, model, .. }| format!("{kind}/{model}"))
        .collect();
    lines.push(("keys".to_owned(), keys(candidates)));
    if !enabled.is_empty() {
        lines.push(("candidates".to_owned(), format!("{}, beside the free local reader", and(&enabled))));
    }
    if folder.is_partial {
        lines.push((".".to_owned(), "too many files: only the first were looked at".to_owned()));
    }
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(32);
    let lines = lines.iter().map(|(name, about)| {
        let line = format!("  {name:<width$}  {about}");
        format!("\n{}", escape::lines(&line).replace('\n', " "))
    });
    print(&format!("Found:{}\n", lines.collect::<String>()))
}

fn media(folder: &Folder) -> Vec<(String, String)> {
    let lines = folder.media.iter().take(NAMED);
    let mut lines: Vec<_> =
        lines.map(|(path, count)| (place(path), counted(*count as u64, "file"))).collect();
    if folder.media.len() > NAMED {
        let rest: usize = folder.media.values().skip(NAMED).sum();
        let folders = folder.media.len() - NAMED;
        lines.push(("…".to_owned(), format!("{} more files in {folders} folders", count(rest as u64))));
    }
    if lines.is_empty() {
        lines.push(("files".to_owned(), "no images, PDFs or recordings".to_owned()));
    }
    lines
}

fn place(path: &Path) -> String {
    let name = slashed(path);
    if name == "." { "./".to_owned() } else { format!("{name}/") }
}

fn about(labels: &Labels) -> String {
    let Some(cases) = labels.cases else {
        let columns: Vec<_> = labels.questions.iter().map(|it| format!("`{}`", it.column)).collect();
        return format!("labels; how {} is written is not clear", and(&columns));
    };
    let refused = match labels.refused {
        0 => String::new(),
        refused => format!(", {} refused", counted(refused as u64, "row")),
    };
    format!("{} ({}){refused}", counted(cases as u64, "labeled case"), labels.import.kind)
}

fn models(peer: &Peer) -> String {
    let known: Vec<String> = peer.models.iter().map(|(kind, model)| format!("{kind}/{model}")).collect();
    let mut parts = Vec::new();
    if !known.is_empty() {
        parts.push(and(&known));
    }
    if !peer.unknown.is_empty() {
        parts.push(format!("not supported: {}", peer.unknown.join(", ")));
    }
    if let Some(problem) = &peer.problem {
        parts.push(format!("cannot be read: {problem}"));
    }
    if parts.is_empty() { "no models".to_owned() } else { parts.join("; ") }
}

fn keys(candidates: &[Candidate]) -> String {
    let missing: Vec<&str> = candidates
        .iter()
        .filter(|it| it.remark.starts_with("needs ") && !it.remark.starts_with("needs settings"))
        .map(|it| it.kind)
        .collect();
    let mut with: Vec<&str> = candidates.iter().filter(|it| it.enabled).map(|it| it.kind).collect();
    with.dedup();
    match (with.as_slice(), missing.as_slice()) {
        ([], _) => "no paid provider is ready: only free ones on this machine take part".to_owned(),
        (with, []) => and(with),
        (with, missing) => format!("{}; none for {}", and(with), and(missing)),
    }
}
