//! A dashboard: heading, tiles, a bar chart and a table.

use super::scene::{COLOURS, Element, Place, Scene, Shape, Style};
use crate::{rng::Rng, svg::count, words};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 640.0;

/// States of a contract and their places among the colours.
const STATES: &[(&str, usize)] = &[("Active", 1), ("Trial", 0), ("Overdue", 4), ("Paused", 5)];

pub fn scene(rng: &mut Rng) -> Scene {
    let style = Style::draw(rng);
    let mut elements = head(rng);
    elements.extend(tiles(rng));
    let chart = place(28.0, 236.0, 430.0, 300.0, "left");
    let table = place(476.0, 236.0, 496.0, 300.0, "right");
    elements.extend(bars(&chart, rng));
    elements.extend(cells(&table, rng));
    let rules = (0..5)
        .map(|row| table.y + 76.0 + 44.0 * count(row))
        .map(|y| (table.x, y, table.x + table.width, y))
        .collect();
    Scene {
        kind: "dashboard",
        style,
        width: WIDTH,
        height: HEIGHT,
        panels: vec![chart, table],
        rules,
        elements,
    }
}

/// A rectangle with its name.
pub fn place(x: f64, y: f64, width: f64, height: f64, name: &'static str) -> Place {
    Place { x, y, width, height, name }
}

/// An element that can only be looked at.
pub fn element(name: impl Into<String>, shape: Shape, text: impl Into<String>, place: Place) -> Element {
    Element {
        name: name.into(),
        shape,
        caption: String::new(),
        text: text.into(),
        other: None,
        colour: None,
        place,
        elsewhere: None,
        removable: false,
    }
}

fn head(rng: &mut Rng) -> Vec<Element> {
    let titles = rng.sample(
        &["Sales overview", "Operations", "Customer success", "Plant monitor", "Weekly report", "Marketing"],
        2,
    );
    let heading = Element {
        other: Some((*titles[1]).to_owned()),
        ..element(
            format!("{} heading", titles[0]),
            Shape::Heading,
            *titles[0],
            place(28.0, 22.0, 300.0, 38.0, "top left"),
        )
    };
    let periods = rng.sample(&["Last 7 days", "Last 30 days", "This quarter", "Year to date"], 2);
    let period = Element {
        other: Some((*periods[1]).to_owned()),
        ..element(
            format!("{} period", periods[0]),
            Shape::Text,
            *periods[0],
            place(30.0, 64.0, 200.0, 22.0, "top left"),
        )
    };
    let search = Element {
        elsewhere: Some(place(28.0, 578.0, 200.0, 34.0, "bottom left")),
        removable: true,
        ..element("Search box", Shape::Search, "Search", place(500.0, 30.0, 200.0, 34.0, "top"))
    };
    let labels = rng.sample(&["Export", "Share", "Refresh", "New report", "Filter"], 4);
    let button = |at: usize, elsewhere: Option<Place>, rng: &mut Rng| Element {
        other: Some((*labels[at + 2]).to_owned()),
        colour: Some(*rng.pick(COLOURS)),
        elsewhere,
        removable: true,
        ..element(
            format!("{} button", labels[at]),
            Shape::Button,
            *labels[at],
            place(722.0 + 128.0 * count(at), 30.0, 118.0, 34.0, "top right"),
        )
    };
    let messages = rng.sample(
        &[
            "Maintenance on Sunday from 02:00 to 04:00",
            "New: compare two periods side by side",
            "Data is delayed by 15 minutes",
        ],
        2,
    );
    let banner = Element {
        other: Some((*messages[1]).to_owned()),
        colour: Some(*rng.pick(COLOURS)),
        removable: true,
        ..element("Message banner", Shape::Banner, *messages[0], place(248.0, 576.0, 724.0, 38.0, "bottom"))
    };
    let first = button(0, None, rng);
    let second = button(1, Some(place(350.0, 30.0, 118.0, 34.0, "top middle")), rng);
    vec![heading, period, search, first, second, banner]
}

