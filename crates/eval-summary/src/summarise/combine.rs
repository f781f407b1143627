//! The mean over tasks.
//!
//! Every task has the same weight. The interval is built from those of the tasks (MOVER, Zou and Donner 2008): their
//! distances from the means are added as independent ones across datasets, and in full within a dataset, whose tasks
//! may share their documents. So a task of few cases, or one in which all is right, keeps its honest width.

use crate::{Bounds, Estimate};

/// The estimates of tasks with the dataset of each; undefined without any.
pub(super) fn mean_over_tasks(tasks: &[(&str, &Estimate)]) -> Option<Estimate> {
    if let [(_, only)] = tasks {
        return Some((*only).clone());
    }
    let first = tasks.first()?.1;
    let count = tasks.len() as f64;
    let mean = tasks.iter().map(|(_, task)| task.mean).sum::<f64>() / count;
    let distance = |of: &dyn Fn(&Estimate) -> Option<f64>| joint(tasks, of).map(|sum| sum / count);
    let low = distance(&|task| Some(task.mean - task.interval.as_ref()?.low));
    let high = distance(&|task| Some(task.interval.as_ref()?.high - task.mean));
    let interval = low.zip(high).zip(first.interval.as_ref()).map(|((low, high), of_first)| Bounds {
        low: mean - low,
        high: mean + high,
        level: of_first.level,
        method: "MOVER of the tasks' intervals".to_owned(),
    });
    Some(Estimate {
        mean,
        n: tasks.iter().map(|(_, task)| task.n).sum(),
        clusters: tasks.iter().map(|(_, task)| task.clusters).sum(),
        error: distance(&|task| task.error),
        interval,
        caution: tasks.iter().find_map(|(_, task)| task.caution.clone()),
    })
}

/// Root of the sum of squares over datasets, of plain sums over the tasks of each.
fn joint(tasks: &[(&str, &Estimate)], of: &dyn Fn(&Estimate) -> Option<f64>) -> Option<f64> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for (dataset, task) in tasks {
        let part = of(task)?.max(0.0);
        match sums.iter_mut().find(|(name, _)| name == dataset) {
            Some((_, sum)) => *sum += part,
            None => sums.push((dataset, part)),
        }
    }
    Some(sums.iter().map(|(_, sum)| sum * sum).sum::<f64>().sqrt())
}

#[cfg(test)]
mod tests {
    use super::mean_over_tasks;
    use crate::{Bounds, Estimate};

    fn estimate(mean: f64, half: f64) -> Estimate {
        Estimate {
            mean,
            n: 10,
            clusters: 10,
            error: Some(half / 2.0),
            interval: Some(Bounds {
                low: mean - half,
                high: mean + half,
                level: 0.95,
                method: "Student t".to_owned(),
            }),
            caution: None,
        }
    }

    #[track_caller]
    fn check(tasks: &[(&str, &Estimate)], mean: f64, half: f64) {
        let overall = mean_over_tasks(tasks).unwrap();
        let interval = overall.interval.unwrap();
        assert!((overall.mean - mean).abs() < 1e-12);
        assert!((interval.high - mean - half).abs() < 1e-12 && (mean - interval.low - half).abs() < 1e-12);
    }

    #[test]
    fn independent_tasks_steady_each_other() {
        check(&[("a", &estimate(0.4, 0.3)), ("b", &estimate(0.6, 0.4))], 0.5, 0.25);
    }

    #[test]
    fn tasks_of_one_dataset_do_not() {
        check(&[("a", &estimate(0.4, 0.3)), ("a", &estimate(0.6, 0.4))], 0.5, 0.35);
    }

    #[test]
    fn is_undefined_without_tasks() {
        assert_eq!(mean_over_tasks(&[]), None);
    }
}
