//! A spreadsheet with a ribbon, headings and numbers.

use super::Ui;
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
    words,
};

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1100.0, 660.0);
    let mut svg = ui.window(width, height, "Budget_2025.xlsx — Tabula");
    let brand = rng.word(&["#1a7f43", "#2a5db0", "#7a3b91"]);
    ribbon(ui, &mut svg, width, brand);
    let (left, top, columns) = (44.0, 140.0, 9);
    let row_height = *rng.pick(&[22.0, 26.0, 32.0]);
    let customers = 4 + rng.below(7);
    let wide = (width - left) / count(columns);
    svg.rect(0.0, top - row_height, width, row_height, &fill(ui.panel));
    svg.rect(0.0, top - row_height, left, height, &fill(ui.panel));
    let chosen = (rng.below(customers) + 1, rng.below(5) + 2);
    let names = rng.sample(words::COMPANIES, customers);
    // Cents; the last row and column are sums.
    let mut amounts = [[0_i64; 7]; 11];
    for row in 0..customers {
        for column in 0..6 {
            let amount = rng.whole(100_000, 2_400_000);
            for (row, column) in [(row, column), (customers, column), (row, 6), (customers, 6)] {
                amounts[row][column] += amount;
            }
        }
    }
    for row in 0..24 {
        let y = top + row_height * count(row);
        svg.line(0.0, y - 0.5, width, y - 0.5, &stroke(ui.line, 1.0));
        svg.text(left / 2.0, y + 17.0, &(row + 1).to_string(), &ui.muted(11.5).middle());
        for column in 0..columns {
            let x = left + wide * count(column);
            let content = cell(row, column, &names, &amounts);
            let style = if row == 0 || row == customers + 1 { ui.text(12.0).bold() } else { ui.text(12.0) };
            if column == 0 {
                svg.text(x + 6.0, y + 17.0, &content, &style);
            } else {
                svg.text(x + wide - 6.0, y + 17.0, &content, &style.end());
            }
        }
    }
    for column in 0..columns {
        let x = left + wide * count(column);
        let letter = char::from(b'A' + u8::try_from(column).unwrap_or(0));
        svg.text(x + wide / 2.0, top - 8.0, &letter.to_string(), &ui.muted(12.0).middle());
        svg.line(x - 0.5, top - row_height, x - 0.5, height - 26.0, &stroke(ui.line, 1.0));
    }
    let (x, y) = (left + wide * count(chosen.1), top + row_height * count(chosen.0));
    svg.rect(x, y, wide, row_height, &stroke(brand, 2.0));
    svg.rect(x + wide - 3.0, y + row_height - 3.0, 6.0, 6.0, &fill(brand));
    tabs(ui, &mut svg, width, height);
    svg.finish()
}

fn ribbon(ui: &Ui, svg: &mut Svg, width: f64, brand: &str) {
    svg.rect(0.0, 37.0, width, 26.0, &fill(brand));
    for (at, menu) in ["File", "Home", "Insert", "Layout", "Formulas", "Data", "View"].iter().enumerate() {
        svg.text(20.0 + 74.0 * count(at), 55.0, menu, &ui.text(12.5).colour("#ffffff"));
    }
    svg.rect(0.0, 63.0, width, 52.0, &fill(ui.panel));
    svg.rect(10.0, 76.0, 70.0, 24.0, &format!("{} stroke=\"{}\"", fill(ui.page), ui.line));
    svg.text(18.0, 93.0, "D7", &ui.text(12.5));
    svg.text(96.0, 93.0, "fx", &ui.muted(13.0));
    svg.rect(120.0, 76.0, width - 132.0, 24.0, &format!("{} stroke=\"{}\"", fill(ui.page), ui.line));
    svg.text(128.0, 93.0, "=SUM(D2:D6)*(1+$B$14)", &ui.text(12.5));
}

fn cell(row: usize, column: usize, names: &[&&str], amounts: &[[i64; 7]; 11]) -> String {
    const MONTHS: [&str; 7] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Total"];
    let last = names.len() + 1;
    match (row, column) {
        (0, 0) => "Customer".to_owned(),
        (0, 1..=7) => MONTHS[column - 1].to_owned(),
        (row, 0) if (1..last).contains(&row) => (*names[row - 1]).to_owned(),
        (row, 0) if row == last => "Sum".to_owned(),
        (row, 0) if row == last + 2 => "Growth rate".to_owned(),
        (row, 1) if row == last + 2 => "4.5%".to_owned(),
        (row, 1..=7) if (1..=last).contains(&row) => {
            let cents = amounts[row - 1][column - 1];
            let (whole, rest) = (cents / 100, cents % 100);
            format!("{},{:03}.{rest:02}", whole / 1000, whole % 1000)
        }
        _ => String::new(),
    }
}

fn tabs(ui: &Ui, svg: &mut Svg, width: f64, height: f64) {
    svg.rect(0.0, height - 26.0, width, 26.0, &fill(ui.panel));
    for (at, sheet) in ["Overview", "2025", "2024", "Notes"].iter().enumerate() {
        let x = 50.0 + 90.0 * count(at);
        if at == 1 {
            svg.rect(x - 14.0, height - 26.0, 84.0, 26.0, &fill(ui.page));
        }
        svg.text(x, height - 9.0, sheet, &ui.text(12.0));
    }
    svg.text(width - 16.0, height - 9.0, "100 %", &ui.muted(11.5).end());
}
