//! The readers as providers.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Semaphore;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Provider, ProviderId, Request, Response, Result,
    Stop, Timing, VisionProvider,
};

use crate::page::Page;
use crate::{Effort, Failure, ocr, picture, tasks, tesseract};

/// The engines this crate offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The embedded OCR, with care.
    Accurate,
    /// The embedded OCR, in a hurry.
    Fast,
    /// The `tesseract` program, if it is installed.
    Tesseract,
}

impl Model {
    /// Every engine, the best first.
    pub const ALL: [Self; 3] = [Self::Accurate, Self::Fast, Self::Tesseract];

    /// The model's name behind `local/`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accurate => "accurate",
            Self::Fast => "fast",
            Self::Tesseract => "tesseract",
        }
    }

    /// The engine of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    /// Whether it can run here: the embedded engines always can.
    pub fn is_installed(self) -> bool {
        self != Self::Tesseract || tesseract::is_installed()
    }

    fn read(self, bytes: &[u8]) -> std::result::Result<Page, Failure> {
        let image = picture::decode(bytes)?;
        match self {
            Self::Accurate => ocr::read(image, Effort::Accurate),
            Self::Fast => ocr::read(image, Effort::Fast),
            Self::Tesseract => tesseract::read(image),
        }
    }
}

/// A provider that reads images on this machine.
pub fn provider(model: Model) -> Provider {
    Arc::new(Local { id: ProviderId::new("local", model.name()), capabilities: capabilities(), model })
}

/// One picture for each core at a time: more would only take turns, and memory.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));

struct Local {
    id: ProviderId,
    capabilities: Capabilities,
    model: Model,
}

impl fmt::Debug for Local {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Local").field(&self.id).finish()
    }
}

fn capabilities() -> Capabilities {
    use MediaKind::{Bmp, Gif, Jpeg, Png, Tiff, Webp};
    Capabilities {
        tasks: tasks::TASKS.to_vec(),
        formats: vec![Png, Jpeg, Webp, Gif, Bmp, Tiff],
        max_images: Some(1),
        max_image_side: Some(picture::MAX_SIDE),
        json: true,
        json_schema: true,
        ..Capabilities::default()
    }
}

#[async_trait]
impl VisionProvider for Local {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Nothing is billed.
    fn estimate(&self, _request: &Request) -> Estimate {
        Estimate { text: 0, image: Some(0), pdf: Some(0), audio: Some(0), audio_seconds: None }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let bytes = only_image(request)?;
        let question = tasks::Question::of(request);
        let model = self.model;
        let _place = PLACES.acquire().await.expect("the semaphore is never closed");
        let work = move || {
            let start = Instant::now();
            let text = tasks::answer(&model.read(&bytes)?, &question)?;
            Ok::<_, Failure>((text, start.elapsed()))
        };
        let (text, total) = tokio::task::spawn_blocking(work).await.map_err(|error| {
            Error::new(ErrorKind::Malformed, "the reader stopped halfway").with_source(error)
        })??;
        Ok(Response {
            text,
            stop: Stop::Complete,
            model: Some(self.id.model().to_owned()),
            timing: Timing { first_byte: None, total },
            ..Response::default()
        })
    }
}

fn only_image(request: &Request) -> Result<Bytes> {
    let image = request.media().find_map(|media| media.bytes().cloned());
    image.ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "there is no image to read"))
}
