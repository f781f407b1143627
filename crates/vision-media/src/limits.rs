/// What is refused before it can do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes a file may have.
    pub bytes: u64,
    /// The most pixels an image's header may promise. A few kilobytes can promise more than fits into memory.
    pub pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: vision_files::MEDIUM, pixels: 100_000_000 }
    }
}
