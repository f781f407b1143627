#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod board;
mod check;
mod clock;
mod documents;
mod draft;
mod error;
mod event;
mod exchange;
mod export;
mod field;
mod file_column;
mod journal;
mod kept;
mod live;
mod moved;
mod opening;
mod origin;
mod pace;
mod project;
mod proposals;
mod request;
mod review;
mod room;
mod store;
mod studio;
mod token;
mod trust;
mod typed;
mod view;
mod web;

pub use draft::{Draft, draft};
pub use error::{Kind, Result, StudioError};
pub use event::{Label, Mark, Origin};
pub use exchange::{Form, Imported, Written, read as import_labels, write as export_labels};
pub use export::{Exported, LeftOut, export};
pub use field::{Column, Field, Shape};
pub use live::{Lane, Live, LiveView, Trouble, UnderWay};
pub use project::{BLIND_SHARE, Project, TEMPLATES};
pub use proposals::{Offer, Proposed};
pub use request::{Change, Save, Saved, Wanted};
pub use review::{
    About, Answer, Applied, BlindAnswer, Candidate, CaseName, CaseReview, Cell, Counts, DatasetState, Decide,
    Decision, FieldChange, FieldReview, FoundValue, Judged, Line, Past, Queue, QueueItem, Remark, Review,
    ReviewEvent, ReviewOverview, ReviewSettings, Ruled, ToJudge,
};
pub use room::{Choosing, Chosen, Offered, Previewed, Room};
pub use store::{STUDIO, Store};
pub use studio::{Settings, Studio};
pub use trust::{Share, Trust, trust};
pub use typed::Understood;
pub use view::{DocumentView, FieldView, Overview, Progress};
pub use web::Server;
