//! The least that a client can do: read, encode, post, and wait for the whole answer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::images;
use crate::measure::{Measured, open_files};

pub fn run(url: &str, folder: &Path, cases: usize, at_once: usize) {
    let files = open_files();
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (url, folder) = (format!("{url}/chat/completions"), folder.to_owned());
    let begun = Instant::now();
    runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..at_once)
            .map(|_| {
                let (next, client, url, folder) = (next.clone(), client.clone(), url.clone(), folder.clone());
                tokio::spawn(async move {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= cases {
                            return;
                        }
                        let bytes = std::fs::read(images::path(&folder, number)).expect("an image");
                        let request = client.post(&url).header("content-type", "application/json");
                        let reply = request.body(body(&bytes)).send().await.expect("a reply");
                        reply.bytes().await.expect("the whole reply");
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("no panic");
        }
    });
    Measured::print(begun.elapsed().as_secs_f64(), 0.0, files);
}

fn body(image: &[u8]) -> String {
    let image = base64_simd::STANDARD.encode_to_string(image);
    format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"data:image/jpeg;base64,{image}"}}}},{{"type":"text","text":"What is it?"}}]}}],"max_tokens":50}}"#
    )
}
