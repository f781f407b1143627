/// Where the HTML report gets its pictures and recordings from.
pub trait MediaSource {
    /// The MIME type and the bytes of one medium, small enough to embed; `None` for a link instead.
    fn media(&self, dataset: &str, name: &str) -> Option<(&'static str, Vec<u8>)>;

    /// What stands before a medium's name in a link from the page, with a slash at its end; `None` for no link.
    fn folder(&self, dataset: &str) -> Option<String>;
}

/// Embeds nothing and links to nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoMedia;

impl MediaSource for NoMedia {
    fn media(&self, _dataset: &str, _name: &str) -> Option<(&'static str, Vec<u8>)> {
        None
    }

    fn folder(&self, _dataset: &str) -> Option<String> {
        None
    }
}
