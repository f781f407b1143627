//! Keys are in the environment of workers, and in no message.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::broker::Broker;
use crate::support::{Host, Project};
use crate::team::Team;

/// Stands between processes and a broker, and keeps every byte.
struct Tap {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    fn on(broker: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let keeping = heard.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = TcpStream::connect(("127.0.0.1", broker)).unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let keeping = keeping.clone();
                    thread::spawn(move || pass_on(from, to, &keeping));
                }
            }
        });
        Self { port, heard }
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, heard: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        heard.lock().unwrap().extend_from_slice(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
}

#[test]
fn no_key_no_prompt_and_no_picture_goes_through_the_broker() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    project.configure(&crate::support::provider("openai", &host.url()));
    let broker = Broker::start();
    let tap = Tap::on(broker.port());
    let url = format!("nats://127.0.0.1:{}", tap.port);
    let team = Team::new(&project, &url, 2);
    project.expect(0, &format!("run --run-dir run --workers {url}"));
    assert_eq!(host.journal().requests, 10);
    team.dismiss();

    let heard = tap.heard.lock().unwrap().clone();
    let holds = |needle: &[u8]| heard.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"\"case\":\"c7\""), "assignments went through it");
    assert!(!holds(b"sk-made-up"), "a key went through the broker");
    assert!(!holds(b"Is number c7 odd?"), "a filled-in prompt went through the broker");
    let picture = std::fs::read(project.path("data/7.png")).unwrap();
    assert!(!holds(&picture), "a picture went through the broker");
    assert!(!holds(base64_simd::STANDARD.encode_to_string(&picture).as_bytes()));
}

#[test]
fn a_broker_that_asks_for_a_token_gets_it_from_the_environment() {
    let host = Host::new(&[]);
    let project = Project::new(3, &host.url());
    let broker = Broker::with(&["--auth", "let-me-in"]);
    let run = format!("run --run-dir run --workers {}", broker.url());
    let refused = project.expect(96, &run);
    assert!(refused.err.contains("cannot be used"), "{}", refused.err);
    project.write(".env", "NATS_TOKEN=let-me-in\n");
    let team = Team::new(&project, &broker.url(), 1);
    project.expect(0, &format!("run --run-dir again --workers {}", broker.url()));
    team.dismiss();
    let in_address = project.expect(2, "run --run-dir other --workers nats://let-me-in@127.0.0.1:4222");
    assert!(in_address.err.contains("NATS_TOKEN"), "{}", in_address.err);
    assert!(!project.path("other").exists());
}
