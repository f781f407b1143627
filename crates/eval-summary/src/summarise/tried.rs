//! What each setting buys: within a model, paired by case, with everything else that was tried held the same.

use std::collections::BTreeMap;

use eval_record::{PlannedProvider, Variant};
use eval_statistics::{
    Level, Moments, PairedCase, PairedComparison, PairedTasks, correct_weighted, report_weights,
};

use super::differences::settings;
use super::verdict;
use crate::scored::{Row as Trial, by_case};
use crate::{
    Board, Bounds, Differences, Effect, EffectOn, Options, Scored, Tried, TriedModel, TriedPrompt, Way,
};

/// Nothing where every model was asked in one way.
pub(super) fn tried(
    scored: &Scored<'_>,
    overall: &Board,
    said: &[Differences],
    options: &Options,
) -> Option<Tried> {
    let models = models(scored);
    if models.is_empty() {
        return None;
    }
    Some(Tried {
        effects: effects(scored, &models, options),
        models: models.iter().map(|model| of_model(scored, model, overall, said, options)).collect(),
        prompts: prompts(scored),
    })
}

/// A model and the places of its candidates in the plan.
struct Model<'a> {
    label: &'a str,
    candidates: Vec<(usize, &'a Variant)>,
}

/// Those that were asked in several ways.
fn models<'a>(scored: &'a Scored<'_>) -> Vec<Model<'a>> {
    let mut models: Vec<Model<'_>> = Vec::new();
    for (at, provider) in scored.providers().iter().enumerate() {
        let Some(variant) = &provider.variant else { continue };
        match models.iter_mut().find(|model| model.label == variant.of) {
            Some(model) => model.candidates.push((at, variant)),
            None => models.push(Model { label: &variant.of, candidates: vec![(at, variant)] }),
        }
    }
    models.retain(|model| model.candidates.len() > 1);
    models
}

/// What is compared: candidates of a model that differ in the value of one factor only.
struct Contrast<'a> {
    model: &'a str,
    factor: &'a str,
    from: &'a str,
    to: &'a str,
    pairs: Vec<(usize, usize)>,
}

impl Model<'_> {
    /// Every value of every factor against the first one, in the order in which they were tried.
    fn contrasts(&self) -> Vec<Contrast<'_>> {
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (factor, value) in self.candidates.iter().flat_map(|(_, variant)| &variant.factors) {
            let known = values.entry(factor).or_default();
            if !known.contains(&value.as_str()) {
                known.push(value);
            }
        }
        let mut contrasts = Vec::new();
        for (factor, values) in values {
            let Some((from, others)) = values.split_first() else { continue };
            contrasts.extend(others.iter().map(|to| Contrast {
                model: self.label,
                factor,
                from,
                to,
                pairs: self.pairs(factor, from, to),
            }));
        }
        contrasts
    }

    fn pairs(&self, factor: &str, from: &str, to: &str) -> Vec<(usize, usize)> {
        let has = |variant: &Variant, value: &str| variant.factors.get(factor).is_some_and(|it| it == value);
        let rest = |variant: &Variant| {
            let mut rest = variant.factors.clone();
            rest.remove(factor);
            rest
        };
        let of_from = self.candidates.iter().filter(|(_, variant)| has(variant, from));
        let twin = |(at, variant): &(usize, &Variant)| {
            let mut others = self.candidates.iter();
            let twin = others.find(|(_, other)| has(other, to) && rest(other) == rest(variant))?;
            Some((*at, twin.0))
        };
        of_from.filter_map(twin).collect()
    }
}

/// What is known of a trial.
type Amount = fn(&Trial) -> Option<f64>;

/// The four things that a setting changes, and how many parts each is counted in: only scores lie between 0 and 1 by
/// nature, and what looks as if it did would be taken for one.
const AMOUNTS: [(Amount, f64); 4] = [
    (Trial::score, 1.0),
    (Trial::cost, 1e9),
    (|trial| Some(trial.input()? + trial.output()?), 1e3),
    (Trial::seconds, 1e9),
];

fn effects(scored: &Scored<'_>, models: &[Model<'_>], options: &Options) -> Vec<Effect> {
    let contrasts: Vec<Contrast<'_>> = models.iter().flat_map(Model::contrasts).collect();
    let found: Vec<[Option<PairedTasks>; 4]> =
        contrasts.iter().map(|contrast| AMOUNTS.map(|of| paired(scored, &contrast.pairs, of))).collect();
    // One family: what is said of scores shares three quarters of the error, everything else a quarter.
    let scores = found.iter().filter(|[score, ..]| score.is_some()).count();
    let rest = found.iter().flat_map(|[_, rest @ ..]| rest).flatten().count();
    let (of_score, of_rest) = report_weights(scores, rest);
    let comparison = settings(options.level, scored.plan().seed);
    let compared = |(at, pairs): (usize, &PairedTasks)| {
        (pairs.compare(&comparison), if at == 0 { of_score } else { of_rest })
    };
    let all = || found.iter().flat_map(|four| four.iter().enumerate());
    let mut family: Vec<(PairedComparison, f64)> =
        all().filter_map(|(at, pairs)| Some(compared((at, pairs.as_ref()?)))).collect();
    correct_weighted(&mut family, options.level);
    let mut corrected = family.into_iter();
    let mut effect_on = |pairs: &Option<PairedTasks>, amount: usize| {
        let pairs = pairs.as_ref()?;
        let (mut comparison, weight) = corrected.next()?;
        let level = Level::from_alpha((1.0 - options.level.get()) * weight).unwrap_or(options.level);
        comparison.interval = pairs.interval(level);
        let (_, parts) = AMOUNTS[amount];
        let whole = |it: Bounds| Bounds { low: it.low / parts, high: it.high / parts, ..it };
        Some(EffectOn {
            n: pairs.cases() as u64,
            from: pairs.means().0 / parts,
            difference: pairs.difference() / parts,
            interval: comparison.agreed_interval().map(|it| whole(it.into())),
            p_adjusted: comparison.p_adjusted,
            opinion: comparison.verdict.into(),
        })
    };
    let effects = contrasts.iter().zip(&found).map(|(contrast, [score, cost, tokens, seconds])| Effect {
        model: contrast.model.to_owned(),
        factor: contrast.factor.to_owned(),
        from: contrast.from.to_owned(),
        to: contrast.to.to_owned(),
        pairs: contrast.pairs.len() as u64,
        score: effect_on(score, 0),
        usd_per_case: effect_on(cost, 1),
        tokens: effect_on(tokens, 2),
        seconds: effect_on(seconds, 3),
    });
    effects.collect()
}

