//! Files that have another name by now. They are known by what is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::time::SystemTime;

use crate::board::Board;
use crate::documents::content;
use crate::event::Event;
use crate::proposals::Proposals;

/// The SHA-256 of files, computed again where size or time differ.
#[derive(Debug, Default)]
pub struct Contents(HashMap<String, (u64, Option<SystemTime>, String)>);

impl Contents {
    fn of(&mut self, root: &Path, document: &str) -> &str {
        let file = root.join(document).metadata().ok();
        let (length, time) = file.map_or((0, None), |it| (it.len(), it.modified().ok()));
        let is_old = self.0.get(document).is_none_or(|known| (known.0, known.1) != (length, time));
        if is_old {
            self.0.insert(document.to_owned(), (length, time, content(root, document)));
        }
        &self.0[document].2
    }
}

/// What was said of a file that is gone goes to a new one with the same bytes.
pub fn moved(
    root: &Path,
    paths: &[String],
    (board, proposals): (&Board, &Proposals),
    contents: &mut Contents,
) -> Vec<Event> {
    let there: HashSet<&str> = paths.iter().map(String::as_str).collect();
    let mut gone: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (document, content) in board.contents().chain(proposals.contents()) {
        if !there.contains(document) {
            gone.entry(content).or_default().insert(document);
        }
    }
    let mut events = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for path in paths.iter().filter(|path| !gone.is_empty() && !board.knows(path)) {
        let content = contents.of(root, path);
        let from = gone.get(content).and_then(|all| all.iter().find(|name| !taken.contains(**name)));
        if let Some(from) = from {
            taken.insert(from);
            events.push(Event::Moved {
                from: (*from).to_owned(),
                to: path.clone(),
                content: content.to_owned(),
            });
        }
    }
    events
}

#[cfg(test)]
mod tests;
