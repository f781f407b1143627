//! The typefaces that pictures are set in. No font of the machine is ever looked at.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Source};
use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
};

/// An embedded typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Modern web and dashboard sans (regular, semi-bold).
    Inter,
    /// Android and Google sans (regular, bold).
    Roboto,
    /// Friendly web sans (regular, bold).
    OpenSans,
    /// Looks like Arial and Helvetica (regular, bold).
    Arimo,
    /// Looks like the default sans of office programs (regular, bold).
    Lato,
    /// Narrow newspaper sans (regular, semi-bold).
    BarlowCondensed,
    /// What plotting libraries use by default (regular).
    DejaVuSans,
    /// Terminals and till receipts (regular, bold).
    DejaVuSansMono,
    /// Code editors (regular).
    Hack,
    /// Typewriter (regular, bold).
    CourierPrime,
    /// Narrow technical mono, as on thermal receipts (regular).
    ShareTechMono,
    /// Handwriting (regular).
    Caveat,
    /// Book and letter serif (regular, bold).
    LibertinusSerif,
    /// Single-colour pictograms (regular).
    NotoEmoji,
}

/// Every face: its family, weight and file.
const FACES: &[(Family, u16, &[u8])] = &[
    (Family::Inter, 400, include_bytes!("../fonts/Inter_400Regular.ttf")),
    (Family::Inter, 600, include_bytes!("../fonts/Inter_600SemiBold.ttf")),
    (Family::Roboto, 400, include_bytes!("../fonts/Roboto_400Regular.ttf")),
    (Family::Roboto, 700, include_bytes!("../fonts/Roboto_700Bold.ttf")),
    (Family::OpenSans, 400, include_bytes!("../fonts/OpenSans_400Regular.ttf")),
    (Family::OpenSans, 700, include_bytes!("../fonts/OpenSans_700Bold.ttf")),
    (Family::Arimo, 400, include_bytes!("../fonts/Arimo_400Regular.ttf")),
    (Family::Arimo, 700, include_bytes!("../fonts/Arimo_700Bold.ttf")),
    (Family::Lato, 400, include_bytes!("../fonts/Lato_400Regular.ttf")),
    (Family::Lato, 700, include_bytes!("../fonts/Lato_700Bold.ttf")),
    (Family::BarlowCondensed, 400, include_bytes!("../fonts/BarlowCondensed_400Regular.ttf")),
    (Family::BarlowCondensed, 600, include_bytes!("../fonts/BarlowCondensed_600SemiBold.ttf")),
    (Family::DejaVuSans, 400, include_bytes!("../fonts/DejaVuSans.ttf")),
    (Family::DejaVuSansMono, 400, include_bytes!("../fonts/DejaVuSansMono.ttf")),
    (Family::DejaVuSansMono, 700, include_bytes!("../fonts/DejaVuSansMono-Bold.ttf")),
    (Family::Hack, 400, include_bytes!("../fonts/Hack-Regular.ttf")),
    (Family::CourierPrime, 400, include_bytes!("../fonts/CourierPrime_400Regular.ttf")),
    (Family::CourierPrime, 700, include_bytes!("../fonts/CourierPrime_700Bold.ttf")),
    (Family::ShareTechMono, 400, include_bytes!("../fonts/ShareTechMono_400Regular.ttf")),
    (Family::Caveat, 400, include_bytes!("../fonts/Caveat_400Regular.ttf")),
    (Family::LibertinusSerif, 400, include_bytes!("../fonts/LibertinusSerif-Regular.otf")),
    (Family::LibertinusSerif, 700, include_bytes!("../fonts/LibertinusSerif-Bold.otf")),
    (Family::NotoEmoji, 400, include_bytes!("../fonts/NotoEmoji-Regular.ttf")),
];

impl Family {
    /// The name as SVG wants it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inter => "Inter",
            Self::Roboto => "Roboto",
            Self::OpenSans => "Open Sans",
            Self::Arimo => "Arimo",
            Self::Lato => "Lato",
            Self::BarlowCondensed => "Barlow Condensed",
            Self::DejaVuSans => "DejaVu Sans",
            Self::DejaVuSansMono => "DejaVu Sans Mono",
            Self::Hack => "Hack",
            Self::CourierPrime => "Courier Prime",
            Self::ShareTechMono => "Share Tech Mono",
            Self::Caveat => "Caveat",
            Self::LibertinusSerif => "Libertinus Serif",
            Self::NotoEmoji => "Noto Emoji",
        }
    }

    /// The width of a text in pixels; kerning is left out, so it may be a touch too wide.
    pub fn width(self, text: &str, size: f64, weight: u16) -> f64 {
        let font = FontRef::new(self.file(weight)).expect("the embedded fonts are well-formed");
        // Measured at 1000 units and scaled here: one rounding rule for all sizes.
        let metrics = font.glyph_metrics(Size::new(1000.0), LocationRef::default());
        let glyphs = font.charmap();
        let units: f64 = text
            .chars()
            .map(|letter| glyphs.map(letter).unwrap_or_default())
            .map(|glyph| f64::from(metrics.advance_width(glyph).unwrap_or_default()))
            .sum();
        units * size / 1000.0
    }

    /// The font file whose weight is nearest.
    pub fn file(self, weight: u16) -> &'static [u8] {
        FACES
            .iter()
            .filter(|(family, _, _)| *family == self)
            .min_by_key(|(_, face, _)| face.abs_diff(weight))
            .map(|(_, _, file)| *file)
            .expect("every family has a face")
    }
}

/// All embedded fonts, for the renderer.
pub fn database() -> Arc<Database> {
    static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut database = Database::new();
        for (_, _, file) in FACES {
            database.load_font_source(Source::Binary(Arc::new(*file)));
        }
        database.set_sans_serif_family(Family::Arimo.name());
        Arc::new(database)
    });
    DATABASE.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_found_under_its_name_and_weight() {
        let database = database();
        for (family, weight, _) in FACES {
            let found = database.faces().any(|face| {
                face.families.iter().any(|(name, _)| name == family.name()) && face.weight.0 == *weight
            });
            assert!(found, "{} {weight}", family.name());
        }
    }

    #[test]
    fn wider_texts_measure_wider() {
        let width = |text| Family::Arimo.width(text, 10.0, 400);
        assert!(width("iii") < width("mmm"));
        assert!((width("1234") - 4.0 * width("1")).abs() < 1e-6);
    }
}
