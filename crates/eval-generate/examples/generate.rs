//! Writes a dataset: `generate KIND SEED COUNT DIFFICULTY FOLDER`, or `generate bundled FOLDER` for all bundled ones.

use std::{error::Error, path::Path};

use eval_generate::{BUNDLED, Recipe, generate};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bundled", folder] => {
            for recipe in BUNDLED {
                report(recipe, &Path::new(folder).join(recipe.kind.name()))?;
            }
            Ok(())
        }
        [kind, seed, count, difficulty, folder] => {
            let recipe = Recipe {
                kind: kind.parse()?,
                seed: seed.parse()?,
                count: count.parse()?,
                difficulty: difficulty.parse()?,
            };
            report(&recipe, Path::new(folder))
        }
        _ => Err("usage: generate KIND SEED COUNT DIFFICULTY FOLDER | generate bundled FOLDER".into()),
    }
}

fn report(recipe: &Recipe, folder: &Path) -> Result<(), Box<dyn Error>> {
    let cases = generate(recipe, folder)?;
    println!("{cases} cases in {}", folder.display());
    Ok(())
}
