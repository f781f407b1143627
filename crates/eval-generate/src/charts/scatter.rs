//! Inventing scatter plots.

use super::{
    axis::Axis,
    chart::{Chart, Form, Series, plain},
    look::Look,
    runs::ratio,
    size::{size, snapped},
    theme::Cloud,
};
use crate::{recipe::Difficulty, rng::Rng};

/// A cloud of points around a line, each on a place that can be read off both axes.
pub fn scatter(cloud: &'static Cloud, look: &'static Look, difficulty: Difficulty, rng: &mut Rng) -> Chart {
    let count = match difficulty {
        Difficulty::Easy => 6,
        Difficulty::Normal => 9,
        Difficulty::Hard => 14,
    };
    let x_axis = Axis::linear(&[cloud.x.1], false, 5.0).with_headroom(&[cloud.x.1], 0.03);
    let axis = Axis::linear(&[cloud.y.1], false, 5.0).with_headroom(&[cloud.y.1], 0.03);
    let (fine_x, fine_y) = (cloud.x.2.max(x_axis.resolution() / 2.0), cloud.y.2.max(axis.resolution() / 2.0));
    let mut points: Vec<(f64, f64)> = (0..count)
        .map(|at| {
            let place = (ratio(at, count - 1) + 0.02 * rng.bell()).clamp(0.0, 1.0);
            let noisy = (place + 0.09 * rng.bell()).clamp(0.02, 0.98);
            let up = if cloud.rising { noisy } else { 1.0 - noisy };
            let x = cloud.x.0 + place * (cloud.x.1 - cloud.x.0);
            (snapped(x, fine_x), snapped(cloud.y.0 + up * (cloud.y.1 - cloud.y.0), fine_y))
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|a, b| a.0 == b.0);
    let (width, height) = size(Form::Scatter, difficulty, rng);
    Chart {
        form: Form::Scatter,
        look,
        width,
        height,
        title: Some(cloud.title.to_owned()),
        category_title: cloud.x_title.to_owned(),
        category_title_printed: true,
        value_title: cloud.y_title.to_owned(),
        value_title_printed: true,
        categories: points.iter().map(|point| plain(point.0).to_string()).collect(),
        in_order: false,
        series: vec![Series {
            name: cloud.y_title.to_owned(),
            values: points.iter().map(|point| Some(point.1)).collect(),
        }],
        axis,
        x_axis: Some(x_axis),
        legend: None,
        printed: false,
        decimals: 1,
        unit: ("", ""),
        unit_name: None,
        unit_on_labels: false,
        comma: false,
        first_colour: rng.below(4),
        font_size: if difficulty == Difficulty::Hard { 11.0 } else { 13.0 },
        source: look.source.then(|| "Source: own measurements".to_owned()),
    }
}
