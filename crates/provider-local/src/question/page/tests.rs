use image::RgbImage;

use super::*;
use crate::layout;
use crate::layout::tests::line;

fn page(rows: &[&[(&str, f32)]]) -> Page {
    let cells = rows
        .iter()
        .zip(0..)
        .flat_map(|(row, at)| row.iter().map(move |(text, left)| line(text, *left, 30.0 * at as f32)));
    Page { image: RgbImage::new(800, 1000), lines: layout::arrange(cells.collect()) }
}

fn till() -> Page {
    page(&[
        &[("CORNER BAKERY", 100.0)],
        &[("12 Mill Lane, Leeds", 100.0)],
        &[("14/03/2025", 0.0), ("09:12", 300.0)],
        &[("Sourdough loaf", 0.0), ("3.80", 400.0)],
        &[("Oat flat white", 0.0), ("3.45", 400.0)],
        &[("Subtotal", 0.0), ("7.25", 400.0)],
        &[("VAT 20%", 0.0), ("1.45", 400.0)],
        &[("TOTAL", 0.0), ("8.70", 400.0)],
        &[("Visa", 0.0), ("8.70", 400.0)],
    ])
}

fn window() -> Page {
    page(&[
        &[("Package", 0.0), ("Installed version", 200.0), ("Size", 420.0)],
        &[("kmod", 0.0), ("28-1", 200.0), ("244 kB", 420.0)],
        &[("less", 0.0), ("551-2", 200.0), ("133 kB", 420.0)],
        &[("There are 27 updates available", 0.0)],
        &[("Licence number: AB-1234", 0.0)],
    ])
}

#[track_caller]
fn check(page: &Page, question: &str, wanted: Value) {
    assert_eq!(answer(page, &Asked::of(question)), Some(wanted), "{question}");
}

#[track_caller]
fn refuses(page: &Page, question: &str) {
    assert_eq!(answer(page, &Asked::of(question)), None, "{question}");
}

#[test]
fn what_a_receipt_says() {
    check(&till(), "What is the total?", json!(8.7));
    check(&till(), "How much did they pay?", json!(8.7));
    check(&till(), "How much tax was charged?", json!(1.45));
    check(&till(), "What is the subtotal?", json!(7.25));
    check(&till(), "When was this bought?", json!("2025-03-14"));
    check(&till(), "Which shop is it from?", json!("CORNER BAKERY"));
    check(&till(), "How much was the flat white?", json!(3.45));
    check(&till(), "How many items were bought?", json!(2));
    check(&till(), "Does it say \"Leeds\"?", json!(true));
    check(&till(), "Is \"gift card\" mentioned?", json!(false));
}

#[test]
fn what_stands_beside_a_label() {
    check(&window(), "What is the licence number?", json!("AB-1234"));
    check(&window(), "What is the installed version of kmod?", json!("28-1"));
    check(&window(), "What size is \"less\"?", json!("133 kB"));
    check(&window(), "How many updates are available?", json!(27));
}

#[test]
fn what_is_not_there_is_refused() {
    refuses(&till(), "Is the cashier happy?");
    refuses(&till(), "What color is the logo?");
    refuses(&till(), "How much was the umbrella?");
    refuses(&till(), "What is the tip?");
    refuses(&till(), "Which function is called?");
    refuses(&till(), "Who is the president?");
    refuses(&window(), "What is the total?");
    refuses(&window(), "How many people are there?");
    refuses(&window(), "Describe the picture.");
    refuses(&page(&[]), "What is the title?");
}
