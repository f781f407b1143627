//! The JSON Schemas of what this program reads and prints.

use clap::Args;
use serde_json::Value;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::output::schemas;
use crate::table::{columns, print, table};

/// What `schema` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval schema
  vision-eval schema report > report.schema.json")]
pub struct SchemaArguments {
    /// Schema to print [default: list all]
    name: Option<String>,
}

/// Those of the files that a project is written in.
const FILES: [(&str, &str); 3] = [
    ("eval", include_str!("../../../schemas/eval.schema.json")),
    ("dataset", include_str!("../../../schemas/dataset.schema.json")),
    ("case", include_str!("../../../schemas/case.schema.json")),
];

/// Prints a schema, or lists all.
pub fn start(arguments: &SchemaArguments, app: &App) -> Result<Exit, Failure> {
    let files = FILES.map(|(name, text)| (name, serde_json::from_str(text).expect("a test reads them")));
    let all: Vec<(&str, Value)> = files.into_iter().chain(schemas()).collect();
    let Some(name) = &arguments.name else {
        let rows = all.iter().map(|(name, schema)| [(*name).to_owned(), about(schema)]);
        print(&table(["Schema", "Of"], rows, columns(&app.environment)))?;
        return Ok(Exit::Pass);
    };
    if let Some((_, text)) = FILES.iter().find(|(known, _)| known == name) {
        print(text.trim_end())?;
        return Ok(Exit::Pass);
    }
    let Some((_, schema)) = all.iter().find(|(known, _)| known == name) else {
        let near = eval_datasets::nearest(name, all.iter().map(|(name, _)| *name));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        let hint = hint.unwrap_or_else(|| "`vision-eval schema` lists all".to_owned());
        return Err(Failure::new(Exit::Usage, format!("there is no schema `{name}`; {hint}")));
    };
    print(eval_report::json(schema).trim_end())?;
    Ok(Exit::Pass)
}

/// What a schema is of, in its own words.
fn about(schema: &Value) -> String {
    let text = |key: &str| schema[key].as_str().and_then(|text| text.lines().next()).map(str::to_owned);
    text("description").or_else(|| text("title")).unwrap_or_default()
}
