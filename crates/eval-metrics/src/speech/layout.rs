//! What transcription tools put around the words.

/// The text without names of speakers, time marks, cues of subtitles and a line of introduction.
pub(super) fn without_marks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let timed = text.contains("-->");
    let mut out = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        let is_cue = timed
            && line.bytes().all(|byte| byte.is_ascii_digit())
            && lines.get(at + 1).is_some_and(|next| next.contains("-->"));
        if is_cue || line.contains("-->") || (at == 0 && (line == "WEBVTT" || is_introduction(line))) {
            continue;
        }
        out.push_str(without_speaker(line));
        out.push('\n');
    }
    out
}

/// `Here is the transcript:`, `Transcript:`
fn is_introduction(line: &str) -> bool {
    let line = line.trim_matches(['*', '#', ' ']).to_lowercase();
    line.len() < 120
        && line.ends_with(':')
        && (line.contains("transcri") || line.starts_with("sure") || line.starts_with("here"))
}

/// A line without the marks at its start, in any order: `[00:00] Speaker 1:`, `00:05 - Host:`.
fn without_speaker(line: &str) -> &str {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start_matches(['*', ' ', '-']);
        let next = without_time(trimmed).or_else(|| without_label(trimmed)).or_else(|| {
            trimmed.to_lowercase().strip_prefix("transcript:").map(|_| &trimmed["transcript:".len()..])
        });
        match next {
            Some(next) => rest = next,
            None => return if rest.len() == line.len() { line } else { trimmed },
        }
    }
}

/// Behind `00:05`, `[00:00:05.120]` or `(0:05)`.
fn without_time(text: &str) -> Option<&str> {
    let inner = text.trim_start_matches(['[', '(']);
    let end = inner.find(|c: char| !(c.is_ascii_digit() || ":.,".contains(c))).unwrap_or(inner.len());
    let mark = inner[..end].trim_end_matches([':', '.', ',']);
    let parts: Vec<&str> = mark.split(':').collect();
    let is_time = (2..=3).contains(&parts.len())
        && parts.iter().all(|part| !part.is_empty())
        && parts[1].len() >= 2
        && parts[0].len() <= 2;
    let enclosed = inner.len() < text.len();
    // A bare `6:15 is too early` is speech; a mark stands before a name, a dash or at least two digits of an hour.
    let rest = inner[mark.len()..].trim_start_matches([']', ')', ':']);
    // `10:30 am` is said.
    let half: String = rest.trim_start().chars().take(8).flat_map(char::to_lowercase).collect();
    let is_said = ["am", "pm", "a.m", "p.m", "uhr", "o'clock"].iter().any(|word| half.starts_with(word));
    (is_time
        && !is_said
        && (enclosed || parts.len() == 3 || parts[0].len() == 2 || rest.trim_start().starts_with('-')))
    .then_some(rest)
}

/// Behind `Speaker 1:`, `SPEAKER_00:`, `Interviewer:`.
fn without_label(text: &str) -> Option<&str> {
    const ROLES: [&str; 22] = [
        "speaker",
        "spk",
        "sprecher",
        "locuteur",
        "hablante",
        "interviewer",
        "interviewee",
        "host",
        "guest",
        "agent",
        "customer",
        "caller",
        "operator",
        "narrator",
        "moderator",
        "person",
        "man",
        "woman",
        "male",
        "female",
        "voice",
        "participant",
    ];
    let end = text.find([':', '\n']).filter(|end| *end <= 24 && text[*end..].starts_with(':'))?;
    let label = text[..end].trim_matches(['*', '[', ']', '(', ')', ' ']).to_lowercase();
    let role = ROLES.iter().find(|role| label.starts_with(**role))?;
    let number = label[role.len()..].trim_matches([' ', '_', '#', '-']);
    (number.len() <= 3 && number.chars().all(char::is_alphanumeric))
        .then(|| text[end + 1..].trim_start_matches(['*', ' ']))
}
