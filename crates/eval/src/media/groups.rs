use eval_record::MediaPolicy;
use vision_core::Capabilities;

use crate::candidate::Candidate;

/// Candidates that share a media setting: what one of them is sent, the others are sent too, as far as the mode says.
#[derive(Debug)]
pub(crate) struct MediaGroup {
    pub number: usize,
    pub policy: MediaPolicy,
    /// What sets it apart from the plan's own setting, for the ledger.
    pub setting: String,
    pub targets: Targets,
}

/// Whom media are for. A control takes nothing, and asks for nothing.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// How many candidates that is.
    pub candidates: usize,
    /// What they can do, each combination once: thousands of models have the same few.
    pub distinct: Vec<Capabilities>,
}

/// The groups of a plan.
#[derive(Debug)]
pub(crate) struct MediaGroups {
    groups: Vec<MediaGroup>,
    /// By candidate.
    of: Vec<usize>,
}

impl MediaGroups {
    /// Those that these candidates make, where a plan prepares media like this.
    pub fn of(candidates: &[Candidate], plan: &MediaPolicy) -> Self {
        let mut all = Self { groups: Vec::new(), of: Vec::new() };
        for candidate in candidates {
            let own = candidate.planned.variant.as_ref().and_then(|variant| variant.media.as_ref());
            let number = all.number(own.unwrap_or(plan), plan);
            all.of.push(number);
            if let Some(capabilities) = candidate.capabilities().filter(|it| !it.formats.is_empty()) {
                all.groups[number].targets.add(capabilities);
            }
        }
        all
    }

    fn number(&mut self, policy: &MediaPolicy, plan: &MediaPolicy) -> usize {
        let known = self.groups.iter().position(|group| group.policy == *policy);
        known.unwrap_or_else(|| {
            let number = self.groups.len();
            let (policy, setting) = (policy.clone(), setting(policy, plan));
            self.groups.push(MediaGroup { number, policy, setting, targets: Targets::default() });
            number
        })
    }

    /// The group of a candidate, by its place in the plan.
    pub fn of_candidate(&self, candidate: usize) -> &MediaGroup {
        &self.groups[self.of[candidate]]
    }
}

impl Targets {
    fn add(&mut self, capabilities: &Capabilities) {
        self.candidates += 1;
        if !self.distinct.contains(capabilities) {
            self.distinct.push(capabilities.clone());
        }
    }
}

fn setting(policy: &MediaPolicy, plan: &MediaPolicy) -> String {
    let mut words = Vec::new();
    if policy.recode && (policy.jpeg_quality, policy.recode) != (plan.jpeg_quality, plan.recode) {
        words.push(format!("jpeg_quality={}", policy.jpeg_quality));
    }
    if let Some(side) = policy.long_side.filter(|_| policy.long_side != plan.long_side) {
        words.push(format!("long_side={side}"));
    }
    words.join(", ")
}
