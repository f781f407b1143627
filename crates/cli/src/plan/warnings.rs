use eval::Unheld;
use eval_record::{OutputFrom, PRICES_GROW_OLD_AFTER, Plan, PlannedProvider, Price, PriceBook};
use vision_core::Usd;

use crate::environment::Environment;
use crate::registry::{finds_source, kind};

/// What to know about the money of a plan before it is carried out, with what to do about it.
pub fn warnings(plan: &Plan, prices: &PriceBook) -> Vec<String> {
    let unpriced = plan.providers.iter().filter(|provider| provider.price.is_none());
    let mut warnings: Vec<String> = unpriced
        .map(|provider| {
            let (label, add) = (&provider.label, price_to_add(provider, &plan.started));
            format!("warning: the price of {label} is unknown{}: {add}", ended(provider, prices))
        })
        .collect();
    warnings.extend(free_by_configuration(plan));
    warnings.extend(plan.providers.iter().filter_map(|provider| old(provider, &plan.started)));
    warnings.extend(over_budget(plan));
    warnings
}

/// Who costs nothing because the configuration says so, although the price book knows a price: no budget is kept for it, and
/// a stranger may have written the configuration.
pub fn free_by_configuration(plan: &Plan) -> Vec<String> {
    let book = PriceBook::embedded();
    let is_free = |price: &Price| price.is_free();
    let contradicts = |provider: &&PlannedProvider| {
        let known = book.find(&provider.kind, &provider.model, &plan.started);
        provider.price.as_ref().is_some_and(is_free) && known.is_some_and(|known| !is_free(known))
    };
    let note = |provider: &PlannedProvider| {
        let line = format!(
            "warning: the configuration sets the price of {} to 0, but the price book lists {}/{} as paid: its requests \
             need no budget, and their cost is not counted",
            provider.label, provider.kind, provider.model
        );
        eval_report::escape::terminal(&line)
    };
    plan.providers.iter().filter(contradicts).map(note).collect()
}

/// The lines that give a provider a price, for eval.toml and for a file of prices.
pub fn price_to_add(provider: &PlannedProvider, started: &str) -> String {
    let PlannedProvider { kind, model, .. } = provider;
    let day = started.get(..10).unwrap_or("2026-01-01");
    if provider.is_by_the_page() {
        return format!(
            "add it to its [[provider]] (kind = \"{kind}\", model = \"{model}\") in eval.toml, in dollars per page:\n  \
             price = {{ units = [{{ unit = \"page\", usd = … }}] }}\nor to the entries of a file for --prices:\n  \
             {{\"provider\": \"{kind}\", \"model\": \"{model}\", \"as_of\": \"{day}\", \"units\": [{{\"unit\": \"page\", \
             \"usd\": …}}]}}"
        );
    }
    if provider.batch {
        return format!(
            "no price in batches is known for it; add to its [[provider]] (kind = \"{kind}\", model = \"{model}\") in \
             eval.toml, in dollars per million tokens:\n  price = {{ input_per_mtok = …, output_per_mtok = …, \
             batch_input_per_mtok = …, batch_output_per_mtok = … }}"
        );
    }
    format!(
        "add it to its [[provider]] (kind = \"{kind}\", model = \"{model}\") in eval.toml, in dollars per million tokens:\n  \
         price = {{ input_per_mtok = …, output_per_mtok = … }}\nor to the entries of a file for --prices:\n  \
         {{\"provider\": \"{kind}\", \"model\": \"{model}\", \"as_of\": \"{day}\", \"input_per_mtok\": …, \"output_per_mtok\": …}}"
    )
}

/// The last price that there was.
fn ended(provider: &PlannedProvider, prices: &PriceBook) -> String {
    let last =
        prices.of_model(&provider.kind, &provider.model).filter_map(|price| price.until.as_deref()).max();
    last.map_or_else(String::new, |until| format!(" (the one that is known ended on {until})"))
}

fn old(provider: &PlannedProvider, today: &str) -> Option<String> {
    let price = provider.price.as_ref()?;
    let Price { as_of, source, .. } = price;
    price.is_outdated(today, PRICES_GROW_OLD_AFTER).then(|| {
        let place = source.as_ref().map_or_else(String::new, |source| format!(" at {source}"));
        format!(
            "warning: the price of {} was checked on {as_of}, more than {PRICES_GROW_OLD_AFTER} days ago: check it{place}",
            provider.label
        )
    })
}

fn over_budget(plan: &Plan) -> Option<String> {
    let budget = plan.budget_usd?.0;
    let (sum, _) = plan.quote.total();
    // Where answers are reckoned with at their longest, it may all be less than expected.
    let is_most =
        plan.quote.lines.iter().any(|line| line.output_from == OutputFrom::Cap && line.requests > 0);
    let (what, expected) =
        if is_most { ("a cost of at least", sum.low.0) } else { ("the expected cost of", sum.expected.0) };
    let high = sum.high.0;
    match () {
        () if expected > budget => Some(format!(
            "warning: {what} {} exceeds the budget of {}: the run would stop before its end; raise \
             --budget-usd, or ask less with --limit or --sample",
            Usd(expected).rounded_up(),
            Usd(budget).in_full()
        )),
        () if high > budget => Some(format!(
            "warning: the run may cost up to {}, more than the budget of {}: it stops where the budget ends",
            Usd(high).rounded_up(),
            Usd(budget).in_full()
        )),
        () => None,
    }
}

/// Who is asked without a schema that the others are held to.
pub fn unheld(unheld: &[Unheld]) -> Vec<String> {
    let note = |it: &Unheld| {
        let line = format!(
            "note: {} cannot be held to the JSON schema of {}/{} ({}): its prompt carries the schema instead",
            it.provider, it.dataset, it.task, it.reason
        );
        eval_report::escape::terminal(&line)
    };
    unheld.iter().map(note).collect()
}

/// A quote needs no key, the run does: which are missing, as far as can be seen.
pub fn missing_keys(plan: &Plan, environment: &Environment) -> Option<String> {
    let mut missing: Vec<String> = Vec::new();
    for provider in &plan.providers {
        let Ok(kind) = kind(&provider.kind) else { continue };
        let is_open = || finds_source(kind, &provider.settings, environment);
        if !kind.keyless && environment.first(kind.keys).is_none() && !is_open() {
            let advice =
                format!("{} for {} (get one at {})", kind.keys.join(" or "), provider.label, kind.key_page);
            missing.push(advice);
        }
    }
    (!missing.is_empty())
        .then(|| format!("note: no key is needed to plan; to run, set {}", missing.join(", ")))
}
