//! Which media a page holds, and how they get into it.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;

use serde_json::{Value, json};

use crate::{Embed, MediaSource, escape};

mod order;

pub use order::EarlyMedia;
pub(super) use order::{CaseMedia, Interest};
use order::{SAMPLE, in_order};

/// How many media, and how many bytes of Base64, a page holds by default.
const SOME: Room = Room { media: 240, bytes: 3_200_000 };
/// A browser opens nothing larger.
const ALL: Room = Room { media: usize::MAX, bytes: 400_000_000 };
/// After so many in a row that do not fit, the rest is not even looked at.
const MISFITS: usize = 6;
/// A worker looks at so many media before what they take is counted.
const EACH: usize = 4;

#[derive(Debug, Clone, Copy)]
struct Room {
    media: usize,
    bytes: usize,
}

/// Every medium once, and which of them each case has.
pub(super) struct Embedded {
    pub media: Vec<Value>,
    pub places: Vec<Vec<usize>>,
    /// How many are in the page.
    pub held: usize,
}

pub(super) fn embedded(
    cases: &[CaseMedia],
    source: &dyn MediaSource,
    embed: Embed,
    threads: NonZeroUsize,
) -> Embedded {
    let (mut all, mut known, mut places) = (Vec::new(), HashMap::new(), Vec::new());
    for case in cases {
        let mut of_case = Vec::new();
        for name in &case.names {
            of_case.push(*known.entry((&case.dataset, name)).or_insert_with(|| {
                all.push((case.dataset.as_str(), name.as_str()));
                all.len() - 1
            }));
        }
        places.push(of_case);
    }
    let room = match embed {
        Embed::All => Some(ALL),
        Embed::Some => Some(SOME),
        Embed::None => None,
    };
    let order = media_in_order(cases, &places, embed);
    let mut shown = room.map_or_else(HashMap::new, |room| fitting(&order, &all, source, room, threads));
    let held = shown.len();
    let media = all.iter().enumerate().map(|(at, (dataset, name))| {
        let href = address(dataset, name, source);
        match shown.remove(&at) {
            Some((kind, sources)) => json!({ "name": name, "kind": kind, "src": sources, "href": href }),
            None => json!({ "name": name, "href": href }),
        }
    });
    Embedded { media: media.collect(), places, held }
}

/// Places of media, those of the most interesting cases first, and as many of the others as are wanted.
fn media_in_order(cases: &[CaseMedia], places: &[Vec<usize>], embed: Embed) -> Vec<usize> {
    let (mut order, mut seen, mut sampled) = (Vec::new(), HashSet::new(), 0);
    for case in in_order(cases) {
        let is_sample = embed == Embed::Some && cases[case].interest == Interest::Sample;
        for place in places[case].iter().filter(|place| seen.insert(**place)) {
            if is_sample && sampled == SAMPLE {
                return order;
            }
            sampled += usize::from(is_sample);
            order.push(*place);
        }
    }
    order
}

