//! Prints the JSON Schema of a summary.

fn main() {
    println!("{}", schema());
}

fn schema() -> String {
    serde_json::to_string_pretty(&eval_summary::Summary::json_schema()).expect("a schema is plain JSON")
}
