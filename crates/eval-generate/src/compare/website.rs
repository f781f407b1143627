//! A page of a shop or service: links, a large heading, three cards, a footer.

use super::{
    dashboard::{element, place},
    scene::{COLOURS, Element, Scene, Shape, Style},
};
use crate::{rng::Rng, svg::count, words};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 680.0;

pub fn scene(rng: &mut Rng) -> Scene {
    let style = Style::draw(rng);
    let mut elements = head(rng);
    elements.extend(hero(rng));
    elements.extend(cards(rng));
    elements.extend(foot(rng));
    let rules = vec![(0.0, 72.5, WIDTH, 72.5), (0.0, 600.5, WIDTH, 600.5)];
    Scene { kind: "website", style, width: WIDTH, height: HEIGHT, panels: vec![], rules, elements }
}

fn head(rng: &mut Rng) -> Vec<Element> {
    let company = rng.word(words::COMPANIES);
    let mut all = vec![element(
        format!("{company} logo"),
        Shape::Heading,
        company,
        place(40.0, 20.0, 240.0, 32.0, "top left"),
    )];
    let links =
        rng.sample(&["Products", "Pricing", "Docs", "Blog", "About", "Support", "Careers", "Partners"], 6);
    for at in 0..4 {
        all.push(Element {
            other: (at < 2).then(|| (*links[at + 4]).to_owned()),
            removable: true,
            ..element(
                format!("{} link", links[at]),
                Shape::Link,
                *links[at],
                place(330.0 + 98.0 * count(at), 20.0, 80.0, 32.0, "top"),
            )
        });
    }
    let labels = rng.sample(&["Sign in", "Log in", "My account", "Join"], 2);
    all.push(Element {
        other: Some((*labels[1]).to_owned()),
        colour: Some(*rng.pick(COLOURS)),
        ..element(
            format!("{} button", labels[0]),
            Shape::Button,
            *labels[0],
            place(790.0, 18.0, 130.0, 36.0, "top right"),
        )
    });
    all
}

fn hero(rng: &mut Rng) -> Vec<Element> {
    let titles = rng.sample(
        &[
            "Plan your week in minutes",
            "Coffee worth waking up for",
            "Move goods without worry",
            "Accounting made calm",
            "Learn a language on the train",
            "Bicycles for every street",
        ],
        2,
    );
    let lines = rng.sample(
        &[
            "Try it free for 30 days, no card needed.",
            "Loved by 12,000 teams in 40 countries.",
            "Delivery within two days, returns for free.",
            "Open every day from 8 to 20 o'clock.",
        ],
        2,
    );
    let labels = rng.sample(&["Get started", "Buy now", "Watch the video", "Book a table", "Learn more"], 4);
    let title = Element {
        other: Some((*titles[1]).to_owned()),
        ..element(
            format!("{} heading", titles[0]),
            Shape::Heading,
            *titles[0],
            place(40.0, 104.0, 700.0, 56.0, "top left"),
        )
    };
    let line = Element {
        other: Some((*lines[1]).to_owned()),
        removable: true,
        ..element("Introduction text", Shape::Text, *lines[0], place(42.0, 168.0, 500.0, 26.0, "top left"))
    };
    let button = |at: usize, rng: &mut Rng| Element {
        other: Some((*labels[at + 2]).to_owned()),
        colour: Some(*rng.pick(COLOURS)),
        removable: true,
        elsewhere: (at == 0).then(|| place(738.0, 218.0, 182.0, 44.0, "right")),
        ..element(
            format!("{} button", labels[at]),
            Shape::Button,
            *labels[at],
            place(42.0 + 200.0 * count(at), 218.0, 182.0, 44.0, "left"),
        )
    };
    vec![title, line, button(0, rng), button(1, rng)]
}

fn cards(rng: &mut Rng) -> Vec<Element> {
    let names = rng.sample(&["Starter", "Team", "Business", "Family", "Student", "Premium"], 3);
    let currency = rng.word(&["$", "€", "£"]);
    let mut price = || format!("{currency}{}.{}0", rng.whole(4, 96), rng.whole(0, 9));
    let prices: Vec<[String; 2]> = (0..3).map(|_| [price(), price()]).collect();
    let card = |(at, (name, [text, other])): (usize, (&&str, [String; 2]))| Element {
        caption: (*name).to_owned(),
        other: (other != text).then_some(other),
        colour: Some(*rng.pick(COLOURS)),
        removable: true,
        ..element(
            format!("{name} card"),
            Shape::Card,
            text,
            place(40.0 + 300.0 * count(at), 296.0, 280.0, 224.0, "middle"),
        )
    };
    names.into_iter().zip(prices).enumerate().map(card).collect()
}

fn foot(rng: &mut Rng) -> Vec<Element> {
    let notes = rng.sample(
        &["Prices without tax", "Cancel at any time", "Offer ends on 31 March", "Prices include delivery"],
        2,
    );
    let people = rng.sample(words::PEOPLE, 2);
    let note = Element {
        other: Some((*notes[1]).to_owned()),
        removable: true,
        elsewhere: Some(place(700.0, 540.0, 220.0, 30.0, "bottom right")),
        ..element("Price note", Shape::Text, *notes[0], place(42.0, 540.0, 220.0, 30.0, "bottom left"))
    };
    let contact = Element {
        other: Some(format!("Questions? Ask {}", people[1])),
        ..element(
            "Contact text",
            Shape::Text,
            format!("Questions? Ask {}", people[0]),
            place(42.0, 622.0, 300.0, 30.0, "bottom left"),
        )
    };
    let mut phone = || format!("+1 555 0{:03} {:03}", rng.whole(100, 999), rng.whole(100, 999));
    let (first, second) = (phone(), phone());
    let number = Element {
        other: (first != second).then_some(second),
        removable: true,
        ..element("Phone number", Shape::Text, first, place(520.0, 622.0, 160.0, 30.0, "bottom"))
    };
    let newsletter = Element {
        colour: Some(*rng.pick(COLOURS)),
        removable: true,
        ..element(
            "Newsletter button",
            Shape::Button,
            "Newsletter",
            place(780.0, 620.0, 140.0, 36.0, "bottom right"),
        )
    };
    vec![note, contact, number, newsletter]
}
