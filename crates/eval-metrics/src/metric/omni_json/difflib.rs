//! Python's difflib as JavaScript has it: longest matching blocks first.

use std::collections::HashMap;

/// What to do with `a[a_from..a_to]` to get `b[b_from..b_to]`.
pub(super) struct Step {
    pub(super) equal: bool,
    pub(super) a: std::ops::Range<usize>,
    pub(super) b: std::ops::Range<usize>,
}

/// The steps from `a` to `b`.
pub(super) fn steps(a: &[usize], b: &[usize]) -> Vec<Step> {
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    for (from_a, from_b, size) in matching_blocks(a, b) {
        if i < from_a || j < from_b {
            steps.push(Step { equal: false, a: i..from_a, b: j..from_b });
        }
        (i, j) = (from_a + size, from_b + size);
        if size > 0 {
            steps.push(Step { equal: true, a: from_a..i, b: from_b..j });
        }
    }
    steps
}

/// Blocks (start in a, start in b, size) in order, adjacent ones joined, with an empty one at the end.
fn matching_blocks(a: &[usize], b: &[usize]) -> Vec<(usize, usize, usize)> {
    let positions = positions(b);
    let mut open = vec![(0, a.len(), 0, b.len())];
    let mut blocks = Vec::new();
    while let Some((a_low, a_high, b_low, b_high)) = open.pop() {
        let (i, j, size) = longest_match(a, b, &positions, (a_low, a_high, b_low, b_high));
        if size == 0 {
            continue;
        }
        blocks.push((i, j, size));
        if a_low < i && b_low < j {
            open.push((a_low, i, b_low, j));
        }
        if i + size < a_high && j + size < b_high {
            open.push((i + size, a_high, j + size, b_high));
        }
    }
    blocks.sort_unstable();
    let mut joined: Vec<(usize, usize, usize)> = Vec::new();
    for (i, j, size) in blocks {
        match joined.last_mut() {
            Some(last) if last.0 + last.2 == i && last.1 + last.2 == j => last.2 += size,
            _ => joined.push((i, j, size)),
        }
    }
    joined.push((a.len(), b.len(), 0));
    joined
}

/// Where each element stands in `b`; in long lists very frequent elements are left out.
fn positions(b: &[usize]) -> HashMap<usize, Vec<usize>> {
    let mut positions: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, &element) in b.iter().enumerate() {
        positions.entry(element).or_default().push(index);
    }
    if b.len() >= 200 {
        positions.retain(|_, list| list.len() <= b.len() / 100 + 1);
    }
    positions
}

fn longest_match(
    a: &[usize],
    b: &[usize],
    positions: &HashMap<usize, Vec<usize>>,
    (a_low, a_high, b_low, b_high): (usize, usize, usize, usize),
) -> (usize, usize, usize) {
    let (mut i, mut j, mut size) = (a_low, b_low, 0);
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    for (at, element) in a.iter().enumerate().take(a_high).skip(a_low) {
        let mut next = HashMap::new();
        for &to in positions.get(element).map_or(&[][..], Vec::as_slice) {
            if !(b_low..b_high).contains(&to) {
                continue;
            }
            let length = to.checked_sub(1).and_then(|before| lengths.get(&before)).copied().unwrap_or(0) + 1;
            next.insert(to, length);
            if length > size {
                (i, j, size) = (at + 1 - length, to + 1 - length, length);
            }
        }
        lengths = next;
    }
    while i > a_low && j > b_low && a[i - 1] == b[j - 1] {
        (i, j, size) = (i - 1, j - 1, size + 1);
    }
    while i + size < a_high && j + size < b_high && a[i + size] == b[j + size] {
        size += 1;
    }
    (i, j, size)
}
