use super::Verdict;

/// What the rule says under every other limit on score, cost and time: for a page whose reader moves them.
///
/// A limit only matters where it passes the value of a candidate, so that there are finitely many outcomes. Each of them
/// was given by the rule itself ([`crate::decide`]), and [`TradeOff::at`] only looks it up.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeOff {
    /// The different ends of the intervals of the candidates' scores, ascending.
    pub scores: Vec<f64>,
    /// The different known costs per 1,000 cases, ascending.
    pub usd_per_1000: Vec<f64>,
    /// The different known ends of the intervals of their 95th percentiles of latency in seconds, ascending.
    pub p95_seconds: Vec<f64>,
    /// What can come out, with the limits of one of the places that lead to it. Without an estimate of further cases, and without what would change it.
    pub outcomes: Vec<Verdict>,
    /// Places in `outcomes`: by how many of these scores are below the limit, then by how many costs are within theirs, then by
    /// how many times are; one more of these two stands for no limit at all.
    pub table: Vec<u32>,
}

impl TradeOff {
    /// The outcome under these limits.
    #[must_use]
    pub fn at(
        &self,
        min_score: Option<f64>,
        max_usd_per_1000: Option<f64>,
        max_p95_seconds: Option<f64>,
    ) -> Option<&Verdict> {
        let score = min_score.map_or(0, |limit| self.scores.partition_point(|score| *score < limit));
        let within = |limit: Option<f64>, values: &[f64]| {
            limit.map_or(values.len() + 1, |limit| values.partition_point(|value| *value <= limit))
        };
        let cost = within(max_usd_per_1000, &self.usd_per_1000);
        let time = within(max_p95_seconds, &self.p95_seconds);
        let costs = self.usd_per_1000.len() + 2;
        let times = self.p95_seconds.len() + 2;
        let place = *self.table.get((score * costs + cost) * times + time)?;
        self.outcomes.get(place as usize)
    }
}
