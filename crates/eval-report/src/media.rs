/// Where the HTML report gets its images from.
pub trait MediaSource {
    /// The MIME type and the bytes of one medium, small enough to embed; `None` for a link instead.
    fn media(&self, dataset: &str, name: &str) -> Option<(&'static str, Vec<u8>)>;
}

/// Embeds nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoMedia;

impl MediaSource for NoMedia {
    fn media(&self, _dataset: &str, _name: &str) -> Option<(&'static str, Vec<u8>)> {
        None
    }
}
