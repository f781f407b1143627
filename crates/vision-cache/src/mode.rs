use std::fmt;
use std::str::FromStr;

/// How a cache is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Known answers are taken from it, new ones are kept.
    #[default]
    On,
    /// As if there were none.
    Off,
    /// Known answers are taken from it, new ones are not kept.
    ReadOnly,
    /// Everything is asked anew and kept.
    Refresh,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::On, Self::Off, Self::ReadOnly, Self::Refresh];

    /// The name used in flags and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::ReadOnly => "read-only",
            Self::Refresh => "refresh",
        }
    }

    pub(crate) fn reads(self) -> bool {
        matches!(self, Self::On | Self::ReadOnly)
    }

    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::On | Self::Refresh)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|mode| mode.name() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            format!("unknown cache mode `{text}` (known: {known})")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn every_name_leads_back_to_its_mode() {
        for mode in Mode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        let error = "readonly".parse::<Mode>().unwrap_err();
        assert_eq!(error, "unknown cache mode `readonly` (known: on, off, read-only, refresh)");
    }
}
