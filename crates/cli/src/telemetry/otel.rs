use std::sync::Arc;

use eval::{Event, Observer};
use eval_record::Plan;
use eval_telemetry::{Settings, Telemetry};

use crate::app::App;
use crate::progress::Progress;

/// A run that its progress watches and, if one is named, a collector.
pub struct Watched {
    progress: Arc<Progress>,
    telemetry: Option<Arc<Telemetry>>,
}

impl Watched {
    /// Begins now. What keeps a collector from being told is said, and changes nothing of the run.
    pub fn begin(progress: Arc<Progress>, plan: &Plan, app: &App) -> Self {
        let telemetry = settings(app).map(|settings| Telemetry::start(&settings, plan));
        let telemetry = telemetry.transpose().unwrap_or_else(|error| {
            eprintln!("warning: no telemetry is sent: {error}");
            None
        });
        Self { progress, telemetry: telemetry.map(Arc::new) }
    }

    /// Who is told.
    pub fn observer(&self) -> Arc<dyn Observer> {
        match &self.telemetry {
            Some(telemetry) => {
                Arc::new(Both { progress: self.progress.clone(), telemetry: telemetry.clone() })
            }
            None => self.progress.clone(),
        }
    }

    /// The run is over: what is left is sent.
    pub async fn finish(self) {
        let Some(telemetry) = self.telemetry else { return };
        let finished = tokio::task::spawn_blocking(move || telemetry.finish()).await;
        if let Ok(Err(complaint)) = finished {
            eprintln!("warning: telemetry is incomplete: {complaint}");
        }
    }
}

struct Both {
    progress: Arc<Progress>,
    telemetry: Arc<Telemetry>,
}

impl Observer for Both {
    fn event(&self, event: Event<'_>) {
        if let Event::Ended(trial) = &event {
            self.telemetry.ended(trial);
        }
        self.progress.event(event);
    }
}

/// What the environment says of a collector, by the names that all programs read.
fn settings(app: &App) -> Option<Settings> {
    let get = |name: &str| app.environment.get(name);
    let base = get("OTEL_EXPORTER_OTLP_ENDPOINT").map(|base| base.trim_end_matches('/'));
    let is_off = get("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let endpoint = |own: &str, exporter: &str, path: &str| {
        let wanted = !is_off && get(exporter).is_none_or(|it| it != "none");
        let address = get(own).map(str::to_owned).or_else(|| Some(format!("{}/v1/{path}", base?)));
        address.filter(|_| wanted)
    };
    let traces = endpoint("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER", "traces");
    let metrics = endpoint("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_METRICS_EXPORTER", "metrics");
    if traces.is_none() && metrics.is_none() {
        return None;
    }
    let header = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    let content = get("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT");
    Some(Settings {
        traces,
        metrics,
        headers: get("OTEL_EXPORTER_OTLP_HEADERS")
            .unwrap_or_default()
            .split(',')
            .filter_map(header)
            .collect(),
        service: get("OTEL_SERVICE_NAME").unwrap_or("vision-eval").to_owned(),
        content: content.is_some_and(|it| {
            ["true", "span_only", "span_and_event"].contains(&it.to_ascii_lowercase().as_str())
        }),
        certificates: app.shared.ca_certificate.iter().filter_map(|path| std::fs::read(path).ok()).collect(),
    })
}
