use eval_summary::{Failings, Summary};

use super::{ROOMY, STEP, drawing, short, text};
use crate::escape::html;

/// Names of columns are turned, so that they stay whole.
const HEAD: f64 = 84.0;

/// How often each field is right, by provider. Nothing for a single field.
pub(crate) fn of_fields(failings: &Failings, summary: &Summary) -> Option<String> {
    let is_control = |name: &str| summary.providers.iter().any(|one| one.control && one.label == name);
    let counts: Vec<_> =
        failings.fields.iter().filter(|one| !is_control(&one.provider) && one.judged > 0).collect();
    let (mut fields, mut providers) = (Vec::new(), Vec::new());
    for one in &counts {
        if !fields.contains(&one.field.as_str()) {
            fields.push(&one.field);
        }
        if !providers.contains(&one.provider.as_str()) {
            providers.push(&one.provider);
        }
    }
    if fields.len() < 2 {
        return None;
    }
    let left = ROOMY.left;
    let wide = ((ROOMY.wide - left - 40.0) / fields.len() as f64).min(64.0);
    let high = providers.len() as f64 * STEP + HEAD + 12.0;
    let mut body = String::new();
    for (column, field) in fields.iter().enumerate() {
        let (x, y) = (left + (column as f64 + 0.5) * wide, HEAD - 6.0);
        let name = html(&short(field, 18));
        body += &format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"turned\" transform=\"rotate(-40 {x:.1} {y:.1})\">{name}</text>"
        );
    }
    for (number, provider) in providers.iter().enumerate() {
        let y = number as f64 * STEP + HEAD;
        body += &text(left - 14.0, y + 17.0, "label", &short(provider, 24));
        for (column, field) in fields.iter().enumerate() {
            let Some(one) = counts.iter().find(|one| one.provider == *provider && one.field == *field) else {
                continue;
            };
            let share = one.right as f64 / one.judged as f64;
            let x = left + column as f64 * wide;
            let title = html(&format!("{provider}, {field}: {} of {} right", one.right, one.judged));
            let (across, wrong) = ((wide - 3.0).max(1.0), 1.0 - share);
            let fill = wrong * 0.85 + 0.03;
            body += &format!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{across:.1}\" height=\"26\" rx=\"3\" class=\"heat\" \
                 fill-opacity=\"{fill:.2}\"><title>{title}</title></rect>"
            );
            let class = if wrong > 0.55 { "cell on" } else { "cell" };
            body += &text(x + across / 2.0, y + 17.0, class, &format!("{:.0}", share * 100.0));
        }
    }
    let title = format!("Fields right on {}", failings.scope);
    Some(drawing(&title, "per cent of the values; darker is worse", (ROOMY.wide, high), &body))
}
