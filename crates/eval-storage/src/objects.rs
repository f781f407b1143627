//! Single objects: fetched to a file, in ranges where they are large.

use std::io::{ErrorKind, Write as _};
use std::path::Path as File;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};
use sha2::{Digest, Sha256};
use vision_files::Refused;

/// Larger objects are read in ranges of so many bytes.
const PIECE: u64 = 8 << 20;

/// So many ranges of one object are under way at once.
const AT_ONCE: usize = 4;

/// What an object was when it was fetched.
pub struct Fetched {
    /// What tells this state of it from others, where the store says so.
    pub tag: String,
    pub digest: [u8; 32],
}

/// Fetches an object to a file, all of it or nothing. `None` if it is still what `tag` says.
pub async fn fetch(
    store: &dyn ObjectStore,
    object: &Path,
    target: &File,
    tag: Option<String>,
    most: u64,
) -> Result<Option<Fetched>, Refused> {
    let options = GetOptions { if_none_match: tag, ..GetOptions::default() };
    let got = match store.get_opts(object, options).await {
        Err(Error::NotModified { .. }) => return Ok(None),
        got => got.map_err(|error| refused(&error))?,
    };
    let (size, tag) = (got.meta.size, got.meta.e_tag.clone());
    if size > most {
        return Err(Refused::TooLarge { bytes: size, most });
    }
    let mut draft = Draft::new(target)?;
    let mut hasher = Sha256::new();
    let mut take = |bytes: &[u8]| {
        hasher.update(bytes);
        draft.write(bytes)
    };
    if size <= PIECE {
        let mut bytes = got.into_stream();
        while let Some(bytes) = bytes.try_next().await.map_err(|error| refused(&error))? {
            take(&bytes)?;
        }
    } else {
        drop(got);
        pour(store, object, size, tag.clone(), &mut take).await?;
    }
    draft.keep(target, size)?;
    Ok(Some(Fetched { tag: tag.unwrap_or_default(), digest: hasher.finalize().into() }))
}

/// Whoever takes the bytes of an object, in their order.
type Take<'a> = &'a mut (dyn FnMut(&[u8]) -> Result<(), Refused> + Send);

/// Reads an object, all of it of one state: a large one in ranges, where the store can.
pub async fn pour(
    store: &dyn ObjectStore,
    object: &Path,
    size: u64,
    tag: Option<String>,
    take: Take<'_>,
) -> Result<(), Refused> {
    if size > PIECE && ranges(store, object, size, tag.clone(), take).await? {
        return Ok(());
    }
    let options = GetOptions { if_match: tag, ..GetOptions::default() };
    let got = store.get_opts(object, options).await.map_err(|error| refused(&error))?;
    let mut bytes = got.into_stream();
    while let Some(bytes) = bytes.try_next().await.map_err(|error| refused(&error))? {
        take(&bytes)?;
    }
    Ok(())
}

/// Reads an object in ranges, several at once. Plain web servers may know none, and then nothing was taken.
async fn ranges(
    store: &dyn ObjectStore,
    object: &Path,
    size: u64,
    tag: Option<String>,
    take: Take<'_>,
) -> Result<bool, Refused> {
    let starts: Vec<u64> = (0..size).step_by(PIECE as usize).collect();
    let piece = |start: u64| {
        let options = GetOptions {
            range: Some(GetRange::Bounded(start..(start + PIECE).min(size))),
            if_match: tag.clone(),
            ..GetOptions::default()
        };
        async move { store.get_opts(object, options).await?.bytes().await }
    };
    let mut pieces = stream::iter(starts.into_iter().map(piece)).buffered(AT_ONCE);
    let mut is_first = true;
    while let Some(piece) = pieces.next().await {
        match piece {
            Err(Error::NotSupported { .. }) if is_first => return Ok(false),
            piece => take(&piece.map_err(|error| refused(&error))?)?,
        }
        is_first = false;
    }
    Ok(true)
}

/// Whether there is such an object.
pub async fn is_there(store: &dyn ObjectStore, object: &Path) -> Result<bool, Refused> {
    match store.head(object).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(refused(&error)),
    }
}

/// A file that is not there yet.
pub struct Draft {
    path: std::path::PathBuf,
    file: std::fs::File,
    written: u64,
}

impl Draft {
    /// Beside its target, under a name that no other process and no other thread has.
    pub fn new(target: &File) -> Result<Self, Refused> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = target.parent().unwrap_or(File::new("."));
        make(folder)?;
        let path = folder.join(format!(".{}-{number}.draft", std::process::id()));
        let file = std::fs::File::create(&path)?;
        Ok(Self { path, file, written: 0 })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.written += bytes.len() as u64;
        Ok(self.file.write_all(bytes)?)
    }

    /// Puts it in its place, if it is whole.
    pub fn keep(self, target: &File, size: u64) -> Result<(), Refused> {
        if self.written != size {
            let message = format!("ended after {} of {size} bytes", self.written);
            return Err(std::io::Error::new(ErrorKind::UnexpectedEof, message).into());
        }
        Ok(std::fs::rename(&self.path, target)?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It is gone already where it was kept.
        std::fs::remove_file(&self.path).ok();
    }
}

/// A folder of the cache, which only the user may look into.
pub fn make(folder: &File) -> Result<(), Refused> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

/// Why an object is not to be had.
pub fn refused(error: &Error) -> Refused {
    match error {
        Error::NotFound { .. } => std::io::Error::new(ErrorKind::NotFound, "there is no such object").into(),
        Error::Precondition { .. } => Refused::Elsewhere("was changed while it was read".to_owned()),
        error => Refused::Unreachable(format!("cannot be reached: {}", plainly(error))),
    }
}

/// What a store says, without what may be a key: signatures stand in the queries of addresses.
pub fn plainly(error: &Error) -> String {
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_said = cause.to_string();
        if !said.contains(&cause_said) {
            said = format!("{said}: {cause_said}");
        }
        source = cause.source();
    }
    let mut plain = String::new();
    let mut rest = said.as_str();
    while let Some(at) = rest.find('?') {
        plain.push_str(&rest[..at]);
        let end = rest[at..].find([' ', ')', '"', '\'', '>', ',']).map_or(rest.len(), |end| at + end);
        plain.push_str(if end > at + 1 { "?…" } else { "?" });
        rest = &rest[end.max(at + 1)..];
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tells names apart that would be the same file.
pub fn short_hash(text: &str) -> String {
    hex(&Sha256::digest(text)[..6])
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{plainly, refused};

    #[test]
    fn signatures_are_cut_out_of_what_a_store_says() {
        let source = "error sending request for url (https://a.test/b?sv=1&sig=SECRET): refused?";
        let error = object_store::Error::Generic { store: "Azure", source: source.into() };
        let said = plainly(&error);
        assert!(!said.contains("SECRET") && said.contains("https://a.test/b?…): refused?"), "{said}");
        assert!(!refused(&error).to_string().contains("SECRET"));
    }
}
