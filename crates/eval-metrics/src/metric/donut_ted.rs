//! Normalised tree edit distance.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::donut::Normal;
use crate::assignment::MOST_CELLS;
use crate::distance::{between, check_letters, length};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "donut_ted",
    about: "Tree edit accuracy of nested answers (Donut).\n\
            Formula: max(0, 1 - TED(prediction, gold) / TED(empty, gold)), Zhang-Shasha; a leaf costs its length, a node 1.\n\
            Source: Donut JSONParseEvaluator.cal_acc with zss 1.2. Flaws: the order of list items matters, so reordering line items\n\
            costs nearly everything; long texts outweigh amounts; an empty gold gives 0. At most 16 million pairs of nodes.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let (gold, predicted) = (Tree::of(expected), Tree::of(predicted));
    let everything: usize = gold.nodes.iter().map(Label::cost).sum::<usize>() - 1;
    if everything == 0 {
        return Ok(json!({ "accuracy": 0.0 }));
    }
    let distance = tree_distance(&predicted, &gold)?;
    Ok(json!({ "accuracy": (1.0 - distance as f64 / everything as f64).max(0.0) }))
}

/// Marks a leaf in the reference, which looks for it anywhere in the text: in a key, too.
const LEAF: &str = "<leaf>";

#[derive(PartialEq, Eq, Hash, Clone)]
struct Label {
    text: String,
    leaf: bool,
}

impl Label {
    fn inner(text: &str) -> Self {
        if text.contains(LEAF) { Self::leaf(text) } else { Self { text: text.to_owned(), leaf: false } }
    }

    fn leaf(text: &str) -> Self {
        Self { text: text.replace(LEAF, ""), leaf: true }
    }

    /// Of inserting or deleting it.
    fn cost(&self) -> usize {
        if self.leaf { length(&self.text) } else { 1 }
    }

    fn relabel_cost(&self, other: &Self) -> usize {
        match (self.leaf, other.leaf) {
            (true, true) => between(&self.text, &other.text),
            (false, false) => usize::from(self.text != other.text),
            (true, false) => 1 + length(&self.text),
            (false, true) => 1 + length(&other.text),
        }
    }
}

/// A tree in post-order.
#[derive(Default)]
struct Tree {
    nodes: Vec<Label>,
    /// The leftmost leaf below each node.
    leftmost: Vec<usize>,
}

impl Tree {
    fn of(value: &Value) -> Self {
        let mut tree = Self::default();
        tree.push(Normal::of(value), Label::inner("<root>"));
        tree
    }

    fn push(&mut self, children: Option<Normal<'_>>, label: Label) {
        let first = self.nodes.len();
        match children {
            None => {}
            Some(Normal::Object(fields)) => {
                for (key, value) in fields {
                    self.push(Some(value), Label::inner(key));
                }
            }
            Some(Normal::Objects(items)) => {
                for item in items {
                    self.push(Some(item), Label::inner("<subtree>"));
                }
            }
            Some(Normal::Texts(texts)) => {
                for text in texts {
                    self.push(None, Label::leaf(&text));
                }
            }
        }
        // The first child was pushed first, so its leftmost leaf is the first node of this subtree.
        self.leftmost.push(first);
        self.nodes.push(label);
    }

    /// Nodes of all subtrees that must be compared on their own: the deeper the tree, the more often each is in one.
    fn steps(&self) -> usize {
        self.key_roots().into_iter().map(|root| root - self.leftmost[root] + 1).sum()
    }

    /// The last node of each leftmost leaf: the roots of the subtrees that must be compared on their own.
    fn key_roots(&self) -> Vec<usize> {
        let mut seen = vec![false; self.nodes.len()];
        let mut roots: Vec<usize> = (0..self.nodes.len())
            .rev()
            .filter(|&node| !std::mem::replace(&mut seen[self.leftmost[node]], true))
            .collect();
        roots.reverse();
        roots
    }
}

/// Some ten seconds of a core.
const MOST_STEPS: usize = 1 << 32;

