//! Agreement of raters: percent agreement, Cohen, Fleiss, Gwet and Krippendorff.
//!
//! Raw agreement of 92 % can be a kappa of 0.29 where one category is rare: print both, and AC1 beside them.

use eval_statistics::{normal_quantile, student_quantile};
use serde::Serialize;

/// One unit's ratings, a place per rater; the number of a category or nothing.
pub type Ratings = Vec<Option<usize>>;

/// Agreement on nominal categories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Units with at least one rating.
    pub n_units: usize,
    /// Raters.
    pub n_raters: usize,
    /// Of exactly two raters; undefined for more.
    pub cohen: Cohen,
    /// The mean share of agreeing pairs.
    pub percent_agreement: Option<f64>,
    /// Where all units have the same number of ratings.
    pub fleiss_kappa: Option<f64>,
    /// Gwet's AC1.
    pub gwet: Gwet,
    /// Krippendorff's alpha for nominal data.
    pub krippendorff_nominal: Option<f64>,
}

/// Cohen's kappa over the units rated by both.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cohen {
    /// Units; missing if there are not two raters.
    pub n: Option<usize>,
    /// Unweighted.
    pub kappa: Option<f64>,
    /// Its large-sample error.
    pub se: Option<f64>,
    /// Its interval.
    pub ci_normal: [Option<f64>; 2],
    /// With linear weights.
    pub linear: Option<f64>,
    /// With quadratic weights.
    pub quadratic: Option<f64>,
}

/// Gwet's AC1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gwet {
    /// The coefficient.
    pub ac1: Option<f64>,
    /// Agreement by chance.
    pub chance: Option<f64>,
    /// Its error over units.
    pub se: Option<f64>,
    /// Its interval, cut at 1.
    pub ci_t: [Option<f64>; 2],
}

/// Agreement of raters on so many categories, at a confidence such as 0.95.
#[must_use]
pub fn agreement(units: &[Ratings], categories: usize, confidence: f64) -> Agreement {
    let rated: Vec<&Ratings> = units.iter().filter(|unit| unit.iter().any(Option::is_some)).collect();
    let raters = units.iter().map(Vec::len).max().unwrap_or(0);
    let counts: Vec<Vec<f64>> = rated.iter().map(|unit| counts(unit, categories)).collect();
    let values: Vec<Vec<f64>> =
        rated.iter().map(|unit| unit.iter().flatten().map(|it| *it as f64).collect()).collect();
    Agreement {
        n_units: rated.len(),
        n_raters: raters,
        cohen: if raters == 2 { cohen(&rated, categories, confidence) } else { Cohen::default() },
        percent_agreement: percent(&counts),
        fleiss_kappa: fleiss(&counts),
        gwet: gwet(&counts, categories, confidence),
        krippendorff_nominal: krippendorff(&values, Scale::Nominal).alpha,
    }
}

fn counts(unit: &Ratings, categories: usize) -> Vec<f64> {
    let mut counts = vec![0.0; categories];
    unit.iter().flatten().for_each(|category| counts[*category] += 1.0);
    counts
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / count as f64)
}

/// The share of agreeing pairs of one unit; nothing for fewer than two ratings.
fn agreeing(counts: &[f64]) -> Option<f64> {
    let n: f64 = counts.iter().sum();
    let pairs: f64 = counts.iter().map(|count| count * (count - 1.0)).sum();
    (n >= 2.0).then(|| pairs / (n * (n - 1.0)))
}

fn percent(units: &[Vec<f64>]) -> Option<f64> {
    mean(units.iter().filter_map(|counts| agreeing(counts)))
}

fn fleiss(units: &[Vec<f64>]) -> Option<f64> {
    let n: f64 = units.first()?.iter().sum();
    if n < 2.0 || units.iter().any(|unit| unit.iter().sum::<f64>() != n) {
        return None;
    }
    let observed = percent(units)?;
    let total = n * units.len() as f64;
    let share = |category: usize| units.iter().map(|unit| unit[category]).sum::<f64>() / total;
    let chance: f64 = (0..units[0].len()).map(|category| share(category).powi(2)).sum();
    beyond(observed, chance)
}

/// (observed − chance)/(1 − chance); undefined where chance explains all.
fn beyond(observed: f64, chance: f64) -> Option<f64> {
    (chance < 1.0 - 1e-12).then(|| (observed - chance) / (1.0 - chance))
}

fn cohen(units: &[&Ratings], categories: usize, confidence: f64) -> Cohen {
    let pairs: Vec<(usize, usize)> =
        units.iter().filter_map(|unit| Some((*unit.first()?.as_ref()?, *unit.get(1)?.as_ref()?))).collect();
    let n = pairs.len() as f64;
    let mut table = vec![vec![0.0; categories]; categories];
    pairs.iter().for_each(|(a, b)| table[*a][*b] += 1.0 / n);
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..categories).map(|at| table.iter().map(|row| row[at]).sum()).collect();
    let weighted = |weight: &dyn Fn(f64) -> f64| {
        let sum = |cell: &dyn Fn(usize, usize) -> f64| -> f64 {
            let cells = (0..categories).flat_map(|a| (0..categories).map(move |b| (a, b)));
            cells.map(|(a, b)| weight(a.abs_diff(b) as f64) * cell(a, b)).sum()
        };
        let (observed, chance) = (sum(&|a, b| table[a][b]), sum(&|a, b| rows[a] * columns[b]));
        (chance > 1e-12).then(|| 1.0 - observed / chance)
    };
    let kappa = weighted(&|distance| f64::from(u8::from(distance > 0.0)));
    let se = kappa.filter(|_| n > 0.0).map(|kappa| cohen_error(&table, &rows, &columns, kappa, n));
    let z = -normal_quantile((1.0 - confidence) / 2.0);
    let end = |sign: f64| kappa.zip(se).map(|(kappa, se)| kappa + sign * z * se);
    Cohen {
        n: Some(pairs.len()),
        kappa,
        se,
        ci_normal: [end(-1.0), end(1.0)],
        linear: weighted(&|distance| distance),
        quadratic: weighted(&|distance| distance * distance),
    }
}

