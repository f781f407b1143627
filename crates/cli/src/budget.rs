//! What a run may spend.

use eval_record::{Plan, PlannedProvider};
use vision_core::Usd;

use crate::exit::Failure;
use crate::plan;

/// Providers that cost money, or whose price is not known.
pub fn paid(plan: &Plan) -> Vec<&PlannedProvider> {
    plan.providers.iter().filter(|it| !it.price.as_ref().is_some_and(|price| price.is_free())).collect()
}

/// What may be spent, if anything costs money: it needs a budget, and a price to keep it by.
pub fn check_budget(plan: &Plan) -> Result<Option<Usd>, Failure> {
    let paid = paid(plan);
    if paid.is_empty() {
        return Ok(None);
    }
    let Some(budget) = plan.budget_usd else {
        let labels: Vec<_> = paid.iter().map(|it| it.label.as_str()).collect();
        let message = format!(
            "{} {} money: say with --budget-usd (or budget_usd in eval.toml) how much the run may spend at most",
            labels.join(", "),
            if labels.len() == 1 { "costs" } else { "cost" }
        );
        return Err(Failure::setup(message));
    };
    let unpriced: Vec<_> = paid.iter().filter(|it| it.price.is_none()).collect();
    if let Some(first) = unpriced.first() {
        let labels: Vec<_> = unpriced.iter().map(|it| it.label.as_str()).collect();
        let message = format!(
            "the price of {} is not known, so no budget can be kept: {}",
            labels.join(", "),
            plan::price_to_add(first, &plan.started)
        );
        return Err(Failure::setup(message));
    }
    Ok(Some(budget))
}
