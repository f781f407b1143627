use std::sync::OnceLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use vision_core::{Error, ErrorKind, Result, Timing};

use crate::auth::Proof;
use crate::{Auth, Call, Method, Reply, Transport, host};

mod failure;
mod reading;
mod room;
mod trace;
mod watched;

use failure::{Progress, failed};
use reading::Reading;
use room::Room;
use trace::Trace;
use watched::{Sent, Watched};

/// Moves bytes over HTTP.
///
/// One client for all hosts: connections are kept and shared, HTTP/2 is used where a host offers it, replies
/// may be compressed, the proxy variables of the environment are honoured except on the way to this machine.
/// Redirects are not followed, so that no key can reach another host.
#[derive(Debug)]
pub struct HttpTransport {
    settings: HttpSettings,
    client: Client,
    /// For this machine, around any proxy. Made on first use.
    direct: OnceLock<Client>,
    room: Room,
}

/// What can be set about a transport.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// How long finding and reaching a host may take.
    pub connect_timeout: Duration,
    /// How long a host may be silent; `None` is for ever, for slow local models. The time of a whole attempt is
    /// bounded by a layer.
    pub silence_timeout: Option<Duration>,
    /// How long a host may be silent between two pieces of an answer that it streams.
    pub stream_timeout: Duration,
    /// How long a call may take whose answer is streamed: what had come by then is kept. `None` is for ever. It is best a
    /// little shorter than what a layer allows an attempt, which keeps nothing.
    pub stream_limit: Option<Duration>,
    /// The most bytes of a reply, decompressed.
    pub max_reply_bytes: usize,
    /// The most bytes of all large replies that are read and not yet understood. Others wait to be read.
    pub max_bytes_under_way: usize,
    /// Certificates (PEM) to trust beside those of the system.
    pub ca_certificates: Vec<Vec<u8>>,
    /// Sends over plain `http` to other machines too. Whoever listens on the way sees the key.
    pub allow_plain_http: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(20),
            silence_timeout: None,
            stream_timeout: Duration::from_secs(60),
            stream_limit: None,
            max_reply_bytes: 64 << 20,
            max_bytes_under_way: 128 << 20,
            ca_certificates: Vec::new(),
            allow_plain_http: false,
        }
    }
}

impl HttpTransport {
    /// Fails if a certificate cannot be read or the system offers none to trust.
    pub fn new(settings: HttpSettings) -> Result<Self> {
        let client = client(&settings, true)?;
        let room = Room::new(settings.max_reply_bytes, settings.max_bytes_under_way);
        Ok(Self { settings, client, direct: OnceLock::new(), room })
    }

    fn client_for(&self, url: &Url) -> Result<&Client> {
        if !is_loopback(url) && !is_metadata(url) {
            return Ok(&self.client);
        }
        match self.direct.get() {
            Some(client) => Ok(client),
            None => {
                let client = client(&self.settings, false)?;
                Ok(self.direct.get_or_init(|| client))
            }
        }
    }

    fn check_address(&self, call: &Call) -> Result<Url> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Config, message));
        let url = match Url::parse(&call.url) {
            Ok(url) if url.fragment().is_some() => {
                return wrong(format!("the address of {} must not hold a `#`", host(&call.url)));
            }
            Ok(url) if url.has_host() => url,
            _ => return wrong(format!("`{}` is not an address", call.url)),
        };
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.settings.allow_plain_http || is_loopback(&url) || asks_metadata(call, &url) => {
                Ok(url)
            }
            "http" => wrong(format!(
                "plain http to {} would show key and images to everybody on the way; use https, or allow \
                 plain http in the settings",
                host(&call.url)
            )),
            other => wrong(format!("`{other}` addresses cannot be called")),
        }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, call: Call) -> Result<Reply> {
        let trace = Trace::begin(&call);
        let outcome = self.exchange(call).await;
        if let Some(trace) = trace {
            trace.end(&outcome);
        }
        outcome
    }
}

impl HttpTransport {
    /// What is good for a while ends while a run goes on, and the host says so before it looks at the question: the source
    /// is asked for another one, and the call is sent again, unless the source has the same one still.
    async fn exchange(&self, call: Call) -> Result<Reply> {
        let Some(auth) = call.auth.clone().filter(Auth::is_renewed) else { return self.once(call).await };
        let reply = self.once(call.clone()).await?;
        if reply.is_success() || !auth.has_ended(&reply) {
            return Ok(reply);
        }
        auth.forget(&reply.sent);
        match auth.differs_from(&reply.sent, self).await {
            true => self.once(call).await,
            false => Ok(reply),
        }
    }

