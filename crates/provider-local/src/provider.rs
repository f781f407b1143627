//! The readers as providers.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use image::RgbImage;
use tokio::sync::Semaphore;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Provider, ProviderId, Request, Response, Result,
    Stop, Task, Timing, VisionProvider,
};

use crate::page::Page;
use crate::{Effort, Failure, ocr, pages, picture, tasks, tesseract};

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

    fn read(self, image: RgbImage) -> std::result::Result<Page, Failure> {
        match self {
            Self::Accurate => ocr::read(image, Effort::Accurate),
            Self::Fast => ocr::read(image, Effort::Fast),
            Self::Tesseract => tesseract::read(image),
        }
    }

    fn answer(self, files: &Files, question: &tasks::Question) -> std::result::Result<String, Failure> {
        match files {
            Files::One(file) => tasks::answer(&self.page(file, question)?, question),
            Files::Pair(before, after) => {
                let (before, after) = (self.page(before, question)?, self.page(after, question)?);
                Ok(tasks::compare(&before, &after, question))
            }
        }
    }

    /// Reads all of a file, or its first page where a task is about one picture.
    fn page(self, file: &Bytes, question: &tasks::Question) -> std::result::Result<Page, Failure> {
        let mut images = pages::decode(file)?;
        if question.is_about_one_picture() {
            images.truncate(1);
        }
        let pages =
            images.into_iter().map(|image| self.read(image)).collect::<std::result::Result<_, _>>()?;
        Ok(pages::stacked(pages))
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
    use MediaKind::{Bmp, Gif, Jpeg, Pdf, Png, Tiff, Webp};
    Capabilities {
        tasks: tasks::TASKS.to_vec(),
        formats: vec![Png, Jpeg, Webp, Gif, Bmp, Tiff, Pdf],
        max_images: Some(2),
        max_pdf_pages: Some(pages::MAX_PAGES),
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
        Estimate::without_tokens()
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let files = Files::of(request)?;
        let question = tasks::Question::of(request);
        let model = self.model;
        let _place = PLACES.acquire().await.expect("the semaphore is never closed");
        let work = move || {
            let start = Instant::now();
            (model.answer(&files, &question), start.elapsed())
        };
        let (answer, total) = tokio::task::spawn_blocking(work).await.map_err(|error| {
            Error::new(ErrorKind::Malformed, "the reader stopped halfway").with_source(error)
        })?;
        let (text, refusal) = match answer {
            Ok(text) => (text, None),
            // An answer, if an empty one: it counts as wrong, and is not left out as what nobody could ask.
            Err(Failure::Unanswered(why)) => (String::new(), Some(why)),
            Err(failure) => return Err(failure.into()),
        };
        Ok(Response {
            text,
            stop: if refusal.is_some() { Stop::Refused } else { Stop::Complete },
            refusal,
            model: Some(self.id.model().to_owned()),
            timing: Timing { total, ..Timing::default() },
            ..Response::default()
        })
    }
}

/// What a request asks about.
enum Files {
    One(Bytes),
    /// One before a change and one after it.
    Pair(Bytes, Bytes),
}

impl Files {
    fn of(request: &Request) -> Result<Self> {
        let files: Vec<Bytes> = request.media().filter_map(|media| media.bytes().cloned()).collect();
        match (request.task, files.as_slice()) {
            (_, []) => Err(Error::new(ErrorKind::InvalidRequest, "there is no picture to read")),
            (Task::CompareFree, [before, after]) => Ok(Self::Pair(before.clone(), after.clone())),
            (Task::CompareFree, _) => Err(Error::new(ErrorKind::Unsupported, "it compares two pictures")),
            (_, [file]) => Ok(Self::One(file.clone())),
            _ => Err(Error::new(ErrorKind::Unsupported, "it takes one picture or PDF in a request")),
        }
    }
}
