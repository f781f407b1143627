//! The README card of a generated dataset.

use crate::{dataset_writer::Manifest, recipe::Recipe};

/// The card: what it is, its licence, and how it was made.
pub fn card(manifest: &Manifest, recipe: &Recipe, about: &str) -> String {
    let Manifest { name, version, licence, .. } = manifest;
    let tasks: Vec<&str> = manifest.tasks.keys().map(String::as_str).collect();
    let plural = if tasks.len() == 1 { "task" } else { "tasks" };
    format!(
        "# {name}\n\n{about}\n\
         | | |\n| --- | --- |\n\
         | version | {version} |\n\
         | {plural} | {tasks} |\n\
         | licence | {licence} |\n\
         | difficulty | {difficulty} |\n\n\
         ## How it was made\n\n\
         ```sh\n{command}\n```\n\n\
         The same command gives the same bytes on every machine; another seed gives a twin set that no model can have seen.\n\
         All names, numbers and companies are invented.\n",
        tasks = tasks.join(", "),
        difficulty = recipe.difficulty,
        command = recipe.command(),
    )
}
