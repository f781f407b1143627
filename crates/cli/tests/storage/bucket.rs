//! S3 by somebody else: the server of PyPI's `moto`, and Amazon's own client for Python to look into it.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Project;

/// A bucket called `bucket`, on a server of its own.
pub struct Bucket {
    child: Child,
    port: u16,
}

/// What must be found nowhere.
pub const SECRET: &str = "wJalrXUtnFEMI-made-up-for-a-test";

impl Bucket {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(tools().join("bin/moto_server"))
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let patience = Instant::now() + Duration::from_secs(180);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "moto does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        let bucket = Self { child, port };
        bucket.python("s3.create_bucket(Bucket='bucket')");
        bucket
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The command, with what the environment says of the bucket, and a cache of its own by this name: another machine.
    pub fn command(&self, project: &Project, cache: &str, words: &str) -> Command {
        let mut command = project.command(words);
        command
            .env("AWS_ENDPOINT_URL", self.url())
            .env("AWS_ACCESS_KEY_ID", "made-up")
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("AWS_REGION", "us-east-1")
            .env("XDG_CACHE_HOME", project.path(cache));
        command
    }

    /// The command without keys in the environment, as somebody has it who keeps them in files.
    pub fn keyless(&self, project: &Project, words: &str) -> Command {
        let mut command = self.command(project, "keyless", words);
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]
            .iter()
            .for_each(|name| _ = command.env_remove(name));
        command
    }

    /// Runs it, and insists on the exit code.
    #[track_caller]
    pub fn expect(&self, project: &Project, cache: &str, code: i32, words: &str) -> crate::support::Ended {
        let ended = crate::support::ended(self.command(project, cache, words).spawn().unwrap());
        assert_eq!(ended.code, Some(code), "vision-eval {words}\n{}\n{}", ended.out, ended.err);
        ended
    }

    /// Copies a folder below a prefix.
    pub fn upload(&self, folder: &Path, prefix: &str) {
        self.python(&format!(
            "import os\n\
             for at, _, names in os.walk({folder:?}):\n\
             \x20   for name in names:\n\
             \x20       path = os.path.join(at, name)\n\
             \x20       s3.upload_file(path, 'bucket', {prefix:?} + '/' + os.path.relpath(path, {folder:?}))"
        ));
    }

    /// The keys below a prefix, without it.
    pub fn keys(&self, prefix: &str) -> Vec<String> {
        let out = self.python(&format!(
            "for page in s3.get_paginator('list_objects_v2').paginate(Bucket='bucket', Prefix={prefix:?} + '/'):\n\
             \x20   for one in page.get('Contents', []):\n\
             \x20       print(one['Key'][len({prefix:?}) + 1:])"
        ));
        out.lines().map(str::to_owned).collect()
    }

    pub fn get(&self, key: &str) -> String {
        self.python(&format!(
            "print(s3.get_object(Bucket='bucket', Key={key:?})['Body'].read().decode(), end='')"
        ))
    }

    pub fn put(&self, key: &str, text: &str) {
        self.python(&format!("s3.put_object(Bucket='bucket', Key={key:?}, Body={text:?}.encode())"));
    }

    pub fn delete(&self, key: &str) {
        self.python(&format!("s3.delete_object(Bucket='bucket', Key={key:?})"));
    }

    fn python(&self, what: &str) -> String {
        let program = format!(
            "import boto3\ns3 = boto3.client('s3', endpoint_url='{}', region_name='us-east-1', \
             aws_access_key_id='x', aws_secret_access_key='x')\n{what}",
            self.url()
        );
        let output = Command::new(tools().join("bin/python")).args(["-c", &program]).output().unwrap();
        assert!(output.status.success(), "{program}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Where `.ci/storage/run` has installed moto.
pub fn tools() -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/moto");
    assert!(tools.join("bin/moto_server").exists(), "moto is not installed: run .ci/storage/run");
    tools
}
