//! Diagrams: boxes, arrows and circles that explain how things hang together.

use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Svg, TextStyle, fill, stroke},
};

mod architecture;
mod entities;
mod flow;
mod network;
mod sequence;
mod tree;
mod venn;

/// Draws one of the diagrams; `index` goes through them all.
pub fn diagram(index: usize, rng: &mut Rng) -> (&'static str, String) {
    let hand = Pen::draw(rng);
    match index % 7 {
        0 => ("flow chart", flow::draw(&hand, rng)),
        1 => ("architecture", architecture::draw(&hand, rng)),
        2 => ("entities", entities::draw(&hand, rng)),
        3 => ("network", network::draw(&hand, rng)),
        4 => ("venn", venn::draw(&hand, rng)),
        5 => ("sequence", sequence::draw(&hand, rng)),
        _ => ("tree", tree::draw(&hand, rng)),
    }
}

/// How a diagram is drawn.
struct Pen {
    family: Family,
    page: &'static str,
    ink: &'static str,
    line: &'static str,
    /// Fill and border of boxes.
    boxes: &'static [(&'static str, &'static str)],
    radius: f64,
    size: f64,
}

impl Pen {
    fn draw(rng: &mut Rng) -> Self {
        let pale: &[(&str, &str)] =
            &[("#dae8fc", "#6c8ebf"), ("#d5e8d4", "#82b366"), ("#fff2cc", "#d6b656"), ("#f8cecc", "#b85450")];
        let plain: &[(&str, &str)] = &[("#ffffff", "#333333")];
        let strong: &[(&str, &str)] =
            &[("#e0e7ff", "#4338ca"), ("#dcfce7", "#15803d"), ("#ffedd5", "#c2410c")];
        let night: &[(&str, &str)] =
            &[("#1f2a44", "#7aa2f7"), ("#23352b", "#9ece6a"), ("#3b2a3f", "#bb9af7")];
        let sketch: &[(&str, &str)] =
            &[("#fffdf6", "#1e1e1e"), ("#ffec99", "#1e1e1e"), ("#a5d8ff", "#1e1e1e")];
        let radius = *rng.pick(&[0.0, 4.0, 10.0]);
        match rng.below(5) {
            0 => Self {
                family: Family::Arimo,
                page: "#ffffff",
                ink: "#1a1a1a",
                line: "#444444",
                boxes: pale,
                radius,
                size: 14.0,
            },
            1 => Self {
                family: Family::LibertinusSerif,
                page: "#ffffff",
                ink: "#000000",
                line: "#000000",
                boxes: plain,
                radius: 0.0,
                size: 15.5,
            },
            2 => Self {
                family: Family::Inter,
                page: "#fafafa",
                ink: "#1f2937",
                line: "#6b7280",
                boxes: strong,
                radius,
                size: 13.5,
            },
            3 => Self {
                family: Family::OpenSans,
                page: "#161a26",
                ink: "#e5e9f5",
                line: "#8b93a7",
                boxes: night,
                radius,
                size: 14.0,
            },
            _ => Self {
                family: Family::Caveat,
                page: "#fffdf6",
                ink: "#1e1e1e",
                line: "#1e1e1e",
                boxes: sketch,
                radius: 8.0,
                size: 20.0,
            },
        }
    }

    fn text(&self) -> TextStyle<'static> {
        TextStyle::new(self.family, self.size, self.ink).middle()
    }

    /// A title over the whole diagram.
    fn title(&self, svg: &mut Svg, title: &str) {
        let middle = svg.width() / 2.0;
        svg.text(middle, 36.0, title, &self.text().size(self.size * 1.4).bold());
    }

    /// A box around a centre, with one or two lines of text.
    fn node(&self, svg: &mut Svg, centre: (f64, f64), size: (f64, f64), text: &str, kind: usize) {
        let (x, y) = (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0);
        svg.rounded(x, y, size.0, size.1, self.radius, &self.paint(kind));
        self.label(svg, centre, size.0 - 12.0, text);
    }

    /// Fill and border.
    fn paint(&self, kind: usize) -> String {
        let (inside, border) = self.boxes[kind % self.boxes.len()];
        format!("{} stroke=\"{border}\" stroke-width=\"1.5\"", fill(inside))
    }

    /// A centred text, broken once if it is too wide.
    fn label(&self, svg: &mut Svg, centre: (f64, f64), width: f64, text: &str) {
        let style = self.text();
        let (x, y) = (centre.0, centre.1 + style.size * 0.35);
        match text.split_once(' ') {
            Some((first, second)) if style.width(text) > width => {
                svg.text(x, y - style.size * 0.6, first, &style);
                svg.text(x, y + style.size * 0.6, second, &style);
            }
            _ => svg.text(x, y, text, &style),
        }
    }

    /// An arrow along points that ends in a filled head.
    fn arrow(&self, svg: &mut Svg, points: &[(f64, f64)]) {
        let [.., before, end] = points else { return };
        let (dx, dy) = (end.0 - before.0, end.1 - before.1);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let (ux, uy) = (dx / length, dy / length);
        svg.polyline(points, &stroke(self.line, 1.6));
        let (bx, by) = (end.0 - 10.0 * ux, end.1 - 10.0 * uy);
        let head = [*end, (bx - 4.5 * uy, by + 4.5 * ux), (bx + 4.5 * uy, by - 4.5 * ux)];
        svg.polygon(&head, &fill(self.line));
    }

    /// A small text beside a line, on the colour of the page.
    fn note(&self, svg: &mut Svg, x: f64, y: f64, text: &str) {
        let style = self.text().size(self.size * 0.86);
        let width = style.width(text) + 8.0;
        svg.rect(x - width / 2.0, y - style.size * 0.9, width, style.size * 1.25, &fill(self.page));
        svg.text(x, y, text, &style);
    }
}
