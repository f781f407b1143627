use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use eval_datasets::{Case, MediaRef};
use eval_record::{MediaEntry, MediaPolicy};
use sha2::{Digest, Sha256};
use vision_core::{Capabilities, Error, ErrorKind, Facts, Media, MediaKind, Result};

/// The media of one case as they will be sent, with what was done to them.
#[derive(Debug, Default)]
pub(crate) struct CaseMedia {
    pub media: Vec<Media>,
    pub entries: Vec<MediaEntry>,
}

/// Prepares media once for all the providers and repeats that meet them at about the same time.
///
/// It keeps what is in use, and a little of what was used last: memory is bounded by how much is on its way and
/// not by the dataset.
#[derive(Debug)]
pub(crate) struct MediaStore {
    policy: MediaPolicy,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: HashMap<(String, String), Weak<CaseMedia>>,
    recent: VecDeque<Arc<CaseMedia>>,
    recent_bytes: u64,
    noted: HashSet<(String, String, String)>,
}

const RECENT_BYTES: u64 = 16 << 20;

impl MediaStore {
    pub fn new(policy: MediaPolicy) -> Self {
        Self { policy, state: Mutex::default() }
    }

    /// Reads and prepares the media of a case. Blocks.
    pub fn load(
        &self,
        folder: &Path,
        dataset: &str,
        case: &Case,
        _capabilities: &Capabilities,
    ) -> Result<Arc<CaseMedia>> {
        let key = (dataset.to_owned(), case.id.clone());
        if let Some(media) = self.lock().known.get(&key).and_then(Weak::upgrade) {
            return Ok(media);
        }
        let media = Arc::new(load(folder, dataset, case, &self.policy)?);
        self.lock().keep(key, &media);
        Ok(media)
    }

    /// The entries of these media that were not asked for before.
    pub fn first_seen(&self, media: &CaseMedia) -> Vec<MediaEntry> {
        let mut state = self.lock();
        let fresh = |entry: &&MediaEntry| {
            state.noted.insert((entry.dataset.clone(), entry.name.clone(), entry.sent_hash.clone()))
        };
        media.entries.iter().filter(fresh).cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, key: (String, String), media: &Arc<CaseMedia>) {
        self.known.insert(key, Arc::downgrade(media));
        self.recent_bytes += media.bytes();
        self.recent.push_back(media.clone());
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
        self.media.iter().map(|media| (media.base64_len() * 7 / 4) as u64).sum()
    }
}

/// Reads and prepares the media of a case.
pub(crate) fn load(folder: &Path, dataset: &str, case: &Case, _policy: &MediaPolicy) -> Result<CaseMedia> {
    let mut loaded = CaseMedia::default();
    for reference in &case.media {
        match reference {
            MediaRef::Url(url) => {
                let extension = url.rsplit('.').next().unwrap_or_default();
                let kind = MediaKind::from_extension(extension).unwrap_or(MediaKind::Jpeg);
                loaded.media.push(Media::from_url(url, kind, Facts::default()));
            }
            MediaRef::File(name) => {
                let path = MediaRef::resolve(name, folder)
                    .map_err(|message| Error::new(ErrorKind::InvalidRequest, message))?;
                let bytes = std::fs::read(&path).map_err(|error| {
                    Error::new(ErrorKind::InvalidRequest, format!("{} cannot be read", path.display()))
                        .with_source(error)
                })?;
                let hash = hex(&Sha256::digest(&bytes));
                let media = Media::new(name, bytes, Facts::default())?;
                loaded.entries.push(entry(dataset, name, &hash, &media));
                loaded.media.push(media);
            }
        }
    }
    Ok(loaded)
}

fn entry(dataset: &str, name: &str, hash: &str, media: &Media) -> MediaEntry {
    let bytes = media.bytes().map_or(0, |bytes| bytes.len() as u64);
    MediaEntry {
        dataset: dataset.to_owned(),
        name: name.to_owned(),
        source_hash: hash.to_owned(),
        sent_hash: hash.to_owned(),
        sniffed: media.kind().to_string(),
        declared: None,
        source_pixels: None,
        sent_pixels: None,
        source_bytes: bytes,
        sent_bytes: bytes,
        steps: Vec::new(),
        providers: Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
