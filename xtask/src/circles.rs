//! Import circles between the files of a crate: where two files need each other, neither can be read alone.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::{Path, PathBuf};

    use crate::census::workspace;

    type Graph = BTreeMap<String, BTreeSet<String>>;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => sources(&path, found),
                false if path.extension().is_some_and(|it| it == "rs") => found.push(path),
                false => {}
            }
        }
    }

    /// The files of a crate as modules: `task/typed.rs` is `task::typed`.
    fn modules(src: &Path) -> BTreeMap<String, PathBuf> {
        let mut files = Vec::new();
        sources(src, &mut files);
        let name = |path: &PathBuf| {
            let path = path.strip_prefix(src).unwrap().with_extension("").display().to_string();
            path.replace('/', "::")
        };
        let is_own = |name: &String| !name.split("::").any(|part| part == "tests" || part == "testdata");
        files.into_iter().map(|path| (name(&path), path)).filter(|(name, _)| is_own(name)).collect()
    }

    /// The paths that a `use` names: those in braces one by one, each by its first step.
    fn imports(text: &str) -> Vec<String> {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut paths = Vec::new();
        for piece in code.split("\nuse ").skip(1).chain(code.split("\npub(crate) use ").skip(1)) {
            let Some((tree, _)) = piece.split_once(';') else { continue };
            match tree.split_once('{') {
                Some((head, rest)) => {
                    let names = rest.trim_end_matches('}').split(',').map(|name| name.trim().to_owned());
                    paths.extend(names.map(|name| format!("{head}{name}")));
                }
                None => paths.push(tree.to_owned()),
            }
        }
        paths
    }

    /// The file that a path of `module` leads to.
    fn target(path: &str, module: &str, modules: &BTreeMap<String, PathBuf>) -> Option<String> {
        let mut steps: Vec<&str> = path.split("::").collect();
        let mut whole: Vec<&str> = match *steps.first()? {
            "crate" => Vec::new(),
            "super" => module.split("::").collect::<Vec<_>>().split_last()?.1.to_vec(),
            _ => return None,
        };
        steps.remove(0);
        while steps.first() == Some(&"super") {
            steps.remove(0);
            whole.pop();
        }
        whole.extend(steps);
        let names = (1..=whole.len()).rev().map(|count| whole[..count].join("::"));
        names.into_iter().find(|name| name != "lib" && name != "main" && modules.contains_key(name))
    }

    fn graph(src: &Path) -> Graph {
        let modules = modules(src);
        let edges = |module: &String, path: &PathBuf| {
            let text = format!("\n{}", fs::read_to_string(path).unwrap());
            let targets = imports(&text).into_iter().filter_map(|it| target(&it, module, &modules));
            // A file and those below it are one thing.
            let is_other = |name: &String| {
                name != module
                    && !module.starts_with(&format!("{name}::"))
                    && !name.starts_with(&format!("{module}::"))
            };
            targets.filter(is_other).collect()
        };
        modules.iter().map(|(module, path)| (module.clone(), edges(module, path))).collect()
    }

    /// Everything that can be reached from a file.
    fn reached(graph: &Graph, from: &str) -> BTreeSet<String> {
        let (mut seen, mut left) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = left.pop() {
            for next in graph.get(&module).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    left.push(next.clone());
                }
            }
        }
        seen
    }

    #[test]
    fn no_two_files_import_each_other() {
        let mut circles = Vec::new();
        let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|entry| entry.unwrap().path());
        for folder in crates.filter(|path| path.join("src").is_dir()) {
            let graph = graph(&folder.join("src"));
            let circular = graph.keys().filter(|module| reached(&graph, module).contains(*module));
            circles.extend(circular.map(|module| format!("{}: {module}", folder.display())));
        }
        assert_eq!(circles, Vec::<String>::new());
    }

    #[test]
    fn a_circle_is_found() {
        let graph: Graph = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]
            .map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()])))
            .into();
        assert!(reached(&graph, "a").contains("a") && !reached(&graph, "d").contains("d"));
        let paths = imports("\nuse super::{one, two::Three};\nuse crate::four;\n");
        assert_eq!(paths, ["super::one", "super::two::Three", "crate::four"]);
    }
}
