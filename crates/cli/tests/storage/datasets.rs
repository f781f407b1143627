//! Datasets are read where they are, and are what they are on a disk.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::bucket::{Bucket, SECRET, tools};
use crate::support::{Host, Project};

const DATA: &str = "s3://bucket/deep/data";

/// A project whose dataset is in the bucket and nowhere else.
fn moved(cases: usize, host: &Host, bucket: &Bucket, with_sums: bool) -> (Project, String) {
    let project = Project::new(cases, &host.url());
    if with_sums {
        project.expect(0, "datasets check --write-sums data");
    }
    let hash = hash(&project.expect(0, "run --dry-run --format json -q").out, &project);
    bucket.upload(&project.path("data"), "deep/data");
    std::fs::remove_dir_all(project.path("data")).unwrap();
    let config = project.read("eval.toml").replace("path = \"data\"", &format!("path = \"{DATA}\""));
    project.write("eval.toml", &config);
    (project, hash)
}

/// What the plan of a run on the disk says the dataset is.
fn hash(_: &str, project: &Project) -> String {
    project.expect(0, "run -q --run-dir local");
    project.plan("local")["datasets"][0]["content_hash"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_dataset_in_a_bucket_is_the_dataset_that_was_uploaded() {
    for with_sums in [true, false] {
        let (host, bucket) = (Host::new(&[]), Bucket::start());
        let (project, hash) = moved(12, &host, &bucket, with_sums);
        bucket.expect(&project, "cache", 0, "run -q --run-dir run");
        assert_eq!(project.plan("run")["datasets"][0]["content_hash"], hash.as_str());
        assert_eq!(project.plan("run")["datasets"][0]["folder"], DATA);
        let media = |run: &str| project.read(&format!("{run}/media.jsonl")).lines().count();
        assert_eq!((media("run"), media("local")), (12, 12));
        assert_eq!(project.trials("run").len(), 12);
        let checked = bucket.expect(&project, "cache", 0, "datasets check");
        assert!(checked.out.contains("12 cases"), "{}", checked.out);
        // Pages show its media; nothing but the bucket has them.
        bucket.expect(&project, "other", 0, "report run -o page.html --embed all");
        assert!(project.read("page.html").contains("data:image/png"));
    }
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn media_that_are_listed_are_fetched_once_and_when_they_are_asked_about() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let (project, _) = moved(30, &host, &bucket, true);
    bucket.expect(&project, "cache", 0, "run -q -n 3 --run-dir three");
    let blobs = || {
        let found =
            Command::new("find").arg(project.path("cache/vision-eval/storage/blobs")).output().unwrap();
        String::from_utf8(found.stdout).unwrap().lines().filter(|line| line.len() > 64).count()
    };
    let few = blobs();
    assert!((3..20).contains(&few), "{few} files were fetched for three cases");
    // The rest is there no more, and the three need nothing.
    for number in 0..30 {
        bucket.delete(&format!("deep/data/{number}.png"));
    }
    bucket.expect(&project, "cache", 0, "run -q -n 3 --run-dir again");
    let run = bucket.expect(&project, "cache", 5, "run -q --run-dir all");
    assert!(
        run.err.contains("27 trials missing") && run.err.contains("there is no such object"),
        "{}",
        run.err
    );
    assert_eq!(project.trials("all").len(), 3, "what is there no more cannot be asked");
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn what_is_not_what_the_list_says_is_refused_and_what_changes_is_noticed() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let (project, _) = moved(4, &host, &bucket, true);
    bucket.put("deep/data/1.png", "another picture");
    let run = bucket.expect(&project, "cache", 5, "run -q --run-dir run");
    assert_eq!(project.trials("run").len(), 3, "the other three are whole");
    assert!(run.err.contains("its hash is not the one in SHA256SUMS"), "{}", run.err);
    let checked = bucket.expect(&project, "cache", 96, "datasets check");
    assert!(checked.out.contains(&format!("{DATA}/1.png: was changed: its hash")), "{}", checked.out);

    let (project, hash) = moved(4, &host, &bucket, false);
    bucket.delete("deep/data/SHA256SUMS");
    bucket.expect(&project, "cache", 0, "run -q --run-dir run");
    assert_eq!(project.plan("run")["datasets"][0]["content_hash"], hash.as_str());
    let cases = bucket.get("deep/data/cases.jsonl").replace("\"label\":\"chart\"", "\"label\":\"photo\"");
    bucket.put("deep/data/cases.jsonl", &cases);
    bucket.expect(&project, "cache", 0, "run -q --run-dir changed");
    assert_ne!(
        project.plan("changed")["datasets"][0]["content_hash"],
        hash.as_str(),
        "the same cache sees it"
    );
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_strangers_names_stay_below_the_dataset_and_his_addresses_closed() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let (project, _) = moved(2, &host, &bucket, false);
    bucket.put("deep/secret.png", "another team's");
    let cases = bucket.get("deep/data/cases.jsonl").replacen("0.png", "../secret.png", 1);
    bucket.put("deep/data/cases.jsonl", &cases);
    let run = bucket.expect(&project, "cache", 5, "run -q --run-dir run");
    assert!(run.err.contains("`../secret.png` leaves its folder"), "{}", run.err);

    // A record that names an address does not have it opened.
    let plan = project.read("run/plan.json").replace(DATA, "s3://bucket/deep/other");
    project.write("run/plan.json", &plan);
    let refused = bucket.expect(&project, "cache", 96, "resume run");
    assert!(refused.err.contains("neither the configuration nor the command line"), "{}", refused.err);
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn keys_are_in_no_log_record_or_cache() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let (project, _) = moved(3, &host, &bucket, true);
    let ended = bucket.expect(&project, "cache", 0, "run -vv --run-dir s3://bucket/runs/one");
    assert!(!ended.err.contains(SECRET) && !ended.out.contains(SECRET));
    let found = Command::new("grep").args(["-rl", SECRET]).arg(project.folder.path()).output().unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap(), "");
    for key in bucket.keys("runs/one") {
        if !key.ends_with(".html") {
            assert!(!bucket.get(&format!("runs/one/{key}")).contains(SECRET), "{key}");
        }
    }
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn keys_may_stand_in_a_profile_of_amazons_files() {
    let (host, bucket) = (Host::new(&[]), Bucket::start());
    let (project, _) = moved(3, &host, &bucket, true);
    let run = |dir: &str, profile: &str| {
        let mut command = bucket.keyless(&project, &format!("run -q --run-dir {dir}"));
        crate::support::ended(command.env("AWS_PROFILE", profile).spawn().unwrap())
    };
    let none = run("none", "work");
    assert_eq!(none.code, Some(96), "{}", none.err);
    assert!(none.err.contains("no AWS keys: tried") && none.err.contains("profile `work`"), "{}", none.err);
    let keys = format!("aws_access_key_id = made-up\naws_secret_access_key = {SECRET}\n");
    project.write("home/.aws/credentials", &format!("[work]\n{keys}"));
    project.write("home/.aws/config", "[profile work]\nregion = eu-central-1\n");
    let ran = run("run", "work");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(project.trials("run").len(), 3);
    assert_eq!(run("other", "nobody").code, Some(96));
    let found =
        Command::new("grep").args(["-rl", SECRET, "."]).current_dir(project.folder.path()).output().unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap().trim(), "./home/.aws/credentials");
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_plain_web_server_will_do_for_reading() {
    let host = Host::new(&[]);
    let project = Project::new(5, &host.url());
    project.expect(0, "datasets check --write-sums data");
    project.expect(0, "run -q --run-dir run");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new(tools().join("bin/python"))
        .args(["-m", "http.server", "--bind", "127.0.0.1", &port.to_string()])
        .current_dir(project.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let base = format!("http://127.0.0.1:{port}");
    project.expect(0, &format!("run -q --dataset {base}/data --run-dir there"));
    let hash = |run: &str| project.plan(run)["datasets"][0]["content_hash"].clone();
    assert_eq!(hash("run"), hash("there"));
    let csv = |run: &str| project.expect(0, &format!("report {run} --format csv")).out;
    assert_eq!(csv("run"), csv(&format!("{base}/run")));
    let missing = project.expect(96, &format!("report {base}/nothing"));
    assert!(missing.err.contains("is no run"), "{}", missing.err);
    server.kill().unwrap();
    server.wait().unwrap();
}
