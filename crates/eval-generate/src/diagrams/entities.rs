//! Tables with their columns, and how they refer to each other.

use super::Pen;
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
};

const TABLES: &[(&str, &[&str])] = &[
    ("customer", &["id  PK", "name", "email", "created_at"]),
    ("orders", &["id  PK", "customer_id  FK", "status", "total", "placed_at"]),
    ("order_item", &["id  PK", "order_id  FK", "product_id  FK", "quantity"]),
    ("product", &["id  PK", "title", "price", "stock"]),
    ("invoice", &["id  PK", "order_id  FK", "due_date", "paid"]),
    ("address", &["id  PK", "customer_id  FK", "street", "city", "country"]),
    ("employee", &["id  PK", "name", "team_id  FK", "salary"]),
    ("team", &["id  PK", "title", "lead_id  FK"]),
];

pub fn draw(pen: &Pen, rng: &mut Rng) -> String {
    let (width, height) = (900.0, 640.0);
    let mut svg = Svg::new(width, height, pen.page);
    pen.title(&mut svg, rng.word(&["Data model", "Entity relationships", "Database schema v3"]));
    let tables = rng.sample(TABLES, 5);
    let mut places = [(60.0, 80.0), (360.0, 110.0), (650.0, 80.0), (150.0, 370.0), (510.0, 390.0)];
    for place in &mut places {
        place.0 += rng.between(-20.0, 20.0);
        place.1 += rng.between(-12.0, 12.0);
    }
    let wide = 190.0;
    for (from, to) in [(0, 1), (1, 2), (0, 3), (1, 4), (2, 4)] {
        let (a, b) = (places[from], places[to]);
        let (start, end) = ((a.0 + wide / 2.0, a.1 + 90.0), (b.0 + wide / 2.0, b.1 + 60.0));
        let bend = if to < 3 { (start.0, end.1) } else { (start.0, (start.1 + end.1) / 2.0) };
        let last = if to < 3 { end } else { (end.0, bend.1) };
        svg.polyline(&[start, bend, last, end], &stroke(pen.line, 1.5));
        if to < 3 {
            pen.note(&mut svg, b.0 - 14.0, end.1 - 6.0, rng.word(&["n", "1", "0..1"]));
        } else {
            pen.note(
                &mut svg,
                end.0 + if from == 2 { 18.0 } else { -18.0 },
                b.1 - 8.0,
                rng.word(&["n", "1", "0..1"]),
            );
        }
    }
    for (at, ((name, columns), (x, y))) in tables.into_iter().zip(places).enumerate() {
        table(pen, &mut svg, x, y, wide, name, columns, at);
    }
    svg.finish()
}

#[expect(clippy::too_many_arguments, reason = "a table is where, how wide, and what")]
fn table(pen: &Pen, svg: &mut Svg, x: f64, y: f64, wide: f64, name: &str, columns: &[&str], kind: usize) {
    let row = pen.size * 1.75;
    let (inside, border) = pen.boxes[kind % pen.boxes.len()];
    let tall = row * count(columns.len() + 1) + 6.0;
    svg.rounded(
        x,
        y,
        wide,
        tall,
        pen.radius.min(5.0),
        &format!("{} stroke=\"{border}\" stroke-width=\"1.5\"", fill(pen.page)),
    );
    svg.rounded(
        x,
        y,
        wide,
        row,
        pen.radius.min(5.0),
        &format!("{} stroke=\"{border}\" stroke-width=\"1.5\"", fill(inside)),
    );
    svg.text(x + wide / 2.0, y + row * 0.7, name, &pen.text().bold());
    let style = crate::svg::TextStyle { anchor: crate::svg::Anchor::Start, ..pen.text() };
    for (at, column) in columns.iter().enumerate() {
        svg.text(x + 12.0, y + row * (count(at) + 1.75), column, &style.size(pen.size * 0.95));
    }
}
