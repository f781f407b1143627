use crate::Body;
use crate::hash::sha256;

/// One field of a form.
#[derive(Debug, Clone, Copy)]
pub enum Field<'a> {
    /// A name and a text.
    Text(&'a str, &'a str),
    /// A file.
    File {
        /// The field's name.
        name: &'a str,
        /// The file's name. Some APIs judge the format by its extension.
        file_name: &'a str,
        /// The MIME type.
        content_type: &'a str,
        /// What is in it.
        bytes: &'a [u8],
    },
}

/// Writes a `multipart/form-data` body.
///
/// The boundary comes from the content: the same form gives the same bytes, and a content that holds its own
/// boundary would be a collision of SHA-256.
pub fn multipart(fields: &[Field<'_>]) -> Body {
    let size: usize = fields.iter().map(Field::size).sum();
    let mut content = Vec::with_capacity(size);
    fields.iter().for_each(|field| field.write(&mut content, ""));
    let boundary = format!("form-{}", &sha256(&content)[..32]);
    content.clear();
    content.reserve(size + fields.len() * boundary.len());
    fields.iter().for_each(|field| field.write(&mut content, &boundary));
    content.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Body::Raw { content_type: format!("multipart/form-data; boundary={boundary}"), bytes: content.into() }
}

impl Field<'_> {
    fn write(&self, out: &mut Vec<u8>, boundary: &str) {
        let (head, bytes) = match self {
            Self::Text(name, text) => (format!("name=\"{}\"", quoted(name)), text.as_bytes()),
            Self::File { name, file_name, content_type, bytes } => {
                let (name, file_name) = (quoted(name), quoted(file_name));
                let head =
                    format!("name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: {content_type}");
                (head, *bytes)
            }
        };
        out.extend_from_slice(
            format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    }

    fn size(&self) -> usize {
        const FRAME: usize = 256;
        match self {
            Self::Text(_, text) => text.len() + FRAME,
            Self::File { bytes, .. } => bytes.len() + FRAME,
        }
    }
}

/// A name as browsers write it: what would end it is percent-encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::{Field, multipart};
    use crate::Body;

    fn form(text: &str) -> (String, String) {
        let file =
            Field::File { name: "file", file_name: "a\"b.wav", content_type: "audio/wav", bytes: b"RIFF" };
        match multipart(&[Field::Text("model", text), file]) {
            Body::Raw { content_type, bytes } => {
                (content_type, String::from_utf8(bytes.whole().into_owned()).unwrap())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn writes_a_form_as_browsers_do() {
        let (content_type, body) = form("whisper-1");
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let wanted = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n\
             --{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a%22b.wav\"\r\n\
             content-type: audio/wav\r\n\r\nRIFF\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, wanted);
    }

    #[test]
    fn the_same_form_gives_the_same_bytes() {
        assert_eq!(form("a"), form("a"));
        assert_ne!(form("a").0, form("b").0);
    }
}
