use crate::models::Facts;

/// The side of the square that makes one token.
const PATCH: u32 = 28;

/// Tokens of an image of this size, after the scaling that the service does itself.
///
/// `None` where the model's limits are not known.
pub(crate) fn image_tokens(facts: &Facts, width: u32, height: u32) -> Option<u64> {
    let (edge, most) = (facts.image_edge?, facts.image_tokens?);
    let (width, height) = scaled(width, height, edge, most);
    Some(patches(width, height))
}

/// The largest size of the same shape whose padded sides and tokens are within the limits.
fn scaled(width: u32, height: u32, edge: u32, most: u64) -> (u32, u32) {
    let (long, short) = (width.max(height), width.min(height));
    let sized = |length: u32| (length, shrunk(short, length, long));
    let fits = |&(long, short): &(u32, u32)| padded(long) <= edge && patches(long, short) <= most;
    let (long, short) = (1..=long.min(edge)).rev().map(sized).find(fits).unwrap_or((1, 1));
    if width >= height { (long, short) } else { (short, long) }
}

/// `side * part / whole`, rounded down, but never nothing.
fn shrunk(side: u32, part: u32, whole: u32) -> u32 {
    let side = u64::from(side) * u64::from(part) / u64::from(whole);
    u32::try_from(side).expect("part is at most whole").max(1)
}

fn padded(side: u32) -> u32 {
    side.div_ceil(PATCH) * PATCH
}

fn patches(width: u32, height: u32) -> u64 {
    u64::from(width.div_ceil(PATCH)) * u64::from(height.div_ceil(PATCH))
}

#[cfg(test)]
mod tests {
    use super::{image_tokens, scaled};
    use crate::models::facts;

    #[track_caller]
    fn check(width: u32, height: u32, standard: u64, high: u64) {
        assert_eq!(image_tokens(facts("claude-sonnet-4-6"), width, height), Some(standard), "standard");
        assert_eq!(image_tokens(facts("claude-sonnet-5-5"), width, height), Some(high), "high resolution");
    }

    #[test]
    fn published_examples() {
        check(200, 200, 64, 64);
        check(1000, 1000, 1296, 1296);
        check(1092, 1092, 1521, 1521);
        check(1920, 1080, 1560, 2691);
        check(2000, 1500, 1564, 3888);
        check(3840, 2160, 1560, 4784);
    }

    #[test]
    fn published_sizes() {
        assert_eq!(scaled(1920, 1080, 1568, 1568), (1456, 819));
        assert_eq!(scaled(2000, 1500, 1568, 1568), (1270, 952));
        assert_eq!(scaled(3840, 2160, 2576, 4784), (2576, 1449));
        assert_eq!(scaled(1075, 1520, 1568, 1568), (924, 1307));
    }

    #[test]
    fn extreme_shapes_have_a_size_too() {
        check(8000, 1, 56, 92);
        check(1, 8000, 56, 92);
        check(1, 1, 1, 1);
        check(0, 0, 1, 1);
    }
}
