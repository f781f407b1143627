//! Names of columns, as people spell them.

/// Names of the column that names the files, the better ones first. A number behind makes further files.
pub(super) const FILES: [&str; 24] = [
    "file",
    "files",
    "filename",
    "filepath",
    "fname",
    "image",
    "images",
    "imagefile",
    "imagefilename",
    "imagename",
    "imagepath",
    "img",
    "imgname",
    "media",
    "mediafile",
    "path",
    "picture",
    "datei",
    "dateiname",
    "dateipfad",
    "bild",
    "fichier",
    "archivo",
    "файл",
];

/// A name without case, blanks and signs.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A column as it is typed in a shell.
pub(super) fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c));
    if plain { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

/// Whether a column of this name is known to name files.
#[must_use]
pub fn names_files(name: &str) -> bool {
    FILES.contains(&plain(name).trim_end_matches(|c: char| c.is_ascii_digit()))
}
