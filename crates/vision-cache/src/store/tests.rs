use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, params};
use vision_core::{ErrorKind, Response};

use super::{APPLICATION, Cache, ROW};
use crate::key::Key;

fn key(number: u32) -> Key {
    Key::numbered(number)
}

fn answer(text: &str) -> Response {
    Response { text: text.to_owned(), ..Response::default() }
}

/// Answers 0, 1, 2, … of equal size, each a minute older than the next.
fn filled(path: &Path, count: u32) -> std::sync::Arc<Cache> {
    let cache = Cache::open(path).unwrap();
    for number in 0..count {
        cache.put(&key(number), &answer("x"));
        let sql = "UPDATE answers SET stored = unixepoch() - ?1 WHERE key = ?2";
        let age = 60 * i64::from(count - number);
        cache.connection().execute(sql, params![age, key(number).bytes()]).unwrap();
    }
    cache
}

fn left(cache: &Cache, count: u32) -> Vec<u32> {
    (0..count).filter(|&number| cache.get(&key(number)).is_some()).collect()
}

#[track_caller]
fn refused(path: &Path, why: &str) {
    let error = Cache::open(path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains(why) && error.message().contains("name another file"), "{error}");
}

#[test]
fn makes_its_folder_and_keeps_answers_after_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/down/answers.sqlite");
    Cache::open(&path).unwrap().put(&key(1), &answer("12.50 €"));
    let cache = Cache::open(&path).unwrap();
    assert_eq!(cache.get(&key(1)), Some(answer("12.50 €")));
    assert_eq!(cache.get(&key(2)), None);
    assert_eq!(cache.stats().unwrap().answers, 1);
    assert_eq!(cache.complaint(), None);
}

#[test]
fn a_damaged_file_is_moved_aside_and_a_new_cache_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    filled(&path, 40);
    let whole = std::fs::read(&path).unwrap();
    let cut = &whole[..whole.len() - 4_096];
    for damaged in [b"garbage, and more than a header of a hundred bytes. ".repeat(9).as_slice(), cut] {
        std::fs::write(&path, damaged).unwrap();
        let cache = Cache::open(&path).unwrap();
        let complaint = cache.complaint().unwrap();
        assert!(complaint.contains("is damaged") && complaint.contains("moved to"), "{complaint}");
        assert_eq!(std::fs::read(folder.path().join("a.damaged")).unwrap(), damaged);
        cache.put(&key(1), &answer("new"));
        assert_eq!(cache.stats().unwrap().answers, 1);
    }
    assert_eq!(Cache::open(&path).unwrap().complaint(), None);
}

#[test]
fn a_file_of_another_program_or_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (other, newer) = (folder.path().join("b"), folder.path().join("c"));
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE contacts (name TEXT)").unwrap();
    refused(&other, "another program");
    Cache::open(&newer).unwrap().connection().pragma_update(None, "user_version", 99).unwrap();
    refused(&newer, "another version");
    assert_eq!(APPLICATION.to_be_bytes(), *b"VEvC");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Cache::open(file.path().join("answers.sqlite")).unwrap_err();
    assert!(error.message().starts_with("cannot open the cache"), "{error}");
    assert!(super::is_unwritable(&error), "{error}");
}

#[test]
fn a_damaged_row_is_a_miss_and_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().join("a")).unwrap();
    for damage in ["CAST(x'ff00fe' AS TEXT)", "'{\"text\":\"cut'", "''"] {
        cache.put(&key(1), &answer("whole"));
        cache.connection().execute(&format!("UPDATE answers SET response = {damage}"), []).unwrap();
        assert_eq!(cache.get(&key(1)), None, "{damage}");
    }
    cache.put(&key(1), &answer("new"));
    assert_eq!(cache.get(&key(1)), Some(answer("new")));
}

#[test]
fn what_cannot_be_read_or_written_is_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().join("a")).unwrap();
    cache.refuse_writes();
    cache.put(&key(1), &answer("x"));
    let complaint = cache.complaint().unwrap().to_owned();
    assert!(complaint.starts_with("cannot write the cache"), "{complaint}");
    cache.connection().execute_batch("PRAGMA query_only = OFF; DROP TABLE answers").unwrap();
    assert_eq!(cache.get(&key(1)), None);
    assert_eq!(cache.complaint(), Some(complaint.as_str()), "only the first one is kept");
}

#[test]
fn prunes_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("a"), 4);
    let now = cache.stats().unwrap().oldest.unwrap() + Duration::from_secs(240);
    assert_eq!(cache.prune(None, None, now).unwrap(), 0);
    assert_eq!(cache.prune(Some(Duration::from_secs(150)), None, now).unwrap(), 2);
    assert_eq!(left(&cache, 4), [2, 3]);
    let later = now + Duration::from_secs(1_000_000);
    assert_eq!(cache.prune(Some(Duration::from_secs(1)), None, later).unwrap(), 2);
    assert_eq!(cache.stats().unwrap().oldest, None);
}

#[test]
fn prunes_the_oldest_first_until_the_rest_fits() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("a"), 4);
    let row = cache.stats().unwrap().bytes / 4;
    assert!(row > ROW as u64, "{row}");
    let now = SystemTime::UNIX_EPOCH;
    assert_eq!(cache.prune(None, Some(4 * row), now).unwrap(), 0);
    assert_eq!(cache.prune(None, Some(3 * row - 1), now).unwrap(), 2);
    assert_eq!(left(&cache, 4), [2, 3]);
    assert_eq!(cache.prune(None, Some(0), now).unwrap(), 2);
}

#[test]
fn pruning_gives_the_room_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let cache = Cache::open(&path).unwrap();
    (0..20).for_each(|number| cache.put(&key(number), &answer(&"long ".repeat(10_000))));
    let before = cache.stats().unwrap().file_bytes;
    cache.prune(None, Some(100_000), SystemTime::UNIX_EPOCH).unwrap();
    let after = cache.stats().unwrap();
    assert_eq!(after.answers, 1);
    assert!(after.file_bytes < before / 5, "{before} → {}", after.file_bytes);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), after.file_bytes);
}

#[test]
fn two_handles_see_each_others_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let path = &path;
            scope.spawn(move || write_fifty(path, worker));
        }
    });
    assert_eq!(left(&Cache::open(&path).unwrap(), 200).len(), 200);
}

/// What one of several workers does: opens the file while others do, and writes and reads among them.
fn write_fifty(path: &Path, worker: u32) {
    let cache = Cache::open(path).unwrap();
    for number in worker * 50..(worker + 1) * 50 {
        cache.put(&key(number), &answer(&number.to_string()));
        assert_eq!(cache.get(&key(number)), Some(answer(&number.to_string())));
    }
    assert_eq!(cache.complaint(), None);
}

/// Set for the processes that the next test starts.
const WORKER: &str = "VISION_CACHE_TEST_WORKER";

#[test]
fn several_processes_share_one_file() {
    if let Ok(task) = std::env::var(WORKER) {
        let (worker, path) = task.split_once(' ').unwrap();
        return write_fifty(Path::new(path), worker.parse().unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let start = |worker: u32| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::several_processes_share_one_file"])
            .env(WORKER, format!("{worker} {}", path.display()))
            .spawn()
            .unwrap()
    };
    let workers: Vec<Child> = (0..3).map(start).collect();
    for mut worker in workers {
        assert!(worker.wait().unwrap().success());
    }
    assert_eq!(left(&Cache::open(&path).unwrap(), 150).len(), 150);
}
