use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use vision_core::{Error, ErrorKind, Media, Modality, Request, Result};
use vision_http::{Body, Call, Method, Reply, Transport, at_host_of, exchange, host, join};

use crate::{Config, failure, headed};

/// A medium that was uploaded.
#[derive(Debug)]
pub(crate) struct Stored {
    /// Its place among the request's media.
    pub place: usize,
    /// The address by which a request names it.
    pub uri: String,
    /// The name by which it is asked for and deleted.
    name: String,
}

/// A host that is well deletes within a second.
const DELETE_WITHIN: Duration = Duration::from_secs(5);

/// Uploads, looks and deletes, and adds up the time it takes.
#[derive(Debug)]
pub(crate) struct Files<'a> {
    config: &'a Config,
    transport: &'a dyn Transport,
    stored: Vec<Stored>,
    elapsed: Duration,
}

#[derive(Deserialize)]
struct Uploaded {
    file: File,
}

#[derive(Deserialize)]
struct File {
    name: String,
    uri: Option<String>,
    state: Option<String>,
    error: Option<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    message: Option<String>,
}

/// The places of the media that do not fit into the request itself: the largest, until the rest fits.
pub(crate) fn too_large_to_send(request: &Request, inline_limit: usize, pdf_limit: usize) -> Vec<usize> {
    let inline = request.media().enumerate().filter(|(_, media)| media.bytes().is_some());
    let mut by_size: Vec<(usize, &Media)> = inline.collect();
    by_size.sort_by_key(|(_, media)| std::cmp::Reverse(media.base64_len()));
    let mut total: usize = by_size.iter().map(|(_, media)| media.base64_len()).sum();
    let mut places = Vec::new();
    for (place, media) in by_size {
        let long_pdf = media.modality() == Modality::Pdf && media.base64_len() > pdf_limit;
        if total > inline_limit || long_pdf {
            total -= media.base64_len();
            places.push(place);
        }
    }
    places.sort_unstable();
    places
}

impl<'a> Files<'a> {
    pub(crate) fn new(config: &'a Config, transport: &'a dyn Transport) -> Self {
        Self { config, transport, stored: Vec::new(), elapsed: Duration::ZERO }
    }

    /// What was uploaded so far.
    pub(crate) fn stored(&self) -> &[Stored] {
        &self.stored
    }

    /// How long the provider took with all this.
    pub(crate) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Uploads the media at these places and waits until they can be used.
    pub(crate) async fn store(&mut self, request: &Request, places: &[usize]) -> Result<()> {
        for &place in places {
            let media = request.media().nth(place).expect("places are those of this request's media");
            self.store_one(place, media).await.map_err(unbilled)?;
        }
        Ok(())
    }

    async fn store_one(&mut self, place: usize, media: &Media) -> Result<()> {
        let address = self.start(media).await?;
        let file = self.upload(address, media).await?;
        let uri = file.uri.clone().ok_or_else(|| self.odd("uploaded a file without an address"))?;
        // From here on it has to be deleted, whatever happens.
        self.stored.push(Stored { place, uri, name: file.name.clone() });
        self.wait_for(file, media).await
    }

    /// Announces an upload. The reply says where to.
    async fn start(&mut self, media: &Media) -> Result<String> {
        let kind = media.kind().mime();
        let length = media.bytes().map_or(0, |bytes| bytes.len()).to_string();
        let body = json!({"file": {"mimeType": kind}}).to_string();
        let address = join(&self.config.base_url, "upload/v1beta/files");
        let mut call = headed(self.config, Call::post_json(address, body.into()));
        call.headers.extend([
            ("x-goog-upload-protocol", "resumable".to_owned()),
            ("x-goog-upload-command", "start".to_owned()),
            ("x-goog-upload-header-content-length", length),
            ("x-goog-upload-header-content-type", kind.to_owned()),
        ]);
        let reply = self.send(call).await?;
        let address = reply.header("x-goog-upload-url");
        address
            .map(str::to_owned)
            .ok_or_else(|| self.unlike(&reply, self.odd("named no address to upload to")))
    }