fn tiles(rng: &mut Rng) -> Vec<Element> {
    let names = rng.sample(words::MEASURES, 4);
    let tile = |(at, name): (usize, &&str)| {
        let [value, other] = [words::amount(name, rng), words::amount(name, rng)];
        Element {
            caption: (*name).to_owned(),
            other: (other != value).then_some(other),
            colour: Some(*rng.pick(COLOURS)),
            removable: true,
            ..element(
                format!("{name} tile"),
                Shape::Tile,
                value,
                place(28.0 + 240.0 * count(at), 106.0, 224.0, 106.0, "top"),
            )
        }
    };
    names.into_iter().enumerate().map(tile).collect()
}

fn bars(panel: &Place, rng: &mut Rng) -> Vec<Element> {
    let titles =
        rng.sample(&["Orders per month", "Visitors per month", "Downtime per month", "Leads per month"], 2);
    let heading = Element {
        other: Some((*titles[1]).to_owned()),
        ..element(
            format!("{} title", titles[0]),
            Shape::Heading,
            *titles[0],
            place(panel.x + 20.0, panel.y + 12.0, 260.0, 24.0, "left"),
        )
    };
    let first = rng.below(7);
    let colour = Some(*rng.pick(COLOURS));
    let bar = |at: usize| {
        let month = crate::charts::MONTHS[first + at];
        let value = rng.whole(18, 88);
        // A difference in height that can be seen.
        let other = if value > 50 { value - rng.whole(15, 30) } else { value + rng.whole(15, 40) };
        Element {
            caption: month.to_owned(),
            other: Some(other.to_string()),
            colour,
            removable: true,
            ..element(
                format!("{month} bar"),
                Shape::Bar,
                value.to_string(),
                place(panel.x + 30.0 + 78.0 * count(at), panel.y + 48.0, 52.0, panel.height - 62.0, "left"),
            )
        }
    };
    std::iter::once(heading).chain((0..5).map(bar)).collect()
}

fn cells(panel: &Place, rng: &mut Rng) -> Vec<Element> {
    let titles = rng.sample(&["Largest accounts", "Open contracts", "Top customers", "Renewals"], 2);
    let mut all = vec![Element {
        other: Some((*titles[1]).to_owned()),
        ..element(
            format!("{} title", titles[0]),
            Shape::Heading,
            *titles[0],
            place(panel.x + 20.0, panel.y + 12.0, 260.0, 24.0, "right"),
        )
    }];
    let headings = [("Customer", 20.0), ("Status", 190.0), ("Seats", 310.0), ("Amount", 396.0)];
    for (name, x) in headings {
        all.push(element(
            format!("{name} heading"),
            if x > 300.0 { Shape::Number } else { Shape::Cell },
            name,
            place(panel.x + x, panel.y + 46.0, 76.0, 26.0, "right"),
        ));
    }
    for (row, company) in rng.sample(words::COMPANIES, 5).into_iter().enumerate() {
        let y = panel.y + 80.0 + 44.0 * count(row);
        all.push(element(*company, Shape::Cell, *company, place(panel.x + 20.0, y, 160.0, 36.0, "right")));
        let states = rng.sample(STATES, 2);
        all.push(Element {
            other: Some(states[1].0.to_owned()),
            colour: Some(COLOURS[states[0].1]),
            ..element(
                format!("{company} status"),
                Shape::Status,
                states[0].0,
                place(panel.x + 190.0, y, 100.0, 36.0, "right"),
            )
        });
        let mut number = |name: &str, x: f64, texts: [String; 2]| {
            let [text, other] = texts;
            let place = place(panel.x + x, y, 76.0, 36.0, "right");
            let other = (other != text).then_some(other);
            all.push(Element { other, ..element(format!("{company} / {name}"), Shape::Number, text, place) });
        };
        number("Seats", 310.0, [rng.whole(3, 240).to_string(), rng.whole(3, 240).to_string()]);
        let mut money = || format!("${},{:03}", rng.whole(1, 48), rng.whole(0, 999));
        number("Amount", 396.0, [money(), money()]);
    }
    all
}
