//! Asks three providers about a picture, and takes the first answer: what README.md of `vision-core` shows.

use std::{fs, num::NonZeroU32, sync::Arc};
use vision_core::{Facts, Media, Part, Request, Secret, Task};
use vision_http::{HttpSettings, HttpTransport, Transport};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = |name| Secret::new(std::env::var(name).unwrap_or_default());
    let web: Arc<dyn Transport> = Arc::new(HttpTransport::new(HttpSettings::default())?);
    let bill = Media::new("bill", fs::read("bill.jpg")?, Facts::default())?;
    let parts = vec![Part::Media(bill), Part::Text("What is the total?".into())];
    let request = Request::new(Task::Text, parts, NonZeroU32::new(500).ok_or("no tokens")?);
    let openai = provider_openai::Config::new("gpt-5.6-luna", key("OPENAI_API_KEY"));
    let anthropic = provider_anthropic::Config::new("claude-haiku-5-5", key("ANTHROPIC_API_KEY"));
    let qwen = provider_deepinfra::Config::new("Qwen/Qwen3-VL-30B-A3B-Instruct", key("DEEPINFRA_API_KEY"));
    for provider in [
        provider_openai::provider(openai, web.clone()),
        provider_anthropic::provider(anthropic, web.clone()),
        provider_deepinfra::provider(qwen, web),
    ] {
        match async { provider?.analyze(&request).await }.await {
            Ok(response) => {
                println!("{}", response.text);
                return Ok(());
            }
            Err(error) => eprintln!("next: {error}"),
        }
    }
    Err("none of the three answered".into())
}
