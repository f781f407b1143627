use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use eval_datasets::{Case, MediaRef, Problem};
use eval_record::{MediaEntry, MediaMode, MediaPolicy};
use vision_core::{Capabilities, Error, ErrorKind, Media, MediaKind, Modality, Result};
use vision_media::{Entry, Limits, Pixels, Policy, Prepared, Settings, Source, Step};

use crate::opened::OpenDataset;

mod groups;

pub(crate) use groups::{MediaGroup, MediaGroups};

/// The media of one case as they will be sent, with what was done to them.
#[derive(Debug, Default)]
pub(crate) struct CaseMedia {
    pub media: Vec<Media>,
    pub entries: Vec<MediaEntry>,
}

/// Prepares media once for all the providers and repeats that meet them at about the same time.
///
/// It keeps what is in use, and a little of what was used last if another provider may come for it: memory is bounded
/// by how much is on its way and not by the dataset.
#[derive(Debug)]
pub(crate) struct MediaStore {
    groups: MediaGroups,
    known_media: Mutex<KnownMedia>,
}

/// Dataset, case, and the group or the candidate it was prepared for where that makes a difference.
type Key = (String, String, For);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum For {
    Group(usize),
    Candidate(usize),
}

#[derive(Debug, Default)]
struct KnownMedia {
    known: HashMap<Key, Weak<CaseMedia>>,
    recent: VecDeque<Arc<CaseMedia>>,
    recent_bytes: u64,
}

const RECENT_BYTES: u64 = 16 << 20;

/// What a case takes beside its bytes: the smallest pictures would otherwise be kept by the ten thousands.
const CASE_BYTES: u64 = 4 << 10;

impl MediaStore {
    pub fn new(groups: MediaGroups) -> Self {
        Self { groups, known_media: Mutex::default() }
    }

    /// How the media of this candidate are prepared.
    pub fn policy(&self, candidate: usize) -> &MediaPolicy {
        &self.groups.of_candidate(candidate).policy
    }

    /// Reads and prepares the media of a case. Blocks.
    pub fn load(
        &self,
        dataset: &OpenDataset,
        case: &Case,
        (candidate, own): (usize, &Capabilities),
    ) -> Result<Arc<CaseMedia>> {
        let group = self.groups.of_candidate(candidate);
        let shared = group.policy.mode != MediaMode::Fit && group.targets.candidates > 1;
        let alone = || self.prepared(dataset, case, group, For::Candidate(candidate), &[own], false);
        let together = |targets: &[&Capabilities]| {
            self.prepared(dataset, case, group, For::Group(group.number), targets, shared)
        };
        match group.policy.mode {
            MediaMode::Fit => alone(),
            MediaMode::Convert => {
                // Nearly always all take it as it is, and have it from one reading.
                let plain = together(&[])?;
                match plain.media.iter().any(|media| is_converted(media, own)) {
                    true => alone(),
                    false => Ok(plain),
                }
            }
            MediaMode::AsIs | MediaMode::Same => together(&group.targets.distinct.iter().collect::<Vec<_>>()),
        }
    }

