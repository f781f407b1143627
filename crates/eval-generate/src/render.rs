//! From SVG text to pixels, with the embedded fonts only.

use image::RgbImage;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use crate::{
    error::{Error, Result},
    fonts, png,
};

/// Renders an opaque SVG at `scale` times its size.
pub fn pixels(svg: &str, scale: f32) -> Result<RgbImage> {
    let options = Options { fontdb: fonts::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)
        .map_err(|source| Error::because("a drawing is not valid SVG", source))?;
    let size = tree.size().to_int_size().scale_by(scale).ok_or("a drawing has no size")?;
    let mut pixmap = Pixmap::new(size.width(), size.height()).ok_or("a drawing is too large")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let rgb = pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    Ok(RgbImage::from_raw(size.width(), size.height(), rgb).expect("three bytes were written per pixel"))
}

/// Renders an opaque SVG at its own size into a PNG.
pub fn png(svg: &str) -> Result<Vec<u8>> {
    Ok(png::encode(&pixels(svg, 1.0)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::{Svg, TextStyle};

    fn drawing(text: &str) -> String {
        let mut svg = Svg::new(60.0, 20.0, "#ffffff");
        svg.text(4.0, 15.0, text, &TextStyle::new(fonts::Family::Inter, 14.0, "#000000"));
        svg.finish()
    }

    #[test]
    fn draws_text_without_any_system_font() {
        let image = pixels(&drawing("Revenue"), 2.0).unwrap();
        assert_eq!(image.dimensions(), (120, 40));
        assert!(image.pixels().any(|pixel| pixel.0[0] < 60));
    }

    #[test]
    fn same_drawing_same_bytes() {
        assert_eq!(png(&drawing("420")).unwrap(), png(&drawing("420")).unwrap());
        assert_ne!(png(&drawing("420")).unwrap(), png(&drawing("421")).unwrap());
    }
}
