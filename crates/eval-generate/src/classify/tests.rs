use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::recipe::Kind;

fn recipe(difficulty: Difficulty) -> Recipe {
    Recipe { kind: Kind::Classify, seed: 4, count: 66, difficulty }
}

#[test]
fn every_label_comes_equally_often() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for index in 0..recipe(Difficulty::Normal).count {
        *counts.entry(LABELS[index % LABELS.len()]).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count == 11), "{counts:?}");
}

#[test]
fn every_program_and_diagram_comes_up() {
    let mut rng = Rng::new(&["kinds"]);
    let kinds: BTreeSet<&str> =
        (0..8).flat_map(|order| [screen(order, &mut rng).0, diagram(order, &mut rng).0]).collect();
    insta::assert_compact_debug_snapshot!(kinds);
}

#[test]
fn screens_and_diagrams_are_valid_drawings_in_every_dress() {
    for order in 0..56 {
        let mut rng = Rng::for_case("dress", 1, order);
        for (kind, svg) in [screen(order, &mut rng), diagram(order, &mut rng)] {
            let image = render::pixels(&svg, 0.25).unwrap();
            let colours: BTreeSet<[u8; 3]> = image.pixels().map(|pixel| pixel.0).collect();
            assert!(colours.len() > 20, "{kind} is nearly empty");
        }
    }
}

#[test]
fn draws_one_diagram() {
    insta::assert_snapshot!(diagram(4, &mut Rng::new(&["one"])).1);
}

#[test]
fn hard_sets_show_no_clean_paper() {
    assert!((0..9).all(|order| paper_look(Difficulty::Hard, order) != receipts::Look::Clean));
    assert!((0..9).all(|order| paper_look(Difficulty::Easy, order) == receipts::Look::Clean));
}
