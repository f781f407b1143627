//! The `compare-free` task: what is printed on one of two pictures and not on the other. Colors and drawings are not
//! compared.

use crate::page::{Line, Page};
use crate::words::words;

/// What differs, in sentences.
pub fn differences(before: &Page, after: &Page) -> String {
    if before.image == after.image {
        return "The two pictures are identical: nothing differs.".to_owned();
    }
    let (gone, new) = unmatched(before, after);
    let mut sentences = Vec::new();
    let mut added: Vec<&Line> = new;
    for line in gone {
        let successor = added.iter().position(|other| is_in_place_of(other, line));
        sentences.push(match successor.map(|at| added.remove(at)) {
            Some(other) => format!("“{}” became “{}”.", line.text, other.text),
            None => format!("“{}” was removed.", line.text),
        });
    }
    sentences.extend(added.iter().map(|line| format!("“{}” was added.", line.text)));
    if sentences.is_empty() {
        return "Both pictures say the same words. Colors and drawings were not compared.".to_owned();
    }
    sentences.join("\n")
}

/// The lines of each that the other does not have, as often as it has more of them.
fn unmatched<'a>(before: &'a Page, after: &'a Page) -> (Vec<&'a Line>, Vec<&'a Line>) {
    let mut new: Vec<(Vec<String>, &Line)> =
        after.lines.iter().map(|line| (words(&line.text), line)).collect();
    let mut gone = Vec::new();
    for line in &before.lines {
        let said = words(&line.text);
        let same = new.iter().enumerate().filter(|(_, (other, _))| *other == said);
        let nearest = same.min_by(|(_, (_, a)), (_, (_, b))| apart(a, line).total_cmp(&apart(b, line)));
        match nearest.map(|(at, _)| at) {
            Some(at) => drop(new.remove(at)),
            None => gone.push(line),
        }
    }
    let has_words = |line: &&Line| !words(&line.text).is_empty();
    gone.retain(has_words);
    (gone, new.into_iter().map(|(_, line)| line).filter(has_words).collect())
}

fn apart(a: &Line, b: &Line) -> f32 {
    let (a, b) = (a.rect.center(), b.rect.center());
    (a.x - b.x).hypot(a.y - b.y)
}

/// Whether one line stands where the other one stood.
fn is_in_place_of(new: &Line, old: &Line) -> bool {
    new.rect.vertical_overlap(&old.rect) > 0.5 && new.rect.horizontal_overlap(&old.rect) > 0.5
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::layout::tests::line;

    /// `shade` makes pictures differ.
    fn page(lines: &[(&str, f32)], shade: u8) -> Page {
        let lines = lines.iter().map(|(text, top)| line(text, 0.0, *top)).collect();
        Page { image: RgbImage::from_pixel(9, 9, Rgb([shade; 3])), lines }
    }

    #[test]
    fn says_what_became_of_each_line() {
        let before = page(&[("Operations", 0.0), ("Sessions", 40.0), ("Help", 80.0)], 1);
        let after = page(&[("Sales overview", 0.0), ("Help", 80.0), ("Search", 200.0)], 2);
        assert_eq!(
            differences(&before, &after),
            "“Operations” became “Sales overview”.\n“Sessions” was removed.\n“Search” was added."
        );
    }

    #[test]
    fn a_line_that_is_there_twice_is_missed_once() {
        let (twice, once) = (page(&[("Free", 0.0), ("Free", 40.0)], 1), page(&[("Free", 40.0)], 2));
        assert_eq!(differences(&twice, &once), "“Free” was removed.");
    }

    #[test]
    fn only_equal_pictures_differ_in_nothing() {
        let one = page(&[("Help", 0.0)], 1);
        assert_eq!(differences(&one, &one), "The two pictures are identical: nothing differs.");
        let other = differences(&one, &page(&[("Help", 0.0)], 2));
        assert!(other.contains("were not compared") && !other.contains("identical"), "{other}");
    }
}
