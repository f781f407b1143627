#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{Refused, below, check_target, open, read, read_text};

/// `dataset/` beside a file that is nobody's business.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("dataset/media")).unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    fs::write(folder.path().join("dataset/media/a.png"), "picture").unwrap();
    folder
}

#[track_caller]
fn refused(folder: &Path, name: &str, words: &str) {
    let refused = below(&folder.join("dataset"), name).unwrap_err();
    assert!(refused.to_string().contains(words), "{name}: {refused}");
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn files_below_the_folder_are_found_under_their_real_name() {
    let folder = folder();
    let dataset = folder.path().join("dataset");
    symlink("a.png", dataset.join("media/link.png")).unwrap();
    symlink(&dataset, folder.path().join("also")).unwrap();
    let real = dataset.canonicalize().unwrap().join("media/a.png");
    for (folder, name) in [
        (&dataset, "media/a.png"),
        (&dataset, "./media/./a.png"),
        (&dataset, "media/link.png"),
        (&folder.path().join("also"), "media/a.png"),
    ] {
        assert_eq!(below(folder, name).unwrap(), real, "{name}");
    }
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let folder = folder();
    let absolute = folder.path().join("secret").display().to_string();
    for name in ["", "../secret", "media/../../secret", "media/../media/a.png", &absolute] {
        refused(folder.path(), name, "leaves its folder");
    }
}

#[test]
fn links_that_leave_the_folder_are_refused_however_long_their_way() {
    let folder = folder();
    let dataset = folder.path().join("dataset");
    symlink("../secret", dataset.join("one")).unwrap();
    symlink("one", dataset.join("two")).unwrap();
    symlink(folder.path(), dataset.join("up")).unwrap();
    symlink("loop", dataset.join("loop")).unwrap();
    symlink("/dev/zero", dataset.join("zero")).unwrap();
    for name in ["one", "two", "up/secret", "zero"] {
        refused(folder.path(), name, "is a link out of its folder");
    }
    // The name of the folder is no prefix of another folder's name.
    fs::create_dir(folder.path().join("dataset-2")).unwrap();
    fs::write(folder.path().join("dataset-2/x"), "").unwrap();
    symlink("../dataset-2/x", dataset.join("near")).unwrap();
    refused(folder.path(), "near", "is a link out of its folder");
    refused(folder.path(), "loop", "cannot be read");
    refused(folder.path(), "nowhere", "cannot be read");
}

#[test]
fn only_regular_files_are_opened() {
    let folder = folder();
    pipe(&folder.path().join("dataset/pipe"));
    refused(folder.path(), "pipe", "is not a regular file");
    refused(folder.path(), "media", "is not a regular file");
    for path in [folder.path().join("dataset/pipe"), "/dev/zero".into(), folder.path().into()] {
        assert!(matches!(open(&path), Err(Refused::NotRegular)), "{}", path.display());
        assert!(matches!(read(&path, 10), Err(Refused::NotRegular)), "{}", path.display());
    }
}

#[test]
fn no_more_is_read_than_the_bound() {
    let folder = folder();
    let path = folder.path().join("secret");
    assert_eq!(read_text(&path, 6).unwrap(), "secret");
    assert!(read_text(&path, 5).unwrap_err().to_string().contains("has 6 bytes, and at most 5 are read"));
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(read(&path, 16 << 20).unwrap_err().to_string().contains("at most 16777216 are read"));
    fs::write(&path, b"\xff").unwrap();
    assert!(read_text(&path, 6).unwrap_err().to_string().contains("UTF-8"));
}

#[test]
fn nothing_is_written_through_a_link() {
    let folder = folder();
    let link = folder.path().join("lock");
    symlink("secret", &link).unwrap();
    assert!(matches!(check_target(&link), Err(Refused::Link)));
    fs::remove_file(&link).unwrap();
    symlink("not-there-yet", &link).unwrap();
    assert!(matches!(check_target(&link), Err(Refused::Link)));
    assert!(matches!(check_target(folder.path()), Err(Refused::NotRegular)));
    assert!(check_target(&folder.path().join("secret")).is_ok());
    assert!(check_target(&folder.path().join("new")).is_ok());
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("own")).unwrap();
    symlink(outside.path(), root.join("out")).unwrap();
    symlink(root.join("own"), root.join("in")).unwrap();
    symlink(outside.path().join("none"), root.join("dangling")).unwrap();
    for fine in ["new.txt", "own/new.txt", "in/new.txt", "new/deep/new.txt"] {
        crate::check_target_below(root, &root.join(fine))
            .unwrap_or_else(|refused| panic!("{fine}: {refused}"));
    }
    for refused in ["out/new.txt", "out/new/deep.txt", "dangling", "dangling/new.txt", "out"] {
        assert!(crate::check_target_below(root, &root.join(refused)).is_err(), "{refused}");
    }
}

#[test]
fn what_is_private_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (kept, file) = (folder.path().join("kept"), folder.path().join("kept/file"));
    fs::create_dir(&kept).unwrap();
    fs::write(&file, "before").unwrap();
    crate::private_folder(&kept).unwrap();
    crate::write_private(&file, b"now").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept), mode(&file)), (0o700, 0o600));
    assert_eq!(fs::read(&file).unwrap(), b"now");
}
