//! Invented people, companies and sentences for screens, diagrams and pages.

use crate::rng::Rng;

/// First and last names.
pub const PEOPLE: &[&str] = &[
    "Mara Lindqvist",
    "Tom Okafor",
    "Priya Raman",
    "Jonas Weber",
    "Elena Petrova",
    "Lucas Moreau",
    "Aiko Tanaka",
    "Sam Carter",
    "Nora Haddad",
    "Diego Fuentes",
    "Ingrid Solberg",
    "Peter Novak",
    "Chloe Martin",
    "Omar Aziz",
    "Julia Kowalska",
    "Ben Fischer",
];

/// Companies and products.
pub const COMPANIES: &[&str] = &[
    "Northwind Labs",
    "Alder & Co",
    "Brightline",
    "Kestrel Freight",
    "Lumen Health",
    "Otter Bay",
    "Quarry Street",
    "Solstice Energy",
    "Tidewater Bank",
    "Velo City",
    "Papermint",
    "Granite Works",
];

/// Subjects of messages.
pub const SUBJECTS: &[&str] = &[
    "Minutes of Tuesday's meeting",
    "Invoice 2024-0183 attached",
    "Re: office move in March",
    "Draft contract for review",
    "Your order has been shipped",
    "Team lunch on Friday?",
    "Release notes 4.2",
    "Parking permit renewal",
    "Question about the budget",
    "Fwd: travel itinerary",
    "Weekly numbers",
    "Welcome to the project",
    "Server maintenance tonight",
    "Photos from the workshop",
    "Reminder: timesheets due",
    "New design for the landing page",
];

/// Sentences that could stand anywhere in an office.
pub const SENTENCES: &[&str] = &[
    "Could you look at the second page before noon?",
    "The numbers match what we saw last week.",
    "I have moved the meeting to half past three.",
    "Please send me the signed copy when you have it.",
    "We should talk to the supplier first.",
    "The new version fixes the login problem.",
    "Let me know if the date works for you.",
    "Thanks, that is exactly what I needed.",
    "I will be travelling on Thursday and Friday.",
    "Nobody has reported the error since the update.",
    "The customer prefers the smaller package.",
    "Can we add two more seats to the plan?",
    "Everything is on the shared drive.",
    "I think the blue one looks better.",
    "See you tomorrow at the station.",
    "The delivery is expected on Monday morning.",
];

/// Services of a software system.
pub const SERVICES: &[&str] = &[
    "API gateway",
    "Auth service",
    "Orders",
    "Payments",
    "Catalogue",
    "Search",
    "Notifications",
    "Billing",
    "Users",
    "Reports",
    "Inventory",
    "Shipping",
    "Recommendations",
    "Audit log",
    "Webhooks",
];

/// Measures that a dashboard shows.
pub const MEASURES: &[&str] = &[
    "Revenue",
    "Active users",
    "Conversion",
    "Orders",
    "Churn",
    "Average basket",
    "Refunds",
    "Tickets open",
    "Sessions",
    "New accounts",
    "Uptime",
    "Response time",
];

/// A believable value of a measure.
pub fn amount(measure: &str, rng: &mut Rng) -> String {
    match measure {
        "Revenue" | "Refunds" => format!("${}.{}K", rng.whole(11, 98), rng.whole(0, 9)),
        "Average basket" => format!("${}.{:02}", rng.whole(14, 88), rng.whole(0, 99)),
        "Conversion" | "Churn" => format!("{}.{} %", rng.whole(1, 8), rng.whole(0, 9)),
        "Uptime" => format!("99.{:02} %", rng.whole(10, 99)),
        "Response time" => format!("{} ms", rng.whole(80, 640)),
        "Tickets open" => rng.whole(18, 240).to_string(),
        _ => format!("{},{:03}", rng.whole(1, 48), rng.whole(0, 999)),
    }
}
