//! Twins of pictures that are worse in one way: what cameras and scanners do to documents.
//!
//! Everything is reckoned in whole numbers from a seed, so that a twin has the same bytes on every machine.

use std::fmt;
use std::str::FromStr;

use image::{DynamicImage, RgbImage};
use serde::{Deserialize, Serialize};
use vision_core::{Error, ErrorKind, MediaKind, Result};

use crate::fit::broken;
use crate::picture;
use crate::{Limits, Original, Pixels};

/// One way of being worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Degradation {
    /// Turned clockwise by 90, 180 or 270 degrees.
    Rotate(u16),
    /// Written as a JPEG of this quality.
    Jpeg(u8),
    /// Out of focus by so many pixels.
    Blur(u8),
    /// With noise of this standard deviation, of 255.
    Noise(u8),
    /// With so many thousandths of the light.
    Dim(u16),
    /// Without so many thousandths of each side, at both ends.
    Crop(u16),
    /// With so many thousandths of each side.
    Scale(u16),
}

impl FromStr for Degradation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("`{text}`: {what}"));
        let Some((name, value)) = text.split_once('=') else { return wrong("write it like rotate=90") };
        let number = value.parse().ok().filter(|it: &f64| it.is_finite());
        let Some(number) = number else { return wrong(&format!("`{value}` is not a number")) };
        let whole = |least: f64, most: f64| {
            (number.fract() == 0.0 && (least..=most).contains(&number)).then_some(number as u16)
        };
        let thousandths = |least: f64, most: f64| {
            (least..=most).contains(&number).then(|| (number * 1_000.0).round() as u16)
        };
        let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
        let (found, allowed) = match name {
            "rotate" => (whole(90.0, 270.0).filter(|it| it % 90 == 0).map(Self::Rotate), "90, 180 or 270"),
            "jpeg" => (whole(1.0, 100.0).map(small).map(Self::Jpeg), "1 to 100"),
            "blur" => (whole(1.0, 50.0).map(small).map(Self::Blur), "1 to 50"),
            "noise" => (whole(1.0, 100.0).map(small).map(Self::Noise), "1 to 100"),
            "dim" => (thousandths(0.01, 0.99).map(Self::Dim), "0.01 to 0.99"),
            "crop" => (thousandths(0.001, 0.4).map(Self::Crop), "0.001 to 0.4"),
            "scale" => (thousandths(0.01, 0.99).map(Self::Scale), "0.01 to 0.99"),
            _ => return wrong("known are rotate, jpeg, blur, noise, dim, crop and scale"),
        };
        found.map_or_else(|| wrong(&format!("{name} is {allowed}")), Ok)
    }
}

impl Degradation {
    /// Several, as people type them, each once: `rotate=90,180 jpeg=20`. A value without a name is another of the way
    /// before it.
    ///
    /// # Errors
    /// If one of them is none.
    pub fn list(texts: &[String]) -> Result<Vec<Self>, String> {
        let mut ways: Vec<Self> = Vec::new();
        let mut name = "";
        for piece in texts.iter().flat_map(|text| text.split([',', ' '])).filter(|it| !it.is_empty()) {
            let way = match piece.split_once('=') {
                Some((own, _)) => {
                    name = own;
                    piece.parse()
                }
                None if name.is_empty() => piece.parse(),
                None => format!("{name}={piece}").parse(),
            }?;
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        Ok(ways)
    }
}

impl fmt::Display for Degradation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |thousandths: u16| f64::from(thousandths) / 1_000.0;
        match *self {
            Self::Rotate(degrees) => write!(f, "rotate={degrees}"),
            Self::Jpeg(quality) => write!(f, "jpeg={quality}"),
            Self::Blur(pixels) => write!(f, "blur={pixels}"),
            Self::Noise(deviation) => write!(f, "noise={deviation}"),
            Self::Dim(light) => write!(f, "dim={}", share(light)),
            Self::Crop(part) => write!(f, "crop={}", share(part)),
            Self::Scale(part) => write!(f, "scale={}", share(part)),
        }
    }
}

impl TryFrom<String> for Degradation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Degradation> for String {
    fn from(degradation: Degradation) -> Self {
        degradation.to_string()
    }
}

