//! Amazon's storage, as far as documents are put there for a service to read.

use std::collections::HashMap;

use serde_json::json;

use super::draft::{Draft, Problem, ProblemKind};
use super::sight::SeenMedium;
use crate::shared::Shared;

/// What lies in all buckets.
#[derive(Debug, Default)]
pub(super) struct Storage {
    objects: Shared<HashMap<String, Object>>,
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    pub medium: SeenMedium,
    pub pages: usize,
}

impl Storage {
    /// `/bucket/folder/name` as it stands in an address.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<Draft, String> {
        let object = Object { medium: SeenMedium::bytes(None, bytes)?, pages: pages(bytes) };
        self.objects.lock().insert(path.to_owned(), object);
        Ok(Draft { status: 200, headers: Vec::new(), body: json!("") })
    }

    /// There is no difference between what is gone and what never was.
    pub fn delete(&self, path: &str) -> Draft {
        self.objects.lock().remove(path);
        Draft { status: 204, headers: Vec::new(), body: json!("") }
    }

    pub fn find(&self, bucket: &str, name: &str) -> Option<Object> {
        self.objects.lock().get(&format!("/{bucket}/{name}")).cloned()
    }

    /// Those that were not deleted.
    pub fn count(&self) -> usize {
        self.objects.lock().len()
    }
}

/// The pages of a PDF that says so in plain words; anything else is one page.
fn pages(bytes: &[u8]) -> usize {
    let mark = b"/Type/Page";
    let page = |window: &&[u8]| window.starts_with(mark) && window.last() != Some(&b's');
    bytes.windows(mark.len() + 1).filter(page).count().max(1)
}

/// Its errors are XML.
pub(super) fn problem(problem: &Problem) -> Draft {
    let (status, code) = match problem.kind {
        ProblemKind::BadKey | ProblemKind::Status(401) => (403, "SignatureDoesNotMatch"),
        ProblemKind::Status(403) | ProblemKind::Quota => (403, "AccessDenied"),
        ProblemKind::NoModel | ProblemKind::Status(404) => (404, "NoSuchBucket"),
        ProblemKind::Status(413) => (400, "EntityTooLarge"),
        ProblemKind::Status(429 | 503) => (503, "SlowDown"),
        ProblemKind::Invalid | ProblemKind::Status(400..500) => (400, "InvalidRequest"),
        ProblemKind::Status(_) => (500, "InternalError"),
    };
    let headers = super::reply::wait(problem.delay).into_iter().collect();
    let message = problem.message.replace('&', "&amp;").replace('<', "&lt;");
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let body = format!("{head}<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Draft { status, headers, body: json!(body) }
}
