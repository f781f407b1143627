use image::Rgb;

use super::*;

fn sheet(edges: Edges) -> Sheet {
    let print =
        RgbImage::from_fn(
            120,
            200,
            |x, y| if (x / 6 + y / 10) % 3 == 0 { Rgb([20; 3]) } else { Rgb([255; 3]) },
        );
    Sheet { print, edges, folded: true }
}

fn photo(seed: &str) -> RgbImage {
    photograph(&sheet(Edges::Torn), 100, &mut Rng::new(&["photo", seed]), Wear { amount: 0.8 })
}

#[test]
fn same_seed_same_pixels() {
    assert_eq!(photo("a"), photo("a"));
    assert_ne!(photo("a"), photo("b"));
}

#[test]
fn pixels_never_change_between_releases() {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(photo("a").as_raw());
    let scan = scan(&sheet(Edges::Sawn), 100, &mut Rng::new(&["scan"]), Wear { amount: 0.5 });
    let hashes = [hash, sha2::Sha256::digest(scan.as_raw())]
        .map(|hash| format!("{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2]));
    insta::assert_debug_snapshot!(hashes);
}

#[test]
fn the_whole_sheet_is_in_the_picture() {
    for seed in ["1", "2", "3", "4", "5"] {
        let image = photo(seed);
        assert!(image.width() > 100 && image.height() > 160, "{:?}", image.dimensions());
    }
}

#[test]
fn a_scan_stays_grey() {
    let scan = scan(&sheet(Edges::Straight), 100, &mut Rng::new(&["grey"]), Wear { amount: 0.5 });
    assert!(scan.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]));
}

#[test]
fn four_quarter_turns_change_nothing() {
    let image = photo("turn");
    let turned = turn(&turn(&image, 90), 270);
    assert_eq!(turned, image);
    assert_eq!(turn(&turn(&image, 180), 180), image);
}