    /// Sends the bytes. The address is as good as a key for this one upload, so that no key goes with it.
    async fn upload(&mut self, address: String, media: &Media) -> Result<File> {
        let bytes = media.bytes().cloned().unwrap_or_default();
        let content_type = media.kind().mime().to_owned();
        let address = at_host_of(&self.config.base_url, &address);
        let mut call = Call::new(Method::Post, address, Body::Raw { content_type, bytes: bytes.into() });
        call.headers.extend([
            ("x-goog-upload-offset", "0".to_owned()),
            ("x-goog-upload-command", "upload, finalize".to_owned()),
        ]);
        let reply = self.send(call).await?;
        let uploaded: Uploaded = reply.json().map_err(|error| self.unlike(&reply, error))?;
        self.checked(uploaded.file)
    }

    async fn wait_for(&mut self, mut file: File, media: &Media) -> Result<()> {
        let host = host(&self.config.base_url).to_owned();
        let mut waited = Duration::ZERO;
        loop {
            match file.state.as_deref() {
                None | Some("ACTIVE") => return Ok(()),
                Some("FAILED") => {
                    let words = file.error.and_then(|cause| cause.message).unwrap_or_default();
                    let message = format!("{host} could not read {}: {words}", media.name());
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
                Some(_) if waited >= self.config.longest_wait => {
                    let message = format!("{host} was still busy with {} after {waited:?}", media.name());
                    return Err(Error::new(ErrorKind::Timeout, message));
                }
                Some(_) => {}
            }
            self.config.pause.wait(self.config.look_every).await;
            waited += self.config.look_every;
            self.elapsed += self.config.look_every;
            file = self.look(&file.name).await?;
        }
    }

    async fn look(&mut self, name: &str) -> Result<File> {
        let call = Call::get(self.address(name));
        let reply = self.send(headed(self.config, call)).await?;
        let file = reply.json().map_err(|error| self.unlike(&reply, error))?;
        self.checked(file)
    }

    /// Deletes everything that was uploaded. What cannot be deleted now goes by itself after two days, and
    /// is no reason to lose an answer, nor to let it wait until its time is up.
    pub(crate) async fn delete(self) {
        let all = async {
            for stored in &self.stored {
                let call = Call::new(Method::Delete, self.address(&stored.name), Body::Empty);
                let _ = exchange(self.transport, headed(self.config, call)).await;
            }
        };
        self.config.pause.within(DELETE_WITHIN, all).await;
    }

    async fn send(&mut self, call: Call) -> Result<Reply> {
        let reply = exchange(self.transport, call).await?;
        self.elapsed += reply.timing.total;
        if reply.is_success() { Ok(reply) } else { Err(failure::decode(&reply, host(&self.config.base_url))) }
    }

    fn address(&self, name: &str) -> String {
        join(&self.config.base_url, &format!("v1beta/{name}"))
    }

    /// A name becomes part of an address, so that it must be one.
    fn checked(&self, file: File) -> Result<File> {
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
        match file.name.strip_prefix("files/") {
            Some(id) if !id.is_empty() && id.bytes().all(plain) => Ok(file),
            _ => Err(self.odd("gave a file a name that is none")),
        }
    }

    /// The error of a success that is not what was asked for: it may hold a failure.
    fn unlike(&self, reply: &Reply, otherwise: Error) -> Error {
        match failure::is_failure(reply) {
            true => failure::decode(reply, host(&self.config.base_url)),
            false => otherwise,
        }
    }

    fn odd(&self, what: &str) -> Error {
        Error::new(ErrorKind::Malformed, format!("{} {what}", host(&self.config.base_url)))
    }
}

/// An upload costs nothing, however it ends.
fn unbilled(mut error: Error) -> Error {
    error.details.maybe_billed = false;
    error
}
