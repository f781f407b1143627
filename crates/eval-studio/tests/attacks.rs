//! What other pages, other programs and hostile folders may try with the studio's page.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use eval_studio::{Project, Room, Server, Settings, Studio};
use serde_json::{Value, json};
use support::Place;

/// A folder with two documents and a secret beside it.
struct Open {
    place: Place,
    folder: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\
\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x10\x50\x30\x00\x00\x00\
\xa4\x00\x61\x34\x66\x7d\x72\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

fn open() -> Open {
    let folder = tempfile::tempdir().unwrap();
    let scans = folder.path().join("scans");
    fs::create_dir(&scans).unwrap();
    fs::write(folder.path().join("secret.png"), [PNG, b" SECRET"].concat()).unwrap();
    fs::write(scans.join("a.png"), PNG).unwrap();
    fs::write(scans.join("<img src=x onerror=alert(1)>.png"), PNG).unwrap();
    fs::write(scans.join("notes.txt"), "SECRET").unwrap();
    symlink(folder.path().join("secret.png"), scans.join("link.png")).unwrap();
    symlink(folder.path(), scans.join("up")).unwrap();
    let project = Project::from_template("invoice", &[]).unwrap();
    let studio = Arc::new(Studio::open(&scans, Some(project), Settings::default()).unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::bind(Room::Label(studio), 0)).unwrap();
    let place = Place::of(&server.address());
    runtime.spawn(server.serve());
    Open { place, folder, _runtime: runtime }
}

const GETS: [&str; 5] = [
    "/api/overview?by=a",
    "/api/media?document=a.png&page=1",
    "/api/trust",
    "/api/table?form=csv",
    "/api/nothing",
];
const POSTS: [&str; 6] = ["/api/show", "/api/labels", "/api/undo", "/api/mark", "/api/export", "/api/import"];

#[test]
fn without_the_token_nothing_of_the_folder_is_told_or_changed() {
    let open = open();
    for token in ["", "0", &"0".repeat(32), &format!("{}0", open.place.token), &open.place.token[1..]] {
        for (method, paths) in [("GET", &GETS[..]), ("POST", &POSTS[..])] {
            for path in paths {
                let body = if method == "POST" { r#"{"by":"eve"}"# } else { "" };
                let reply = open.place.ask(method, path, &[("x-studio-token", token)], body).unwrap();
                assert_eq!(reply.status, 401, "{method} {path} with `{token}`");
                assert!(!reply.text().contains("a.png"), "{}", reply.text());
            }
        }
    }
    let in_address = format!("/api/overview?by=a&token={}", open.place.token);
    assert_eq!(open.place.ask("GET", &in_address, &[("x-studio-token", "")], "").unwrap().status, 401);
    assert_eq!(
        open.place.ask("GET", "//api/overview?by=a", &[("x-studio-token", "")], "").unwrap().status,
        404
    );
    let page = open.place.ask("GET", "/", &[("x-studio-token", "")], "").unwrap();
    assert!(page.status == 200 && !page.text().contains("a.png") && !page.text().contains(&open.place.token));
    assert_eq!(fs::read(open.folder.path().join("scans/.studio/labels.jsonl")).unwrap(), b"");
}

#[test]
fn other_pages_and_other_names_of_this_machine_are_refused() {
    let open = open();
    let port = open.place.port;
    let ask = |headers: &[(&str, &str)]| open.place.ask("GET", "/api/overview?by=a", headers, "").unwrap();
    for host in
        ["evil.test", "evil.test:80", &format!("127.0.0.1.evil.test:{port}"), &format!("[::1]:{port}")]
    {
        assert_eq!(ask(&[("host", host)]).status, 421, "{host}");
    }
    for origin in [
        "http://evil.test",
        "null",
        "https://127.0.0.1",
        &format!("http://localhost:{port}"),
        "http://127.0.0.1:1",
    ] {
        let reply = ask(&[("origin", origin)]);
        assert_eq!(reply.status, 403, "{origin}");
        assert!(!reply.head.contains("access-control"), "{}", reply.head);
    }
    for site in ["cross-site", "same-site", "odd"] {
        assert_eq!(ask(&[("sec-fetch-site", site)]).status, 403, "{site}");
    }
    let preflight = open.place.ask("OPTIONS", "/api/labels", &[("x-studio-token", "")], "").unwrap();
    assert!(preflight.status == 405 && !preflight.head.contains("access-control"), "{}", preflight.head);
    let own = format!("http://127.0.0.1:{port}");
    assert_eq!(ask(&[("origin", &own), ("sec-fetch-site", "same-origin")]).status, 200);
    // Through `ssh -L` the port is another one.
    assert_eq!(ask(&[("host", "localhost:9000"), ("origin", "http://localhost:9000")]).status, 200);
}

#[test]
fn only_documents_of_the_folder_are_shown() {
    let open = open();
    let media = |name: &str| open.place.get(&format!("/api/media?document={name}&page=1"));
    assert_eq!(media("a.png").body, PNG);
    for name in [
        "../secret.png",
        "..%2Fsecret.png",
        "%2e%2e/secret.png",
        "a.png/../../secret.png",
        "up/secret.png",
        "link.png",
        "/etc/hostname",
        "%2Fetc%2Fhostname",
        "notes.txt",
        ".studio/labels.jsonl",
        ".studio",
        "",
        ".",
        "a.png%00",
        "file:///etc/hostname",
        "..%5Csecret.png",
    ] {
        let reply = media(name);
        assert!([400, 404].contains(&reply.status), "{name}: {}", reply.status);
        assert!(!reply.text().contains("SECRET"), "{name}");
    }
    for path in ["/../Cargo.toml", "/assets/studio.html", "/.studio/labels.jsonl", "/a.png"] {
        assert_eq!(open.place.get(path).status, 404, "{path}");
    }
    for page in ["0", "2", "-1", "99999999999999999999"] {
        let reply = open.place.get(&format!("/api/media?document=a.png&page={page}"));
        assert!(reply.status == 400 || reply.body == PNG, "page {page}");
    }
}

#[test]
fn every_answer_forbids_what_a_page_does_not_need() {
    let open = open();
    for (path, token) in [
        ("/", ""),
        ("/studio.js", ""),
        ("/api/overview?by=a", open.place.token.as_str()),
        ("/api/trust", ""),
        ("/none", ""),
    ] {
        let reply = open.place.ask("GET", path, &[("x-studio-token", token)], "").unwrap();
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self';",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "x-frame-options: deny",
        ] {
            assert!(reply.head.contains(header), "{path}: {header} is not in {}", reply.head);
        }
        assert!(
            !reply.head.contains("unsafe") && !reply.head.contains("http:") && !reply.head.contains("https:")
        );
    }
    let page = open.place.get("/").text();
    assert!(
        !page.contains("://") && !page.contains("style=") && !page.contains("onclick"),
        "all of it is ours"
    );
}

fn show(place: &Place, document: &str) -> Value {
    place.post("/api/show", &json!({"by": "anna", "document": document})).json()
}

#[test]
fn hostile_names_and_labels_stay_data() {
    let open = open();
    let name = "<img src=x onerror=alert(1)>.png";
    let view = show(&open.place, name);
    let value = "</script><script>alert(1)</script>\u{202e}\u{0}\n=cmd()";
    let change = json!({"field": "sender", "seen": 0, "label": {"is": "value", "value": value}});
    let save = json!({"by": "anna", "document": name, "shown": view["shown"], "changes": [change]});
    assert_eq!(open.place.post("/api/labels", &save).status, 200);
    let reply = open.place.post("/api/show", &json!({"by": "anna", "document": name}));
    assert!(reply.head.contains("content-type: application/json"), "{}", reply.head);
    assert_eq!(reply.json()["fields"][0]["label"]["value"], value);
    let export = open.place.post("/api/export", &json!({"by": "anna"})).json();
    let folder = export["folder"].as_str().unwrap();
    let cases = fs::read_to_string(format!("{folder}/cases.jsonl")).unwrap();
    let case: Value = serde_json::from_str(&cases).unwrap();
    assert_eq!((&case["expected"]["sender"], &case["id"]), (&json!(value), &json!(name)));
    assert!(!case["media"][0].as_str().unwrap().contains(['<', '>']));

    for by in ["", " ", "a\nb", "a\u{7f}", &"x".repeat(61)] {
        assert_eq!(
            open.place.post("/api/show", &json!({"by": by, "document": "a.png"})).status,
            400,
            "{by:?}"
        );
    }
    let view = show(&open.place, "a.png");
    for (field, label) in [
        ("total", json!({"is": "value", "value": {"a": 1}})),
        ("total", json!({"is": "value", "value": null})),
        ("__proto__", json!({"is": "absent"})),
        ("none", json!({"is": "absent"})),
        ("total", json!({"is": "odd"})),
        ("total", json!({"is": "value", "value": "12"})),
        ("sender", json!({"is": "value", "value": 12})),
        ("total", json!(3)),
        ("total", Value::Null),
    ] {
        let changes = json!([{"field": field, "seen": 0, "label": label}]);
        let save = json!({"by": "anna", "document": "a.png", "shown": view["shown"], "changes": changes});
        let status = open.place.post("/api/labels", &save).status;
        assert!((400..500).contains(&status), "{field} {label}: {status}");
    }
}

#[test]
fn noise_and_floods_end_in_an_error_and_the_studio_goes_on() {
    let open = open();
    let token = &open.place.token;
    for noise in [&b"\x16\x03\x01 hello"[..], b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", &[0; 5000]] {
        open.place.send(noise);
    }
    let length = format!(
        "POST /api/import HTTP/1.1\r\nhost: 127.0.0.1\r\nx-studio-token: {token}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 99999999999\r\n\r\n{{"
    );
    assert_eq!(open.place.send(length.as_bytes()).unwrap().status, 413);
    for body in [
        "{",
        "[]",
        "null",
        "\u{0}",
        r#"{"by":"anna","form":"csv"}"#,
        r#"{"by":["anna"],"form":"csv","text":""}"#,
    ] {
        let status = open.place.ask("POST", "/api/import", &[], body).unwrap().status;
        assert!((400..500).contains(&status), "{body}: {status}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(open.place.ask("POST", "/api/show", &[], &deep).unwrap().status, 422);
    assert_eq!(
        open.place.ask("POST", "/api/show", &[("content-type", "text/plain")], "{}").unwrap().status,
        415
    );
    assert_eq!(open.place.get("/api/overview?by=a").json()["documents"], 2);
}

#[test]
fn two_windows_do_not_overwrite_each_other() {
    let open = open();
    let (one, two) = (show(&open.place, "a.png"), show(&open.place, "a.png"));
    assert_eq!(one, two, "what was shown alike is shown once");
    let save = |by: &str, seen: u64, shown: &Value, text: &str| {
        let changes = json!([{"field": "total", "seen": seen, "typed": text}]);
        open.place
            .post("/api/labels", &json!({"by": by, "document": "a.png", "shown": shown, "changes": changes}))
    };
    let first = save("anna", 0, &one["shown"], "12.50");
    assert_eq!(first.status, 200, "{}", first.text());
    let second = save("anna", 0, &two["shown"], "13");
    assert!(second.status == 409 && second.text().contains("another window"), "{}", second.text());
    assert_eq!(show(&open.place, "a.png")["fields"][7]["text"], "12.5");
    let version = first.json()["batch"].as_u64().unwrap();
    let third = save("anna", version, &one["shown"], "13");
    assert_eq!(third.status, 200);
    let undo =
        |by: &str, batch: &Value| open.place.post("/api/undo", &json!({"by": by, "batch": batch})).status;
    assert_eq!(undo("anna", &json!(version)), 409, "a later label stands over it");
    assert_eq!(undo("ben", &third.json()["batch"]), 409, "it is not his");
    assert_eq!(undo("anna", &third.json()["batch"]), 200);
    assert_eq!(show(&open.place, "a.png")["fields"][7]["text"], "12.5");
    assert_eq!(save("ben", 0, &one["shown"], "1").status, 409, "nothing was shown to him");
}
