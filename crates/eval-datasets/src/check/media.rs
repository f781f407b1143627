use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use image::{ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use vision_core::MediaKind;
use vision_files::{MEDIUM, Refused};
use vision_media::Source;

use super::Report;
use super::near::{self, Fingerprint, Use};
use crate::index::hash;
use crate::{MediaRef, Problem};

/// A bigger image is not looked into for likeness.
const BIGGEST: usize = 64 << 20;

/// What is known of the media that cases name, by a hash of their path.
#[derive(Debug)]
pub(super) struct Store<'a> {
    folder: &'a Path,
    known: HashMap<u64, Known>,
}

#[derive(Debug)]
struct Known {
    first: Use,
    digest: Option<[u8; 32]>,
    fingerprint: Option<Fingerprint>,
}

impl<'a> Store<'a> {
    pub fn new(folder: &'a Path) -> Self {
        Self { folder, known: HashMap::new() }
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether a case names this file, and its hash if it could be read.
    pub fn digest(&self, path: &str) -> Option<Option<[u8; 32]>> {
        self.known.get(&hash(path)).map(|known| known.digest)
    }

    /// Takes in a medium that a case names; its file is read the first time only.
    pub fn add(&mut self, file: &str, usage: Use, cases: &Path, report: &mut Report) {
        let at = |message: String| Problem::at_line(cases, usage.line as usize, message);
        let path = match MediaRef::resolve(file, self.folder) {
            Ok(path) => path,
            Err(message) => return report.error(at(message)),
        };
        let key = hash(file.strip_prefix("./").unwrap_or(file));
        if let Some(known) = self.known.get(&key) {
            if known.first.source != usage.source {
                let first = known.first.line;
                report.error(at(format!(
                    "`{file}` is used in line {first} already under another `source`: the two cases are not independent"
                )));
            }
            return;
        }
        let mut known = Known { first: usage, digest: None, fingerprint: None };
        match look(file, &path) {
            Ok(look) => {
                known.digest = Some(look.digest);
                known.fingerprint = look.fingerprint;
                for message in look.wrong {
                    report.error(at(message));
                }
            }
            Err(refused) => report.error(at(format!("`{file}` {refused}"))),
        }
        self.known.insert(key, known);
    }

    /// Finds media of different sources that are the same, or nearly.
    pub fn check_likeness(&self, report: &mut Report) {
        let cases = self.folder.join("cases.jsonl");
        let mut by_digest: HashMap<[u8; 32], Use> = HashMap::new();
        let mut ordered: Vec<&Known> = self.known.values().collect();
        ordered.sort_unstable_by_key(|known| (known.first.line, known.digest));
        let mut pictures = Vec::new();
        for known in ordered {
            let Some(digest) = known.digest else { continue };
            match by_digest.get(&digest) {
                None => {
                    by_digest.insert(digest, known.first);
                    pictures.extend(known.fingerprint.map(|fingerprint| (fingerprint, known.first)));
                }
                Some(first) if first.source != known.first.source => report.error(Problem::at_line(
                    &cases,
                    known.first.line as usize,
                    format!("has the same medium, byte for byte, as line {} of another `source`", first.line),
                )),
                Some(_) => {}
            }
        }
        let pairs = near::pairs(&pictures);
        // Documents of one layout are alike, all of them: one line says so.
        if let Some((later, earlier)) = pairs.iter().min_by_key(|(later, _)| later.line) {
            let more = match pairs.len() - 1 {
                0 => String::new(),
                more => format!(
                    ", and {more} more like it: fine for different documents in one layout, a leak for copies of one"
                ),
            };
            let message =
                format!("has nearly the same image as line {} of another `source`{more}", earlier.line);
            report.warn(Problem::at_line(&cases, later.line as usize, message));
        }
    }
}

struct Look {
    digest: [u8; 32],
    fingerprint: Option<Fingerprint>,
    wrong: Vec<String>,
}

/// The file is judged as a run will judge it, and beyond that by its name and by whether its pixels can be had.
fn look(name: &str, path: &Path) -> Result<Look, Refused> {
    let bytes = Bytes::from(vision_files::read(path, MEDIUM)?);
    let digest = Sha256::digest(&bytes).into();
    let mut look = Look { digest, fingerprint: None, wrong: Vec::new() };
    let Some(kind) = MediaKind::sniff(&bytes) else {
        look.wrong.push(format!("`{name}` is of no known media type, judged by its bytes"));
        return Ok(look);
    };
    let extension = Path::new(name).extension().and_then(|it| it.to_str()).unwrap_or_default();
    if MediaKind::from_extension(extension) != Some(kind) {
        look.wrong.push(format!("`{name}` is {} by its bytes, but not by its name", kind.mime()));
    }
    match pixels(name, &bytes, kind) {
        Ok(image) => look.fingerprint = image.as_ref().and_then(near::fingerprint),
        Err(fault) => look.wrong.push(fault),
    }
    Ok(look)
}

/// The image of a medium that a run can take, if it is one and not too big to look into; or what is wrong.
fn pixels(name: &str, bytes: &Bytes, kind: MediaKind) -> Result<Option<image::DynamicImage>, String> {
    // Not by its name, which was judged.
    let source = Source::Bytes { name: format!("`{name}`"), bytes: bytes.clone() };
    vision_media::load(&source, &vision_media::Limits::default()).map_err(|error| error.chain())?;
    let format = match kind {
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Webp => ImageFormat::WebP,
        _ => return Ok(None),
    };
    if bytes.len() > BIGGEST {
        return Ok(None);
    }
    decode(bytes, format).map(Some).map_err(|error| format!("`{name}` cannot be decoded: {error}"))
}

/// What is wrong with a medium, whatever its name.
pub(crate) fn fault(name: &str, bytes: &Bytes, kind: MediaKind) -> Option<String> {
    pixels(name, bytes, kind).err()
}

fn decode(bytes: &[u8], format: ImageFormat) -> image::ImageResult<image::DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(32_768);
    limits.max_image_height = Some(32_768);
    limits.max_alloc = Some(512 << 20);
    reader.limits(limits);
    reader.decode()
}
