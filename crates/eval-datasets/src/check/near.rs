//! Images that look alike, by a difference hash of 16 × 16 bits: each says whether a pixel of the tiny grey image is
//! darker than its right neighbour.

use std::collections::BTreeMap;

use image::DynamicImage;
use image::imageops::FilterType;

pub(super) type Fingerprint = [u32; 8];

/// Who names a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Use {
    pub line: u32,
    /// Cases of one source are known to be alike.
    pub source: u64,
}

/// Images that differ in so few bits are nearly the same. Below eight, they agree in at least one of the eight words.
const FEW: u32 = 6;

/// How many neighbours of one word are compared: many images with the same flat corner shall not cost their square.
const NEIGHBOURS: usize = 64;

/// The fingerprint, unless there is too little to see.
pub(super) fn fingerprint(image: &DynamicImage) -> Option<Fingerprint> {
    let small = image.thumbnail_exact(68, 64).to_luma8();
    let small = image::imageops::resize(&small, 17, 16, FilterType::Triangle);
    let mut words = [0; 8];
    for y in 0..16 {
        for x in 0..16 {
            let darker = small.get_pixel(x, y).0[0] < small.get_pixel(x + 1, y).0[0];
            let bit = y * 16 + x;
            words[(bit / 32) as usize] |= u32::from(darker) << (bit % 32);
        }
    }
    let set: u32 = words.iter().map(|word| word.count_ones()).sum();
    (set >= 16).then_some(words)
}

/// Images that are nearly like an earlier one of another source: each only once, with the earliest such.
pub(super) fn pairs(pictures: &[(Fingerprint, Use)]) -> Vec<(Use, Use)> {
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..pictures.len()).collect();
    for word in 0..8 {
        order.sort_unstable_by_key(|&at| (pictures[at].0[word], at));
        for (place, &later) in order.iter().enumerate() {
            let (print, usage) = pictures[later];
            let same_word =
                order[..place].iter().rev().take_while(|&&at| pictures[at].0[word] == print[word]);
            for &earlier in same_word.take(NEIGHBOURS) {
                let (other, first) = pictures[earlier];
                if first.source != usage.source && distance(print, other) <= FEW {
                    let known = found.entry(later).or_insert(earlier);
                    *known = earlier.min(*known);
                }
            }
        }
    }
    found.into_iter().map(|(later, earlier)| (pictures[later].1, pictures[earlier].1)).collect()
}

fn distance(a: Fingerprint, b: Fingerprint) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}
