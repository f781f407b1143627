//! A host that reads questions, counts them, and always says the same.

use std::convert::Infallible;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

const ANSWER: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{\"label\":\"chart\"}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":9,"total_tokens":1009}}"#;

/// Serves until stdin is closed, then prints how many questions came.
pub fn serve(delay: u64) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let count = Arc::new(AtomicU64::new(0));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
    println!("http://{}/v1", listener.local_addr().expect("an address"));
    runtime.spawn(accept(listener, Duration::from_millis(delay), count.clone()));
    std::io::stdin().read_to_end(&mut Vec::new()).ok();
    println!("{}", count.load(Ordering::SeqCst));
    runtime.shutdown_background();
}

async fn accept(listener: TcpListener, delay: Duration, count: Arc<AtomicU64>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        stream.set_nodelay(true).ok();
        let count = count.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, delay, count.clone()));
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    delay: Duration,
    count: Arc<AtomicU64>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    count.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(delay).await;
    let response = Response::builder().header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from_static(ANSWER.as_bytes()))).expect("a plain header"))
}