/// The large-sample error of Fleiss, Cohen and Everitt.
fn cohen_error(table: &[Vec<f64>], rows: &[f64], columns: &[f64], kappa: f64, n: f64) -> f64 {
    let all = 0..rows.len();
    let chance: f64 = rows.iter().zip(columns).map(|(a, b)| a * b).sum();
    let on: f64 =
        all.clone().map(|at| table[at][at] * (1.0 - (rows[at] + columns[at]) * (1.0 - kappa)).powi(2)).sum();
    let mut off = 0.0;
    for a in all.clone() {
        for b in all.clone().filter(|b| *b != a) {
            off += table[a][b] * (columns[a] + rows[b]).powi(2);
        }
    }
    let variance = on + (1.0 - kappa).powi(2) * off - (kappa - chance * (1.0 - kappa)).powi(2);
    // What rounding leaves of nothing is nothing.
    let variance = if variance < 1e-14 { 0.0 } else { variance };
    (variance / n).sqrt() / (1.0 - chance)
}

fn gwet(units: &[Vec<f64>], categories: usize, confidence: f64) -> Gwet {
    let none = Gwet { ac1: None, chance: None, se: None, ci_t: [None, None] };
    let share = |category: usize| {
        mean(units.iter().map(|unit| unit[category] / unit.iter().sum::<f64>())).unwrap_or(0.0)
    };
    let shares: Vec<f64> = (0..categories).map(share).collect();
    let Some(observed) = percent(units).filter(|_| categories > 1) else { return none };
    let chance = shares.iter().map(|share| share * (1.0 - share)).sum::<f64>() / (categories as f64 - 1.0);
    let ac1 = (observed - chance) / (1.0 - chance);
    let n = units.len() as f64;
    let pairable = units.iter().filter(|unit| agreeing(unit).is_some()).count() as f64;
    // Gwet's estimate over units: each one's part in the agreement, and in what chance explains.
    let parts = units.iter().map(|unit| {
        let total: f64 = unit.iter().sum();
        let agreed = agreeing(unit).map_or(0.0, |it| it * n / pairable);
        let agreed =
            if agreeing(unit).is_some() { (agreed - chance * n / pairable) / (1.0 - chance) } else { 0.0 };
        let by_chance =
            shares.iter().zip(unit).map(|(share, count)| (1.0 - share) * count / total).sum::<f64>()
                / (categories as f64 - 1.0);
        agreed - 2.0 * (1.0 - ac1) * (by_chance - chance) / (1.0 - chance)
    });
    let squares: f64 = parts.map(|part| (part - ac1).powi(2)).sum();
    let se = (units.len() > 1).then(|| (squares / (n * (n - 1.0))).sqrt());
    let half = se.map(|se| -student_quantile((1.0 - confidence) / 2.0, n - 1.0) * se);
    Gwet {
        ac1: Some(ac1),
        chance: Some(chance),
        se,
        ci_t: [half.map(|half| ac1 - half), half.map(|half| (ac1 + half).min(1.0))],
    }
}

/// What a difference between two values means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Different is different.
    Nominal,
    /// By the values that lie between.
    Ordinal,
    /// By their distance.
    Interval,
}

/// Krippendorff's alpha.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alpha {
    /// The coefficient; undefined without variation.
    pub alpha: Option<f64>,
    /// Units with at least two values.
    pub units_pairable: usize,
    /// The values of these.
    pub values_pairable: usize,
}

/// Krippendorff's alpha of units with any number of values each.
#[must_use]
pub fn krippendorff(units: &[Vec<f64>], scale: Scale) -> Alpha {
    let pairable: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() >= 2).collect();
    let mut values: Vec<f64> = pairable.iter().flat_map(|unit| unit.iter().copied()).collect();
    let n = values.len();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let place = |value: f64| values.partition_point(|it| it.total_cmp(&value).is_lt());
    let mut totals = vec![0.0; values.len()];
    pairable.iter().flat_map(|unit| unit.iter()).for_each(|value| totals[place(*value)] += 1.0);
    let below: Vec<f64> = totals
        .iter()
        .scan(0.0, |sum, total| {
            *sum += total;
            Some(*sum)
        })
        .collect();
    let distance = |a: usize, b: usize| match scale {
        Scale::Nominal => f64::from(u8::from(a != b)),
        Scale::Interval => (values[a] - values[b]).powi(2),
        Scale::Ordinal => {
            let (a, b) = (a.min(b), a.max(b));
            let between = below[b] - below[a] + totals[a] - (totals[a] + totals[b]) / 2.0;
            if a == b { 0.0 } else { between.powi(2) }
        }
    };
    let mut observed = 0.0;
    for unit in &pairable {
        let places: Vec<usize> = unit.iter().map(|value| place(*value)).collect();
        let mut sum = 0.0;
        for (at, a) in places.iter().enumerate() {
            sum += places[at + 1..].iter().map(|b| 2.0 * distance(*a, *b)).sum::<f64>();
        }
        observed += sum / (unit.len() as f64 - 1.0);
    }
    let mut expected = 0.0;
    for a in 0..values.len() {
        for b in a + 1..values.len() {
            expected += 2.0 * totals[a] * totals[b] * distance(a, b);
        }
    }
    Alpha {
        alpha: (expected > 0.0).then(|| 1.0 - (n as f64 - 1.0) * observed / expected),
        units_pairable: pairable.len(),
        values_pairable: n,
    }
}