/// The bytes of the picture, degraded: a JPEG where that was asked for or it was lossy before, else a PNG.
pub(crate) fn degraded(original: &Original, how: Degradation, seed: u64, limits: &Limits) -> Result<Vec<u8>> {
    let (name, kind) = (original.name(), original.kind());
    let (Some(format), Some(bytes), Some(header)) =
        (picture::format(kind), original.bytes(), original.header)
    else {
        let message = format!("{name} cannot be degraded: only images can");
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let mut picture = picture::decode(format, bytes, limits).map_err(|cause| broken(name, kind, cause))?;
    picture.image.apply_orientation(header.orientation);
    let image = worse(picture.opaque(), how, seed);
    picture.image = DynamicImage::from(image);
    let written = match how {
        Degradation::Jpeg(quality) => picture.jpeg(quality),
        _ if matches!(kind, MediaKind::Jpeg | MediaKind::Webp) => picture.jpeg(LOSSY),
        _ => picture.png(),
    };
    written.map_err(|cause| {
        Error::new(ErrorKind::InvalidRequest, format!("{name} cannot be written degraded")).with_source(cause)
    })
}

/// The quality of a JPEG that is to lose as little as possible.
const LOSSY: u8 = 95;

fn worse(image: RgbImage, how: Degradation, seed: u64) -> RgbImage {
    let part = |side: u32, thousandths: u16| {
        u32::try_from(u64::from(side) * u64::from(thousandths) / 1_000).unwrap_or(side)
    };
    let (width, height) = image.dimensions();
    match how {
        Degradation::Rotate(90) => image::imageops::rotate90(&image),
        Degradation::Rotate(180) => image::imageops::rotate180(&image),
        Degradation::Rotate(_) => image::imageops::rotate270(&image),
        Degradation::Jpeg(_) => image,
        Degradation::Blur(pixels) => blurred(image, usize::from(pixels)),
        Degradation::Noise(deviation) => noisy(image, i64::from(deviation), seed),
        Degradation::Dim(light) => each(image, |channel| {
            let dimmed = (u32::from(channel) * u32::from(light) + 500) / 1_000;
            u8::try_from(dimmed).unwrap_or(u8::MAX)
        }),
        Degradation::Crop(thousandths) => {
            let (x, y) = (part(width, thousandths), part(height, thousandths));
            let (left, high) = ((width - 2 * x).max(1), (height - 2 * y).max(1));
            image::imageops::crop_imm(&image, x, y, left, high).to_image()
        }
        Degradation::Scale(thousandths) => {
            let (x, y) = (part(width, thousandths).max(1), part(height, thousandths).max(1));
            averaged(&image, Pixels { width: x, height: y })
        }
    }
}

fn each(mut image: RgbImage, of: impl Fn(u8) -> u8) -> RgbImage {
    image.iter_mut().for_each(|channel| *channel = of(*channel));
    image
}

/// Each pixel the mean of those that it stands for.
fn averaged(image: &RgbImage, to: Pixels) -> RgbImage {
    let from = |at: u32, side: u32, sides: u32| {
        u32::try_from(u64::from(at) * u64::from(side) / u64::from(sides)).unwrap_or(side)
    };
    RgbImage::from_fn(to.width, to.height, |x, y| {
        let columns = from(x, image.width(), to.width)..from(x + 1, image.width(), to.width);
        let rows = from(y, image.height(), to.height)..from(y + 1, image.height(), to.height);
        let (mut sums, mut count) = ([0_u64; 3], 0);
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            let pixel = image.get_pixel(x, y).0;
            sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(channel));
            count += 1;
        }
        image::Rgb(sums.map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX)))
    })
}

/// Three means over a window in each direction, which is nearly a bell.
fn blurred(image: RgbImage, radius: usize) -> RgbImage {
    let (width, height) = image.dimensions();
    let (wide, high) = (width as usize, height as usize);
    let mut pixels = image.into_raw();
    for _ in 0..3 {
        pixels = smoothed(&pixels, high, wide, radius, |row, column| (row * wide + column) * 3);
        pixels = smoothed(&pixels, wide, high, radius, |column, row| (row * wide + column) * 3);
    }
    RgbImage::from_raw(width, height, pixels).expect("as many pixels as before")
}

