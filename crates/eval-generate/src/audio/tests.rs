use super::*;
use crate::Kind;

fn recipe(seed: u64) -> Recipe {
    Recipe { kind: Kind::Audio, seed, count: 16, difficulty: Difficulty::Normal }
}

fn clips(seed: u64) -> Vec<Clip> {
    (0..16).map(|index| Clip::draw(&recipe(seed), index)).collect()
}

#[test]
fn the_seed_decides_everything_but_the_bytes() {
    assert_eq!(clips(1), clips(1));
    assert_ne!(clips(1), clips(2));
}

#[test]
fn no_sentence_is_said_twice_and_none_has_digits() {
    let clips = clips(1);
    for (index, clip) in clips.iter().enumerate() {
        assert!(!clip.script.text.contains(|letter: char| letter.is_ascii_digit() || "{|}".contains(letter)));
        assert!(
            clips[..index].iter().all(|other| other.script.text != clip.script.text),
            "{}",
            clip.script.text
        );
    }
}

#[test]
fn every_format_language_and_noise_is_there() {
    let clips = clips(1);
    for (format, _) in FORMATS {
        assert!(clips.iter().any(|clip| clip.format.0 == format), "{format}");
    }
    for language in ["en", "de", "fr", "es"] {
        assert!(clips.iter().any(|clip| clip.script.language == language), "{language}");
    }
    for noise in [Noise::None, Noise::Hiss, Noise::Hum] {
        assert!(clips.iter().any(|clip| clip.noise == noise), "{noise:?}");
    }
}

#[test]
#[ignore = "needs the installed programs espeak-ng and sox"]
fn clips_are_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe { count: 4, ..recipe(3) };
    assert_eq!(crate::generate(&recipe, folder.path()).unwrap(), 4);
    let size = |name: &str| std::fs::metadata(folder.path().join("media").join(name)).unwrap().len();
    assert!(
        size("0001.wav") > 20_000
            && size("0002.flac") > 10_000
            && size("0003.mp3") > 4_000
            && size("0004.ogg") > 4_000
    );
}
