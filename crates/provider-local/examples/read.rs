//! Prints what the embedded reader sees: `cargo run -p provider-local --example read -- FILE…`

use std::time::Instant;

use provider_local::{Effort, decode, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let start = Instant::now();
        let image = decode(&bytes)?;
        let decoded = start.elapsed();
        let page = read(image, Effort::Accurate)?;
        println!("{path}: decoded in {decoded:.0?}, read in {:.0?}", start.elapsed() - decoded);
        for line in &page.lines {
            println!("{:.2} {:?} {}", line.confidence, line.region, line.text);
        }
    }
    Ok(())
}
