//! What only a person can know, asked at the terminal.

use std::io::Write as _;

use eval_datasets::{Choice, Import, Question};
use eval_report::escape;

use crate::exit::Failure;

/// Asks each question, and writes the answers into the settings.
pub fn ask(questions: &[Question], wanted: &mut Import) -> Result<(), Failure> {
    for question in questions {
        let column = question.column.clone();
        match &question.choice {
            Choice::DateOrder(ways) => {
                let ways: Vec<_> =
                    ways.iter().map(|(order, iso)| (*order, format!("{} ({iso})", order.name()))).collect();
                wanted.date_order.insert(column, choose(question, "dates", &ways)?);
            }
            Choice::Mark(ways) => {
                let ways: Vec<_> = ways
                    .iter()
                    .map(|(mark, value)| (*mark, format!("decimal {} ({value})", mark.name())))
                    .collect();
                wanted.decimal.insert(column, choose(question, "numbers", &ways)?);
            }
        }
    }
    Ok(())
}

fn choose<T: Copy>(question: &Question, what: &str, ways: &[(T, String)]) -> Result<T, Failure> {
    let Question { column, cell, line, .. } = question;
    let (column, cell) = (escape::lines(column), escape::lines(cell));
    eprintln!("How are the {what} in the column `{column}` written? Line {line} has `{cell}`.");
    for (number, (_, way)) in ways.iter().enumerate() {
        eprintln!("  {}  {}", number + 1, escape::lines(way));
    }
    for _ in 0..3 {
        eprint!("Number: ");
        std::io::stderr().flush().ok();
        let mut answer = String::new();
        if std::io::stdin().read_line(&mut answer).unwrap_or(0) == 0 {
            break;
        }
        let number = answer.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some((way, _)) = number.and_then(|at| ways.get(at)) {
            return Ok(*way);
        }
    }
    Err(Failure::setup(format!(
        "the {what} in the column `{column}` can be read in several ways, and no answer says which"
    )))
}
