//! What would change the decision. Nothing is reasoned about here: each situation is put to the same rule.

use super::eligible::Field;
use super::{Choice, Differences};
use crate::decide::{Shift, shifts};
use crate::{Condition, Constraint, Constraints, Prefer, WouldChange};

pub(super) fn changes(
    differences: &Differences<'_>,
    field: &Field<'_>,
    choice: &Choice<'_>,
) -> Vec<WouldChange> {
    let mut changes = without_each_constraint(differences, field, choice);
    if choice.constraints.prefer == Prefer::TotalCost {
        // Scores, prices and points do not decide.
        return changes;
    }
    changes.extend(other_preference(differences, field, choice));
    changes.extend(other_tolerances_and_prices(choice));
    changes
}

/// One that leads to another candidate than the one that is chosen now, on sure grounds or not.
fn changed(choice: &Choice<'_>, condition: Condition, then: &str) -> Option<WouldChange> {
    let is_new = choice.current().is_none_or(|now| now != then);
    is_new.then(|| WouldChange { condition, then: then.to_owned() })
}

fn without_each_constraint(
    differences: &Differences<'_>,
    field: &Field<'_>,
    choice: &Choice<'_>,
) -> Vec<WouldChange> {
    let all = &choice.constraints;
    let relaxed = [
        (all.min_score.is_some(), Constraint::MinScore, Constraints { min_score: None, ..all.clone() }),
        (
            all.max_p95_seconds.is_some(),
            Constraint::MaxP95,
            Constraints { max_p95_seconds: None, ..all.clone() },
        ),
        (
            all.max_usd_per_1000.is_some(),
            Constraint::MaxCost,
            Constraints { max_usd_per_1000: None, ..all.clone() },
        ),
        (!all.require.is_empty(), Constraint::Require, Constraints { require: Vec::new(), ..all.clone() }),
    ];
    let without = |(_, constraint, constraints): &(bool, Constraint, Constraints)| {
        let then = Choice::new(differences, &field.eligible(constraints), constraints)
            .recommended()?
            .provider
            .clone();
        changed(choice, Condition::Without { constraint: *constraint }, &then)
    };
    relaxed.iter().filter(|(is_set, ..)| *is_set).filter_map(without).collect()
}

fn other_preference(
    differences: &Differences<'_>,
    field: &Field<'_>,
    choice: &Choice<'_>,
) -> Option<WouldChange> {
    let prefer = match choice.constraints.prefer {
        Prefer::Cost => Prefer::Time,
        Prefer::Time | Prefer::TotalCost => Prefer::Cost,
    };
    let constraints = Constraints { prefer, ..choice.constraints.clone() };
    let other = Choice::new(differences, &field.eligible(&constraints), &constraints);
    // Time that is not known decides nothing.
    let then = other.recommended().filter(|_| !other.time_unknown)?.provider.clone();
    changed(choice, Condition::Prefer { prefer }, &then)
}

fn other_tolerances_and_prices(choice: &Choice<'_>) -> Vec<WouldChange> {
    let label = |one: usize| choice.rows[one].provider.clone();
    let would = |(shift, then): (Shift, usize)| {
        let condition = match shift {
            Shift::Tolerance(tolerance) => Condition::Tolerance { tolerance },
            Shift::DearerThan(than) => {
                Condition::DearerThan { provider: choice.recommended()?.provider.clone(), than }
            }
            Shift::CheaperThan { of, than } => Condition::CheaperThan { provider: label(of), than },
        };
        changed(choice, condition, &label(then))
    };
    let shifts = shifts(&choice.contenders, &choice.gaps, choice.tolerance());
    shifts.into_iter().filter_map(would).collect()
}
