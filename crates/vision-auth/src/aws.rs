//! Keys of Amazon's, and the region they are for.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result, Secret};
use vision_http::{AwsKeys, Fresh, Renewed, Source, Transport};

use crate::{Fixed, Machine, ReadFile, command};

mod container;
mod given;
mod instance;
mod web_identity;

use given::Given;

/// Where to get keys.
pub const KEY_PAGE: &str = "https://console.aws.amazon.com/iam/home#/security_credentials";

/// Finds the keys, or says where they were looked for and what to run.
pub fn keys(machine: &Machine<'_>, profile: Option<&str>) -> Result<Renewed<AwsKeys>, String> {
    // Who names a profile does not want the environment's keys.
    if profile.is_none()
        && let Some(keys) = of_environment(machine)
    {
        return keys.map(|keys| Fixed::renewed("AWS_ACCESS_KEY_ID", keys));
    }
    let name = profile_name(machine, profile);
    let files = SharedFiles::of(machine);
    if let Some(found) = files.profile(&name).keys(machine, &files) {
        return found;
    }
    let of_profile = format!("profile `{name}` in {CREDENTIALS_FILE} and {CONFIG_FILE}");
    let advice = "set the variables, or run `aws configure` or `aws configure sso`";
    if profile.is_some() {
        return Err(format!("no AWS keys: tried {of_profile}; {advice}"));
    }
    // A machine of Amazon's is asked last: what somebody wrote down is nearer.
    let region = region(machine, None);
    let near = web_identity::keys(machine, region.as_deref()).or_else(|| container::keys(machine));
    near.unwrap_or_else(|| {
        instance::keys(machine).map_err(|why| {
            format!(
                "no AWS keys: tried AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, {of_profile}, \
                 AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and \
                 AWS_CONTAINER_CREDENTIALS_FULL_URI, {} ({why}); {advice}",
                instance::NAME
            )
        })
    })
}

/// The region, if anything says it.
pub fn region(machine: &Machine<'_>, profile: Option<&str>) -> Option<String> {
    let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| machine.get(name));
    let of_profile =
        || SharedFiles::of(machine).profile(&profile_name(machine, profile)).values.remove("region");
    match profile {
        Some(_) => of_profile().or(variables),
        None => variables.or_else(of_profile),
    }
}

const CREDENTIALS_FILE: &str = "~/.aws/credentials";
const CONFIG_FILE: &str = "~/.aws/config";

fn profile_name(machine: &Machine<'_>, profile: Option<&str>) -> String {
    let named = profile.map(str::to_owned).or_else(|| machine.get("AWS_PROFILE"));
    named.unwrap_or_else(|| "default".to_owned())
}

/// One half of a key is a mistake: those of a profile would be somebody else's.
fn of_environment(machine: &Machine<'_>) -> Option<Result<AwsKeys, String>> {
    let get = |name: &str| machine.get(name).map(Secret::new);
    let access = get("AWS_ACCESS_KEY_ID")?;
    let secret = get("AWS_SECRET_ACCESS_KEY").ok_or_else(|| {
        "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both, or neither to use a profile"
            .to_owned()
    });
    Some(secret.map(|secret| AwsKeys { access, secret, session: get("AWS_SESSION_TOKEN") }))
}

/// The two files that Amazon's tools share.
#[derive(Clone)]
struct SharedFiles {
    config: String,
    credentials: String,
    read: ReadFile,
}

impl SharedFiles {
    fn of(machine: &Machine<'_>) -> Self {
        let path = |variable: &str, usual: &str| machine.get(variable).unwrap_or_else(|| usual.to_owned());
        Self {
            config: path("AWS_CONFIG_FILE", CONFIG_FILE),
            credentials: path("AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS_FILE),
            read: machine.file.clone(),
        }
    }

    fn profile(&self, name: &str) -> Profile {
        let text = |path: &str| (self.read)(path).unwrap_or_default();
        let config = text(&self.config);
        let mut values = section(&config, &format!("profile {name}"));
        if name == "default" {
            values.extend(section(&config, name));
        }
        // The file of keys has the last word.
        values.extend(section(&text(&self.credentials), name));
        Profile { name: name.to_owned(), values }
    }
}

/// What the shared files say of one profile.
struct Profile {
    name: String,
    values: BTreeMap<String, String>,
}

impl Profile {
    fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// The keys that stand in it.
    fn written(&self) -> Option<AwsKeys> {
        Some(AwsKeys {
            access: Secret::new(self.get("aws_access_key_id")?),
            secret: Secret::new(self.get("aws_secret_access_key")?),
            session: self.get("aws_session_token").map(Secret::new),
        })
    }

