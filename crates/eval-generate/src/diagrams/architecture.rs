//! Layers of services with arrows down to their stores.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Path, Svg, count, stroke},
    words,
};

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (960.0, 640.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(
        &mut svg,
        rng.word(&["System overview", "Target architecture", "Deployment view", "Shop platform"]),
    );
    let clients = rng.sample(&["Web app", "Mobile app", "Partner API", "Back office"], 3);
    let services = rng.sample(words::SERVICES, 4);
    let stores = rng.sample(&["PostgreSQL", "Redis", "Object store", "Search index", "Event log"], 3);
    let place = |at: usize, all: usize| 130.0 + (width - 260.0) * (count(at) + 0.5) / count(all);
    let frame = format!("{} stroke-dasharray=\"6 5\"", stroke(pen.line, 1.2));
    svg.rounded(70.0, 248.0, width - 140.0, 176.0, 10.0, &frame);
    pen.note(&mut svg, 150.0, 252.0, rng.word(&["Kubernetes", "Private network", "Region EU-1"]));
    for (at, client) in clients.iter().enumerate() {
        let x = place(at, 3);
        pen.node(&mut svg, (x, 100.0), (150.0, 50.0), client, 0);
        pen.arrow(&mut svg, &[(x, 125.0), (x, 150.0), (width / 2.0 + 40.0 * (count(at) - 1.0), 176.0)]);
    }
    pen.node(
        &mut svg,
        (width / 2.0, 200.0),
        (260.0, 46.0),
        rng.word(&["Load balancer", "API gateway", "Reverse proxy"]),
        2,
    );
    for (at, service) in services.iter().enumerate() {
        let x = place(at, 4);
        pen.arrow(&mut svg, &[(width / 2.0, 223.0), (width / 2.0, 240.0), (x, 268.0), (x, 296.0)]);
        pen.node(&mut svg, (x, 330.0), (140.0, 66.0), service, 1);
        let store = place(rng.below(3), 3);
        pen.arrow(&mut svg, &[(x, 363.0), (x, 400.0), (store, 462.0), (store, 492.0)]);
    }
    for (at, store) in stores.iter().enumerate() {
        cylinder(pen, &mut svg, place(at, 3), 535.0, store);
    }
    svg.finish()
}

fn cylinder(pen: &Pen, svg: &mut Svg, x: f64, y: f64, text: &str) {
    let (half, tall, lid) = (68.0, 40.0, 13.0);
    let mut body = Path::new();
    body.to(x - half, y - tall).line(x - half, y + tall);
    body.curve(x - half, y + tall + lid * 1.4, x + half, y + tall + lid * 1.4, x + half, y + tall);
    body.line(x + half, y - tall).close();
    svg.path(&body, &pen.paint(3));
    svg.ellipse(x, y - tall, half, lid, &pen.paint(3));
    pen.label(svg, (x, y + 8.0), 120.0, text);
}
