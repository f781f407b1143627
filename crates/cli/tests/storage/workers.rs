//! Workers whose datasets are in a bucket, and nowhere else.

use crate::broker::Broker;
use crate::bucket::Bucket;
use crate::support::{Host, Project, ended, signal};

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn workers_read_a_bucket_and_the_run_is_recorded_in_one() {
    let (host, bucket, broker) = (Host::new(&[]), Bucket::start(), Broker::start());
    let project = Project::new(30, &host.url());
    project.expect(0, "datasets check --write-sums data");
    project.expect(0, "run -q --run-dir alone");
    let before = host.journal().requests;
    bucket.upload(&project.path("data"), "data");
    std::fs::remove_dir_all(project.path("data")).unwrap();
    let config = project.read("eval.toml").replace("path = \"data\"", "path = \"s3://bucket/data\"");
    project.write("eval.toml", &config);

    // One has the project, the other nothing but the address.
    let bare = Project::new(0, "");
    std::fs::remove_file(bare.path("eval.toml")).unwrap();
    let worker = format!("worker {} -q", broker.url());
    let workers = [
        bucket.command(&project, "first", &worker).spawn().unwrap(),
        bucket.command(&bare, "second", &format!("{worker} --dataset s3://bucket/data")).spawn().unwrap(),
    ];
    let run = format!("run -q --run-dir s3://bucket/runs/one --workers {}", broker.url());
    bucket.expect(&project, "third", 0, &run);
    assert_eq!(host.journal().requests - before, 30, "each case was asked once");
    for worker in workers {
        signal(&worker, "TERM");
        let worker = ended(worker);
        assert_eq!(worker.code, Some(0), "{}", worker.err);
        assert!(!worker.err.contains("warning"), "{}", worker.err);
    }
    for (project, cache) in [(&project, "first"), (&bare, "second")] {
        let blobs = project.path(cache).join("vision-eval/storage/blobs");
        assert!(std::fs::read_dir(blobs).unwrap().count() > 0, "{cache} has read media");
    }
    // But for its time, each row is that of a plain run.
    let rows = |run: &str| -> Vec<String> {
        let csv = bucket.expect(&project, "fourth", 0, &format!("report {run} --format csv")).out;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let names = reader.headers().unwrap().clone();
        let timeless = |(name, value): (&str, &str)| match ["seconds", "request_id"].contains(&name) {
            true => String::new(),
            false => format!("{name}={value}\n"),
        };
        let row = |row: csv::StringRecord| names.iter().zip(row.iter()).map(timeless).collect::<String>();
        let mut rows: Vec<String> = reader.records().map(|record| row(record.unwrap())).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows("s3://bucket/runs/one").len(), 30);
    assert_eq!(rows("alone"), rows("s3://bucket/runs/one"));
}

#[test]
#[ignore = "needs moto from PyPI: .ci/storage/run"]
fn a_worker_opens_no_address_that_only_a_plan_names() {
    let (host, bucket, broker) = (Host::new(&[]), Bucket::start(), Broker::start());
    let project = Project::new(4, &host.url());
    bucket.upload(&project.path("data"), "data");
    let config = project.read("eval.toml").replace("path = \"data\"", "path = \"s3://bucket/data\"");
    project.write("eval.toml", &config);
    let bare = Project::new(0, "");
    std::fs::remove_file(bare.path("eval.toml")).unwrap();
    let worker = bucket.command(&bare, "worker", &format!("worker {}", broker.url())).spawn().unwrap();
    let run = format!("run -q --run-dir run --workers {}", broker.url());
    let run = bucket.command(&project, "run", &run).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3));
    signal(&worker, "TERM");
    let worker = ended(worker);
    assert!(
        worker.err.contains("cannot work on") && worker.err.contains("s3://bucket/data"),
        "{}",
        worker.err
    );
    signal(&run, "INT");
    assert_eq!(ended(run).code, Some(130));
    assert_eq!(host.journal().requests, 0);
}
