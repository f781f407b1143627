//! Which column of a table, or which entry of a line, names the file.

/// Whether a column of this name is known to name files.
pub fn is_named(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    eval_datasets::names_files(name) || ["document", "documentname", "dokument"].contains(&plain.as_str())
}

/// The column that names the files: the one whose values do, and of several the one that is called so.
///
/// # Errors
/// If there is none, or several that nothing tells apart.
pub fn find<'a>(
    head: &[&str],
    rows: impl Iterator<Item = Vec<&'a str>>,
    is_file: impl Fn(&str) -> bool,
) -> Result<usize, String> {
    let mut hits = vec![0_usize; head.len()];
    for row in rows {
        for (hits, cell) in hits.iter_mut().zip(row) {
            *hits += usize::from(!cell.trim().is_empty() && is_file(cell.trim()));
        }
    }
    let found: Vec<usize> = (0..head.len()).filter(|at| hits[*at] > 0).collect();
    let named: Vec<usize> = (0..head.len()).filter(|at| is_named(head[*at])).collect();
    // The first of those with most files.
    let best = named.iter().rev().max_by_key(|at| hits[**at]);
    match (found.as_slice(), best) {
        ([only], _) => Ok(*only),
        ([], Some(named)) => Ok(*named),
        (_, Some(named)) if hits[*named] > 0 => Ok(*named),
        ([], None) => Err(format!(
            "has no column that names the files: none is called file, filename, document, image, path, Datei or alike, \
             and no value is the name of a document in this folder; it has {}",
            quoted(head)
        )),
        (several, _) => {
            let several: Vec<&str> = several.iter().map(|at| head[*at]).collect();
            Err(format!(
                "has several columns that name files, {}: call the right one `file`",
                quoted(&several)
            ))
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::find;

    #[track_caller]
    fn check(head: &[&str], row: &[&str], found: Result<usize, &str>) {
        let is_file = |name: &str| ["a.png", "b.png"].contains(&name);
        let column = find(head, std::iter::once(row.to_vec()), is_file);
        match found {
            Ok(at) => assert_eq!(column, Ok(at), "{head:?}"),
            Err(words) => assert!(column.clone().unwrap_err().contains(words), "{head:?}: {column:?}"),
        }
    }

    #[test]
    fn the_column_of_the_files_is_found_by_name_or_by_what_stands_in_it() {
        for name in ["file", "Datei", "Dateiname", "filename", "File Name", "image", "path", "Document"] {
            check(&["total", name], &["1", "missing.png"], Ok(1));
        }
        check(&["total", "Beleg"], &["1", "a.png"], Ok(1));
        check(&["image", "Beleg"], &["a photo", "a.png"], Ok(1));
        check(&["copy", "file"], &["b.png", "a.png"], Ok(1));
        check(&["one", "two"], &["b.png", "a.png"], Err("`one`, `two`: call the right one `file`"));
        check(&["total", "Beleg"], &["1", "missing.png"], Err("it has `total`, `Beleg`"));
    }
}
