//! A page as a list of elements that can be drawn, changed, removed, moved and recoloured.

use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Svg, TextStyle, fill, stroke},
};

/// A colour that people have a word for.
pub type Colour = (&'static str, &'static str);

/// The colours elements may have.
pub const COLOURS: &[Colour] = &[
    ("blue", "#2563eb"),
    ("green", "#16a34a"),
    ("orange", "#f97316"),
    ("purple", "#7c3aed"),
    ("red", "#dc2626"),
    ("grey", "#64748b"),
];

/// A rectangle on the page and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub name: &'static str,
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A card with a name and a large value.
    Tile,
    Button,
    /// A coloured strip with a message.
    Banner,
    /// A text in a table, left or right aligned.
    Cell,
    Number,
    /// A coloured word in a table.
    Status,
    /// A bar of a chart: its text is its value.
    Bar,
    /// A text that leads elsewhere.
    Link,
    /// A box to type into.
    Search,
    Heading,
    /// A line of ordinary text.
    Text,
    /// A card with a title, a price and a button.
    Card,
}

/// One thing on a page.
#[derive(Debug, Clone)]
pub struct Element {
    /// What a person would call it.
    pub name: String,
    pub shape: Shape,
    /// A fixed caption, if it has one beside its text.
    pub caption: String,
    pub text: String,
    /// What its text may become.
    pub other: Option<String>,
    pub colour: Option<Colour>,
    pub place: Place,
    /// Where it may move to.
    pub elsewhere: Option<Place>,
    pub removable: bool,
}

/// How a page looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub name: &'static str,
    pub family: Family,
    pub page: &'static str,
    pub panel: &'static str,
    pub line: &'static str,
    pub text: &'static str,
    pub muted: &'static str,
    pub radius: f64,
}

const STYLES: &[Style] = &[
    Style {
        name: "light",
        family: Family::Inter,
        page: "#f4f5f7",
        panel: "#ffffff",
        line: "#dfe3e8",
        text: "#111827",
        muted: "#6b7280",
        radius: 8.0,
    },
    Style {
        name: "dark",
        family: Family::Inter,
        page: "#0f172a",
        panel: "#1b2438",
        line: "#334155",
        text: "#f1f5f9",
        muted: "#94a3b8",
        radius: 10.0,
    },
    Style {
        name: "plain",
        family: Family::Arimo,
        page: "#ffffff",
        panel: "#ffffff",
        line: "#b9bec6",
        text: "#000000",
        muted: "#555555",
        radius: 0.0,
    },
    Style {
        name: "warm",
        family: Family::OpenSans,
        page: "#faf6ef",
        panel: "#fffdf9",
        line: "#e5dac6",
        text: "#3b2f21",
        muted: "#8a7a63",
        radius: 6.0,
    },
    Style {
        name: "soft",
        family: Family::Roboto,
        page: "#eef2fb",
        panel: "#ffffff",
        line: "#d5ddf0",
        text: "#1d2a4a",
        muted: "#6a7796",
        radius: 14.0,
    },
];

impl Style {
    /// One of the looks.
    pub fn draw(rng: &mut Rng) -> Self {
        *rng.pick(STYLES)
    }
}

/// A whole page.
#[derive(Debug, Clone)]
pub struct Scene {
    pub kind: &'static str,
    pub style: Style,
    pub width: f64,
    pub height: f64,
    /// Panels and lines behind the elements.
    pub panels: Vec<Place>,
    pub rules: Vec<(f64, f64, f64, f64)>,
    pub elements: Vec<Element>,
}

impl Scene {
    /// The page as SVG.
    pub fn draw(&self) -> String {
        let style = &self.style;
        let mut svg = Svg::new(self.width, self.height, style.page);
        self.panels.iter().for_each(|place| self.panel(&mut svg, place));
        for (x1, y1, x2, y2) in &self.rules {
            svg.line(*x1, *y1, *x2, *y2, &stroke(style.line, 1.0));
        }
        for element in &self.elements {
            self.element(&mut svg, element);
        }
        svg.finish()
    }

