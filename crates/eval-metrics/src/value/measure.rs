//! Units of measure.

/// Units by kind, size and spelling. A temperature is no multiple of another one.
const MEASURES: [(&str, f64, &[&str]); 42] = [
    ("power", 1.0, &["w", "watt", "watts"]),
    ("power", 1e3, &["kw", "kilowatt", "kilowatts"]),
    ("power", 1e6, &["mw", "megawatt", "megawatts"]),
    ("power", 1e9, &["gw", "gigawatt", "gigawatts"]),
    ("power", 1e12, &["tw", "terawatt", "terawatts"]),
    ("energy", 1.0, &["wh"]),
    ("energy", 1e3, &["kwh"]),
    ("energy", 1e6, &["mwh"]),
    ("energy", 1e9, &["gwh"]),
    ("energy", 1e12, &["twh"]),
    ("mass", 1e-6, &["µg", "μg", "ug", "mcg", "microgram", "micrograms"]),
    ("mass", 1e-3, &["mg", "milligram", "milligrams"]),
    ("mass", 1.0, &["g", "gr", "gram", "grams", "gramm"]),
    ("mass", 1e3, &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"]),
    ("mass", 1e6, &["t", "tonne", "tonnes", "ton", "tons"]),
    ("mass", 1e9, &["kt", "kilotonnes"]),
    ("mass", 1e12, &["mt", "megatonnes"]),
    ("mass", 28.349_523_125, &["oz", "ounce", "ounces"]),
    ("mass", 453.592_37, &["lb", "lbs"]),
    ("length", 1e-3, &["mm", "millimeter", "millimeters", "millimetre", "millimetres"]),
    ("length", 1e-2, &["cm", "centimeter", "centimeters", "centimetre", "centimetres"]),
    ("length", 1.0, &["m", "meter", "meters", "metre", "metres"]),
    ("length", 1e3, &["km", "kilometer", "kilometers", "kilometre", "kilometres"]),
    ("length", 0.0254, &["inch", "inches"]),
    ("length", 0.3048, &["ft", "foot", "feet"]),
    ("length", 0.9144, &["yd", "yard", "yards"]),
    ("length", 1_609.344, &["mi", "mile", "miles"]),
    ("volume", 1e-3, &["ml", "milliliter", "milliliters", "millilitre", "millilitres"]),
    ("volume", 1e-2, &["cl", "centiliter", "centiliters", "centilitre", "centilitres"]),
    ("volume", 1.0, &["l", "liter", "liters", "litre", "litres"]),
    ("volume", 1e2, &["hl", "hectoliter", "hectoliters", "hectolitre", "hectolitres"]),
    ("time", 1e-3, &["ms", "millisecond", "milliseconds"]),
    ("time", 1.0, &["s", "sec", "secs", "second", "seconds"]),
    ("time", 60.0, &["min", "mins", "minute", "minutes"]),
    ("time", 3_600.0, &["h", "hr", "hrs", "hour", "hours"]),
    ("time", 86_400.0, &["day", "days"]),
    ("time", 604_800.0, &["week", "weeks"]),
    ("celsius", 1.0, &["c", "celsius"]),
    ("fahrenheit", 1.0, &["f", "fahrenheit"]),
    ("per mille", 1.0, &["‰", "permille", "promille"]),
    ("speed", 1.0, &["kph", "kmh"]),
    ("speed", 1.609_344, &["mph"]),
];

/// The kind and the size of a unit, in lower case.
pub(crate) fn measure(word: &str) -> Option<(&'static str, f64)> {
    MEASURES.iter().find(|(_, _, names)| names.contains(&word)).map(|(kind, size, _)| (*kind, *size))
}

/// The only number of a text, and the kind and size of the unit behind it, if there is nothing else: `5 mg`, `1.5kg`.
pub(super) fn measured(text: &str) -> Option<(&str, &'static str, f64)> {
    let text = text.trim().trim_end_matches('.');
    let start = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, unit) = (&text[..start], text[start..].trim().trim_start_matches('°'));
    let is_number = number.chars().all(|c| c.is_ascii_digit() || " .,+-".contains(c));
    let (kind, size) = measure(&unit.to_lowercase()).filter(|_| is_number)?;
    Some((number, kind, size))
}
