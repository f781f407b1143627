//! Answers a task for each file, one line of JSON each:
//! `cargo run -p provider-local --example answer -- TASK accurate|fast|tesseract FILE…`
//!
//! A question goes in front of its file, as `QUESTION::FILE`.

use std::num::NonZeroU32;

use provider_local::{Model, provider};
use vision_core::{Facts, Media, Output, Part, Request, Task};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let task: Task = arguments.next().ok_or("no task")?.parse()?;
    let model = arguments.next().and_then(|name| Model::named(&name)).ok_or("no model")?;
    let reader = provider(model);
    for argument in arguments {
        let (question, path) = argument.split_once("::").unwrap_or(("", &argument));
        let media = Media::new(path, std::fs::read(path)?, Facts::default())?;
        let parts = vec![Part::Text(question.to_owned()), Part::Media(media)];
        let request = Request { output: Output::Json, ..Request::new(task, parts, NonZeroU32::MAX) };
        match reader.analyze(&request).await {
            Ok(response) => println!("{path}\t{}\t{}", response.timing.total.as_millis(), response.text),
            Err(error) => println!("{path}\t0\t{error}"),
        }
    }
    Ok(())
}
