use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use vision_core::{Error, ErrorKind, Response, Result};

use crate::key::Key;
use crate::private;

/// Answers in a file. Several threads and processes may use one file at once.
pub struct Cache {
    path: PathBuf,
    connection: Mutex<Connection>,
    complaint: OnceLock<String>,
}

/// What lies in a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// How many answers.
    pub answers: u64,
    /// About how much room they take, as [`Cache::prune`] counts it.
    pub bytes: u64,
    /// The size of the file.
    pub file_bytes: u64,
    /// When the oldest answer was stored.
    pub oldest: Option<SystemTime>,
}

/// Marks the file as ours: "VEvC".
const APPLICATION: i32 = 0x5645_7643;

static OPENING: Mutex<()> = Mutex::new(());

/// The version of the tables.
const LAYOUT: i32 = 1;

/// `unixepoch()` is the only clock that is read here.
const TABLES: &str = "
    CREATE TABLE answers (
        key BLOB NOT NULL PRIMARY KEY,
        stored INTEGER NOT NULL DEFAULT (unixepoch()),
        response TEXT NOT NULL
    ) STRICT;
    CREATE INDEX answers_by_age ON answers (stored);
";

/// What a row takes beside its answer: the key twice, the time twice, and what SQLite adds.
const ROW: i64 = 128;

/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(5);

impl Cache {
    /// Opens the cache at `path`, and makes it and its folder if need be. Only the user can read it.
    ///
    /// A damaged file is moved aside, with a complaint, and a new cache is begun.
    pub fn open(path: impl Into<PathBuf>) -> Result<Arc<Self>> {
        let path = path.into();
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| {
            let message = format!("cannot open the cache {}", path.display());
            Error::new(ErrorKind::Config, message).with_source(source)
        };
        // Making the file and closing it must not happen while another thread holds SQLite's locks on it.
        let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        let complaint = OnceLock::new();
        private::make(&path).map_err(|source| failed(source.into()))?;
        let connected = match connect(&path) {
            Err(error) if is_damage(&error) => {
                let aside = private::move_aside(&path).map_err(|source| failed(source.into()))?;
                complaint.get_or_init(|| {
                    format!(
                        "the cache {} is damaged ({error}): it was moved to {}, and a new one was begun",
                        path.display(),
                        aside.display()
                    )
                });
                private::make(&path).map_err(|source| failed(source.into()))?;
                connect(&path)
            }
            connected => connected,
        };
        match connected.map_err(|error| failed(error.into()))? {
            Some(connection) => {
                Ok(Arc::new(Self { path: path.clone(), connection: Mutex::new(connection), complaint }))
            }
            None => Err(foreign(&path)),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first thing that could not be read or written, if any: to be shown when the work is done.
    pub fn complaint(&self) -> Option<&str> {
        self.complaint.get().map(String::as_str)
    }

    /// What lies in it.
    pub fn stats(&self) -> Result<Stats> {
        let sql = "SELECT count(*), coalesce(sum(octet_length(response) + ?1), 0), min(stored),
                          (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)
                   FROM answers";
        let stats = self.connection().query_row(sql, [ROW], |row| {
            // SQLite knows no unsigned numbers; none of these is negative.
            let number = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
            let oldest: Option<i64> = row.get(2)?;
            Ok(Stats {
                answers: number(0)?,
                bytes: number(1)?,
                file_bytes: number(3)?,
                oldest: oldest.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())),
            })
        });
        stats.map_err(|source| self.failed("read", source))
    }

