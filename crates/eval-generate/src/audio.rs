//! Short spoken clips with their transcripts, made by installed programs.
//!
//! What is said, by which voice, how fast and with how much noise is decided by the seed. The bytes are
//! made by `espeak-ng` and `sox`, so they depend on the versions of those programs, which the card names: unlike every
//! other kind, a clip is the same only where these are.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    dataset_writer::{Case, DatasetWriter, Manifest, Task},
    error::Result,
    recipe::{Difficulty, Recipe},
    rng::Rng,
};

mod program;
mod script;
mod sound;

use program::Program;
use script::Script;
use sound::Sound;

const PROMPT: &str = include_str!("audio/prompt.txt");

const SPEAKER: Program = Program { name: "espeak-ng", package: "espeak-ng" };
const CONVERTER: Program = Program { name: "sox", package: "sox libsox-fmt-mp3" };

/// Formats in turn, with what `sox` needs to know about each.
const FORMATS: [(&str, &[&str]); 4] =
    [("wav", &[]), ("flac", &["-C", "8"]), ("mp3", &["-C", "32.2"]), ("ogg", &["-C", "2"])];

/// Writes all cases and returns the manifest and the card.
pub fn write(recipe: &Recipe, writer: &mut DatasetWriter) -> Result<(Manifest, String)> {
    let mut versions = vec![SPEAKER.version()?, CONVERTER.version()?];
    let work = program::Workplace::create()?;
    for index in 0..recipe.count {
        let clip = Clip::draw(recipe, index);
        let bytes = clip.record(&work, recipe)?;
        versions.extend(encoder(&bytes).filter(|encoder| !versions.contains(encoder)));
        let number = format!("{:04}", index + 1);
        let media = writer.media(&format!("{number}.{}", clip.format.0), &bytes)?;
        writer.case(&Case {
            id: format!("audio-{number}"),
            task: None,
            media: vec![media],
            expected: clip.script.text.clone().into(),
            tags: clip.tags(),
            source: Some(format!("clip-{number}")),
            fields: BTreeMap::new(),
        });
    }
    let manifest = manifest(recipe);
    let card = card(recipe, &versions);
    Ok((manifest, card))
}

/// The library that encoded a file, where the file says so: libraries have versions of their own.
fn encoder(file: &[u8]) -> Option<String> {
    let names = ["reference libFLAC", "Xiph.Org libVorbis"];
    let begin = names
        .iter()
        .find_map(|name| file.windows(name.len()).position(|window| window == name.as_bytes()))?;
    let text = file[begin..].iter().take_while(|byte| (b' '..=b'~').contains(*byte));
    Some(text.map(|byte| char::from(*byte)).collect())
}

/// Everything about a clip that the seed decides.
#[derive(Debug, Clone, PartialEq)]
struct Clip {
    script: Script,
    words_a_minute: i64,
    pitch: i64,
    noise: Noise,
    rate: u32,
    format: (&'static str, &'static [&'static str]),
    index: usize,
}

/// What is heard besides the voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noise {
    None,
    Hiss,
    Hum,
}

impl Noise {
    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hiss => "hiss",
            Self::Hum => "hum",
        }
    }
}

impl Clip {
    fn draw(recipe: &Recipe, index: usize) -> Self {
        let mut rng = Rng::for_case("audio", recipe.seed, index);
        let script = Script::draw(&mut rng, index);
        let (slow, fast) = if recipe.difficulty == Difficulty::Hard { (165, 215) } else { (125, 175) };
        let noisy = match recipe.difficulty {
            Difficulty::Easy => 0,
            Difficulty::Normal => 45,
            Difficulty::Hard => 100,
        };
        let noise = if rng.chance(noisy) { *rng.pick(&[Noise::Hiss, Noise::Hum]) } else { Noise::None };
        let format = FORMATS[index % FORMATS.len()];
        // Telephone quality keeps the uncompressed files small.
        let rate = if format.0 == "wav" { 8_000 } else { *rng.pick(&[8_000, 16_000]) };
        let (words_a_minute, pitch) = (rng.whole(slow, fast), rng.whole(35, 65));
        Self { script, words_a_minute, pitch, noise, rate, format, index }
    }

    /// Speaks, adds noise and encodes.
    fn record(&self, work: &program::Workplace, recipe: &Recipe) -> Result<Vec<u8>> {
        let (spoken, noisy, done) =
            (work.path("spoken.wav"), work.path("noisy.wav"), work.path(self.format.0));
        let (speed, pitch) = (self.words_a_minute.to_string(), self.pitch.to_string());
        let spoken_text = self.script.text.as_str();
        SPEAKER.run(&["-v", self.script.voice, "-s", &speed, "-p", &pitch, "-w", &spoken, spoken_text])?;
        let rate = self.rate.to_string();
        let plain = work.path("plain.wav");
        // No dither, and the same random numbers each time: as repeatable as the programs allow.
        CONVERTER
            .run(&["-R", "-D", &spoken, "-r", &rate, "-c", "1", "-b", "16", &plain, "gain", "-n", "-3"])?;
        let mut sound = Sound::parse(&work.read("plain.wav")?)?;
        let mut rng = Rng::for_case("audio noise", recipe.seed, self.index);
        let loudness = if recipe.difficulty == Difficulty::Hard { 0.22 } else { 0.09 };
        match self.noise {
            Noise::None => {}
            Noise::Hiss => sound.hiss(loudness, &mut rng),
            Noise::Hum => sound.hum(loudness),
        }
        work.write("noisy.wav", &sound.to_wav())?;
        let mut arguments = vec!["-R", "-D", noisy.as_str()];
        arguments.extend(self.format.1);
        arguments.push(&done);
        CONVERTER.run(&arguments)?;
        work.read(self.format.0)
    }

    fn tags(&self) -> BTreeMap<String, String> {
        [
            ("language", self.script.language.to_owned()),
            ("voice", self.script.voice.to_owned()),
            ("noise", self.noise.name().to_owned()),
            ("format", self.format.0.to_owned()),
            ("rate", self.rate.to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }
}

fn manifest(recipe: &Recipe) -> Manifest {
    let task = Task {
        system: None,
        prompt: PROMPT.trim_end().to_owned(),
        schema: None,
        metric: "transcribe".to_owned(),
        critical: vec![],
        settings: toml::Table::new(),
    };
    Manifest {
        name: "audio".to_owned(),
        version: "1.0.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        provenance: format!("Synthetic speech made by `{}` with espeak-ng and sox", recipe.command()),
        split: "test".to_owned(),
        origin: "drawn".to_owned(),
        tasks: BTreeMap::from([("transcribe".to_owned(), task)]),
    }
}

fn card(recipe: &Recipe, versions: &[String]) -> String {
    let mut card = format!(
        "# audio\n\n{}\n## How it was made\n\n```sh\n{}\n```\n\n",
        include_str!("audio/card.md"),
        recipe.command()
    );
    card.push_str("The programs that made these bytes:\n\n");
    for version in versions {
        let _ = writeln!(card, "- {version}");
    }
    card
}

#[cfg(test)]
mod tests;