    /// Nothing if the profile has no keys at all.
    fn keys(&self, machine: &Machine<'_>, files: &SharedFiles) -> Option<Result<Renewed<AwsKeys>, String>> {
        let name = &self.name;
        if self.written().is_some() {
            return Some(Ok(WrittenDown::renewed(name, files.clone())));
        }
        if let Some(line) = self.get("credential_process") {
            let words = shlex::split(line).filter(|words| !words.is_empty());
            let words = words.ok_or_else(|| {
                format!("the credential_process of profile `{name}` cannot be read: are its quotes closed?")
            });
            return Some(
                words.map(|words| Process::renewed(machine, name, words, "run it by hand to see why")),
            );
        }
        let by_login =
            ["sso_session", "sso_start_url", "role_arn", "web_identity_token_file", "login_session"];
        by_login.iter().any(|key| self.get(key).is_some()).then(|| {
            let words = ["aws", "configure", "export-credentials", "--format", "process", "--profile", name];
            let words = words.into_iter().map(str::to_owned).collect();
            Ok(Process::renewed(
                machine,
                name,
                words,
                &format!("run `aws sso login --profile {name}`, or install the AWS CLI"),
            ))
        })
    }
}

/// Keys that stand in the shared files. Whoever writes keys of an hour there writes them anew before they end.
struct WrittenDown {
    name: String,
    profile: String,
    files: SharedFiles,
}

impl WrittenDown {
    fn renewed(profile: &str, files: SharedFiles) -> Renewed<AwsKeys> {
        Renewed::new(Self { name: format!("profile `{profile}`"), profile: profile.to_owned(), files })
    }
}

impl fmt::Debug for WrittenDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrittenDown({})", self.name)
    }
}

#[async_trait]
impl Source<AwsKeys> for WrittenDown {
    fn name(&self) -> &str {
        &self.name
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let keys = self.files.profile(&self.profile).written();
        let gone = || Error::new(ErrorKind::Auth, format!("{} no longer holds AWS keys", self.name));
        Ok(Fresh { value: keys.ok_or_else(gone)?, lasts: None })
    }
}

/// The keys and values of one section of an INI file.
fn section(text: &str, name: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut inside = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(heading) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            inside = heading.0.split_whitespace().collect::<Vec<_>>().join(" ") == name;
        } else if inside
            // An indented line belongs to the table of the line above.
            && !line.starts_with([' ', '\t'])
            && let Some((key, value)) = trimmed.split_once('=')
        {
            values.insert(key.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    values.retain(|_, value| !value.is_empty());
    values
}

/// A program that prints keys.
#[derive(Debug)]
struct Process {
    name: String,
    words: Vec<String>,
    advice: String,
    lacks: Option<String>,
}

impl Process {
    fn renewed(machine: &Machine<'_>, profile: &str, words: Vec<String>, advice: &str) -> Renewed<AwsKeys> {
        let program = &words[0];
        let missing = || format!("`{program}`, which profile `{profile}` needs, is not installed: {advice}");
        Renewed::new(Self {
            name: format!("credential_process of profile `{profile}`"),
            lacks: (!command::is_installed(machine, program)).then(missing),
            words,
            advice: advice.to_owned(),
        })
    }
}

#[async_trait]
impl Source<AwsKeys> for Process {
    fn name(&self) -> &str {
        &self.name
    }

    fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    async fn fetch(&self, _: &dyn Transport) -> Result<Fresh<AwsKeys>> {
        let text = command::output(&self.words[0], &self.words[1..], &self.advice).await?;
        printed(&text, jiff::Timestamp::now())
            .map_err(|why| Error::new(ErrorKind::Auth, format!("the {} {why}: {}", self.name, self.advice)))
    }
}

fn printed(text: &str, now: jiff::Timestamp) -> Result<Fresh<AwsKeys>, &'static str> {
    // The source would quote what was printed.
    let given: Given = serde_json::from_str(text).map_err(|_| "did not print keys as JSON")?;
    match given.version {
        Some(1) => given.fresh(now),
        _ => Err("prints keys of another version than 1"),
    }
}

#[cfg(test)]
mod tests;
