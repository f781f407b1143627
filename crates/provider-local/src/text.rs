//! The `text` task: everything on the page, in reading order.

use crate::layout::{Row, rows};
use crate::page::Page;

/// The page's text, a line for each row.
pub fn text(page: &Page) -> String {
    let texts: Vec<String> = rows(&page.lines).iter().map(Row::text).collect();
    texts.join("\n")
}
