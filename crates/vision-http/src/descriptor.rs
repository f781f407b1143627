/// What is known of a kind of provider before it is built. Each provider's crate has one.
#[derive(Debug, Clone, Copy)]
pub struct Descriptor {
    /// The name before the slash.
    pub name: &'static str,
    /// Variables that may hold its key, best first; none if it needs none.
    pub keys: &'static [&'static str],
    /// Where else keys may come from, for people; empty if from nowhere.
    pub sources: &'static str,
    /// Where to get a key.
    pub key_page: &'static str,
    /// The variable that may hold its address.
    pub base_url_variable: &'static str,
    /// A model to start with.
    pub example: &'static str,
    /// Requests at once that its host takes without complaint.
    pub concurrency: usize,
}
