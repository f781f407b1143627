use bytes::Bytes;
use vision_http::Body;

/// A form with a file, as browsers send it. The same form gives the same bytes.
#[derive(Default)]
pub struct Form {
    pieces: Vec<(String, Bytes)>,
}

impl Form {
    pub fn field(mut self, name: &str, value: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.pieces.push((head, Bytes::from(value.to_owned())));
        self
    }

    pub fn file(mut self, name: &str, file_name: &str, content_type: &str, bytes: Bytes) -> Self {
        let file_name = harmless(file_name);
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
        );
        self.pieces.push((head, bytes));
        self
    }

    pub fn into_body(self) -> Body {
        let boundary = self.boundary();
        let size = self.pieces.iter().map(|(head, value)| head.len() + value.len() + 64).sum();
        let mut body = Vec::with_capacity(size);
        for (head, value) in &self.pieces {
            body.extend_from_slice(format!("--{boundary}\r\n{head}").as_bytes());
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Body::Raw { content_type, bytes: Bytes::from(body) }
    }

    /// The first of a row of names that occurs in no piece. Chance would make every body another one.
    fn boundary(&self) -> String {
        let free =
            |boundary: &String| !self.pieces.iter().any(|(_, value)| contains(value, boundary.as_bytes()));
        (0..).map(|number| format!("vision-eval-form-{number}")).find(free).expect("some number is free")
    }
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    let candidates = text.iter().enumerate().filter(|(_, byte)| **byte == words[0]);
    candidates.map(|(at, _)| &text[at..]).any(|rest| rest.starts_with(words))
}

/// Quotes, line ends and the like would end the header or the name in it.
fn harmless(file_name: &str) -> String {
    let keep = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    file_name.chars().map(|letter| if keep(letter) { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Form;

    #[test]
    fn fields_and_files_are_written_in_order() {
        let form = Form::default().field("model", "whisper-1");
        let body = form.file("file", "über\"a.wav", "audio/wav", Bytes::from_static(b"RIFF")).into_body();
        assert_eq!(body.content_type(), Some("multipart/form-data; boundary=vision-eval-form-0"));
        let text = String::from_utf8(body.bytes().to_vec()).unwrap();
        let expected = [
            "--vision-eval-form-0",
            "Content-Disposition: form-data; name=\"model\"",
            "",
            "whisper-1",
            "--vision-eval-form-0",
            "Content-Disposition: form-data; name=\"file\"; filename=\"_ber_a.wav\"",
            "Content-Type: audio/wav",
            "",
            "RIFF",
            "--vision-eval-form-0--",
            "",
        ];
        assert_eq!(text, expected.join("\r\n"));
    }

    #[test]
    fn the_boundary_never_occurs_in_what_it_bounds() {
        let body = Form::default().field("a", "--vision-eval-form-0").into_body();
        assert_eq!(body.content_type(), Some("multipart/form-data; boundary=vision-eval-form-1"));
    }
}
