//! The time, as the journals hold it.

/// Now, RFC 3339, UTC, to the millisecond.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
