//! What a studio has open: documents to label, fields to choose first, or a run.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::documents::documents;
use crate::live::Live;
use crate::project::{Project, TEMPLATES};
use crate::review::Review;
use crate::studio::{Settings, Studio};
use crate::{Result, StudioError};

/// What is open.
#[derive(Debug)]
pub enum Room {
    /// Documents to label.
    Label(Arc<Studio>),
    /// A folder whose fields are chosen in the page.
    Fields(Choosing),
    /// A run to review, and to watch while it goes on.
    Run(Box<(Review, Live)>),
}

/// A folder whose fields are not chosen yet.
pub struct Choosing {
    folder: PathBuf,
    settings: Settings,
    opened: RwLock<Option<Arc<Studio>>>,
    /// Told once, when the fields are chosen.
    chosen: Mutex<Option<Told>>,
}

type Told = Box<dyn FnOnce(Arc<Studio>) + Send>;

impl std::fmt::Debug for Choosing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choosing").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// What is to be labeled, as the page says it: one of these.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Chosen {
    /// A template.
    #[serde(default)]
    pub template: Option<String>,
    /// Classes, for the template of that name.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Names of fields, each with a type or without.
    #[serde(default)]
    pub names: Vec<String>,
    /// A JSON Schema, as text.
    #[serde(default)]
    pub schema: Option<String>,
    /// A CSV file, of which the first line counts.
    #[serde(default)]
    pub header: Option<String>,
    /// How dates in numbers are read.
    #[serde(default)]
    pub date_order: Option<String>,
    /// The share of documents without proposals.
    #[serde(default)]
    pub blind: Option<f64>,
}

/// A field that would be labeled, in the words of the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Previewed {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub shape: crate::field::Shape,
    /// Whether a mistake in it matters most.
    pub critical: bool,
}

/// What the page needs before anything is chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offered {
    /// The name of the folder.
    pub folder: String,
    /// Documents in it.
    pub documents: usize,
    /// Who is asked for proposals, by name.
    pub proposers: Vec<String>,
    /// Templates, each with a line of help.
    pub templates: Vec<(&'static str, &'static str)>,
}

impl Chosen {
    /// The project that follows.
    ///
    /// # Errors
    /// If nothing is said, or it makes no sense.
    pub fn project(&self) -> Result<Project> {
        let mut project = match self {
            Self { template: Some(name), .. } => Project::from_template(name, &self.classes)?,
            Self { schema: Some(text), .. } => {
                let schema: Value = serde_json::from_str(text)
                    .map_err(|error| StudioError::invalid(format!("this is no JSON: {error}")))?;
                Project::from_schema(schema)?
            }
            Self { header: Some(text), .. } => Project::from_header(text)?,
            Self { names, .. } => Project::from_names(names)?,
        };
        if let Some(order) = self.date_order.as_ref().filter(|order| !order.is_empty()) {
            project.set_date_order(order)?;
        }
        if let Some(share) = self.blind {
            if !(0.0..=1.0).contains(&share) {
                return Err(StudioError::invalid("the share without proposals is from 0% to 100%"));
            }
            project.blind_share = share;
        }
        Ok(project)
    }

    /// Its fields.
    ///
    /// # Errors
    /// As for the project.
    pub fn preview(&self) -> Result<Vec<Previewed>> {
        let fields = self.project()?.fields()?;
        let preview = |field: crate::field::Field| Previewed {
            name: field.name,
            shape: field.shape,
            critical: field.critical,
        };
        Ok(fields.into_iter().map(preview).collect())
    }
}

impl Choosing {
    /// Nothing is opened before something is chosen; `chosen` is told then.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn new(
        folder: PathBuf,
        settings: Settings,
        chosen: impl FnOnce(Arc<Studio>) + Send + 'static,
    ) -> Result<Self> {
        documents(&folder)?;
        let chosen = Mutex::new(Some(Box::new(chosen) as Told));
        Ok(Self { folder, settings, opened: RwLock::default(), chosen })
    }

    /// What can be chosen.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn offered(&self) -> Result<Offered> {
        let root = self.folder.canonicalize().map_err(|error| StudioError::files(&self.folder, error))?;
        Ok(Offered {
            folder: root.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            documents: documents(&root)?.paths.len(),
            proposers: self.settings.proposers.clone(),
            templates: TEMPLATES.to_vec(),
        })
    }

    /// Chooses. A second window that was slower finds what the first chose.
    ///
    /// # Errors
    /// If it makes no sense, or the folder cannot be opened.
    pub fn choose(&self, chosen: &Chosen) -> Result<()> {
        let project = chosen.project()?;
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        if opened.is_some() {
            return Err(StudioError::conflict(
                "the fields were chosen in another window: load the page again",
            ));
        }
        let studio = Arc::new(Studio::open(&self.folder, Some(project), self.settings.clone())?);
        *opened = Some(studio.clone());
        let told = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(told) = told {
            told(studio);
        }
        Ok(())
    }

    fn opened(&self) -> Option<Arc<Studio>> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Room {
    /// The documents to label.
    ///
    /// # Errors
    /// If there are none here, or their fields are not chosen yet.
    pub fn studio(&self) -> Result<Arc<Studio>> {
        match self {
            Self::Label(studio) => Ok(studio.clone()),
            Self::Fields(choosing) => {
                choosing.opened().ok_or_else(|| StudioError::not_found("the fields are not chosen yet"))
            }
            Self::Run(_) => Err(StudioError::not_found("this is a run: it has no documents to label")),
        }
    }

    /// The folder whose fields are to be chosen.
    ///
    /// # Errors
    /// If there is nothing to choose.
    pub fn choosing(&self) -> Result<&Choosing> {
        match self {
            Self::Fields(choosing) => Ok(choosing),
            _ => Err(StudioError::not_found("there are no fields to choose here")),
        }
    }

    /// The run to review.
    ///
    /// # Errors
    /// If it is none.
    pub fn review(&self) -> Result<&Review> {
        self.run().map(|(review, _)| review)
    }

    /// The run to watch.
    ///
    /// # Errors
    /// If it is none.
    pub fn live(&self) -> Result<&Live> {
        self.run().map(|(_, live)| live)
    }

    fn run(&self) -> Result<&(Review, Live)> {
        match self {
            Self::Run(run) => Ok(run),
            _ => Err(StudioError::not_found("this is a folder of documents and no run")),
        }
    }

    /// Whether the page to label is what is shown now.
    #[must_use]
    pub fn is_labeling(&self) -> bool {
        self.studio().is_ok()
    }
}
