//! What a process used, by its own account and that of the system.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

/// What one role measured of itself.
#[derive(Debug)]
pub struct Measured {
    /// Seconds from the first request to the last answer.
    pub wall: f64,
    /// Seconds of processor time of the whole process.
    pub cpu: f64,
    /// Seconds of it before the first request.
    pub planning: f64,
    /// MiB.
    pub peak: f64,
    /// File descriptors that are open at the end and were not at the start.
    pub files: f64,
}

impl Measured {
    /// Prints it, as the last act of a role.
    pub fn print(wall: f64, planning: f64, files_before: usize) {
        let files = open_files().saturating_sub(files_before);
        let peak = peak_of(std::process::id());
        Self { wall, cpu: cpu(), planning, peak, files: files as f64 }.tell();
    }

    /// Prints it as it is.
    pub fn tell(&self) {
        let Self { wall, cpu, planning, peak, files } = self;
        println!("{wall} {cpu} {planning} {peak} {files}");
    }

    /// Reads what `print` printed.
    pub fn read(line: &str) -> Self {
        let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let &[wall, cpu, planning, peak, files] = numbers.as_slice() else { panic!("a role died: {line:?}") };
        Self { wall, cpu, planning, peak, files }
    }
}

/// Seconds of processor time so far, threads that have ended included.
pub fn cpu() -> f64 {
    times(11)
}

/// The same of the processes that this one has waited for.
pub fn cpu_of_children() -> f64 {
    times(13)
}

fn times(place: usize) -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(')').next().expect("a line with the program's name");
    let ticks: f64 =
        after_name.split_whitespace().skip(place).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    // USER_HZ is 100 wherever Linux runs.
    ticks / 100.0
}

/// The most memory so far, in MiB; nothing of a process that has ended.
pub fn peak_of(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

pub fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default()
}

/// This program in another role.
pub struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
    /// The first thing it said.
    pub first_line: String,
}

impl Process {
    pub fn start(words: &[&str]) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a second process");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut first_line = String::new();
        out.read_line(&mut first_line).expect("a line");
        Self { child, out, first_line: first_line.trim().to_owned() }
    }

    /// Closes its stdin, which ends a server, and returns its last words.
    pub fn finish(mut self) -> String {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("its last words");
        rest
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}
