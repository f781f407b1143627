use eval::SetupError;

/// Two things that are both needed: what is missing of either is said at once.
pub(super) fn both<A, B>(
    one: Result<A, SetupError>,
    other: Result<B, SetupError>,
) -> Result<(A, B), SetupError> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (
            Err(SetupError::Provider { label, message: one }),
            Err(SetupError::Provider { message: other, .. }),
        ) => Err(SetupError::Provider { label, message: format!("{one}; and {other}") }),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}
