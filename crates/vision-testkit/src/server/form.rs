/// One field of a `multipart/form-data` body.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub name: String,
    pub file_name: Option<String>,
    pub bytes: &'a [u8],
}

impl Field<'_> {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes).into_owned()
    }
}

/// Takes a form apart.
pub(super) fn parse<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Field<'a>>, String> {
    let boundary = content_type
        .strip_prefix("multipart/form-data;")
        .and_then(|rest| rest.trim().strip_prefix("boundary="))
        .ok_or("a form with a boundary was expected")?;
    let delimiter = format!("--{}", boundary.trim_matches('"'));
    let mut rest =
        body.strip_prefix(delimiter.as_bytes()).ok_or("the form does not start with its boundary")?;
    let delimiter = format!("\r\n{delimiter}");
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter.as_bytes()).ok_or("the form does not end")?;
        fields.push(field(&rest[..end])?);
        rest = &rest[end + delimiter.len()..];
    }
    Ok(fields)
}

fn field(part: &[u8]) -> Result<Field<'_>, String> {
    let part = part.strip_prefix(b"\r\n").ok_or("a boundary is not followed by a line break")?;
    let head = find(part, b"\r\n\r\n").ok_or("a field has no head")?;
    let text = String::from_utf8_lossy(&part[..head]).into_owned();
    let parameter = |name: &str| {
        let start = text.find(&format!("; {name}=\""))? + name.len() + 4;
        Some(text[start..start + text[start..].find('"')?].to_owned())
    };
    let name = parameter("name").ok_or("a field has no name")?;
    Ok(Field { name, file_name: parameter("filename"), bytes: &part[head + 4..] })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use vision_http::{Body, Field, multipart};

    use super::parse;

    #[test]
    fn reads_what_the_client_writes() {
        let file =
            Field::File { name: "file", file_name: "a.wav", content_type: "audio/wav", bytes: b"RI\r\n--FF" };
        let Body::Raw { content_type, bytes } = multipart(&[Field::Text("model", "m"), file]) else {
            unreachable!()
        };
        let bytes = bytes.whole();
        let fields = parse(&content_type, &bytes).unwrap();
        assert_eq!((fields[0].name.as_str(), fields[0].text().as_str()), ("model", "m"));
        assert_eq!(
            (fields[1].file_name.as_deref(), fields[1].bytes),
            (Some("a.wav"), b"RI\r\n--FF".as_slice())
        );
    }

    #[test]
    fn refuses_half_a_form() {
        assert!(parse("multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data").is_err());
        assert!(parse("application/json", b"{}").is_err());
    }
}
