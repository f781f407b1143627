use hyper::{HeaderMap, Method};

use super::batches::route::BatchRoute;
use super::dialect::Dialect;
use super::keys::text;
use super::llamaextract::Step;
use super::metadata::Metadata;
use super::textract::Operation;

/// Where a request wants to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// To a model. Only one dialect names it in the address.
    Ask(Dialect, Option<String>),
    Models(Dialect),
    StartUpload,
    Upload(String),
    LookAtFile(String),
    DeleteFile(String),
    LookAtResult(String),
    DeleteResult(String),
    LookAtJob,
    PutObject,
    DeleteObject,
    /// About files and jobs of LlamaExtract.
    Extract(Step),
    /// About batches of requests.
    Batch(BatchRoute),
    /// Gives a token out.
    Token,
    /// Tells a cloud's own machines and containers who they are.
    Metadata(Metadata),
    Journal,
    ForgetJournal,
    Health,
}

/// A path without its fault, and the fault: `/__fault/503*1/v1/messages` asks for one on the way.
pub(super) fn split_fault(path: &str) -> (&str, Option<&str>) {
    let Some(rest) = path.strip_prefix("/__fault/") else { return (path, None) };
    let (fault, _) = rest.split_once('/').unwrap_or((rest, ""));
    (&rest[fault.len()..], Some(fault))
}

/// Hosts put the dialects under many prefixes, so the end of a path decides.
pub(super) fn route(method: &Method, path: &str, query: &str, headers: &HeaderMap) -> Option<Route> {
    let post = method == Method::POST;
    let get = method == Method::GET;
    let ask = |dialect| post.then_some(Route::Ask(dialect, None));
    match path {
        "/__health" => return get.then_some(Route::Health),
        "/__journal" if get => return Some(Route::Journal),
        "/__journal" => return (method == Method::DELETE).then_some(Route::ForgetJournal),
        "/upload/v1beta/files" if post => {
            let id = parameter(query, "upload_id");
            return Some(id.map_or(Route::StartUpload, |id| Route::Upload(id.to_owned())));
        }
        _ => {}
    }
    if let Some(asked) = Metadata::at(method, path) {
        return Some(Route::Metadata(asked));
    }
    if let Some(step) = Step::at(method, path) {
        return Some(Route::Extract(step));
    }
    if let Some(route) = BatchRoute::at(method, path) {
        return Some(Route::Batch(route));
    }
    if let Some(id) = path.strip_prefix("/v1beta/files/") {
        return match *method {
            Method::GET => Some(Route::LookAtFile(id.to_owned())),
            Method::DELETE => Some(Route::DeleteFile(id.to_owned())),
            _ => None,
        };
    }
    let generate =
        path.strip_suffix(":generateContent").or_else(|| path.strip_suffix(":streamGenerateContent"));
    if let Some(model) = generate.and_then(|path| path.split_once("/models/")) {
        return post.then(|| Route::Ask(Dialect::Generate, Some(model.1.to_owned())));
    }
    if let Some(route) = cloud(method, path, headers) {
        return Some(route);
    }
    match path.rsplit('/').next().unwrap_or_default() {
        "completions" if path.ends_with("/chat/completions") => ask(Dialect::Chat),
        "responses" => ask(Dialect::Responses),
        "transcriptions" => ask(Dialect::Transcription),
        "messages" => ask(Dialect::Messages),
        "models" => get.then_some(Route::Models(family(path, headers))),
        _ => None,
    }
}