/// Zhang and Shasha's algorithm on flat arrays.
///
/// Written here because the crates for it fix the costs to 1 or allocate a node each, and their figures differ
/// from the reference.
fn tree_distance(a: &Tree, b: &Tree) -> Result<u32, MetricError> {
    let (rows, columns) = (a.nodes.len(), b.nodes.len());
    if rows.saturating_mul(columns) > MOST_CELLS {
        return Err(MetricError::new(format!(
            "comparing trees of {rows} and {columns} nodes is too much; at most {MOST_CELLS} pairs are compared"
        )));
    }
    let letters = |tree: &Tree| tree.nodes.iter().map(|label| length(&label.text)).sum();
    check_letters(letters(a), letters(b))?;
    let steps = a.steps().saturating_mul(b.steps());
    if steps > MOST_STEPS {
        return Err(MetricError::new(format!(
            "comparing trees of {rows} and {columns} nodes takes {steps} steps; at most {MOST_STEPS} are taken"
        )));
    }
    let costs = Costs::new(a, b);
    let mut distances = vec![0_u32; rows * columns];
    let mut forest = vec![0_u32; (rows + 1) * (columns + 1)];
    let b_roots = b.key_roots();
    for i in a.key_roots() {
        for &j in &b_roots {
            compare_subtrees(a, b, (i, j), &costs, &mut distances, &mut forest);
        }
    }
    Ok(distances[rows * columns - 1])
}

fn compare_subtrees(
    a: &Tree,
    b: &Tree,
    (i, j): (usize, usize),
    costs: &Costs,
    distances: &mut [u32],
    forest: &mut [u32],
) {
    let (a_first, b_first) = (a.leftmost[i], b.leftmost[j]);
    let (height, width) = (i - a_first + 1, j - b_first + 1);
    let stride = width + 1;
    forest[0] = 0;
    for x in 1..=height {
        forest[x * stride] = forest[(x - 1) * stride] + costs.delete[a_first + x - 1];
    }
    for y in 1..=width {
        forest[y] = forest[y - 1] + costs.insert[b_first + y - 1];
    }
    for x in 1..=height {
        let node_a = a_first + x - 1;
        let whole_a = a.leftmost[node_a] == a_first;
        let a_skip = a.leftmost[node_a] - a_first;
        let relabel = costs.relabel_row(node_a);
        let distances = &mut distances[node_a * b.nodes.len()..][..b.nodes.len()];
        for y in 1..=width {
            let node_b = b_first + y - 1;
            let without = (forest[(x - 1) * stride + y] + costs.delete[node_a])
                .min(forest[x * stride + y - 1] + costs.insert[node_b]);
            let both_whole = whole_a && b.leftmost[node_b] == b_first;
            let best = if both_whole {
                let best = without.min(forest[(x - 1) * stride + y - 1] + relabel[costs.b_label[node_b]]);
                distances[node_b] = best;
                best
            } else {
                let b_skip = b.leftmost[node_b] - b_first;
                without.min(forest[a_skip * stride + b_skip] + distances[node_b])
            };
            forest[x * stride + y] = best;
        }
    }
}

/// All costs, computed once per pair of different labels.
struct Costs {
    delete: Vec<u32>,
    insert: Vec<u32>,
    a_label: Vec<usize>,
    b_label: Vec<usize>,
    relabel: Vec<u32>,
    b_labels: usize,
}

impl Costs {
    fn new(a: &Tree, b: &Tree) -> Self {
        let (a_distinct, a_label) = distinct(&a.nodes);
        let (b_distinct, b_label) = distinct(&b.nodes);
        let relabel =
            a_distinct.iter().flat_map(|a| b_distinct.iter().map(|b| small(a.relabel_cost(b)))).collect();
        let alone = |tree: &Tree| tree.nodes.iter().map(|label| small(label.cost())).collect();
        Self { delete: alone(a), insert: alone(b), a_label, b_label, relabel, b_labels: b_distinct.len() }
    }

    fn relabel_row(&self, node_a: usize) -> &[u32] {
        &self.relabel[self.a_label[node_a] * self.b_labels..][..self.b_labels]
    }
}

/// Sums of these stay below u32: an answer of a billion letters is not one.
fn small(cost: usize) -> u32 {
    u32::try_from(cost).unwrap_or(u32::MAX).min(1 << 20)
}

fn distinct(labels: &[Label]) -> (Vec<&Label>, Vec<usize>) {
    let mut known = HashMap::new();
    let mut list = Vec::new();
    let ids = labels
        .iter()
        .map(|label| {
            *known.entry(label).or_insert_with(|| {
                list.push(label);
                list.len() - 1
            })
        })
        .collect();
    (list, ids)
}
