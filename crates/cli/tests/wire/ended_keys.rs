//! Keys of an hour that end while they are used: Amazon says so, and whoever gave them out has others by then.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use vision_testkit::media;

use crate::shell::Shell;

/// What each service says of keys that have ended, and what it answers else.
const SERVICES: [(&str, &str, &str); 2] = [
    (
        "textract/text",
        "HTTP/1.1 400 Bad Request\r\n",
        r#"{"DocumentMetadata":{"Pages":1},"Blocks":[{"BlockType":"LINE","Id":"1","Text":"12.50","Confidence":99.0}]}"#,
    ),
    (
        "bedrock/us.amazon.nova-lite-v1:0",
        "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ExpiredTokenException:http://internal.amazon.com/\r\n",
        r#"{"output":{"message":{"role":"assistant","content":[{"text":"12.50"}]}},"stopReason":"end_turn",
            "usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12},"metrics":{"latencyMs":1}}"#,
    ),
];

/// Refuses the keys of `AK1`, does something about it, and answers others. Counts what it is asked.
fn host(
    service: (&'static str, &'static str, &'static str),
    renew: impl Fn() + Send + 'static,
) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, asked) = (format!("http://{}", listener.local_addr().unwrap()), Arc::new(AtomicU32::new(0)));
    let count = asked.clone();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            count.fetch_add(1, Ordering::Relaxed);
            let (head, body) = match head(&mut stream).contains("Credential=AK1/") {
                true => {
                    renew();
                    (
                        service.1,
                        r#"{"__type":"ExpiredTokenException","Message":"The security token is expired"}"#,
                    )
                }
                false => ("HTTP/1.1 200 OK\r\n", service.2),
            };
            let rest = format!("connection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all((head.to_owned() + &rest).as_bytes()).unwrap();
        }
    });
    (url, asked)
}

/// Reads a request to its end, and gives back its head.
fn head(stream: &mut TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if read == 0 || body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return format!("{head}\r\n");
        }
    }
}

fn shell(url: &str) -> Shell {
    let mut shell = Shell::new();
    shell.put(&media::png("a.png", 60, 40, 1));
    shell.set("BEDROCK_BASE_URL", url).set("TEXTRACT_BASE_URL", url).set("AWS_REGION", "us-east-1");
    shell.set("PATH", "/usr/bin:/bin");
    shell
}

#[test]
fn a_program_that_prints_keys_is_started_once_more() {
    for service in SERVICES {
        let (url, asked) = host(service, || {});
        let shell = shell(&url);
        shell.write(
            "keys.sh",
            "echo again >> times\nprintf '{\"Version\":1,\"AccessKeyId\":\"AK%s\",\"SecretAccessKey\":\"s\",\
             \"SessionToken\":\"session\"}' $(wc -l < times)\n",
        );
        shell.write(".aws/config", "[default]\ncredential_process = sh keys.sh\n");
        let ended = shell.run(&["ask", service.0, "a.png", "What is it?"]).expect(0);
        assert!(ended.out.contains("12.50"), "{}", ended.out);
        assert_eq!(asked.load(Ordering::Relaxed), 2, "{}", service.0);
        assert_eq!(std::fs::read_to_string(shell.path("times")).unwrap().lines().count(), 2);
    }
}

#[test]
fn a_profile_is_read_once_more() {
    for service in SERVICES {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let write = |access: &str| {
            format!(
                "[default]\naws_access_key_id = {access}\naws_secret_access_key = s\naws_session_token = t\n"
            )
        };
        std::fs::write(&path, write("AK1")).unwrap();
        let (next, place) = (write("AK2"), path.clone());
        let (url, asked) = host(service, move || std::fs::write(&place, &next).unwrap());
        let mut shell = shell(&url);
        shell.set("AWS_SHARED_CREDENTIALS_FILE", path.to_str().unwrap());
        shell.run(&["ask", service.0, "a.png", "What is it?"]).expect(0);
        assert_eq!(asked.load(Ordering::Relaxed), 2, "{}", service.0);
    }
}

/// Nothing is repeated where the keys are the same as before.
#[test]
fn keys_that_nobody_renewed_are_refused_once() {
    for service in SERVICES {
        let (url, asked) = host(service, || {});
        let mut shell = shell(&url);
        shell.set("AWS_ACCESS_KEY_ID", "AK1").set("AWS_SECRET_ACCESS_KEY", "s");
        shell.set("AWS_SESSION_TOKEN", "t");
        let ended = shell.run(&["ask", service.0, "a.png", "What is it?"]);
        assert_ne!(ended.code, Some(0));
        ended
            .says("key rejected by 127.0.0.1")
            .says("(from AWS_ACCESS_KEY_ID)")
            .says("The security token is expired");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "{}", service.0);
    }
}
