use std::collections::HashMap;

/// Texts that thousands of cases share, such as prompts: each stands in the page once.
#[derive(Debug, Default)]
pub(super) struct Pool {
    places: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Pool {
    /// Where the text is.
    pub fn place(&mut self, text: &str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }

    pub fn into_list(self) -> Vec<String> {
        self.texts
    }
}
