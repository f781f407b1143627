use serde_json::Value;

use crate::{Detail, Error, ErrorKind, Media, MediaKind, Modality, Output, Request, Result, Task};

/// What a provider can do. Plain data; the default is nothing.
///
/// What is missing here and cannot be left out of a request is [`ErrorKind::Unsupported`] before
/// anything is sent. A parameter that can be left out (temperature, seed, effort, detail) is left out
/// and listed in the response's `dropped_params`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Capabilities {
    /// Follows a prompt. If not, only `tasks` can be asked.
    pub prompt: bool,
    /// The tasks of an engine that follows no prompt.
    pub tasks: Vec<Task>,
    /// The formats it takes.
    pub formats: Vec<MediaKind>,
    /// Takes media by address as well.
    pub url_input: bool,
    /// Takes addresses in Google's storage (`gs://`), too.
    pub storage_links: bool,
    /// The most images in one request.
    pub max_images: Option<usize>,
    /// The most bytes one image may have.
    pub max_image_bytes: Option<usize>,
    /// The most pixels one side of an image may have.
    pub max_image_side: Option<u32>,
    /// The most pixels an image may have.
    pub max_image_pixels: Option<u64>,
    /// The most squares of 32 pixels an image may have where the host looks at all of its pixels.
    pub max_image_patches: Option<u64>,
    /// The most bytes all media of a request may have, as they are sent.
    pub max_request_bytes: Option<usize>,
    /// The most pages of a PDF.
    pub max_pdf_pages: Option<u32>,
    /// What whoever has longer ones can do about it, for the message; empty if there is nothing.
    pub for_more_pages: &'static str,
    /// Can be held to JSON of any shape.
    pub json: bool,
    /// Can be held to a JSON Schema.
    pub json_schema: bool,
    /// Only to one where every object names all its fields: see [`closed`](crate::schema::closed).
    pub closed_schemas: bool,
    /// Takes a system text apart from the question.
    pub system: bool,
    /// Takes `detail` for images.
    pub detail: bool,
    /// Takes a temperature.
    pub temperature: bool,
    /// Takes a seed.
    pub seed: bool,
    /// Takes a reasoning effort.
    pub effort: bool,
    /// Reports what it counted.
    pub usage: bool,
    /// Sends answers piece by piece, if asked to.
    pub stream: bool,
    /// Says how sure the model is of its tokens, if asked to.
    pub token_probabilities: bool,
}

impl Capabilities {
    /// Whether this medium's kind is taken at all.
    pub fn accepts(&self, kind: MediaKind) -> bool {
        self.formats.contains(&kind)
    }

    /// Whether any format of this modality is taken.
    pub fn takes(&self, modality: Modality) -> bool {
        self.formats.iter().any(|kind| kind.modality() == modality)
    }

    /// Whether it can be held to this schema.
    pub fn takes_schema(&self, schema: &Value) -> bool {
        self.json_schema && self.schema_problem(schema).is_none()
    }

    /// Why it cannot be held to this schema, though it can be to others.
    pub fn schema_problem(&self, schema: &Value) -> Option<String> {
        (self.json_schema && self.closed_schemas).then(|| crate::schema::closed(schema).err()).flatten()
    }

    /// Finds the first thing in `request` that this provider cannot do.
    pub fn check(&self, request: &Request) -> Result<()> {
        self.check_task(request)?;
        self.check_output(request)?;
        request.media().try_for_each(|media| self.check_media(media, request.detail))?;
        self.check_amount(request)
    }

    fn check_task(&self, request: &Request) -> Result<()> {
        if self.prompt || self.tasks.contains(&request.task) {
            return Ok(());
        }
        let known: Vec<_> = self.tasks.iter().map(|task| task.name()).collect();
        Err(unsupported(format!("task `{}` not supported (supported: {})", request.task, known.join(", "))))
    }