/// Where the clouds' services are. Some name the model in the address, one says what it wants in a header.
fn cloud(method: &Method, path: &str, headers: &HeaderMap) -> Option<Route> {
    if let Some((_, id)) = path.split_once("/analyzeResults/") {
        return match *method {
            Method::GET => Some(Route::LookAtResult(id.to_owned())),
            Method::DELETE => Some(Route::DeleteResult(id.to_owned())),
            _ => None,
        };
    }
    if *method == Method::GET {
        return match path.rsplit('/').next()? {
            "foundation-models" => Some(Route::Models(Dialect::Converse)),
            "documentModels" => Some(Route::Models(Dialect::DocumentIntelligence)),
            _ => None,
        };
    }
    // A bucket and the name of an object in it.
    let is_object = path.trim_matches('/').contains('/');
    match *method {
        Method::PUT => return is_object.then_some(Route::PutObject),
        Method::DELETE => return is_object.then_some(Route::DeleteObject),
        Method::POST => {}
        _ => return None,
    }
    if let Some(target) = text(headers, "x-amz-target") {
        let is_look = target.starts_with("Textract.Get");
        let ask = || Some(Route::Ask(Dialect::Textract(Operation::named(target)?), None));
        return if is_look { Some(Route::LookAtJob) } else { ask() };
    }
    for (start, end, dialect) in [
        ("/model/", "/converse", Dialect::Converse),
        ("/documentModels/", ":analyze", Dialect::DocumentIntelligence),
        ("/processors/", ":process", Dialect::DocumentAi),
        ("/publishers/anthropic/models/", ":rawPredict", Dialect::RawPredict),
        ("/publishers/anthropic/models/", ":streamRawPredict", Dialect::RawPredict),
    ] {
        if let Some((_, model)) = path.strip_suffix(end).and_then(|path| path.split_once(start)) {
            return Some(Route::Ask(dialect, Some(decoded(model))));
        }
    }
    match path.rsplit('/').next()? {
        "ocr" => Some(Route::Ask(Dialect::MistralOcr, None)),
        "extract" => Some(Route::Ask(Dialect::LlamaExtract, None)),
        "token" => Some(Route::Token),
        _ => None,
    }
}

/// A model as it was before it went into an address.
fn decoded(text: &str) -> String {
    let mut letters = text.split('%');
    let mut plain = letters.next().unwrap_or_default().to_owned();
    for part in letters {
        let (code, rest) = part.split_at_checked(2).unwrap_or(("", part));
        plain.extend(u8::from_str_radix(code, 16).ok().map(char::from));
        plain.push_str(rest);
    }
    plain
}

fn family(path: &str, headers: &HeaderMap) -> Dialect {
    if headers.contains_key("anthropic-version") {
        Dialect::Messages
    } else if path.starts_with("/v1beta/") {
        Dialect::Generate
    } else {
        Dialect::Chat
    }
}

pub(super) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use hyper::{HeaderMap, Method};

    use super::{Dialect, Route, route, split_fault};

    #[track_caller]
    fn check(method: Method, path: &str, wanted: Option<Route>) {
        assert_eq!(route(&method, path, "", &HeaderMap::new()), wanted);
    }

    #[test]
    fn the_end_of_a_path_decides() {
        for path in ["/v1/chat/completions", "/chat/completions", "/v1/openai/chat/completions"] {
            check(Method::POST, path, Some(Route::Ask(Dialect::Chat, None)));
        }
        let gemini = "/v1beta/models/gemini-3.7-flash:generateContent";
        check(Method::POST, gemini, Some(Route::Ask(Dialect::Generate, Some("gemini-3.7-flash".into()))));
        check(Method::GET, "/v1/chat/completions", None);
        check(Method::GET, "/v2/models", Some(Route::Models(Dialect::Chat)));
        check(Method::POST, "/upload/v1beta/files", Some(Route::StartUpload));
        check(Method::DELETE, "/v1beta/files/file-1", Some(Route::DeleteFile("file-1".into())));
        check(Method::GET, "/favicon.ico", None);
        let converse = "/model/us.amazon.nova-lite-v1%3A0/converse";
        check(
            Method::POST,
            converse,
            Some(Route::Ask(Dialect::Converse, Some("us.amazon.nova-lite-v1:0".into()))),
        );
        let analyze = "/documentintelligence/documentModels/prebuilt-read:analyze";
        check(
            Method::POST,
            analyze,
            Some(Route::Ask(Dialect::DocumentIntelligence, Some("prebuilt-read".into()))),
        );
        check(Method::POST, "/tenant/oauth2/v2.0/token", Some(Route::Token));
        check(Method::POST, "/v1/ocr", Some(Route::Ask(Dialect::MistralOcr, None)));
    }

    #[test]
    fn a_base_url_can_ask_for_a_fault() {
        assert_eq!(split_fault("/__fault/429:2*1@0.5/v1/messages"), ("/v1/messages", Some("429:2*1@0.5")));
        assert_eq!(split_fault("/v1/messages"), ("/v1/messages", None));
    }
}
