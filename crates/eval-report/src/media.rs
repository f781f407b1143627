use std::str::FromStr;

/// Where the HTML report gets its pictures and recordings from.
pub trait MediaSource: Sync {
    /// What a page shows of one medium, each with its MIME type: an image, a recording, or the pages of a document, small
    /// enough to embed. Nothing for a link instead.
    fn media(&self, dataset: &str, name: &str) -> Vec<(&'static str, Vec<u8>)>;

    /// What stands before a medium's name in a link from the page, with a slash at its end; `None` for no link.
    fn folder(&self, dataset: &str) -> Option<String>;
}

/// Embeds nothing and links to nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoMedia;

impl MediaSource for NoMedia {
    fn media(&self, _dataset: &str, _name: &str) -> Vec<(&'static str, Vec<u8>)> {
        Vec::new()
    }

    fn folder(&self, _dataset: &str) -> Option<String> {
        None
    }
}

/// The first that has the medium.
impl<T: MediaSource> MediaSource for Vec<T> {
    fn media(&self, dataset: &str, name: &str) -> Vec<(&'static str, Vec<u8>)> {
        let mut found = self.iter().map(|source| source.media(dataset, name));
        found.find(|media| !media.is_empty()).unwrap_or_default()
    }

    fn folder(&self, dataset: &str) -> Option<String> {
        self.iter().find_map(|source| source.folder(dataset))
    }
}

/// Which media a page holds. It links to the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Embed {
    /// Those of every case.
    All,
    /// Those of the cases that are opened first: failed, wrong, disagreed on, and a sample of the rest, within a few
    /// megabytes.
    #[default]
    Some,
    /// None of them: nothing of the dataset's media leaves its folder.
    None,
}

impl FromStr for Embed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            "some" => Ok(Self::Some),
            "none" => Ok(Self::None),
            other => Err(format!("`{other}` is none of all, some, none")),
        }
    }
}
