//! The providers that a new configuration begins with.

use eval::ProviderConfig;
use eval_record::PriceBook;

use super::peers::Peer;
use crate::environment::Environment;
use crate::registry::{KINDS, Kind, Providers, kind};

/// What most people try first; each needs a key.
const USUAL: [&str; 3] = ["openai", "anthropic", "gemini"];

/// One `[[provider]]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its kind.
    pub kind: &'static str,
    /// Its model.
    pub model: String,
    /// Whether it takes part.
    pub enabled: bool,
    /// Why, or what it needs: the comment behind its kind.
    pub remark: String,
}

/// Models of other tools first, then whatever has a key, then what most people try. The local reader and the controls are
/// in every configuration and are not among them.
pub fn propose(
    peers: &[Peer],
    environment: &Environment,
    providers: &Providers<'_>,
    day: &str,
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |candidate: Candidate| {
        if !found.iter().any(|it| (it.kind, &it.model) == (candidate.kind, &candidate.model)) {
            found.push(candidate);
        }
    };
    for (peer, (name, model)) in peers.iter().flat_map(|peer| peer.models.iter().map(move |it| (peer, it))) {
        let Ok(kind) = kind(name) else { continue };
        add(candidate(kind, model, &format!("from {}", peer.origin), environment, providers, day));
    }
    let with_key = KINDS.iter().filter(|kind| !kind.keyless && environment.first(kind.keys).is_some());
    for kind in with_key {
        let candidate = candidate(kind, kind.example, "", environment, providers, day);
        // Keys of a cloud are there for many reasons, and stay a remark.
        let enabled = candidate.enabled && kind.sources.is_empty();
        add(Candidate { enabled, ..candidate });
    }
    for name in USUAL {
        if let Some(kind) = KINDS.iter().find(|kind| kind.name == name)
            && environment.first(kind.keys).is_none()
        {
            add(candidate(kind, kind.example, "", environment, providers, day));
        }
    }
    found
}

fn candidate(
    kind: &Kind,
    model: &str,
    origin: &str,
    environment: &Environment,
    providers: &Providers<'_>,
    day: &str,
) -> Candidate {
    let config = ProviderConfig::new(kind.name, model);
    let key = environment.first(kind.keys).map(|(name, _)| environment.origin(name));
    let (enabled, need) = match (&key, providers.ready(&config)) {
        (None, _) if !kind.keyless => (false, format!("needs {}", kind.keys.join(" or "))),
        (_, Err(_)) => (false, "needs settings: see the guide to connect a cloud".to_owned()),
        _ if PriceBook::embedded().find(kind.name, model, day).is_none() => {
            (false, "no built-in price: add `price`".to_owned())
        }
        (Some(key), _) => (true, key.clone()),
        (None, _) => (true, String::new()),
    };
    let remark: Vec<&str> = [need.as_str(), origin].into_iter().filter(|it| !it.is_empty()).collect();
    Candidate { kind: kind.name, model: model.to_owned(), enabled, remark: remark.join(", ") }
}
