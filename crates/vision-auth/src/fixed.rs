use std::fmt;

use async_trait::async_trait;
use vision_core::Result;
use vision_http::{Fresh, Renewed, Source, Transport};

/// What somebody wrote down, and is good for ever.
#[derive(Clone)]
pub struct Fixed<T> {
    name: String,
    value: T,
}

impl<T: Clone + Send + Sync + 'static> Fixed<T> {
    /// The name is for people: `AWS_ACCESS_KEY_ID`.
    pub fn renewed(name: impl Into<String>, value: T) -> Renewed<T> {
        Renewed::new(Self { name: name.into(), value })
    }
}

impl<T> fmt::Debug for Fixed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixed({})", self.name)
    }
}

#[async_trait]
impl<T: Clone + Send + Sync> Source<T> for Fixed<T> {
    fn name(&self) -> &str {
        &self.name
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<T>> {
        Ok(Fresh { value: self.value.clone(), lasts: None })
    }
}
