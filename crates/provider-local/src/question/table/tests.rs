use super::*;

fn table() -> Table {
    let row =
        |category: &str, a: f64, b: f64| Row { category: category.into(), values: vec![Some(a), Some(b)] };
    Table {
        kind: None,
        title: Some("Sales by quarter".into()),
        columns: vec!["Quarter".into(), "North".into(), "South".into()],
        rows: vec![
            row("Q1", 420.0, 90.0),
            row("Q2", 510.0, 80.0),
            row("Q3", 480.0, 50.0),
            row("Q4", 620.0, 30.0),
        ],
    }
}

fn single() -> Table {
    let Table { kind, title, columns, rows } = table();
    let rows = rows.into_iter().map(|row| Row { values: row.values[..1].to_vec(), ..row }).collect();
    Table { kind, title, columns: columns[..2].to_vec(), rows }
}

#[track_caller]
fn check(question: &str, wanted: Value) {
    assert_eq!(answer(&single(), &Asked::of(question)), Some(wanted), "{question}");
}

#[track_caller]
fn check_series(question: &str, wanted: Value) {
    assert_eq!(answer(&table(), &Asked::of(question)), Some(wanted), "{question}");
}

#[track_caller]
fn refuses(question: &str) {
    assert_eq!(answer(&table(), &Asked::of(question)), None, "{question}");
    assert_eq!(answer(&single(), &Asked::of(question)), None, "{question}");
}

#[test]
fn values() {
    check("What is the value for \"Q4\"?", json!(620));
    check("How much was sold in Q3?", json!(480));
    check("How many were sold in Q2?", json!(510));
    check_series("What was North in Q3?", json!(480));
    check_series("How much did South sell in Q2?", json!(80));
}

#[test]
fn ends() {
    check("Which quarter has the highest value?", json!("Q4"));
    check("When did sales peak?", json!("Q4"));
    check("What is the maximum?", json!(620));
    check("How low is the smallest bar?", json!(420));
    check("Name the largest bar.", json!("Q4"));
    check("What is the second highest value?", json!(510));
    check_series("In which quarter did South sell the fewest?", json!("Q4"));
    check_series("Which line is highest in Q1?", json!("North"));
}

#[test]
fn steps_and_trends() {
    check("Where was the largest increase?", json!("Q4"));
    check("In which quarter did sales fall the most?", json!("Q3"));
    check("How large was the biggest drop?", json!(30));
    check("How did sales develop from Q1 to Q4?", json!("up"));
    check_series("What is the trend of South?", json!("down"));
    check("Are sales rising or falling?", json!("up"));
}

#[test]
fn comparisons() {
    check("Is the value for \"Q3\" higher than for \"Q2\"?", json!(false));
    check("Did Q3 sell less than Q2?", json!(true));
    check("Was Q1 below 500?", json!(true));
    check("Which was more, Q1 or Q3?", json!("Q3"));
    check("By how much is Q4 higher than Q1?", json!(200));
    check("What's the difference between Q2 and Q3?", json!(30));
    check_series("Is North above South in Q3?", json!(true));
    check_series("What is the gap between North and South in Q1?", json!(330));
}

#[test]
fn counts_sums_and_means() {
    check("How many quarters are above 450?", json!(3));
    check("How many bars are there?", json!(4));
    check("How many quarters are shown?", json!(4));
    check("What is the total of all quarters?", json!(2030));
    check("What do Q1 and Q2 add up to in total?", json!(930));
    check("What is the average?", json!(507.5));
    check_series("What is the mean of South?", json!(62.5));
    check_series("How many lines are in the legend?", json!(2));
    check("Which quarter is above 600?", json!("Q4"));
}

#[test]
fn the_title_is_read() {
    check("What is the title of the chart?", json!("Sales by quarter"));
}

#[test]
fn a_point_is_named_by_its_x() {
    let point = |x: &str, y: f64| Row { category: x.into(), values: vec![Some(y)] };
    let columns = vec!["Price (€)".into(), "Units sold".into()];
    let table = Table { columns, rows: vec![point("4.5", 850.0), point("13.51", 325.0)], ..Table::default() };
    let asked = Asked::of("What is the Units sold of the point where the Price (€) is 13.5?");
    assert_eq!(answer(&table, &asked), Some(json!(325)));
}

#[test]
fn what_cannot_be_known_is_refused() {
    refuses("What is the value for \"Paris\"?");
    refuses("What color is the highest bar?");
    refuses("Why did sales fall in Q3?");
    refuses("Who drew this?");
    refuses("Is this a good year?");
    refuses("Which quarters are above 450?");
    refuses("What about it?");
    refuses("How many buttons are there?");
    assert_eq!(answer(&Table::default(), &Asked::of("Is A higher than B?")), None);
    // Two lines and none named.
    assert_eq!(answer(&table(), &Asked::of("What is the value in Q1?")), None);
}