    fn panel(&self, svg: &mut Svg, &Place { x, y, width, height, .. }: &Place) {
        let style = &self.style;
        let paint = format!("{} stroke=\"{}\"", fill(style.panel), style.line);
        svg.rounded(x + 0.5, y + 0.5, width, height, style.radius, &paint);
    }

    /// A field with the glass of a search in it.
    fn glass(&self, svg: &mut Svg, &Place { x, y, width, height, .. }: &Place) {
        let style = &self.style;
        let (round, middle) = (style.radius.min(height / 2.0), y + height / 2.0);
        svg.rounded(x + 0.5, y + 0.5, width, height, round, &stroke(style.muted, 1.0));
        let handle = stroke(style.muted, 1.5);
        svg.circle(x + 18.0, middle - 1.0, 5.0, &handle);
        svg.line(x + 21.5, middle + 2.5, x + 26.0, middle + 7.0, &handle);
    }

    fn element(&self, svg: &mut Svg, element: &Element) {
        let style = &self.style;
        let Place { x, y, width, height, .. } = element.place;
        let plain = TextStyle::new(style.family, 14.0, style.text);
        let muted = plain.colour(style.muted).size(13.0);
        let (middle, centre) = (y + height / 2.0 + 5.0, x + width / 2.0);
        let colour = element.colour.map_or(style.text, |(_, code)| code);
        match element.shape {
            Shape::Tile => {
                self.panel(svg, &element.place);
                svg.rounded(x + 10.0, y + 12.0, 5.0, height - 24.0, 2.0, &fill(colour));
                svg.text(x + 26.0, y + 28.0, &element.caption, &muted);
                svg.text(x + 26.0, y + height - 20.0, &element.text, &plain.size(25.0).bold());
            }
            Shape::Button => {
                svg.rounded(x, y, width, height, style.radius.min(height / 2.0), &fill(colour));
                svg.text(centre, middle, &element.text, &plain.colour("#ffffff").bold().middle());
            }
            Shape::Banner => {
                svg.rounded(x, y, width, height, style.radius.min(8.0), &fill(colour));
                svg.text(x + 16.0, middle, &element.text, &plain.colour("#ffffff"));
            }
            Shape::Cell | Shape::Text => svg.text(x, middle, &element.text, &plain),
            Shape::Number => svg.text(x + width, middle, &element.text, &plain.end()),
            Shape::Status => {
                let wide = plain.size(12.5).width(&element.text) + 22.0;
                svg.rounded(x, y + height / 2.0 - 11.0, wide, 22.0, 11.0, &fill(colour));
                svg.text(
                    x + wide / 2.0,
                    middle - 0.5,
                    &element.text,
                    &plain.size(12.5).colour("#ffffff").middle(),
                );
            }
            Shape::Bar => {
                let value: f64 = element.text.parse().unwrap_or(0.0);
                let tall = (height - 44.0) * value / 100.0;
                svg.rect(x, y + height - 22.0 - tall, width, tall, &fill(colour));
                svg.text(centre, y + height - 28.0 - tall, &element.text, &plain.size(12.5).middle());
                svg.text(centre, y + height - 4.0, &element.caption, &muted.middle());
            }
            Shape::Link => svg.text(x, middle, &element.text, &plain),
            Shape::Search => {
                self.glass(svg, &element.place);
                svg.text(x + 34.0, middle, &element.text, &muted);
            }
            Shape::Heading => svg.text(x, y + height - 6.0, &element.text, &plain.size(height * 0.72).bold()),
            Shape::Card => {
                self.panel(svg, &element.place);
                svg.rounded(x + 20.0, y + 20.0, 40.0, 40.0, 8.0, &fill(colour));
                svg.text(x + 20.0, y + 92.0, &element.caption, &plain.size(18.0).bold());
                svg.text(x + 20.0, y + 128.0, &element.text, &plain.size(26.0).bold());
                for (row, share) in [0.8, 0.62, 0.71].into_iter().enumerate() {
                    let line = y + 152.0 + 18.0 * crate::svg::count(row);
                    svg.rounded(x + 20.0, line, (width - 40.0) * share, 8.0, 4.0, &fill(style.line));
                }
            }
        }
    }
}
