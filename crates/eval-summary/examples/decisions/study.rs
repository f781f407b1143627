//! Studies of candidates whose truth is known, on data shaped like ours.

use eval_statistics::{
    Comparison, Interval, Level, PairedCase, PairedComparison, PairedTasks, SplitMix64, correct_family,
    mean_interval, normal_quantile, normal_tail,
};
use eval_summary::decide::{Contender, Gap, Gaps, Ruling, decide, level_for};

/// How the scores of a candidate of some quality come about.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Right or wrong; what is hard for one is hard for the others.
    YesNo,
    /// Mostly perfect, sometimes a mistake that costs 0.3, and one in twenty fails and scores 0.
    Graded,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::YesNo => "yes/no",
            Self::Graded => "graded, 5% fail",
        }
    }

    /// The score of one candidate whose mean is `mean`, on a case of this difficulty.
    fn score(self, mean: f64, difficulty: f64, stream: &mut SplitMix64) -> f64 {
        let right = |share: f64, stream: &mut SplitMix64| {
            let own = normal(stream);
            normal_tail(-(difficulty + own) / std::f64::consts::SQRT_2) < share
        };
        match self {
            Self::YesNo => f64::from(u8::from(right(mean, stream))),
            Self::Graded => {
                let failed = stream.unit() < 0.05;
                // mean = 0.95 (share + 0.7 (1 - share))
                let perfect = right((mean / 0.95 - 0.7) / 0.3, stream);
                if failed {
                    0.0
                } else if perfect {
                    1.0
                } else {
                    0.7
                }
            }
        }
    }
}

pub fn normal(stream: &mut SplitMix64) -> f64 {
    normal_quantile(stream.unit().max(f64::MIN_POSITIVE))
}

/// The candidates of a study: true means and prices.
pub struct Setting {
    pub name: String,
    pub kind: Kind,
    pub candidates: Vec<(f64, f64)>,
    /// What a team would give up for a lower price.
    pub tolerance: f64,
    /// The lowest acceptable score.
    pub minimum: f64,
    /// By how much true means differ from these, anew in each study (standard deviation).
    pub spread: f64,
}

impl Setting {
    /// With a tolerance of 1 point.
    pub fn new(name: &str, kind: Kind, candidates: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), kind, candidates, tolerance: 0.01, minimum: 0.0, spread: 0.0 }
    }

    /// The truth of one study.
    pub fn with_truth(&self, stream: &mut SplitMix64) -> Self {
        let mut moved = |(mean, price): &(f64, f64)| {
            let mean = mean + self.spread * normal(stream);
            (mean.clamp(0.7, 0.95), *price)
        };
        let candidates = self.candidates.iter().map(&mut moved).collect();
        Self { name: self.name.clone(), candidates, ..*self }
    }

    pub fn draw(&self, cases: usize, stream: &mut SplitMix64) -> Study<'_> {
        let mut study = Study { setting: self, scores: vec![Vec::new(); self.candidates.len()] };
        study.extend(cases, stream);
        study
    }

    /// By how much a candidate is worse than the best.
    pub fn loss(&self, of: usize) -> f64 {
        let best = self.candidates.iter().map(|one| one.0).fold(0.0, f64::max);
        best - self.candidates[of].0
    }
}

pub struct Study<'a> {
    setting: &'a Setting,
    /// By candidate, then by case.
    scores: Vec<Vec<f64>>,
}

impl Study<'_> {
    pub fn extend(&mut self, cases: usize, stream: &mut SplitMix64) {
        for _ in 0..cases {
            let difficulty = normal(stream);
            for (scores, (mean, _)) in self.scores.iter_mut().zip(&self.setting.candidates) {
                scores.push(self.setting.kind.score(*mean, difficulty, stream));
            }
        }
    }

    /// Without those who are shown to miss the minimum, as in a report.
    fn kept(&self) -> Vec<usize> {
        let misses = |one: &usize| self.interval(*one).is_some_and(|it| it.high < self.setting.minimum);
        (0..self.scores.len()).filter(|one| !misses(one)).collect()
    }

    fn interval(&self, one: usize) -> Option<Interval> {
        // Nothing lies below this, which needs no interval.
        let is_asked = self.setting.minimum > 0.0;
        is_asked.then(|| mean_interval(&self.scores[one], Level::P95))??.interval
    }

    pub fn contenders(&self) -> Vec<Contender> {
        let contender = |one: usize| Contender {
            score: self.scores[one].iter().sum::<f64>() / self.scores[one].len() as f64,
            price: Some(self.setting.candidates[one].1),
            eligible: true,
            meets: self.interval(one).is_none_or(|it| it.low >= self.setting.minimum),
        };
        self.kept().into_iter().map(contender).collect()
    }

    /// As a report has them: bounds that agree with what its family of comparisons says.
    pub fn gaps(&self) -> Gaps {
        let kept = self.kept();
        // All candidates are one family, whatever a minimum leaves of them.
        let (count, level) = (kept.len(), level_for(self.scores.len()));
        let paired = |one: usize, other: usize| {
            let pairs = self.scores[kept[other]].iter().zip(&self.scores[kept[one]]).enumerate();
            let cases: Vec<PairedCase> =
                pairs.map(|(number, (a, b))| PairedCase::single(number, *a, *b)).collect();
            PairedTasks::new(&[&cases]).expect("there are cases")
        };
        let places: Vec<(usize, usize)> =
            (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))).collect();
        let pairs: Vec<PairedTasks> = places.iter().map(|(one, other)| paired(*one, *other)).collect();
        let settings = Comparison { resamples: 999, ..Comparison::usual(1) };
        let mut family: Vec<PairedComparison> = pairs.iter().map(|pairs| pairs.compare(&settings)).collect();
        correct_family(&mut family, settings.level);
        let mut known = pairs.iter().zip(&family);
        // In the order of the places.
        Gaps::among(self.scores.len(), count, |_, _| {
            let (pairs, said) = known.next().expect("each pair is asked for once");
            Gap::of(pairs, level).agreeing(said.verdict)
        })
    }

    /// How far from the tolerance the true differences are that leave the choice open.
    pub fn distance(&self) -> f64 {
        let (ruling, truth) = (self.ruling(), &self.setting.candidates);
        let of_rival =
            |rival: &usize| (truth[ruling.pick].0 - truth[*rival].0 + self.setting.tolerance).abs();
        ruling.open.iter().map(of_rival).fold(f64::INFINITY, f64::min)
    }

    pub fn ruling(&self) -> Ruling {
        decide(&self.contenders(), &self.gaps(), self.setting.tolerance).expect("there are candidates")
    }

    /// Who is recommended; nobody if all are shown to miss the minimum.
    pub fn recommended(&self) -> Option<usize> {
        let kept = self.kept();
        Some(kept[decide(&self.contenders(), &self.gaps(), self.setting.tolerance)?.recommended()?])
    }
}
