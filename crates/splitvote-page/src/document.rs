//! Pages that are read from top to bottom: text, tables, figures and heat maps, without a script. All text is set as
//! text, whatever it contains.

use maud::{Markup, PreEscaped, html};

use crate::html::{COLOURS, FIRST_LINES, visible};

const STYLE: &str = include_str!("../front/document.css");

/// No page asks for anything but what stands in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The page of this title and body; what it says, in a sentence, is told by an index.
pub(crate) fn page(title: &str, about: &str, body: &Markup) -> String {
    let page = html! {
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                link rel="icon" href="data:,";
                meta name="description" content=(text(about));
                title { (text(title)) }
                style { (PreEscaped(COLOURS)) (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    format!("{FIRST_LINES}{}\n", page.into_string())
}

/// Text as it stands on a page: nothing in it is markup, and nothing of it is unseen.
pub(crate) fn text(text: &str) -> String {
    visible(text)
}

/// A part of a page that scrolls by itself if it is wider than the window, by keyboard, too.
pub(crate) fn wide(label: &str, inside: &Markup) -> Markup {
    html! { div.wide role="region" aria-label=(text(label)) tabindex="0" { (inside) } }
}

/// A figure that was drawn by this project.
pub(crate) fn figure(svg: &str, caption: &str) -> Markup {
    // The declaration before the element of SVG has no place within HTML.
    let start = svg.find("<svg").unwrap_or(0);
    let drawn = svg.get(start..).unwrap_or_default();
    let label = html! { (text(caption)) }.into_string();
    let named = drawn.replacen("<svg", &format!("<svg role=\"img\" aria-label=\"{label}\""), 1);
    html! { figure { (PreEscaped(named)) figcaption { (text(caption)) } } }
}

/// A table of text: the first column names the row. A column whose head begins with `#` holds numbers.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<String>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn markup(&self) -> Markup {
        let is_number =
            |column: usize| self.head.get(column).is_some_and(|head| head.starts_with('#'));
        wide(
            &self.caption,
            &html! {
                table {
                    caption { (text(&self.caption)) }
                    thead { tr {
                        @for (column, head) in self.head.iter().enumerate() {
                            th scope="col" class=[is_number(column).then_some("number")] {
                                (text(head.trim_start_matches('#')))
                            }
                        }
                    } }
                    tbody { @for row in &self.rows { tr {
                        @for (column, cell) in row.iter().enumerate() {
                            @if column == 0 { th scope="row" { (text(cell)) } }
                            @else { td class=[is_number(column).then_some("number")] { (text(cell)) } }
                        }
                    } } }
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Their data are made by `just pages`; how they look is what is shipped.
    #[test]
    fn the_examples_of_the_repository_look_as_pages_of_today() {
        let style = html! { style { (PreEscaped(COLOURS)) (PreEscaped(STYLE)) } }.into_string();
        for name in ["index", "paper-elections", "zoo"] {
            let file = format!("{}/../../reports/pages/{name}.html", env!("CARGO_MANIFEST_DIR"));
            let example = std::fs::read_to_string(file).unwrap();
            assert!(
                example.starts_with(FIRST_LINES) && example.contains(&style),
                "{name}: make it anew: just pages"
            );
        }
    }

    #[test]
    fn a_figure_is_an_image_with_a_caption_and_a_table_knows_its_numbers() {
        let figure =
            figure("<?xml version=\"1.0\"?><svg width=\"1\"></svg>", "<ours>").into_string();
        assert_eq!(
            figure,
            "<figure><svg role=\"img\" aria-label=\"&lt;ours&gt;\" width=\"1\"></svg><figcaption>&lt;ours&gt;</figcaption></figure>"
        );
        let table = Table {
            caption: "all".to_owned(),
            head: vec!["name".to_owned(), "#count".to_owned()],
            rows: vec![vec!["<a>".to_owned(), "3".to_owned()]],
        };
        let table = table.markup().into_string();
        assert!(table.contains("<th scope=\"col\" class=\"number\">count</th>"), "{table}");
        assert!(
            table.contains("<th scope=\"row\">&lt;a&gt;</th><td class=\"number\">3</td>"),
            "{table}"
        );
    }
}
