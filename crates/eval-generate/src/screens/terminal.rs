//! A terminal with a build, a listing or a log.

use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Svg, TextStyle, count, fill},
    words,
};

const GREEN: &str = "#4ec96f";
const BLUE: &str = "#6cb6ff";
const YELLOW: &str = "#e5c07b";
const RED: &str = "#f47067";
const PLAIN: &str = "#d4d7dd";

pub fn draw(rng: &mut Rng) -> String {
    let (width, height) = *rng.pick(&[(960.0, 600.0), (840.0, 560.0), (1040.0, 640.0)]);
    let page = rng.word(&["#0d1117", "#1d1f21", "#002b36", "#300a24"]);
    let mut svg = Svg::new(width, height, page);
    svg.rect(0.0, 0.0, width, 32.0, &fill("#2b2d31"));
    for (x, colour) in [(18.0, "#ff5f57"), (38.0, "#febc2e"), (58.0, "#28c840")] {
        svg.circle(x, 16.0, 6.0, &fill(colour));
    }
    let family = *rng.pick(&[Family::DejaVuSansMono, Family::Hack]);
    let style = TextStyle::new(family, 14.0, PLAIN);
    svg.text(
        width / 2.0,
        21.0,
        "deploy@atlas: ~/project — 110×32",
        &style.size(12.5).colour("#b8bcc4").middle(),
    );
    let mut lines = session(rng);
    let most = ((height - 60.0) / 21.0).floor();
    lines.truncate((0..200).take_while(|line| count(*line) < most).count());
    for (at, line) in lines.iter().enumerate() {
        let mut x = 14.0;
        for (part, colour) in line {
            svg.text(x, 58.0 + 21.0 * count(at), part, &style.colour(colour));
            x += style.width(part);
        }
    }
    svg.finish()
}

type Line = Vec<(String, &'static str)>;

fn session(rng: &mut Rng) -> Vec<Line> {
    let mut lines = vec![prompt("git status --short")];
    for file in rng.sample(
        &["src/main.rs", "src/config.rs", "Cargo.toml", "tests/login.rs", "README.md", "src/db/pool.rs"],
        4,
    ) {
        let mark = *rng.pick(&[(" M ", RED), ("?? ", RED), ("A  ", GREEN)]);
        lines.push(vec![(mark.0.to_owned(), mark.1), ((*file).to_owned(), PLAIN)]);
    }
    lines.push(prompt("cargo build --release"));
    for name in
        rng.sample(&["libc", "serde", "bytes", "tokio", "regex", "hyper", "log", "syn", "quote", "rand"], 7)
    {
        let version = format!(" {name} v{}.{}.{}", rng.whole(0, 2), rng.whole(0, 40), rng.whole(0, 19));
        lines.push(vec![("   Compiling".to_owned(), GREEN), (version, PLAIN)]);
    }
    lines.push(vec![("warning".to_owned(), YELLOW), (": unused variable: `retry_count`".to_owned(), PLAIN)]);
    lines.push(vec![("  --> ".to_owned(), BLUE), (format!("src/config.rs:{}:9", rng.whole(12, 240)), PLAIN)]);
    let time = format!(" release [optimized] target(s) in {}.{:02}s", rng.whole(9, 74), rng.whole(0, 99));
    lines.push(vec![("    Finished".to_owned(), GREEN), (time, PLAIN)]);
    lines.push(prompt("docker ps"));
    lines.push(vec![(format!("{:<15}{:<26}{:<16}{}", "CONTAINER ID", "IMAGE", "STATUS", "NAMES"), PLAIN)]);
    for service in rng.sample(words::SERVICES, 4) {
        let name = service.to_lowercase().replace(' ', "-");
        let id: String = (0..12).map(|_| char::from(*rng.pick(b"0123456789abcdef"))).collect();
        let up = format!("Up {} hours", rng.whole(2, 40));
        lines.push(vec![(format!("{id:<15}{:<26}{up:<16}{name}-1", format!("shop/{name}:latest")), PLAIN)]);
    }
    lines.push(prompt("tail -n 4 /var/log/app.log"));
    for _ in 0..4 {
        let level = *rng.pick(&[("INFO ", GREEN), ("WARN ", YELLOW), ("ERROR", RED)]);
        let at = format!("2025-0{}-{:02}T{}Z ", rng.whole(1, 9), rng.whole(1, 28), super::clock(rng));
        let text = format!(" request handled in {} ms", rng.whole(3, 900));
        lines.push(vec![(at, BLUE), (level.0.to_owned(), level.1), (text, PLAIN)]);
    }
    lines.push(prompt("█"));
    lines
}

fn prompt(command: &str) -> Line {
    vec![
        ("deploy@atlas".to_owned(), GREEN),
        (":".to_owned(), PLAIN),
        ("~/project".to_owned(), BLUE),
        (format!("$ {command}"), PLAIN),
    ]
}
