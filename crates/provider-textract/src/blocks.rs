//! The graph of blocks: everything that was found, in one list, tied together by identifiers.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use vision_core::{Bounds, Evidence};
use vision_document::{Cell, Grid, Pair, page_of};
use vision_http::tolerant::{count, items, lenient};

/// One thing that was found. Which fields there are depends on its type.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Block {
    block_type: String,
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    confidence: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    geometry: Option<Geometry>,
    #[serde(default, deserialize_with = "count")]
    page: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    row_index: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    column_index: Option<u64>,
    #[serde(default, deserialize_with = "items")]
    entity_types: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient")]
    selection_status: Option<String>,
    #[serde(default, deserialize_with = "items")]
    relationships: Option<Vec<Relationship>>,
    #[serde(default, deserialize_with = "lenient")]
    query: Option<Query>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Relationship {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    ids: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    #[serde(default, deserialize_with = "lenient")]
    alias: Option<String>,
}

/// Where something stands, in fractions of the page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Geometry {
    #[serde(default, deserialize_with = "items")]
    polygon: Option<Vec<Point>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Point {
    x: f64,
    y: f64,
}

impl Geometry {
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.polygon.iter().flatten().map(|point| (point.x, point.y)))
    }
}

/// Evidence with a confidence of a hundred at most.
pub(crate) fn evidence(geometry: Option<&Geometry>, page: Option<u64>, percent: Option<f64>) -> Evidence {
    let page = u32::try_from(page.unwrap_or(1).max(1)).ok();
    let bounds = geometry.and_then(Geometry::bounds);
    let share = percent.map(|percent| (percent * 1e4).round() / 1e6);
    Evidence { page, bounds, ..Evidence::default() }.with_confidence(share)
}

/// All blocks, by their identifiers.
pub(crate) struct Graph {
    blocks: Vec<Block>,
    places: HashMap<String, usize>,
}

impl Graph {
    pub(crate) fn new(blocks: Vec<Block>) -> Self {
        let named = blocks.iter().enumerate().filter_map(|(place, block)| Some((block.id.clone()?, place)));
        Self { places: named.collect(), blocks }
    }

    fn of_type(&self, kind: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.block_type == kind)
    }

    /// What a block points to in this way.
    fn related<'a>(&'a self, block: &'a Block, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        let relations = block.relationships.iter().flatten().filter(move |relation| relation.kind == kind);
        let ids = relations.flat_map(|relation| &relation.ids);
        ids.filter_map(|id| self.places.get(id)).map(|place| &self.blocks[*place])
    }

    /// The lines, in the order in which they are read.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.of_type("LINE").filter_map(|line| line.text.as_deref()).collect();
        lines.join("\n")
    }

    /// The mean confidence of each page's lines.
    pub(crate) fn confidence(&self) -> Vec<Evidence> {
        let mut pages: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for line in self.of_type("LINE") {
            let shares = line.confidence.map(|percent| percent / 100.0);
            pages.entry(line.page.unwrap_or(1).max(1)).or_default().extend(shares);
        }
        pages.iter().filter_map(|(number, shares)| page_of(u32::try_from(*number).ok(), shares)).collect()
    }

    /// The words of a block, with a cross for a box that is ticked.
    fn words(&self, block: &Block) -> String {
        let words = self.related(block, "CHILD").filter_map(|child| match child.block_type.as_str() {
            "SELECTION_ELEMENT" => (child.selection_status.as_deref() == Some("SELECTED")).then_some("x"),
            _ => child.text.as_deref(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn tables(&self) -> Vec<Grid> {
        self.of_type("TABLE").map(|table| self.table(table)).collect()
    }

    fn table(&self, table: &Block) -> Grid {
        // A merged cell stands for those that it lists: the first of them gets all of the words.
        let mut merged: HashMap<&str, Option<String>> = HashMap::new();
        for whole in self.related(table, "MERGED_CELL") {
            let parts: Vec<&Block> = self.related(whole, "CHILD").collect();
            let words: Vec<String> =
                parts.iter().map(|part| self.words(part)).filter(|it| !it.is_empty()).collect();
            for (place, part) in parts.iter().enumerate() {
                let text = (place == 0).then(|| words.join(" "));
                merged.extend(part.id.as_deref().map(|id| (id, text)));
            }
        }
        let cells =
            self.related(table, "CHILD").filter(|block| block.block_type == "CELL").filter_map(|cell| {
                let text = match cell.id.as_deref().and_then(|id| merged.get(id)) {
                    Some(text) => text.clone()?,
                    None => self.words(cell),
                };
                Some(Cell {
                    row: usize::try_from(cell.row_index?.checked_sub(1)?).ok()?,
                    column: usize::try_from(cell.column_index?.checked_sub(1)?).ok()?,
                    heading: cell.entity_types.iter().flatten().any(|kind| kind == "COLUMN_HEADER"),
                    evidence: Some(evidence(cell.geometry.as_ref(), cell.page, cell.confidence)),
                    text,
                })
            });
        let title = self.related(table, "TABLE_TITLE").map(|title| self.words(title)).next();
        Grid { title: title.filter(|title| !title.is_empty()), cells: cells.collect() }
    }

    /// Labels and what stands beside them.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let is_key = |block: &&Block| block.entity_types.iter().flatten().any(|kind| kind == "KEY");
        let keys = self.of_type("KEY_VALUE_SET").filter(is_key);
        let pair = |key: &Block| {
            let value = self.related(key, "VALUE").next()?;
            let evidence = evidence(value.geometry.as_ref(), value.page, value.confidence);
            Some(Pair { label: self.words(key), value: self.words(value), evidence })
        };
        keys.filter_map(pair).filter(|pair| !pair.value.is_empty()).collect()
    }

    /// The surest answer to the question of this name.
    pub(crate) fn answer(&self, alias: &str) -> Option<Pair> {
        let asked =
            |block: &&Block| block.query.as_ref().and_then(|query| query.alias.as_deref()) == Some(alias);
        let answers = self.of_type("QUERY").filter(asked).flat_map(|query| self.related(query, "ANSWER"));
        let best =
            answers.max_by(|a, b| a.confidence.unwrap_or(0.0).total_cmp(&b.confidence.unwrap_or(0.0)))?;
        let evidence = evidence(best.geometry.as_ref(), best.page, best.confidence);
        Some(Pair { label: alias.to_owned(), value: best.text.clone()?, evidence })
    }
}
