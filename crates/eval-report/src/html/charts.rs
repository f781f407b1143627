//! Drawings as SVG. Colors come from the page's style, so that they follow light and dark.

mod bars;
mod coverage;
mod heat;
mod scatter;
mod trend;

use eval_summary::Summary;

use crate::escape::html;

pub(crate) use coverage::coverage;
pub(crate) use heat::of_fields;
pub(crate) use scatter::frontier;
pub(crate) use trend::{Trend, trend};

pub(super) const STEP: f64 = 30.0;

/// How much room a drawing has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    class: &'static str,
    pub(super) wide: f64,
    /// For names at the left.
    pub(super) left: f64,
    /// The most characters of a name there.
    pub(super) name: usize,
    /// The most labels of a scale.
    labels: usize,
}

impl Room {
    /// As many marks of a scale as there is room for.
    fn labels<T>(self, marks: Vec<T>) -> Vec<T> {
        let every = marks.len().div_ceil(self.labels).max(1);
        marks.into_iter().step_by(every).collect()
    }
}

pub(super) const ROOMY: Room = Room { class: "roomy", wide: 640.0, left: 178.0, name: 24, labels: 9 };
/// For a phone.
const NARROW: Room = Room { class: "narrow", wide: 350.0, left: 122.0, name: 16, labels: 3 };

/// The charts of the whole run.
pub(super) fn of_summary(summary: &Summary) -> Vec<String> {
    let rows = &summary.overall.rows;
    [bars::scores(rows), bars::latencies(rows), scatter::costs(rows), scatter::times(rows)]
        .into_iter()
        .flatten()
        .collect()
}

/// A drawing for each room; the page shows the one that fits. `draw` gives the height and what is drawn.
fn figure(title: &str, about: &str, draw: impl Fn(Room) -> (f64, String)) -> String {
    let label = html(&format!("{title}. {about}"));
    let drawn = [ROOMY, NARROW].map(|room| {
        let (high, body) = draw(room);
        svg(room.class, (room.wide, high), &label, &body)
    });
    framed(title, about, &drawn.concat())
}

/// A drawing that is scrolled where it does not fit.
fn drawing(title: &str, about: &str, size: (f64, f64), body: &str) -> String {
    framed(title, about, &svg("whole", size, &html(&format!("{title}. {about}")), body))
}

fn framed(title: &str, about: &str, drawn: &str) -> String {
    let (title, about) = (html(title), html(about));
    format!(
        "<figure><figcaption><b>{title}</b> <span>{about}</span></figcaption><div class=\"chart\" tabindex=\"0\">\
         {drawn}</div></figure>"
    )
}

fn svg(class: &str, (wide, high): (f64, f64), label: &str, body: &str) -> String {
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" aria-label=\"{label}\">{body}</svg>"
    )
}

fn text(x: f64, y: f64, class: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{}</text>", html(text))
}

fn line(from: (f64, f64), to: (f64, f64), class: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>")
}

fn dot(x: f64, y: f64, class: &str, title: &str) -> String {
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" class=\"{class}\"><title>{}</title></circle>",
        html(title)
    )
}

/// A name in at most so many characters; both ends of it matter.
fn short(label: &str, most: usize) -> String {
    let count = label.chars().count();
    if count <= most {
        return label.to_owned();
    }
    let tail = most / 2;
    let head: String = label.chars().take(most - tail - 1).collect();
    format!("{head}…{}", label.chars().skip(count - tail).collect::<String>())
}

/// Vertical lines with their labels below.
fn grid(marks: &[(f64, String)], high: f64) -> String {
    let one = |(x, label): &(f64, String)| {
        line((*x, 6.0), (*x, high - 20.0), "grid") + &text(*x, high - 5.0, "axis", label)
    };
    marks.iter().map(one).collect()
}

/// Round steps from 0 to at least `most`.
fn steps(most: f64) -> Vec<f64> {
    let rough = most / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|one| one * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    (0..=(most / step).ceil() as u32).map(|count| f64::from(count) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{short, steps};

    #[test]
    fn steps_are_round_and_reach_the_end() {
        assert_eq!(steps(0.9), [0.0, 0.5, 1.0]);
        assert_eq!(steps(8.0), [0.0, 2.0, 4.0, 6.0, 8.0]);
    }

    #[test]
    fn both_ends_of_a_long_name_stay() {
        assert_eq!(short("openai/gpt-5.6-luna", 10), "open…-luna");
        assert_eq!(short("short", 10), "short");
    }
}