/// The kind of a medium and what a browser shows of it.
type Shown = (&'static str, Vec<String>);

/// What fits, taken in this order: the number of threads changes nothing but the time.
fn fitting(
    order: &[usize],
    all: &[(&str, &str)],
    source: &dyn MediaSource,
    room: Room,
    threads: NonZeroUsize,
) -> HashMap<usize, Shown> {
    let (mut taken, mut left, mut misfits) = (HashMap::new(), room.bytes, 0);
    for batch in order.chunks(threads.get() * EACH) {
        for (place, shown) in batch.iter().zip(looked_at(batch, all, source)) {
            let Some(shown) = shown else { continue };
            let size: usize = shown.1.iter().map(String::len).sum();
            if size > left {
                misfits += 1;
            } else {
                misfits = 0;
                left -= size;
                taken.insert(*place, shown);
            }
            if misfits == MISFITS || taken.len() == room.media {
                return taken;
            }
        }
    }
    taken
}

fn looked_at(batch: &[usize], all: &[(&str, &str)], source: &dyn MediaSource) -> Vec<Option<Shown>> {
    let look = |place: &usize| shown(&source.media(all[*place].0, all[*place].1));
    std::thread::scope(|scope| {
        let workers: Vec<_> = batch
            .chunks(EACH)
            .map(|part| scope.spawn(move || part.iter().map(look).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a source does not panic")).collect()
    })
}

fn shown(media: &[(&'static str, Vec<u8>)]) -> Option<Shown> {
    let kind =
        ["image", "audio"].into_iter().find(|kind| media.first().is_some_and(|it| it.0.starts_with(kind)))?;
    let src = |(mime, bytes): &(&str, Vec<u8>)| {
        format!("data:{mime};base64,{}", base64_simd::STANDARD.encode_to_string(bytes))
    };
    Some((kind, media.iter().map(src).collect()))
}

/// Where the original is, seen from the page.
fn address(dataset: &str, name: &str, source: &dyn MediaSource) -> Option<String> {
    let is_web = name.starts_with("https://") || name.starts_with("http://");
    let link = escape::link(name)?;
    // The folder comes from whoever writes the file, the name from the dataset.
    if is_web { Some(link) } else { Some(format!("{}{link}", source.folder(dataset)?)) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Every medium is a picture of as many bytes as its name says.
    #[derive(Default)]
    struct Sized(AtomicUsize);

    impl MediaSource for Sized {
        fn media(&self, _dataset: &str, name: &str) -> Vec<(&'static str, Vec<u8>)> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let size = name.split('-').next().and_then(|size| size.parse().ok()).unwrap_or(0);
            vec![("image/png", vec![0; size])]
        }

        fn folder(&self, _dataset: &str) -> Option<String> {
            Some("../data/".to_owned())
        }
    }

    fn cases(count: usize, size: usize) -> Vec<CaseMedia> {
        let case = |at: usize| {
            let names = vec![format!("{size}-{at}.png")];
            CaseMedia::new(format!("dataset-{}", at % 2), &at.to_string(), names, Interest::Wrong)
        };
        (0..count).map(case).collect()
    }

    fn held(embedded: &Embedded) -> Vec<bool> {
        embedded.media.iter().map(|medium| !medium["src"].is_null()).collect()
    }

    #[test]
    fn a_page_stays_small_and_holds_what_matters_first_whatever_the_number_of_threads() {
        let cases = cases(1_000, 30_000);
        let mut before: Option<Vec<Value>> = None;
        for threads in [1, 2, 7] {
            let source = Sized::default();
            let threads = NonZeroUsize::new(threads).unwrap();
            let page = embedded(&cases, &source, Embed::Some, threads);
            let size: usize = page.media.iter().map(|medium| medium.to_string().len()).sum();
            assert!(size < 3_400_000 && page.held > 60, "{size} bytes, {} held", page.held);
            let held = held(&page);
            assert!(held[500..].iter().filter(|held| **held).count() > 25, "from everywhere");
            assert!(source.0.load(Ordering::Relaxed) < 200, "the others are not even read");
            assert!(before.is_none_or(|before| before == page.media));
            before = Some(page.media);
        }
    }

    #[test]
    fn what_candidates_disagree_on_comes_first_and_of_what_is_right_a_sample_is_enough() {
        let mut cases = cases(1_000, 20_000);
        for (at, case) in cases.iter_mut().enumerate() {
            case.interest = if at % 50 == 7 { Interest::Split } else { Interest::Sample };
        }
        let page = embedded(&cases, &Sized::default(), Embed::Some, NonZeroUsize::MIN);
        let held = held(&page);
        assert!((7..1_000).step_by(50).all(|at| held[at]));
        assert_eq!(page.held, 20 + SAMPLE);
        assert!(held[500..].iter().filter(|held| **held).count() > 15, "from everywhere");
    }

    #[test]
    fn all_and_none_are_what_they_say_and_the_rest_is_linked() {
        let cases = cases(600, 1_000);
        let of = |embed| embedded(&cases, &Sized::default(), embed, NonZeroUsize::MIN);
        assert_eq!([Embed::All, Embed::Some, Embed::None].map(|embed| of(embed).held), [600, 240, 0]);
        assert_eq!(of(Embed::None).media[3], json!({"name": "1000-3.png", "href": "../data/1000-3.png"}));
    }

    #[test]
    fn what_a_page_holds_if_all_is_right_is_known_beforehand() {
        let mut cases = cases(1_000, 20_000);
        cases.iter_mut().for_each(|case| case.interest = Interest::Sample);
        for embed in [Embed::None, Embed::Some, Embed::All] {
            let mut early = EarlyMedia::new(embed);
            for (at, case) in cases.iter().enumerate() {
                early.add(case.dataset.clone(), &at.to_string(), case.names.clone());
            }
            let page = embedded(&cases, &Sized::default(), embed, NonZeroUsize::MIN);
            let mut early: Vec<String> = early.into_list().into_iter().map(|(_, name)| name).collect();
            let held = page.media.iter().filter(|medium| !medium["src"].is_null());
            let mut held: Vec<&str> = held.filter_map(|medium| medium["name"].as_str()).collect();
            held.sort_unstable();
            early.sort_unstable();
            assert_eq!(early, held, "{embed:?}");
        }
    }

    #[test]
    fn the_sample_takes_turns_by_dataset() {
        let mut early = EarlyMedia::new(Embed::Some);
        for at in 0..1_000 {
            let dataset = if at < 10 { "small" } else { "large" };
            early.add(dataset.to_owned(), &at.to_string(), vec![format!("{at}.png")]);
        }
        let list = early.into_list();
        let small = list.iter().filter(|(dataset, _)| dataset == "small").count();
        assert_eq!((small, list.len()), (10, SAMPLE));
    }

    #[test]
    fn a_medium_of_several_cases_is_held_once() {
        let mut cases = cases(4, 10);
        cases
            .iter_mut()
            .for_each(|case| (case.dataset, case.names) = ("d".to_owned(), vec!["9-same.png".to_owned()]));
        let page = embedded(&cases, &Sized::default(), Embed::Some, NonZeroUsize::MIN);
        assert_eq!((page.media.len(), page.places), (1, vec![vec![0]; 4]));
    }
}
