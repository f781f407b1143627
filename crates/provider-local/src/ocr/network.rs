//! The two embedded networks, each loaded once.

use std::sync::OnceLock;

use rten::{Model, NodeId, Value};

use crate::Failure;

/// A network with one input and one output.
pub struct Network {
    model: Model,
    input: NodeId,
    output: NodeId,
}

/// Finds where text is.
pub fn detector() -> &'static Network {
    static NETWORK: OnceLock<Network> = OnceLock::new();
    NETWORK.get_or_init(|| Network::load(include_bytes!("../../models/PP-OCRv6_det_tiny.onnx")))
}

/// Reads one strip of text.
pub fn recogniser() -> &'static Network {
    static NETWORK: OnceLock<Network> = OnceLock::new();
    NETWORK.get_or_init(|| Network::load(include_bytes!("../../models/PP-OCRv6_rec_tiny.onnx")))
}

/// The recogniser's characters by class; class 0 is the blank between characters.
pub fn alphabet() -> &'static [char] {
    static ALPHABET: OnceLock<Vec<char>> = OnceLock::new();
    ALPHABET.get_or_init(|| {
        let metadata = recogniser().model.metadata();
        let characters = metadata.get("character").expect("the embedded weights carry their characters");
        let listed = characters.split('\n').filter_map(|line| line.chars().next());
        std::iter::once('\0').chain(listed).chain(std::iter::once(' ')).collect()
    })
}

impl Network {
    fn load(weights: &'static [u8]) -> Self {
        let model = Model::load_static_slice(weights).expect("the embedded weights are whole");
        let input = model.input_ids()[0];
        let output = model.output_ids()[0];
        Self { model, input, output }
    }

    /// Runs it on one input and returns the shape and values of the output.
    pub fn run<const N: usize>(
        &self,
        shape: [usize; 4],
        values: Vec<f32>,
    ) -> Result<([usize; N], Vec<f32>), Failure> {
        let input = Value::from_shape(shape, values).map_err(failure)?;
        let [output] =
            self.model.run_n(vec![(self.input, input.into())], [self.output], None).map_err(failure)?;
        output.into_shape_vec::<f32, N>().map_err(failure)
    }
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure::Engine(format!("the text network did not run: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_a_class_for_every_output() {
        assert_eq!(alphabet().len(), 6906);
        assert_eq!(alphabet()[6905], ' ');
        assert!(alphabet().contains(&'€') && alphabet().contains(&'A'));
    }
}