    async fn once(&self, call: Call) -> Result<Reply> {
        let url = self.check_address(&call)?;
        let proof = match &call.auth {
            Some(auth) => auth.prove(&call, &url, self).await?,
            None => Proof::default(),
        };
        let client = self.client_for(&url)?;
        let mut request = reqwest::Request::new(method(call.method), url);
        *request.headers_mut() = headers(&call, &proof)?;
        let sent = Sent::default();
        if matches!(call.method, Method::Post | Method::Put) {
            *request.body_mut() = Some(Watched::body(call.body.into_pieces(), sent.clone()));
        }
        let start = Instant::now();
        let started = || sent.moment().unwrap_or(start);
        let host = host(&call.url);
        let fail = |progress, error: reqwest::Error| failed(host, progress, error);

        let mut response = match client.execute(request).await {
            Ok(response) => response,
            Err(error) if sent.moment().is_some() => return Err(fail(Progress::Sent, error)),
            Err(error) => return Err(fail(Progress::Connecting, error)),
        };
        let status = response.status().as_u16();
        if let Some(auth) = call.auth.as_ref().filter(|_| matches!(status, 401 | 403)) {
            auth.forget(&proof.secrets);
        }
        let mut reply = Reply {
            status,
            headers: reply_headers(response.headers()),
            sent: proof.secrets,
            ..Reply::default()
        };
        let reading = Reading { host, start, begun: started(), room: &self.room, settings: &self.settings };
        match reply.is_stream() {
            true => reading.stream(&mut response, &mut reply).await,
            false => reply.body = reading.whole(&mut response).await?,
        }
        reply.timing = Timing { total: started().elapsed(), ..Timing::default() };
        Ok(reply)
    }
}

fn client(settings: &HttpSettings, proxies: bool) -> Result<Client> {
    // Whoever came first has chosen; both choices work.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("vision-eval/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.connect_timeout);
    if let Some(timeout) = settings.silence_timeout {
        builder = builder.read_timeout(timeout);
    }
    if !proxies {
        builder = builder.no_proxy();
    }
    for pem in &settings.ca_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|source| {
            Error::new(ErrorKind::Config, "the extra CA certificate is not PEM").with_source(source)
        })?;
        if certificates.is_empty() {
            return Err(Error::new(ErrorKind::Config, "the extra CA certificate is not PEM"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|source| Error::new(ErrorKind::Config, "cannot set up HTTPS").with_source(source))
}

/// Whether this value of a proxy variable can be used. One that cannot is silently ignored when it comes to sending,
/// and requests would take a way that nobody wanted.
pub fn is_proxy(value: &str) -> bool {
    const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    let whole = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&whole).is_ok_and(|url| {
        let has_host =
            url.host_str().is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
        has_host && SCHEMES.contains(&url.scheme())
    })
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A question without key and body to the service that tells a cloud's own machines who they are: it speaks plain HTTP.
fn asks_metadata(call: &Call, url: &Url) -> bool {
    is_metadata(url) && call.auth.is_none() && call.body.is_empty()
}

fn is_metadata(url: &Url) -> bool {
    match url.host_str() {
        Some("metadata.google.internal") => true,
        // Amazon's own, where a machine only speaks the newer protocol.
        Some("[fd00:ec2::254]" | "[fd00:ec2::23]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_link_local()),
        None => false,
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn headers(call: &Call, proof: &Proof) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let plain = call.headers.iter().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in plain.chain(call.body.content_type().map(|value| ("content-type", value))) {
        let value = HeaderValue::from_str(value).map_err(|source| {
            Error::new(ErrorKind::Config, format!("the header `{name}` cannot be sent")).with_source(source)
        })?;
        headers.append(HeaderName::from_static(name), value);
    }
    for (name, value) in &proof.headers {
        // The source of this error is left out: it might quote the key.
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| {
            Error::new(ErrorKind::Config, "the key holds characters that no key has: was it copied whole?")
        })?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(headers)
}

fn reply_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}
