//! Samples, and what noise does to them.

use crate::{error::Result, photo::quick_bell, rng::Rng};

/// One channel of 16-bit samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sound {
    rate: u32,
    samples: Vec<i16>,
}

impl Sound {
    /// Reads a mono 16-bit WAV file.
    pub(super) fn parse(file: &[u8]) -> Result<Self> {
        let mut chunks = file.get(12..).ok_or("a WAV file is too short")?;
        let mut rate = 0;
        while let (Some(name), Some(size)) = (chunks.get(..4), chunks.get(4..8)) {
            let size = u32::from_le_bytes(size.try_into().expect("four bytes")) as usize;
            let end = chunks.len().min(8 + size);
            let body = &chunks[8..end];
            match name {
                b"fmt " => {
                    let bytes = body.get(4..8).ok_or("a WAV file has a short header")?;
                    rate = u32::from_le_bytes(bytes.try_into().expect("four bytes"));
                }
                b"data" => {
                    let sample = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]);
                    return Ok(Self { rate, samples: body.chunks_exact(2).map(sample).collect() });
                }
                _ => {}
            }
            chunks = chunks.get(end + size % 2..).unwrap_or_default();
        }
        Err("a WAV file has no samples".into())
    }

    /// The WAV file.
    pub(super) fn to_wav(&self) -> Vec<u8> {
        let data: Vec<u8> = self.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let size = u32::try_from(data.len()).expect("clips are short");
        let mut file = b"RIFF".to_vec();
        file.extend((36 + size).to_le_bytes());
        file.extend(b"WAVEfmt ");
        file.extend(16_u32.to_le_bytes());
        file.extend([1, 0, 1, 0]);
        file.extend(self.rate.to_le_bytes());
        file.extend((self.rate * 2).to_le_bytes());
        file.extend([2, 0, 16, 0]);
        file.extend(b"data");
        file.extend(size.to_le_bytes());
        file.extend(data);
        file
    }

    /// Adds the noise of a cheap microphone; `share` is its strength against the loudest voice.
    pub(super) fn hiss(&mut self, share: f32, rng: &mut Rng) {
        let strength = share * 0.35 * self.peak();
        let mut last = 0.0;
        self.mix(|_| {
            // Neighbouring samples are alike: duller than white noise, as real hiss is.
            last = 0.6 * last + 0.8 * quick_bell(rng);
            last * strength
        });
    }

    /// Adds the hum of a badly shielded cable: a triangle of fifty waves a second, and its third.
    pub(super) fn hum(&mut self, share: f32) {
        let strength = share * self.peak();
        let rate = self.rate as usize;
        let wave = |at: usize, frequency: usize| {
            #[expect(clippy::cast_precision_loss, reason = "within one second")]
            let phase = (at * frequency % rate) as f32 / rate as f32;
            (phase - 0.5).abs() * 4.0 - 1.0
        };
        self.mix(|at| strength * (0.8 * wave(at, 50) + 0.3 * wave(at, 150)));
    }

    fn peak(&self) -> f32 {
        self.samples.iter().map(|sample| f32::from(sample.unsigned_abs())).fold(0.0, f32::max)
    }

    #[expect(clippy::cast_possible_truncation, reason = "clamped to a sample")]
    fn mix(&mut self, mut noise: impl FnMut(usize) -> f32) {
        for (at, sample) in self.samples.iter_mut().enumerate() {
            *sample = (f32::from(*sample) + noise(at)).clamp(-32768.0, 32767.0) as i16;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Sound {
        Sound {
            rate: 8_000,
            samples: (0..800).map(|at| if at / 20 % 2 == 0 { 9_000 } else { -9_000 }).collect(),
        }
    }

    #[test]
    fn reads_what_it_writes() {
        assert_eq!(Sound::parse(&sound().to_wav()).unwrap(), sound());
    }

    #[test]
    fn refuses_what_is_no_sound() {
        assert!(Sound::parse(b"RIFF").is_err());
        assert!(Sound::parse(&[0; 64]).is_err());
    }

    #[test]
    fn noise_is_heard_and_stays_below_the_voice() {
        let mut hiss = sound();
        hiss.hiss(0.1, &mut Rng::new(&["hiss"]));
        let mut hum = sound();
        hum.hum(0.1);
        for noisy in [hiss, hum] {
            assert_ne!(noisy, sound());
            assert!(noisy.peak() < 9_000.0 * 1.3);
        }
    }
}
