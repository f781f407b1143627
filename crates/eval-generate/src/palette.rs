//! Reducing a picture to at most 256 colours, with whole numbers only.

use std::collections::HashMap;

use image::RgbImage;

/// A palette and one index per pixel, row by row.
pub struct Indexed {
    pub palette: Vec<[u8; 3]>,
    pub pixels: Vec<u8>,
}

/// The palette a PNG can hold.
const MOST: usize = 256;

/// Exact for pictures of up to 256 colours; otherwise every colour goes to the nearest palette entry.
pub fn reduce(image: &RgbImage) -> Indexed {
    let colours = count(image);
    let palette = if colours.len() <= MOST {
        colours.iter().map(|(colour, _)| *colour).collect()
    } else {
        choose(&colours)
    };
    let index: HashMap<[u8; 3], u8> =
        colours.iter().map(|(colour, _)| (*colour, nearest(&palette, *colour))).collect();
    let pixels = image.pixels().map(|pixel| index[&pixel.0]).collect();
    Indexed { palette, pixels }
}

/// All colours, commonest first; ties by value, so that the order never depends on hashing.
fn count(image: &RgbImage) -> Vec<([u8; 3], u64)> {
    let mut counts: HashMap<[u8; 3], u64> = HashMap::new();
    for pixel in image.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_by_key(|&(colour, count)| (std::cmp::Reverse(count), colour));
    colours
}

/// Takes, again and again, the colour that the palette so far renders worst, weighted by how common it is.
fn choose(colours: &[([u8; 3], u64)]) -> Vec<[u8; 3]> {
    let mut palette = vec![colours[0].0];
    let mut errors: Vec<u64> = colours.iter().map(|(colour, _)| distance(*colour, palette[0])).collect();
    while palette.len() < MOST {
        let worst = (0..colours.len())
            .max_by_key(|&at| (errors[at] * errors[at] * colours[at].1, std::cmp::Reverse(at)))
            .expect("a picture has colours");
        let chosen = colours[worst].0;
        palette.push(chosen);
        for (error, (colour, _)) in errors.iter_mut().zip(colours) {
            *error = (*error).min(distance(*colour, chosen));
        }
    }
    palette
}

fn nearest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let at =
        (0..palette.len()).min_by_key(|&at| distance(palette[at], colour)).expect("a palette has colours");
    u8::try_from(at).expect("a palette has at most 256 entries")
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u64 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u64::from(a[channel].abs_diff(b[channel])));
    // The eye is most sensitive to green and least to blue.
    3 * red * red + 6 * green * green + 2 * blue * blue
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn keeps_the_commonest_colour_exact_and_the_others_close() {
        let image = RgbImage::from_fn(256, 40, |x, y| {
            let shade = u8::try_from(x).unwrap();
            if y < 20 { Rgb([12, 34, 56]) } else { Rgb([shade, u8::try_from(y * 6).unwrap(), 128]) }
        });
        let Indexed { palette, pixels } = reduce(&image);
        assert_eq!(palette.len(), MOST);
        assert_eq!(palette[usize::from(pixels[0])], [12, 34, 56]);
        let worst =
            image.pixels().zip(&pixels).map(|(pixel, at)| distance(pixel.0, palette[usize::from(*at)])).max();
        assert!(worst.unwrap() < 3000, "{worst:?}");
    }
}
