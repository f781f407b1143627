use super::*;
use crate::recipe::Kind;

fn pairs(difficulty: Difficulty) -> impl Iterator<Item = Pair> {
    let recipe = Recipe { kind: Kind::Compare, seed: 5, count: 40, difficulty };
    (0..recipe.count).map(move |index| Pair::invent(&recipe, index))
}

#[test]
fn pictures_differ_exactly_where_differences_are_listed() {
    for pair in pairs(Difficulty::Hard) {
        assert_eq!(pair.before.draw() == pair.after.draw(), pair.differences.is_empty());
    }
}

#[test]
fn every_listed_text_stands_in_its_picture_and_not_in_the_other() {
    for pair in pairs(Difficulty::Normal) {
        let (before, after) = (pair.before.draw(), pair.after.draw());
        for difference in
            pair.differences.iter().filter(|difference| ["changed", "removed"].contains(&difference.kind))
        {
            let text = difference.before.as_ref().unwrap().replace('&', "&amp;");
            let shown = |svg: &str| svg.matches(&format!(">{text}</text>")).count();
            assert!(shown(&before) > shown(&after), "{difference:?}");
        }
    }
}

#[test]
fn an_element_differs_once() {
    for pair in pairs(Difficulty::Hard) {
        let mut names: Vec<&str> =
            pair.differences.iter().map(|difference| difference.element.as_str()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }
}

#[test]
fn lists_the_differences_of_a_pair() {
    let pair = pairs(Difficulty::Hard).next().unwrap();
    insta::assert_json_snapshot!(pair.differences);
}

#[test]
fn every_kind_of_difference_comes_up_and_some_pairs_have_none() {
    let all: Vec<Pair> = pairs(Difficulty::Normal).collect();
    let kinds: std::collections::BTreeSet<&str> =
        all.iter().flat_map(|pair| &pair.differences).map(|difference| difference.kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["added", "changed", "moved", "recoloured", "removed"]);
    assert_eq!(all.iter().filter(|pair| pair.differences.is_empty()).count(), 8);
}
