//! Columns that mean nothing to a task.

use vision_core::Task;

use super::super::names::quoted;
use super::super::source::Table;
use super::{expected_names, places, plain};
use crate::nearest;

/// What somebody may have called a field of a receipt; only suggested, never assumed.
const SYNONYMS: [(&str, &str); 28] = [
    ("company", "store"),
    ("merchant", "store"),
    ("vendor", "store"),
    ("shop", "store"),
    ("seller", "store"),
    ("supplier", "store"),
    ("retailer", "store"),
    ("haendler", "store"),
    ("händler", "store"),
    ("geschaeft", "store"),
    ("datum", "date"),
    ("fecha", "date"),
    ("purchasedate", "date"),
    ("transactiondate", "date"),
    ("day", "date"),
    ("amount", "total"),
    ("sum", "total"),
    ("grandtotal", "total"),
    ("betrag", "total"),
    ("summe", "total"),
    ("price", "total"),
    ("gesamt", "total"),
    ("vat", "tax"),
    ("gst", "tax"),
    ("mwst", "tax"),
    ("net", "subtotal"),
    ("netto", "subtotal"),
    ("payment", "payment_method"),
];

/// Names the columns, the nearest known ones, and the flags to go on with.
pub(super) fn refusal(table: &Table, task: Task, unknown: &[usize]) -> String {
    let mut known: Vec<&str> = places(task).into_iter().flatten().map(|(place, _)| *place).collect();
    known.extend(expected_names(task).iter().take(1));
    let all: Vec<&str> = known.iter().copied().chain(["id", "source", "tags", "note", "tag:KEY"]).collect();
    let mut lines = Vec::new();
    for at in unknown {
        let name = &table.header[*at];
        if name.is_empty() {
            lines.push(format!(
                "column {} has no name: give it one, or leave it out with --ignore-column ''",
                at + 1
            ));
            continue;
        }
        let synonym = SYNONYMS.iter().find(|(word, _)| *word == plain(name)).map(|(_, field)| *field);
        let near = synonym
            .filter(|field| known.contains(field))
            .or_else(|| nearest(name, all.iter().copied().filter(|it| !it.contains(['*', ':']))));
        let map = match near {
            Some(near) => format!("did you mean `{near}`? --map {}={near} reads it so", quoted(name)),
            None => format!("--map {}=NAME gives it a known name", quoted(name)),
        };
        lines.push(format!(
            "the column `{name}` is not known to the task `{task}`: {map}, --ignore-column {} leaves it out",
            quoted(name)
        ));
    }
    lines.push(format!("known to `{task}`: {}", all.join(", ")));
    lines.join("\n")
}
