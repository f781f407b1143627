use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use eval_storage::{Amazon, CloudStorage, FindAmazon, Refusal, Settings, Writer};
use vision_auth::aws;
use vision_files::storage::is_address;

use super::{Copying, Place, name};
use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::interrupts;

/// How the environment's variables for the clouds begin.
const PREFIXES: [&str; 3] = ["AWS_", "AZURE_", "GOOGLE_"];

/// From now on addresses are served.
pub fn install(app: &App) {
    // Where it cannot be set up, that is said when an address is named.
    if let Ok(settings) = settings(app) {
        vision_files::storage::install(Box::new(CloudStorage::new(settings)));
    }
}

fn settings(app: &App) -> Result<Settings, Failure> {
    let cache = app.environment.cache_folder().ok_or_else(|| {
        Failure::setup("object storage needs a folder for its copies: set XDG_CACHE_HOME or HOME")
    })?;
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .map_err(|error| Failure::setup(format!("{} cannot be read: {error}", path.display())))
    };
    Ok(Settings {
        cache: cache.join("storage"),
        variables: app.environment.beginning(&PREFIXES),
        certificates: app.shared.ca_certificate.iter().map(read).collect::<Result<_, _>>()?,
        allow_plain_http: app.shared.allow_plain_http,
        amazon: Some(find_amazon(app)),
    })
}

/// Looks for Amazon's keys where providers do.
fn find_amazon(app: &App) -> FindAmazon {
    let (environment, shared) = (app.environment.clone(), app.shared.clone());
    Arc::new(move || {
        let transport = transport(&shared, &Traffic::default()).map_err(|failure| failure.to_string())?;
        environment.on_machine(|machine| {
            Ok(Amazon {
                keys: aws::keys(machine, None)?,
                transport: transport.clone(),
                region: aws::region(machine, None),
            })
        })
    })
}

/// The place of a new run.
pub fn begin(dir: PathBuf, app: &App) -> Result<Place, Failure> {
    place(dir, app, Writer::begin)
}

/// The place of a run that goes on.
pub fn go_on(dir: PathBuf, app: &App) -> Result<Place, Failure> {
    place(dir, app, |settings, address| {
        vision_files::storage::run(std::path::Path::new(address))?;
        Writer::go_on(settings, address)
    })
}

fn place(
    dir: PathBuf,
    app: &App,
    open: impl FnOnce(&Settings, &str) -> Result<Writer, Refusal>,
) -> Result<Place, Failure> {
    let Some(address) = dir.to_str().filter(|_| is_address(&dir)) else { return Ok(Place::here(dir)) };
    let address = address.trim_end_matches('/');
    let writer =
        open(&settings(app)?, address).map_err(|refusal| Failure::setup(format!("{address} {refusal}")))?;
    let folder = writer.folder().to_owned();
    name(&folder, address.as_ref());
    let copying = Checkpoints { writer: Arc::new(writer), address: address.to_owned(), thread: None };
    Ok(Place { dir: folder, copying: Some(Box::new(copying)) })
}

/// A thread that copies a run now and then.
struct Checkpoints {
    writer: Arc<Writer>,
    address: String,
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Copying for Checkpoints {
    fn start(&mut self, every: Duration) -> Result<(), Failure> {
        self.writer.open().map_err(|refusal| Failure::setup(format!("{} {refusal}", self.address)))?;
        let (writer, address) = (self.writer.clone(), self.address.clone());
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(every) {
                match writer.checkpoint() {
                    Ok(()) => {}
                    Err(taken @ Refusal::Taken(_)) => {
                        eprintln!("error: {address} {taken}; this one ends");
                        return interrupts::end_run();
                    }
                    Err(failed) => eprintln!(
                        "warning: {address} {failed}; the run goes on, and its record is on this disk"
                    ),
                }
            }
        });
        self.thread = Some((stop, thread));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            thread.join().ok();
        }
        self.writer.finish().map_err(|refusal| {
            let kept = self.writer.folder().display();
            let message = format!(
                "{} {refusal}; what was recorded is in {kept}. Go on with: vision-eval resume {}",
                self.address, self.address
            );
            Failure::new(Exit::Output, message)
        })
    }
}
