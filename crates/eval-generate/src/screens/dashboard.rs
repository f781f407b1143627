//! A web dashboard in a browser: tiles, a line and a table.

use super::Ui;
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
    words,
};

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1120.0, 700.0);
    let company = rng.word(words::COMPANIES);
    let mut svg = Svg::new(width, height, ui.panel);
    browser(ui, &mut svg, width, company);
    svg.rect(0.0, 74.0, 64.0, height, &fill("#16202e"));
    for at in 0..6 {
        let colour = if at == 1 { ui.accent } else { "#5b6b82" };
        svg.rounded(20.0, 96.0 + 52.0 * count(at), 24.0, 24.0, 6.0, &fill(colour));
    }
    svg.text(92.0, 116.0, "Overview", &ui.text(22.0).bold());
    svg.rounded(width - 196.0, 92.0, 170.0, 34.0, 6.0, &format!("{} stroke=\"{}\"", fill(ui.page), ui.line));
    svg.text(width - 182.0, 114.0, "Last 30 days  ▾", &ui.text(13.0));
    for (at, name) in rng.sample(words::MEASURES, 4).into_iter().enumerate() {
        let x = 92.0 + 254.0 * count(at);
        card(ui, &mut svg, x, 142.0, 240.0, 104.0);
        svg.text(x + 18.0, 170.0, name, &ui.muted(13.0));
        let value = words::amount(name, rng);
        svg.text(x + 18.0, 206.0, &value, &ui.text(26.0).bold());
        let up = rng.chance(60);
        let change = format!(
            "{} {}.{} % since last month",
            if up { "+" } else { "−" },
            rng.whole(0, 18),
            rng.whole(0, 9)
        );
        svg.text(x + 18.0, 230.0, &change, &ui.muted(12.0).colour(if up { "#16a34a" } else { "#dc2626" }));
    }
    card(ui, &mut svg, 92.0, 262.0, 622.0, 200.0);
    svg.text(110.0, 290.0, "Visits per day", &ui.text(14.0).bold());
    let mut level: f64 = 0.5;
    let points: Vec<(f64, f64)> = (0..31)
        .map(|day| {
            let step = 0.12 * rng.bell();
            level += if (0.08..0.95).contains(&(level + step)) { step } else { -step / 2.0 };
            (112.0 + 19.3 * count(day), 446.0 - 130.0 * level)
        })
        .collect();
    svg.polyline(&points, &stroke(ui.accent, 2.2));
    card(ui, &mut svg, 728.0, 262.0, 366.0, 200.0);
    svg.text(746.0, 290.0, "Top pages", &ui.text(14.0).bold());
    for (at, page) in ["/", "/pricing", "/docs/start", "/blog/release", "/login"].iter().enumerate() {
        let y = 318.0 + 28.0 * count(at);
        let share = 300.0 / (1.4 + count(at));
        svg.rounded(746.0, y - 16.0, share, 22.0, 4.0, &fill(ui.selected));
        svg.text(754.0, y, page, &ui.text(12.5));
        let visits = rng.whole(300, 400) * 10 / (i64::try_from(at).unwrap_or(0) + 1);
        svg.text(1080.0, y, &visits.to_string(), &ui.text(12.5).end());
    }
    table(ui, &mut svg, rng);
    svg.finish()
}

fn browser(ui: &Ui, svg: &mut Svg, width: f64, company: &str) {
    svg.rect(0.0, 0.0, width, 36.0, &fill(ui.line));
    svg.rounded(80.0, 6.0, 220.0, 40.0, 8.0, &fill(ui.page));
    svg.text(98.0, 26.0, &format!("{company} — Overview"), &ui.text(12.5));
    svg.rect(0.0, 36.0, width, 38.0, &fill(ui.page));
    svg.rounded(100.0, 42.0, width - 220.0, 26.0, 13.0, &fill(ui.panel));
    let address = company.to_lowercase().replace([' ', '&'], "");
    svg.text(118.0, 60.0, &format!("https://app.{address}.example/overview"), &ui.muted(13.0));
    for (x, colour) in [(20.0, "#ff5f57"), (40.0, "#febc2e"), (60.0, "#28c840")] {
        svg.circle(x, 18.0, 6.0, &fill(colour));
    }
    svg.text(
        24.0,
        60.0,
        "←  →  ⟳",
        &crate::svg::TextStyle::new(crate::fonts::Family::DejaVuSans, 14.0, ui.muted),
    );
}

fn card(ui: &Ui, svg: &mut Svg, x: f64, y: f64, width: f64, height: f64) {
    svg.rounded(x, y, width, height, 8.0, &format!("{} stroke=\"{}\"", fill(ui.page), ui.line));
}

fn table(ui: &Ui, svg: &mut Svg, rng: &mut Rng) {
    card(ui, svg, 92.0, 478.0, 1002.0, 208.0);
    for (at, heading) in ["Customer", "Plan", "Seats", "Status", "Amount"].iter().enumerate() {
        svg.text(112.0 + 200.0 * count(at), 506.0, heading, &ui.muted(12.5));
    }
    for row in 0..5 {
        let y = 536.0 + 32.0 * count(row);
        svg.line(92.0, y - 20.5, 1094.0, y - 20.5, &stroke(ui.line, 1.0));
        svg.text(112.0, y, rng.word(words::COMPANIES), &ui.text(13.0));
        svg.text(312.0, y, rng.word(&["Free", "Team", "Business"]), &ui.text(13.0));
        svg.text(512.0, y, &rng.whole(1, 250).to_string(), &ui.text(13.0));
        let (status, colour) =
            *rng.pick(&[("Active", "#16a34a"), ("Trial", "#d97706"), ("Overdue", "#dc2626")]);
        svg.rounded(708.0, y - 15.0, 70.0, 21.0, 10.0, &format!("{} fill-opacity=\"0.16\"", fill(colour)));
        svg.text(743.0, y, status, &ui.text(12.5).colour(colour).middle());
        svg.text(912.0, y, &format!("${},{:03}", rng.whole(1, 48), rng.whole(0, 999)), &ui.text(13.0));
    }
}