    /// Media for these targets, which are those of one candidate if it is named.
    fn prepared(
        &self,
        dataset: &OpenDataset,
        case: &Case,
        group: &MediaGroup,
        whom: For,
        targets: &[&Capabilities],
        shared: bool,
    ) -> Result<Arc<CaseMedia>> {
        let key = (dataset.name.clone(), case.id.clone(), whom);
        if let Some(media) = self.lock().known.get(&key).and_then(Weak::upgrade) {
            return Ok(media);
        }
        let prepared = load(dataset, case, &group.policy, targets)?;
        let entry = |it: &Prepared| MediaEntry {
            setting: group.setting.clone(),
            ..recorded(&dataset.name, it.entry())
        };
        let entries = prepared.iter().map(entry).collect();
        let media = Arc::new(CaseMedia { media: prepared.into_iter().map(|it| it.media).collect(), entries });
        self.lock().keep(key, &media, shared);
        Ok(media)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, KnownMedia> {
        self.known_media.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KnownMedia {
    fn keep(&mut self, key: Key, media: &Arc<CaseMedia>, shared: bool) {
        self.known.insert(key, Arc::downgrade(media));
        // A buffer that is freed at once is the next file's, still warm.
        if shared {
            self.recent_bytes += media.bytes();
            self.recent.push_back(media.clone());
        }
        while self.recent_bytes > RECENT_BYTES {
            let Some(oldest) = self.recent.pop_front() else { break };
            self.recent_bytes -= oldest.bytes();
        }
        if self.known.len() > 2 * self.recent.len() + 1024 {
            self.known.retain(|_, media| media.strong_count() > 0);
        }
    }
}

impl CaseMedia {
    /// With their Base64 text.
    fn bytes(&self) -> u64 {
        CASE_BYTES + self.media.iter().map(|media| (media.base64_len() * 7 / 4) as u64).sum::<u64>()
    }
}

/// Reads and prepares the media of a case for the providers that these capabilities are of.
pub(crate) fn load(
    dataset: &OpenDataset,
    case: &Case,
    policy: &MediaPolicy,
    targets: &[&Capabilities],
) -> Result<Vec<Prepared>> {
    let limits = Limits { pixels: policy.max_pixels, ..Limits::default() };
    let settings = Settings {
        long_side: policy.long_side,
        jpeg_quality: policy.jpeg_quality,
        recode: policy.recode,
        ..Settings::default()
    };
    // What is only converted is read as it is, and made fit for its target where that does not take its type.
    let converts = policy.mode == MediaMode::Convert;
    let mode = match policy.mode {
        MediaMode::Convert | MediaMode::AsIs => Policy::AsIs,
        MediaMode::Fit => Policy::Fit,
        MediaMode::Same => Policy::Same,
    };
    let mut prepared = Vec::new();
    for reference in &case.media {
        let source = match reference {
            MediaRef::Url(url) => Source::Url { url: url.clone(), kind: None },
            MediaRef::File(name) => {
                let path = MediaRef::resolve(name, &dataset.folder)
                    .map_err(|message| Error::new(ErrorKind::InvalidRequest, message))?;
                Source::File { name: name.clone(), path }
            }
        };
        let original = vision_media::load(&source, &limits)?;
        let original = match dataset.degraded {
            Some((how, seed)) => original.degraded(how, seed)?,
            None => original,
        };
        let target = targets.iter().find(|target| converts && is_converted(&original.as_is().media, target));
        prepared.extend(match target {
            Some(target) => original.prepare(Policy::Fit, &[&only_types(target)], &settings)?,
            None => original.prepare(mode, targets, &settings)?,
        });
    }
    Ok(prepared)
}

/// Fails if media could not be read because a store does not answer now.
pub(crate) fn check_reachable<T>(
    dataset: &OpenDataset,
    case: &Case,
    media: &Result<T>,
) -> std::result::Result<(), Problem> {
    let names = case.media.iter().filter_map(MediaRef::file).filter(|_| media.is_err());
    for name in names {
        if let Some(refused) = vision_files::storage::is_unreachable(&dataset.folder, name) {
            return Err(Problem::new(dataset.folder.join(name), refused.to_string()));
        }
    }
    Ok(())
}

/// Whether `convert` writes it in another type: a picture of a type that its target does not take.
pub(crate) fn is_converted(media: &Media, target: &Capabilities) -> bool {
    let kind = media.kind();
    let is_picture = kind.modality() == Modality::Image && media.bytes().is_some();
    is_picture
        && !target.accepts(kind)
        && [MediaKind::Png, MediaKind::Jpeg].into_iter().any(|it| target.accepts(it))
}

/// The refusal of a request, with what to set so that none of its media is refused for its type.
pub(crate) fn advised(error: Error, policy: &MediaPolicy, media: &[Media], target: &Capabilities) -> Error {
    let helps = policy.mode == MediaMode::AsIs && media.iter().any(|media| is_converted(media, target));
    match helps {
        true => error.reworded(|message| {
            format!("{message}; set media.mode = \"convert\" in eval.toml to send it as PNG")
        }),
        false => error,
    }
}

/// The target without its other limits: what is too large for it is still refused with that reason.
fn only_types(target: &Capabilities) -> Capabilities {
    Capabilities { formats: target.formats.clone(), ..Capabilities::default() }
}

/// The ledger's entry as the record keeps it.
fn recorded(dataset: &str, entry: Entry) -> MediaEntry {
    let pixels = |pixels: Option<Pixels>| pixels.map(|pixels| (pixels.width, pixels.height));
    MediaEntry {
        dataset: dataset.to_owned(),
        // An address is all that is known of what a provider fetches itself.
        source_hash: entry.source_sha256.unwrap_or_else(|| entry.name.clone()),
        sent_hash: entry.sent_sha256.unwrap_or_else(|| entry.name.clone()),
        name: entry.name,
        sniffed: entry.sniffed.to_string(),
        declared: entry.declared.map(|kind| kind.to_string()),
        source_pixels: pixels(entry.source_pixels),
        sent_pixels: pixels(entry.sent_pixels),
        source_bytes: entry.source_bytes.unwrap_or(0),
        sent_bytes: entry.sent_bytes.unwrap_or(0),
        steps: entry.steps.iter().map(step).collect(),
        setting: String::new(),
    }
}

fn step(step: &Step) -> String {
    match step {
        Step::Degraded { how } => format!("degraded: {how}"),
        Step::Rasterised { page, pages } => format!("page {page} of {pages} drawn"),
        Step::FirstFrame { frames } => format!("first of {frames} frames"),
        Step::Oriented { exif } => format!("turned as EXIF {exif} says"),
        Step::Resized { from, to } => {
            format!("{}×{} made {}×{}", from.width, from.height, to.width, to.height)
        }
        Step::Flattened => "put on white".to_owned(),
        Step::Encoded { from, to, quality: None } => format!("{from} written as {to}"),
        Step::Encoded { from, to, quality: Some(quality) } => {
            format!("{from} written as {to} at quality {quality}")
        }
    }
}
