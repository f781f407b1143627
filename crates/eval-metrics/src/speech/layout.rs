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
        let stamped = without_stamp(line);
        let is_stamp = line.contains("-->") && stamped.is_none();
        if is_cue || is_stamp || (at == 0 && (line == "WEBVTT" || is_introduction(line))) {
            continue;
        }
        let line = stamped.unwrap_or(line);
        out.push_str(without_speaker(without_announcement(line).filter(|_| at == 0).unwrap_or(line)));
        out.push('\n');
    }
    out
}

/// The words behind `[00:00.000 --> 00:02.000]`.
fn without_stamp(line: &str) -> Option<&str> {
    let (stamp, rest) = line.strip_prefix('[')?.split_once(']')?;
    let is_stamp = stamp.contains("-->") && stamp.chars().all(|c| c.is_ascii_digit() || " :.,->".contains(c));
    is_stamp.then(|| rest.trim_start())
}

/// The words behind `The transcript of the audio is:`, on the same line.
fn without_announcement(line: &str) -> Option<&str> {
    const LONGEST: usize = 60;
    let (lead, rest) =
        line.split_once(':').filter(|(lead, rest)| lead.len() <= LONGEST && !rest.trim().is_empty())?;
    let lead = lead.trim_matches(['*', '#', ' ']).to_lowercase();
    let announces = lead.contains("transcript") && (lead.ends_with(" is") || lead.starts_with("here"));
    announces.then(|| rest.trim_start())
}

/// `Here is the transcript:`, `Transcript:`
fn is_introduction(line: &str) -> bool {
    let heading = line.starts_with('#');
    let line = line.trim_matches(['*', '#', ' ']).to_lowercase();
    line.len() < 120
        && (line.ends_with(':') || heading)
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
    // The colon of a time in brackets is none.
    let from = text
        .find(['(', '['])
        .filter(|at| *at <= 20)
        .map_or(0, |at| text[at..].find([')', ']']).map_or(0, |length| at + length));
    let end = from + text[from..].find([':', '\n'])?;
    if end > 40 || !text[end..].starts_with(':') || from == 0 && end > 24 {
        return None;
    }
    let label = text[..end].trim_matches(['*', '[', ']', '(', ')', ' ']).to_lowercase();
    let role = ROLES.iter().find(|role| label.starts_with(**role))?;
    // `Speaker 1 (00:00):` has its colon behind the time.
    let rest = &label[role.len()..];
    let number = rest.split(['(', '[']).next().unwrap_or_default().trim_matches([' ', '_', '#', '-']);
    (number.len() <= 3 && number.chars().all(char::is_alphanumeric))
        .then(|| text[end + 1..].trim_start_matches(['*', ' ']))
}
