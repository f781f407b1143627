use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use vision_core::{Capabilities, Error, ErrorKind, Facts, Media, MediaKind, Modality, Result};

use crate::fit::{self, Changed, broken};
use crate::ledger::sha256;
use crate::needs::Needs;
use crate::picture::{self, Header};
use crate::source::{check_length, read};
use crate::structure::{self, Structure};
use crate::{
    Degradation, Entry, Limits, Pixels, Policy, Settings, Source, Step, Transport, degrade, document,
};

/// A medium that was read and found to be whole. Cheap to clone, and prepared as often as needed.
#[derive(Debug, Clone)]
pub struct Original {
    source: Hashed,
    /// What it was before it was degraded.
    clean: Option<Hashed>,
    /// All of the ledger's entry but the hashes.
    entry: Entry,
    limits: Limits,
    pub(crate) header: Option<Header>,
    pub(crate) structure: Structure,
}

/// A medium as it is sent, and what was done to it.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What goes into a request.
    pub media: Media,
    source: Hashed,
    clean: Option<Hashed>,
    /// All of the ledger's entry but the hashes.
    made: Entry,
}

/// A medium with the hash of its bytes, made on first use: a quote needs none.
#[derive(Debug, Clone)]
struct Hashed {
    media: Media,
    hash: Arc<OnceLock<String>>,
}

/// Reads a medium and checks that it is what it says and that all of it is there.
///
/// Reading blocks. What cannot be read is an error of the kind `Config`; what is empty, cut off or of another
/// type than its name says is `InvalidRequest`; what is over a limit is `TooLarge`. All name the file.
pub fn load(source: &Source, limits: &Limits) -> Result<Original> {
    match source {
        Source::File { name, path } => from_bytes(source, name, read(name, path, limits)?, limits),
        Source::Bytes { name, bytes } => from_bytes(source, name, bytes.clone(), limits),
        Source::Url { url, kind } => from_url(source, url, *kind, limits),
    }
}

fn from_url(source: &Source, url: &str, kind: Option<MediaKind>, limits: &Limits) -> Result<Original> {
    let declared = source.declared();
    let kind = kind.or(declared).ok_or_else(|| {
        Error::new(
            ErrorKind::Config,
            format!("{url} does not tell what it is: give the type beside the address"),
        )
    })?;
    Ok(Original {
        source: Media::from_url(url, kind, Facts::default()).into(),
        clean: None,
        entry: Entry { transport: Transport::Url, ..entry(url, kind, declared) },
        limits: *limits,
        header: None,
        structure: Structure::default(),
    })
}

fn from_bytes(source: &Source, name: &str, bytes: Bytes, limits: &Limits) -> Result<Original> {
    check_length(name, bytes.len() as u64, limits)?;
    let media = Media::new(name, bytes.clone(), Facts::default())?;
    let (kind, declared) = (media.kind(), source.declared());
    check_promise(name, kind, declared)?;
    let Some(structure) = structure::read(kind, &bytes) else {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            format!("{name} is cut off: the end of the {kind} is missing"),
        ));
    };
    // Some decoders copy all that they are given.
    let head = &bytes[..structure.head.unwrap_or(bytes.len())];
    let header = check_picture(name, kind, head, limits)?;
    let pages = (kind == MediaKind::Pdf).then(|| document::pages(name, &bytes)).transpose()?;
    let seen = header.map(|header| header.seen());
    let facts = Facts {
        width: seen.map(|seen| seen.width),
        height: seen.map(|seen| seen.height),
        pages,
        seconds: structure.seconds,
    };
    let entry = Entry {
        source_pixels: header.map(|header| header.stored),
        sent_pixels: header.map(|header| header.stored),
        source_bytes: Some(bytes.len() as u64),
        sent_bytes: Some(bytes.len() as u64),
        ..entry(name, kind, declared)
    };
    let source = Media::new(name, bytes, facts)?.into();
    Ok(Original { source, clean: None, entry, limits: *limits, header, structure })
}

fn entry(name: &str, kind: MediaKind, declared: Option<MediaKind>) -> Entry {
    Entry {
        name: name.to_owned(),
        source_sha256: None,
        sent_sha256: None,
        sniffed: kind,
        declared,
        sent: kind,
        source_pixels: None,
        sent_pixels: None,
        source_bytes: None,
        sent_bytes: None,
        steps: Vec::new(),
        transport: Transport::Inline,
    }
}

/// A JPEG called `.png` is a slip that only the ledger mentions; a document called `.png` is a mistake.
fn check_promise(name: &str, kind: MediaKind, declared: Option<MediaKind>) -> Result<()> {
    match declared {
        Some(declared) if !alike(declared, kind) => {
            let (is, says) = (kind.modality(), declared.modality());
            let message = format!("{name} is of type {kind}, which is {is} and not {says} as its name says");
            Err(Error::new(ErrorKind::InvalidRequest, message))
        }
        _ => Ok(()),
    }
}

/// Sound and film share their containers, so that a name cannot be held to that difference.
fn alike(a: MediaKind, b: MediaKind) -> bool {
    let timed = |kind: MediaKind| matches!(kind.modality(), Modality::Audio | Modality::Video);
    a.modality() == b.modality() || timed(a) && timed(b)
}

