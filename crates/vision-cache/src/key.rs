use sha2::{Digest, Sha256};
use vision_core::{Media, Modality, Output, Part, Request, Schema};

/// To be raised when the meaning of a key or the form of a stored answer changes: older answers are then not found.
const VERSION: u32 = 1;

/// A hash of everything that can change an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// `scope` is whatever a request does not say.
    pub fn new(scope: &str, request: &Request) -> Self {
        // Taken apart, so that a new field of a request cannot be forgotten here.
        let Request {
            task,
            system,
            parts,
            output,
            max_output_tokens,
            temperature,
            seed,
            effort,
            detail,
            stream,
            token_probabilities,
            repeat,
        } = request;
        let mut fields = Fields(Sha256::new());
        fields.add("version", VERSION.to_le_bytes());
        fields.add("scope", scope);
        fields.add("task", task.name());
        fields.add_if("system", system.as_deref());
        parts.iter().for_each(|part| fields.part(part));
        fields.output(output);
        fields.add("max_output_tokens", max_output_tokens.get().to_le_bytes());
        // Adding zero makes -0 the 0 it is equal to.
        fields.add_if("temperature", temperature.map(|temperature| (temperature + 0.0).to_le_bytes()));
        fields.add_if("seed", seed.map(u64::to_le_bytes));
        fields.add_if("effort", effort.map(|effort| effort.name()));
        fields.add_if("detail", detail.map(|detail| detail.name()));
        // Streamed answers have times that others lack.
        fields.add_if("stream", stream.then_some("yes"));
        fields.add_if("token_probabilities", token_probabilities.then_some("yes"));
        fields.add("repeat", repeat.to_le_bytes());
        Self(fields.0.finalize().into())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Any key.
    #[cfg(test)]
    pub fn numbered(number: u32) -> Self {
        Self(Sha256::digest(number.to_le_bytes()).into())
    }
}

/// Fields with their names and lengths, so that no two lists of fields look the same. What is not set is left out.
struct Fields(Sha256);

impl Fields {
    fn add(&mut self, name: &str, value: impl AsRef<[u8]>) {
        for bytes in [name.as_bytes(), value.as_ref()] {
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
    }

    fn add_if(&mut self, name: &str, value: Option<impl AsRef<[u8]>>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.add("text", text),
            Part::Media(media) => self.media(media),
        }
    }

    fn media(&mut self, media: &Media) {
        self.add("media", media.kind().extension());
        self.add_if("bytes", media.bytes());
        self.add_if("url", media.url());
        // Some hosts take documents and sound as files with names, and models can read those.
        if media.modality() != Modality::Image {
            self.add("name", media.name());
        }
    }

    fn output(&mut self, output: &Output) {
        match output {
            Output::Text => self.add("output", "text"),
            Output::Json => self.add("output", "json"),
            Output::Schema(Schema { name, schema, strict }) => {
                self.add("output", "schema");
                self.add("schema_name", name.as_bytes());
                self.add("schema", schema.to_string());
                self.add("strict", [u8::from(*strict)]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
