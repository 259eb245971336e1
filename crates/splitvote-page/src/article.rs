//! A page of text, figures and tables, such as the repetition of a published measurement.

use std::io;
use std::path::Path;

use maud::{Markup, html};

use crate::document::{Table, figure, page, text};
use crate::save_text;

/// A page that is read from top to bottom.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// What it is about.
    pub title: String,
    /// What is to be known first.
    pub lead: String,
    /// The command that made it.
    pub command: String,
    /// What stands below that, from top to bottom.
    pub parts: Vec<Part>,
}

/// A part of an [`Article`].
#[derive(Clone, Debug)]
pub enum Part {
    /// The head of what follows.
    Head(String),
    /// Text in a paragraph of its own.
    Text(String),
    /// A drawing of this project in SVG, and what it shows.
    Figure {
        /// What was drawn, as an element of SVG.
        svg: String,
        /// What it shows.
        caption: String,
    },
    /// Rows of text and numbers.
    Table(Table),
    /// Other pages: where each stands, what it is called and what is on it.
    Links(Vec<[String; 3]>),
}

/// Writes the page to a file, with the directories that it takes. The file is replaced as a whole.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save_article(file: &Path, article: &Article) -> io::Result<()> {
    save_text(file, &article.to_html())
}

impl Article {
    /// The page as text. The same data give the same bytes.
    #[must_use]
    pub fn to_html(&self) -> String {
        page(
            &self.title,
            &self.lead,
            &html! {
                h1 { (text(&self.title)) }
                p.lead { (text(&self.lead)) }
                @if !self.command.is_empty() { p.quiet { "Made by " code { (text(&self.command)) } "." } }
                @for part in &self.parts { (part.markup()) }
            },
        )
    }
}

impl Part {
    fn markup(&self) -> Markup {
        match self {
            Self::Head(head) => html! { h2 { (text(head)) } },
            Self::Text(paragraph) => html! { p { (text(paragraph)) } },
            Self::Figure { svg, caption } => figure(svg, caption),
            Self::Table(table) => table.markup(),
            Self::Links(links) => html! { ul { @for [place, name, about] in links {
                li { a href=(text(place)) { (text(name)) } ": " (text(about)) }
            } } },
        }
    }
}