/// The mean over a window along each of `lines` lines of `length` pixels; beyond an end stands its last pixel.
fn smoothed(
    pixels: &[u8],
    lines: usize,
    length: usize,
    radius: usize,
    at: impl Fn(usize, usize) -> usize,
) -> Vec<u8> {
    let window = 2 * radius as u32 + 1;
    let mut out = vec![0; pixels.len()];
    let last = length.saturating_sub(1);
    for line in 0..lines {
        for channel in 0..3 {
            let value = |place: usize| u32::from(pixels[at(line, place.min(last)) + channel]);
            let mut sum: u32 = value(0) * radius as u32 + (0..=radius).map(value).sum::<u32>();
            for place in 0..length {
                out[at(line, place) + channel] = u8::try_from((sum + window / 2) / window).unwrap_or(u8::MAX);
                sum += value(place + radius + 1);
                sum -= value(place.saturating_sub(radius));
            }
        }
    }
    out
}

/// The sum of four even draws is nearly a bell.
fn noisy(image: RgbImage, deviation: i64, seed: u64) -> RgbImage {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut image = image;
    for channel in image.iter_mut() {
        let drawn: i64 = next().to_le_bytes()[..4].iter().map(|byte| i64::from(*byte)).sum();
        // The deviation of such a sum is 148.
        let moved = i64::from(*channel) + (drawn - 510) * deviation / 148;
        *channel = u8::try_from(moved.clamp(0, 255)).unwrap_or(u8::MAX);
    }
    image
}

#[cfg(test)]
mod tests {
    use super::{Degradation, worse};
    use image::{Rgb, RgbImage};

    fn picture() -> RgbImage {
        RgbImage::from_fn(40, 20, |x, y| Rgb([(x * 6) as u8, (y * 12) as u8, ((x + y) % 2 * 255) as u8]))
    }

    #[track_caller]
    fn check(text: &str, size: (u32, u32)) -> RgbImage {
        let how: Degradation = text.parse().unwrap();
        assert_eq!(how.to_string(), text);
        let image = worse(picture(), how, 7);
        assert_eq!(image.dimensions(), size, "{text}");
        assert_eq!(image, worse(picture(), how, 7), "{text}");
        image
    }

    fn mean(image: &RgbImage) -> f64 {
        image.iter().map(|channel| f64::from(*channel)).sum::<f64>() / image.len() as f64
    }

    #[test]
    fn each_does_what_it_says() {
        check("rotate=90", (20, 40));
        assert_eq!(check("rotate=180", (40, 20)).get_pixel(0, 0), picture().get_pixel(39, 19));
        check("rotate=270", (20, 40));
        check("jpeg=20", (40, 20));
        check("crop=0.05", (36, 18));
        check("scale=0.5", (20, 10));
        let dim = check("dim=0.4", (40, 20));
        assert!((mean(&dim) - 0.4 * mean(&picture())).abs() < 0.5);
        // In blue, every other pixel was white.
        let blurred = check("blur=2", (40, 20));
        assert!((120..136).contains(&blurred.get_pixel(20, 10).0[2]), "{:?}", blurred.get_pixel(20, 10));
        let noisy = check("noise=8", (40, 20));
        let moved = |(a, b): (&u8, &u8)| (f64::from(*a) - f64::from(*b)).powi(2);
        let inner = |image: &RgbImage| image.pixels().map(|pixel| pixel.0[1]).collect::<Vec<_>>();
        let (a, b) = (inner(&noisy), inner(&picture()));
        let deviation = (a.iter().zip(&b).map(moved).sum::<f64>() / a.len() as f64).sqrt();
        assert!((6.0..9.5).contains(&deviation), "{deviation}");
        assert_ne!(noisy, worse(picture(), Degradation::Noise(8), 8));
    }

    #[test]
    fn several_are_read_as_people_type_them() {
        let list = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|it| (*it).to_owned()).collect();
            Degradation::list(&texts)
        };
        let found = list(&["rotate=90,180", "jpeg=20 rotate=90"]).unwrap();
        assert_eq!(found, [Degradation::Rotate(90), Degradation::Rotate(180), Degradation::Jpeg(20)]);
        assert!(list(&["90"]).unwrap_err().contains("write it like"));
        assert!(list(&["rotate=90,45"]).unwrap_err().contains("`rotate=45`"));
        assert!(list(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_mistake_is_told_with_what_is_possible() {
        for (text, said) in [
            ("rotate", "write it like rotate=90"),
            ("rotate=45", "rotate is 90, 180 or 270"),
            ("blur=x", "`x` is not a number"),
            ("dim=1", "dim is 0.01 to 0.99"),
            ("fog=1", "known are rotate"),
        ] {
            let error = text.parse::<Degradation>().unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