    /// Removes answers that are older than `max_age`, then the oldest until the rest takes at most `max_bytes`.
    ///
    /// Gives the room back to the file system, and returns how many answers are gone.
    pub fn prune(&self, max_age: Option<Duration>, max_bytes: Option<u64>, now: SystemTime) -> Result<u64> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let pruned = prune(&self.connection(), max_age.map(|age| now.saturating_sub(age)), max_bytes);
        pruned.map_err(|source| self.failed("prune", source))
    }

    /// The answer that was stored under this key. One that cannot be read is none.
    pub(crate) fn get(&self, key: &Key) -> Option<Response> {
        let sql = "SELECT response FROM answers WHERE key = ?1";
        let found = self.connection().query_row(sql, [key.bytes()], |row| {
            // Bytes and not text: a damaged row need not be UTF-8.
            Ok(row.get_ref(0)?.as_bytes().ok().and_then(|json| serde_json::from_slice(json).ok()))
        });
        match found.optional() {
            Ok(response) => response.flatten(),
            Err(source) => {
                self.note(&self.failed("read", source));
                None
            }
        }
    }

    /// Stores an answer in place of an older one. A failure is a complaint and no more: the answer is not lost by it.
    pub(crate) fn put(&self, key: &Key, response: &Response) {
        let json = serde_json::to_string(response).expect("an answer is plain data");
        let sql = "INSERT OR REPLACE INTO answers (key, response) VALUES (?1, ?2)";
        if let Err(source) = self.connection().execute(sql, params![key.bytes(), json]) {
            self.note(&self.failed("write", source));
        }
    }

    #[cfg(test)]
    pub(crate) fn refuse_writes(&self) {
        self.connection().execute_batch("PRAGMA query_only = ON").expect("a setting of this connection");
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, error: &Error) {
        self.complaint.get_or_init(|| error.chain());
    }

    fn failed(&self, verb: &str, source: rusqlite::Error) -> Error {
        let advice = if is_damage(&source) { ", which is damaged: delete it to begin a new one" } else { "" };
        let message = format!("cannot {verb} the cache {}{advice}", self.path.display());
        Error::new(ErrorKind::Config, message).with_source(source)
    }
}

/// `None` if the file is not ours.
fn connect(path: &Path) -> rusqlite::Result<Option<Connection>> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // A power cut may cost the last answers, but never the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    if !is_ours(&connection)? && !create(&mut connection)? {
        return Ok(None);
    }
    // Lets others read while one writes. If this cannot be had, because somebody is at work or the file system does
    // not allow it, the cache works all the same, and whoever opens it next asks again.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).ok();
    Ok(Some(connection))
}

fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let sql =
        "SELECT application_id = ?1 AND user_version = ?2 FROM pragma_application_id, pragma_user_version";
    connection.query_row(sql, [APPLICATION, LAYOUT], |row| row.get(0))
}

/// Makes the tables, unless there is something else, or another process has been faster.
fn create(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_empty = |row: &rusqlite::Row<'_>| row.get(0);
    if !transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], is_empty)? {
        return is_ours(&transaction);
    }
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()?;
    Ok(true)
}

fn prune(connection: &Connection, since: Option<Duration>, max_bytes: Option<u64>) -> rusqlite::Result<u64> {
    let mut gone = 0;
    if let Some(since) = since {
        let since = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        gone += connection.execute("DELETE FROM answers WHERE stored < ?1", [since])?;
    }
    if let Some(most) = max_bytes {
        // The newest are counted first; whatever does not fit any more is too old.
        let sql = "DELETE FROM answers WHERE rowid IN (
                       SELECT id FROM (
                           SELECT rowid AS id,
                                  sum(octet_length(response) + ?1) OVER (ORDER BY stored DESC, rowid DESC) AS total
                           FROM answers)
                       WHERE total > ?2)";
        gone += connection.execute(sql, [ROW, i64::try_from(most).unwrap_or(i64::MAX)])?;
    }
    if gone > 0 {
        connection.execute_batch("VACUUM")?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(gone as u64)
}

/// Whether the file is none that SQLite wrote, or is not whole.
fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

/// Whether a cache cannot be used because its file cannot be written, as on a full disk.
pub fn is_unwritable(error: &Error) -> bool {
    let Some(source) = std::error::Error::source(error) else { return false };
    let code = source.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
    source.is::<std::io::Error>()
        || matches!(
            code,
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::ReadOnly
                    | ErrorCode::CannotOpen
            )
        )
}

fn foreign(path: &Path) -> Error {
    let message = format!(
        "{} is no cache that can be used here: it belongs to another program or another version; move it away, or name another file",
        path.display()
    );
    Error::new(ErrorKind::Config, message)
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({})", self.path.display())
    }
}

#[cfg(test)]
mod tests;
