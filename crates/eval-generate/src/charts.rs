//! Charts with their tables, and questions about them.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    error::Result,
    fonts::Family,
    recipe::Recipe,
    render,
    svg::{Svg, TextStyle},
};

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    let mut svg = Svg::new(800.0, 520.0, "#ffffff");
    svg.text(400.0, 40.0, "2025 Quarterly Revenue", &TextStyle::new(Family::Arimo, 20.0, "#222222").middle());
    let media = writer.media("0001.png", &render::png(&svg.finish())?)?;
    writer.case(&Case {
        id: "charts-0001".to_owned(),
        task: None,
        media: vec![media],
        expected: json!({"title": "2025 Quarterly Revenue", "columns": [], "rows": []}),
        tags: BTreeMap::new(),
        source: None,
        fields: BTreeMap::new(),
    });
    let manifest = Manifest {
        name: "charts".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Made by `{}`", recipe.command()),
        split: "test".to_owned(),
        tasks: BTreeMap::from([(
            "chart-table".to_owned(),
            Task {
                system: None,
                prompt: "Read the chart.".to_owned(),
                schema: None,
                metric: "chart-table".to_owned(),
                critical: vec![],
                settings: toml::Table::new(),
            },
        )]),
    };
    Ok((manifest, "# charts\n".to_owned()))
}
