//! Turning one page into two, and writing down how they differ.

use serde::Serialize;

use super::scene::{COLOURS, Colour, Element, Scene, Shape};
use crate::rng::Rng;

/// One difference, as an answer lists it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Difference {
    pub kind: &'static str,
    pub element: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Text,
    Add,
    Remove,
    Move,
    Colour,
}

const CHANGES: &[Change] =
    &[Change::Text, Change::Text, Change::Add, Change::Remove, Change::Move, Change::Colour];

/// Two versions of a scene with `count` differences, each in another element, listed in reading order.
pub fn vary(scene: &Scene, count: usize, rng: &mut Rng) -> (Scene, Scene, Vec<Difference>) {
    let (mut before, mut after) = (scene.clone(), scene.clone());
    let mut chosen: Vec<(usize, Change)> = vec![];
    while chosen.len() < count {
        let change = *rng.pick(CHANGES);
        let able: Vec<usize> = (0..scene.elements.len())
            .filter(|at| allows(&scene.elements[*at], change) && chosen.iter().all(|(other, _)| other != at))
            .collect();
        if !able.is_empty() {
            chosen.push((*rng.pick(&able), change));
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    let differences = chosen
        .iter()
        .map(|(at, change)| apply(*change, &scene.elements[*at], &mut after.elements[*at], rng))
        .collect();
    // Last to first, so that earlier places stay what they were.
    for (at, change) in chosen.iter().rev() {
        match change {
            Change::Add => drop(before.elements.remove(*at)),
            Change::Remove => drop(after.elements.remove(*at)),
            Change::Text | Change::Move | Change::Colour => {}
        }
    }
    (before, after, differences)
}

fn allows(element: &Element, change: Change) -> bool {
    match change {
        Change::Text => element.other.is_some(),
        Change::Add | Change::Remove => element.removable,
        Change::Move => element.elsewhere.is_some(),
        Change::Colour => element.colour.is_some(),
    }
}

fn apply(change: Change, old: &Element, new: &mut Element, rng: &mut Rng) -> Difference {
    let difference = |kind, before: Option<&str>, after: Option<&str>| Difference {
        kind,
        element: old.name.clone(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    match change {
        Change::Text => {
            new.text.clone_from(old.other.as_ref().expect("only elements with another text are changed"));
            difference("changed", Some(&old.text), Some(&new.text))
        }
        Change::Add => difference("added", None, Some(said(old))),
        Change::Remove => difference("removed", Some(said(old)), None),
        Change::Move => {
            new.place = old.elsewhere.clone().expect("only elements with another place are moved");
            difference("moved", Some(old.place.name), Some(new.place.name))
        }
        Change::Colour => {
            let old_colour = old.colour.expect("only elements with a colour are recoloured");
            let others: Vec<Colour> =
                COLOURS.iter().copied().filter(|colour| *colour != old_colour).collect();
            let colour = *rng.pick(&others);
            new.colour = Some(colour);
            difference("recoloured", Some(old_colour.0), Some(colour.0))
        }
    }
}

/// The text that stands for a whole element.
fn said(element: &Element) -> &str {
    match element.shape {
        Shape::Card if element.text.is_empty() => &element.caption,
        _ => &element.text,
    }
}
