use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::{Dataset, write_sums};

const MANIFEST: &str = "name = \"demo\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"made up\"\n\
    [tasks.text]\nprompt = \"Read.\"\nmetric = \"text\"\n";

/// A dataset of many media in `data/`, and a place for a memory beside it.
fn folder(media: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("dataset.toml"), MANIFEST).unwrap();
    let mut cases = String::new();
    for number in 0..media {
        fs::write(data.join(format!("{number}.png")), format!("picture {number:08}")).unwrap();
        cases += &format!("{{\"id\":\"{number}\",\"media\":[\"{number}.png\"],\"expected\":\"x\"}}\n");
    }
    fs::write(data.join("cases.jsonl"), cases).unwrap();
    folder
}

fn identity(folder: &Path) -> Result<String, String> {
    let dataset = Dataset::open(&folder.join("data")).unwrap();
    let forgetful = dataset.content_hash(None);
    let remembering = dataset.content_hash(Some(&folder.join("memory")));
    assert_eq!(forgetful, remembering);
    remembering.map_err(|problem| problem.to_string())
}

/// Long enough ago to be remembered.
fn age(folder: &Path) {
    std::thread::sleep(Duration::from_millis(2_100));
    identity(folder).unwrap();
}

#[test]
fn a_swapped_picture_is_another_dataset() {
    let folder = folder(300);
    let path = folder.path();
    age(path);
    let before = identity(path).unwrap();
    assert_eq!(identity(path).unwrap(), before);
    // The same size, and its time set back.
    let picture = path.join("data/7.png");
    let modified = picture.metadata().unwrap().modified().unwrap();
    fs::write(&picture, "picture 99999999").unwrap();
    fs::File::options().write(true).open(&picture).unwrap().set_modified(modified).unwrap();
    let after = identity(path).unwrap();
    assert_ne!(after, before);
    fs::write(&picture, "picture 00000007").unwrap();
    assert_eq!(identity(path).unwrap(), before, "it depends on bytes and not on times");
    fs::remove_file(&picture).unwrap();
    assert_ne!(identity(path).unwrap(), before);
}

#[test]
fn a_copy_elsewhere_is_the_same_dataset() {
    assert_eq!(identity(folder(3).path()).unwrap(), identity(folder(3).path()).unwrap());
    assert_ne!(identity(folder(3).path()).unwrap(), identity(folder(4).path()).unwrap());
}

#[test]
fn what_is_remembered_is_not_read_again() {
    let folder = folder(300);
    let path = folder.path();
    age(path);
    let dataset = Dataset::open(&path.join("data")).unwrap();
    let memory = path.join("memory");
    let known = fs::read_dir(&memory).unwrap().next().unwrap().unwrap().path();
    // Whoever says another hash is believed, so the media were not read.
    let mut bytes = fs::read(&known).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&known, bytes).unwrap();
    assert_ne!(dataset.content_hash(Some(&memory)), dataset.content_hash(None));
    fs::write(&known, "rubbish").unwrap();
    assert_eq!(dataset.content_hash(Some(&memory)), dataset.content_hash(None));
}

#[test]
fn a_file_that_is_not_the_listed_one_is_refused() {
    let folder = folder(3);
    let path = folder.path();
    write_sums(&path.join("data")).unwrap();
    identity(path).unwrap();
    for name in ["1.png", "cases.jsonl", "dataset.toml"] {
        let whole = fs::read(path.join("data").join(name)).unwrap();
        fs::write(path.join("data").join(name), [whole.as_slice(), b"\n"].concat()).unwrap();
        let error = identity(path).unwrap_err();
        assert!(error.contains(name) && error.contains("not the one in SHA256SUMS"), "{error}");
        fs::write(path.join("data").join(name), whole).unwrap();
    }
    identity(path).unwrap();
}

#[cfg(unix)]
#[test]
fn media_that_cannot_be_read_are_no_reason_to_stop_or_to_wait() {
    let folder = folder(3);
    let pipe = folder.path().join("data/1.png");
    fs::remove_file(&pipe).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    identity(folder.path()).unwrap();
}

/// `cargo test --release -p eval-datasets --lib -- --ignored --nocapture many_media`
#[test]
#[ignore = "takes a minute, and prints a figure"]
fn many_media_take_little_to_look_at() {
    let count = 100_000;
    let folder = folder(count);
    let dataset = Dataset::open(&folder.path().join("data")).unwrap();
    let memory = folder.path().join("memory");
    std::thread::sleep(Duration::from_millis(2_100));
    for round in ["first", "second"] {
        let start = Instant::now();
        dataset.content_hash(Some(&memory)).unwrap();
        println!("{round}: {:.1} s for {count} media", start.elapsed().as_secs_f64());
    }
}

#[test]
fn a_list_that_is_not_a_list_of_the_folder_is_refused() {
    let folder = folder(3);
    let data = folder.path().join("data");
    write_sums(&data).unwrap();
    let whole = fs::read_to_string(data.join("SHA256SUMS")).unwrap();
    let without = |name: &str| -> String {
        whole.lines().filter(|line| !line.ends_with(name)).map(|line| format!("{line}\n")).collect()
    };
    let zeros = "0".repeat(64);
    for (list, said) in [
        (String::new(), "is not listed"),
        ("garbage\n".to_owned(), "64 hexadecimal digits"),
        (format!("{whole}garbage\n"), "64 hexadecimal digits"),
        (without("1.png"), "1.png: is not listed"),
        (format!("{whole}{zeros}  /etc/passwd\n"), "`/etc/passwd` is missing from the folder"),
        (format!("{whole}{zeros}  ../data/1.png\n"), "`../data/1.png` is missing from the folder"),
        (format!("{whole}{zeros}  9.png\n"), "`9.png` is missing from the folder"),
        (format!("{whole}{zeros}  1.png\n"), "twice"),
    ] {
        fs::write(data.join("SHA256SUMS"), list).unwrap();
        let error = identity(folder.path()).unwrap_err();
        assert!(error.contains(said), "{said}: {error}");
    }
    fs::write(data.join("SHA256SUMS"), whole).unwrap();
    identity(folder.path()).unwrap();
}