/// By case, the means over all pairs of candidates that both have it.
fn paired(scored: &Scored<'_>, pairs: &[(usize, usize)], (of, parts): (Amount, f64)) -> Option<PairedTasks> {
    let mut tasks: Vec<Vec<PairedCase>> = Vec::new();
    for unit in scored.deciding() {
        let mut sums: BTreeMap<u32, (Moments, Moments)> = BTreeMap::new();
        for (from, to) in pairs {
            let (from, to) = (means(scored, unit, *from, of), means(scored, unit, *to, of));
            for (case, a) in from {
                if let Some(b) = to.get(&case) {
                    let sums = sums.entry(case).or_default();
                    sums.0.push(a);
                    sums.1.push(*b);
                }
            }
        }
        let alone = |moments: Moments| moments.mean().map(|mean| mean * parts).into_iter().collect();
        let case = |(case, (a, b)): (u32, (Moments, Moments))| PairedCase {
            cluster: scored.cases.cluster(case),
            a: alone(a),
            b: alone(b),
        };
        tasks.push(sums.into_iter().map(case).collect());
    }
    // Of what is free there is nothing to say.
    let is_nothing = |case: &PairedCase| case.a.mean() == Some(0.0) && case.b.mean() == Some(0.0);
    if parts > 1.0 && tasks.iter().flatten().all(is_nothing) {
        return None;
    }
    PairedTasks::new(&tasks.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// The mean over repeats, by case.
fn means(scored: &Scored<'_>, unit: usize, provider: usize, of: Amount) -> BTreeMap<u32, f64> {
    let mean = |case: &[Trial]| {
        let moments: Moments = case.iter().filter_map(of).collect();
        Some((case[0].case, moments.mean()?))
    };
    by_case(scored.rows(unit, provider)).filter_map(mean).collect()
}

fn of_model(
    scored: &Scored<'_>,
    model: &Model<'_>,
    overall: &Board,
    said: &[Differences],
    options: &Options,
) -> TriedModel {
    let labels: Vec<&str> =
        model.candidates.iter().map(|(at, _)| scored.providers()[*at].label.as_str()).collect();
    let (recommended, today) = verdict::among(scored, overall, said, &labels, options);
    let way = |(at, variant): &(usize, &Variant)| {
        let label = &scored.providers()[*at].label;
        let row = overall.rows.iter().find(|row| row.provider == *label);
        Way {
            provider: label.clone(),
            factors: variant.factors.clone(),
            score: row.and_then(|row| Some(row.score.as_ref()?.mean)),
            usd_per_1000: row.and_then(|row| row.cost.per_1000),
            p50_seconds: row.and_then(|row| Some(row.latency.as_ref()?.p50.value)),
            on_frontier: row.is_some_and(|row| row.pareto_cost),
        }
    };
    let mut ways: Vec<Way> = model.candidates.iter().map(way).collect();
    let cost = |way: &Way| way.usd_per_1000.unwrap_or(f64::INFINITY);
    ways.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then_with(|| a.provider.cmp(&b.provider)));
    TriedModel { model: model.label.to_owned(), ways, recommended, today }
}

/// Each text once, where several were tried.
fn prompts(scored: &Scored<'_>) -> Vec<TriedPrompt> {
    let mut prompts: Vec<TriedPrompt> = Vec::new();
    let of = |provider: &'_ PlannedProvider| {
        provider.variant.iter().flat_map(|variant| variant.prompts.clone()).collect::<Vec<_>>()
    };
    for prompt in scored.providers().iter().flat_map(of) {
        let prompt = TriedPrompt {
            dataset: prompt.dataset,
            task: prompt.task,
            name: prompt.name,
            system: prompt.system,
            text: prompt.prompt,
        };
        if !prompts.contains(&prompt) {
            prompts.push(prompt);
        }
    }
    let others = |prompt: &TriedPrompt| {
        prompts.iter().filter(|it| (&it.dataset, it.task) == (&prompt.dataset, prompt.task)).count() > 1
    };
    let mut several: Vec<TriedPrompt> = prompts.iter().filter(|prompt| others(prompt)).cloned().collect();
    several.sort_by(|a, b| (&a.dataset, a.task).cmp(&(&b.dataset, b.task)));
    several
}
