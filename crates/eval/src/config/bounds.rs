/// More requests at once than any machine keeps on their way.
pub const MOST_AT_ONCE: u32 = 10_000;

/// More than anybody needs to know a provider's own noise.
pub const MOST_REPEATS: u32 = 1_000;

/// Whether a count is from 1 to `most`.
pub fn check_count(count: u64, most: u32) -> Result<u32, String> {
    match u32::try_from(count) {
        Ok(0) => Err("not a count of 1 or more".to_owned()),
        Ok(count) if count <= most => Ok(count),
        _ => Err(format!("{count} is too many: at most {most} are possible")),
    }
}

/// A share of the score.
pub fn check_share(share: f64) -> Result<f64, String> {
    match share {
        0.0..=1.0 => Ok(share),
        1.0..=100.0 => Err(format!("not a share between 0 and 1; {share}% is {}", share / 100.0)),
        _ => Err("not a share between 0 and 1".to_owned()),
    }
}

/// A margin is a share of the score, too, but all of it would let every loss pass.
pub fn check_margin(margin: f64) -> Result<f64, String> {
    match margin {
        0.0..1.0 => Ok(margin),
        1.0..100.0 => Err(format!(
            "not a share of the score below 1: {margin} would be {} points; {margin} points are {}",
            margin * 100.0,
            margin / 100.0
        )),
        _ => Err("not a share of the score, at least 0 and below 1".to_owned()),
    }
}