    fn check_output(&self, request: &Request) -> Result<()> {
        match &request.output {
            Output::Json if !self.json => Err(unsupported("JSON mode not supported")),
            Output::Schema(_) if !self.json_schema => Err(unsupported("JSON schema not supported")),
            Output::Schema(schema) => match self.schema_problem(&schema.schema) {
                Some(why) => Err(unsupported(format!("JSON schema not supported: {why}"))),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn check_media(&self, media: &Media, detail: Option<Detail>) -> Result<()> {
        let (name, kind) = (media.name(), media.kind());
        if !self.accepts(kind) {
            let what = match media.modality() {
                Modality::Pdf => "PDF".to_owned(),
                modality => format!("{modality} type {kind}"),
            };
            return Err(unsupported(format!("{what} input not supported ({name})")));
        }
        if let Some(url) = media.url() {
            if !self.url_input {
                return Err(unsupported(format!("URL input not supported ({name})")));
            }
            if url.starts_with("gs://") && !self.storage_links {
                return Err(unsupported(format!("gs:// input not supported ({name})")));
            }
        }
        if media.modality() == Modality::Image {
            self.check_image_size(media)?;
            self.check_patches(media, detail)?;
        }
        match (self.max_pdf_pages, media.facts().pages) {
            (Some(most), Some(pages)) if pages > most => {
                let advice = self.for_more_pages;
                let advice = if advice.is_empty() { String::new() } else { format!("; {advice}") };
                Err(too_large(format!("{name} has {pages} pages, above the limit of {most}{advice}")))
            }
            _ => Ok(()),
        }
    }

    fn check_image_size(&self, media: &Media) -> Result<()> {
        let name = media.name();
        let bytes = media.bytes().map_or(0, |bytes| bytes.len());
        if let Some(most) = self.max_image_bytes.filter(|&most| bytes > most) {
            return Err(too_large(format!("{name} has {bytes} bytes, above the limit of {most}")));
        }
        let (width, height) = (media.facts().width.unwrap_or(0), media.facts().height.unwrap_or(0));
        let side = width.max(height);
        if let Some(most) = self.max_image_side.filter(|&most| side > most) {
            return Err(too_large(format!("{name} is {side} pixels long, above the limit of {most}")));
        }
        let pixels = u64::from(width) * u64::from(height);
        if let Some(most) = self.max_image_pixels.filter(|&most| pixels > most) {
            return Err(too_large(format!("{name} has {pixels} pixels, above the limit of {most}")));
        }
        Ok(())
    }

    /// An image that is scaled down first cannot be too large.
    fn check_patches(&self, media: &Media, detail: Option<Detail>) -> Result<()> {
        let whole = matches!(detail, None | Some(Detail::Auto | Detail::Original));
        let (width, height) = (media.facts().width.unwrap_or(0), media.facts().height.unwrap_or(0));
        let patches = patches(width, height);
        match self.max_image_patches.filter(|&most| whole && patches > most) {
            Some(most) => Err(too_large(format!(
                "{} has {patches} squares of 32 pixels, above the limit of {most} unless the detail is high \
                 or low",
                media.name()
            ))),
            None => Ok(()),
        }
    }

    fn check_amount(&self, request: &Request) -> Result<()> {
        let images = request.media_of(Modality::Image).count();
        if let Some(most) = self.max_images.filter(|&most| images > most) {
            return Err(unsupported(format!("it takes at most {most} images in a request, not {images}")));
        }
        let bytes: usize = request.media().map(Media::base64_len).sum();
        if let Some(most) = self.max_request_bytes.filter(|&most| bytes > most) {
            return Err(too_large(format!(
                "the media of this request make {bytes} bytes, above the limit of {most}"
            )));
        }
        Ok(())
    }
}

/// Squares of 32 pixels that cover an image.
pub fn patches(width: u32, height: u32) -> u64 {
    u64::from(width.div_ceil(32)) * u64::from(height.div_ceil(32))
}

fn unsupported(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}

/// Over a limit that is known beforehand is `Unsupported` too: nothing is sent, nothing is scored as wrong.
fn too_large(message: String) -> Error {
    unsupported(message)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::sync::Arc;

    use super::Capabilities;
    use crate::{Detail, ErrorKind, Facts, Media, MediaKind, Output, Part, Request, Schema, Task};

    fn able() -> Capabilities {
        Capabilities { prompt: true, formats: vec![MediaKind::Png], ..Capabilities::default() }
    }

    fn png(width: u32) -> Part {
        let facts = Facts { width: Some(width), height: Some(10), ..Facts::default() };
        Part::Media(Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap())
    }

    fn request(parts: Vec<Part>) -> Request {
        Request::new(Task::Text, parts, NonZeroU32::MIN)
    }

    #[track_caller]
    fn refused(capabilities: &Capabilities, request: &Request, words: &str) {
        let error = capabilities.check(request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains(words), "{error}");
    }

    #[test]
    fn what_fits_passes() {
        able().check(&request(vec![png(10), png(20)])).unwrap();
    }

    #[test]
    fn the_default_can_do_nothing() {
        refused(&Capabilities::default(), &request(vec![]), "task `text` not supported");
    }

    #[test]
    fn a_format_that_is_not_taken_is_named() {
        let pdf = Part::Media(Media::new("b.pdf", &b"%PDF-1.7"[..], Facts::default()).unwrap());
        refused(&able(), &request(vec![pdf]), "PDF input not supported (b.pdf)");
        let gif = Part::Media(Media::new("b.gif", &b"GIF89a"[..], Facts::default()).unwrap());
        refused(&able(), &request(vec![gif]), "image type gif input not supported (b.gif)");
    }

    #[test]
    fn an_address_needs_url_input() {
        let url = Media::from_url("https://example.test/a.png", MediaKind::Png, Facts::default());
        refused(&able(), &request(vec![Part::Media(url)]), "URL input not supported");
    }

    #[test]
    fn only_a_house_with_that_storage_takes_its_addresses() {
        let url = Media::from_url("gs://bucket/a.png", MediaKind::Png, Facts::default());
        let request = request(vec![Part::Media(url)]);
        let linked = Capabilities { url_input: true, ..able() };
        refused(&linked, &request, "gs:// input not supported (gs://bucket/a.png)");
        Capabilities { storage_links: true, ..linked }.check(&request).unwrap();
    }

    #[test]
    fn counts_and_sizes_are_checked() {
        refused(
            &Capabilities { max_images: Some(1), ..able() },
            &request(vec![png(1), png(1)]),
            "at most 1 images",
        );
        refused(&Capabilities { max_image_side: Some(99), ..able() }, &request(vec![png(100)]), "100 pixels");
        refused(
            &Capabilities { max_image_pixels: Some(999), ..able() },
            &request(vec![png(100)]),
            "1000 pixels, above the limit of 999",
        );
        refused(&Capabilities { max_image_bytes: Some(7), ..able() }, &request(vec![png(1)]), "8 bytes");
        refused(&Capabilities { max_request_bytes: Some(11), ..able() }, &request(vec![png(1)]), "12 bytes");
    }

    #[test]
    fn whoever_has_a_longer_document_hears_what_to_do() {
        let facts = Facts { pages: Some(3), ..Facts::default() };
        let pdf = Part::Media(Media::new("b.pdf", &b"%PDF-1.7"[..], facts).unwrap());
        let able = Capabilities { formats: vec![MediaKind::Pdf], max_pdf_pages: Some(1), ..able() };
        refused(&able, &request(vec![pdf.clone()]), "b.pdf has 3 pages, above the limit of 1");
        let advised = Capabilities { for_more_pages: "set `bucket`", ..able };
        refused(&advised, &request(vec![pdf]), "above the limit of 1; set `bucket`");
    }

    #[test]
    fn squares_count_where_every_pixel_is_looked_at() {
        let able = Capabilities { max_image_patches: Some(3), ..able() };
        let four = request(vec![png(97)]);
        refused(&able, &four, "a.png has 4 squares of 32 pixels, above the limit of 3");
        refused(&able, &Request { detail: Some(Detail::Original), ..four.clone() }, "4 squares");
        able.check(&Request { detail: Some(Detail::High), ..four }).unwrap();
        able.check(&request(vec![png(96)])).unwrap();
    }

    #[test]
    fn a_schema_needs_schema_support() {
        let schema = Schema { name: "a".into(), schema: Arc::new(serde_json::json!({})), strict: true };
        let request = Request { output: Output::Schema(schema), ..request(vec![]) };
        refused(&able(), &request, "JSON schema");
    }
}
