//! What decisions are rendered from: automation, chains and audits of labels.

use eval_decide::Automation;
use eval_decide::chain::ChainReport;
use eval_decide::labels::LabelAudit;
use eval_summary::Judging;

use crate::document::Document;
use crate::terminal::Look;
use crate::{contents, html, markdown, terminal};

/// A finding that a decision rests on.
#[derive(Debug, Clone, Copy)]
pub enum Finding<'a> {
    /// What can run unattended.
    Automation(&'a Automation),
    /// What chains of candidates would give.
    Cascade(&'a ChainReport),
    /// Which labels are probably wrong.
    Labels(&'a LabelAudit),
    /// What judges and people say of open answers.
    Judging(&'a Judging),
}

impl Finding<'_> {
    fn document(self) -> Document {
        match self {
            Self::Automation(it) => contents::automation(it),
            Self::Cascade(it) => contents::cascade(it),
            Self::Labels(it) => contents::label_audit(it),
            Self::Judging(it) => contents::judging(it),
        }
    }

    /// For a terminal.
    #[must_use]
    pub fn terminal(self, look: Look) -> String {
        terminal::render(&self.document(), look)
    }

    /// For a pull request.
    #[must_use]
    pub fn markdown(self) -> String {
        markdown::render(&self.document())
    }

    /// As one self-contained page.
    #[must_use]
    pub fn html(self) -> String {
        html::render(&self.document(), None)
    }

    /// Itself.
    #[must_use]
    pub fn json(self) -> String {
        match self {
            Self::Automation(it) => crate::json(it),
            Self::Cascade(it) => crate::json(it),
            Self::Labels(it) => crate::json(it),
            Self::Judging(it) => crate::json(it),
        }
    }
}