fn check_picture(name: &str, kind: MediaKind, bytes: &[u8], limits: &Limits) -> Result<Option<Header>> {
    let Some(format) = picture::format(kind) else { return Ok(None) };
    let header = picture::header(format, bytes).map_err(|cause| broken(name, kind, cause))?;
    let Pixels { width, height } = header.stored;
    if header.stored.count() == 0 {
        return Err(Error::new(ErrorKind::InvalidRequest, format!("{name} is an image without pixels")));
    }
    if header.stored.count() > limits.pixels {
        let most = limits.pixels;
        let message = format!("{name} promises {width}×{height} pixels, above the limit of {most}");
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(Some(header))
}

impl Original {
    /// What to call it.
    pub fn name(&self) -> &str {
        self.source.media.name()
    }

    /// What it is.
    pub fn kind(&self) -> MediaKind {
        self.source.media.kind()
    }

    /// What is known of it without any change.
    pub fn facts(&self) -> Facts {
        self.source.media.facts()
    }

    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        self.source.media.bytes()
    }

    /// It without any change. Every call gives the same medium, so that its Base64 is made once.
    pub fn as_is(&self) -> Prepared {
        let Self { source, clean, entry, .. } = self.clone();
        Prepared { media: source.media.clone(), source, clean, made: entry }
    }

    /// Its twin that is worse in one way. The ledger keeps what it was before.
    pub fn degraded(&self, how: Degradation, seed: u64) -> Result<Self> {
        let bytes = Bytes::from(degrade::degraded(self, how, seed, &self.limits)?);
        let name = self.name();
        // Its name may promise the type that it had before.
        let plain = Source::Bytes { name: name.to_owned(), bytes: bytes.clone() };
        let twin = from_bytes(&plain, name, bytes, &self.limits)?;
        let entry = Entry {
            sniffed: self.entry.sniffed,
            source_pixels: self.entry.source_pixels,
            source_bytes: self.entry.source_bytes,
            steps: vec![Step::Degraded { how }],
            ..twin.entry
        };
        Ok(Self { clean: Some(self.source.clone()), entry, ..twin })
    }

    /// It as this policy and these targets want it: one target for `fit`, all of them for `same`, any for `as-is`.
    ///
    /// Mostly this is one medium; a document for targets that take none becomes an image a page. What needs no
    /// change is not changed. What cannot be changed is not either, and the provider's capabilities will say so.
    /// This takes time: do not call it where others wait.
    pub fn prepare(
        &self,
        policy: Policy,
        targets: &[&Capabilities],
        settings: &Settings,
    ) -> Result<Vec<Prepared>> {
        let needs = Needs::of(targets, settings);
        match self.source.media.modality() {
            _ if policy == Policy::AsIs || self.bytes().is_none() => Ok(vec![self.as_is()]),
            Modality::Image => {
                let changed = fit::fit(self, &needs, settings, &self.limits)?;
                Ok(vec![
                    changed.map_or_else(|| Ok(self.as_is()), |changed| self.changed(self.name(), changed))?,
                ])
            }
            Modality::Pdf if !needs.take(MediaKind::Pdf) && needs.take_images() => {
                self.as_images(&needs, settings)
            }
            Modality::Pdf | Modality::Audio | Modality::Video => Ok(vec![self.as_is()]),
        }
    }

    #[cfg(feature = "pdf")]
    fn as_images(&self, needs: &Needs, settings: &Settings) -> Result<Vec<Prepared>> {
        let bytes = self.bytes().expect("a document by address is not prepared");
        let pages = self.facts().pages.unwrap_or(0);
        let mut images = Vec::new();
        crate::apart::draw(self.name(), bytes, settings, (&self.limits, pages), |page, picture| {
            let name = format!("{} page {page}", self.name());
            let steps = vec![Step::Rasterised { page, pages }];
            let changed = fit::written(&name, picture, MediaKind::Pdf, steps, needs, settings)?;
            images.push(self.changed(&name, changed)?);
            Ok(())
        })?;
        Ok(images)
    }

    #[cfg(not(feature = "pdf"))]
    fn as_images(&self, _: &Needs, _: &Settings) -> Result<Vec<Prepared>> {
        let message = format!(
            "{} is a PDF for a provider that takes none, and this build cannot draw pages",
            self.name()
        );
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    fn changed(&self, name: &str, changed: Changed) -> Result<Prepared> {
        let Changed { bytes, pixels, steps } = changed;
        let facts = Facts { width: Some(pixels.width), height: Some(pixels.height), ..Facts::default() };
        let Self { source, clean, entry: mut made, .. } = self.clone();
        made.sent_bytes = Some(bytes.len() as u64);
        made.sent_pixels = Some(pixels);
        made.steps.extend(steps);
        let media = Media::new(name, bytes, facts)?;
        made.sent = media.kind();
        Ok(Prepared { media, source, clean, made })
    }
}

impl Prepared {
    /// How it came about. This hashes what was read and what is sent.
    pub fn entry(&self) -> Entry {
        let source_sha256 = self.clean.as_ref().unwrap_or(&self.source).sha256();
        let sent_sha256 = match self.made.steps.as_slice() {
            [] => source_sha256.clone(),
            [Step::Degraded { .. }] => self.source.sha256(),
            _ => self.media.bytes().map(|bytes| sha256(bytes)),
        };
        Entry { source_sha256, sent_sha256, ..self.made.clone() }
    }
}

impl From<Media> for Hashed {
    fn from(media: Media) -> Self {
        Self { media, hash: Arc::default() }
    }
}

impl Hashed {
    fn sha256(&self) -> Option<String> {
        let bytes = self.media.bytes()?;
        Some(self.hash.get_or_init(|| sha256(bytes)).clone())
    }
}
