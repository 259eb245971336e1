//! One file of the data and the front end. Nothing that a run contains can end the element in which it stands.

/// How every page begins, by which it is known.
pub(crate) const FIRST_LINES: &str = "<!doctype html>\n<!-- A page of Splitvote -->\n";

const SHELL: &str = include_str!("../front/page.html");
/// The colours of all pages.
pub(crate) const COLOURS: &str = include_str!("../front/colours.css");

/// What is drawn by the script of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A run, or two beside each other.
    Run,
    /// The report of a sweep.
    Sweep,
}

impl Kind {
    fn style(self) -> &'static str {
        match self {
            Self::Run => include_str!("../front/style.css"),
            Self::Sweep => include_str!("../front/sheet.css"),
        }
    }

    fn scripts(self) -> &'static [&'static str] {
        match self {
            Self::Run => RUN,
            Self::Sweep => SWEEP,
        }
    }
}

/// The front end of a sweep, each file after those that it imports from.
const SWEEP: &[&str] = &[
    include_str!("../front/text.js"),
    include_str!("../front/dom.js"),
    include_str!("../front/sheet.js"),
    include_str!("../front/plot.js"),
    include_str!("../front/parts.js"),
    include_str!("../front/violations.js"),
    include_str!("../front/table.js"),
    include_str!("../front/sweep.js"),
];

/// The front end of a run, each file after those that it imports from.
const RUN: &[&str] = &[
    include_str!("../front/text.js"),
    include_str!("../front/read.js"),
    include_str!("../front/words.js"),
    include_str!("../front/state.js"),
    include_str!("../front/causes.js"),
    include_str!("../front/view.js"),
    include_str!("../front/axis.js"),
    include_str!("../front/dom.js"),
    include_str!("../front/lanes.js"),
    include_str!("../front/messages.js"),
    include_str!("../front/diagram.js"),
    include_str!("../front/overview.js"),
    include_str!("../front/ring.js"),
    include_str!("../front/peers.js"),
    include_str!("../front/inspector.js"),
    include_str!("../front/story.js"),
    include_str!("../front/elections.js"),
    include_str!("../front/filters.js"),
    include_str!("../front/player.js"),
    include_str!("../front/keys.js"),
    include_str!("../front/legend.js"),
    include_str!("../front/pair.js"),
    include_str!("../front/beside.js"),
    include_str!("../front/main.js"),
];

/// Whether a file that begins with this is a page.
#[must_use]
pub fn is_page(start: &str) -> bool {
    start.starts_with(FIRST_LINES)
}

/// The page: its title and what is said of it are text, the data are JSON.
pub(crate) fn assemble(kind: Kind, title: &str, about: &str, data: &str) -> String {
    let script: String = kind.scripts().iter().map(|module| without_imports(module)).collect();
    let parts = [
        ("<!--ABOUT-->", escaped(about)),
        ("<!--TITLE-->", escaped(title)),
        ("/*STYLE*/", format!("{COLOURS}{}", kind.style())),
        ("/*DATA*/", harmless(data)),
        ("/*SCRIPT*/", script),
    ];
    let mut page = FIRST_LINES.to_owned();
    let mut rest = SHELL;
    // From front to back, so that nothing that was put in is searched for further places.
    for (place, text) in parts {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(&text);
        rest = after;
    }
    page + rest
}

/// A module without its imports and exports: all of them stand in one.
fn without_imports(module: &str) -> String {
    let mut text = String::new();
    let mut is_import = false;
    for line in module.lines() {
        is_import |= line.starts_with("import ");
        if !is_import {
            text.push_str(line.strip_prefix("export ").unwrap_or(line));
            text.push('\n');
        }
        is_import &= !line.ends_with(';');
    }
    text
}

/// Text in which every character only stands where it is.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if is_harmless(c) { c } else { '\u{fffd}' }).collect()
}

/// Text between tags.
fn escaped(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// JSON within an element of script: nothing in it is a tag, and no character of it steers a terminal or the direction
/// of what stands beside it. In JSON such characters occur in strings only.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_harmless(c) && !matches!(c, '<' | '>' | '&') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

/// Whether a character only stands where it is: no control character, no line separator, no mark of direction.
fn is_harmless(c: char) -> bool {
    let is_mark = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_control() && !is_mark
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "</script><script>alert(1)</script> \u{1b}[31m \u{202e}gnp\u{2028}\"'`${x} \
        <!-- /*SCRIPT*/ \u{7f}\u{feff}";

    #[test]
    fn what_a_run_contains_cannot_end_the_element_in_which_it_stands() {
        let json = serde_json::to_string(EVIL).unwrap();
        let harmless = harmless(&json);
        assert!(
            !harmless
                .contains(['<', '>', '&', '\u{1b}', '\u{202e}', '\u{2028}', '\u{7f}', '\u{feff}'])
        );
        assert_eq!(serde_json::from_str::<String>(&harmless).unwrap(), EVIL);
    }

    #[test]
    fn a_title_is_text_and_the_rest_of_the_page_stays_as_it_is() {
        let page = assemble(Kind::Run, EVIL, EVIL, &serde_json::to_string(EVIL).unwrap());
        let plain = assemble(Kind::Run, "title", "", "\"\"");
        let tags = |page: &str| page.matches("<script").count() + page.matches("</script").count();
        assert_eq!(tags(&page), tags(&plain));
        assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
        assert!(is_page(&page) && !is_page("<!doctype html>\n<p>mine</p>"));
    }

    #[test]
    fn every_place_of_the_shell_is_filled() {
        let page = assemble(Kind::Run, "title", "about", "\"here are the data\"");
        for place in ["<!--ABOUT-->", "<!--TITLE-->", "/*STYLE*/", "/*DATA*/", "/*SCRIPT*/"] {
            assert_eq!(SHELL.matches(place).count(), 1, "{place}");
            assert!(!page.contains(place), "{place}");
        }
        assert!(page.contains("here are the data"));
    }

    /// Their data are made by `just pages`; what shows them is what is shipped.
    #[test]
    fn the_examples_of_the_repository_have_the_front_end_of_today() {
        for (kind, name) in
            [(Kind::Run, "two-leaders"), (Kind::Run, "beside"), (Kind::Sweep, "sweep/index")]
        {
            let file = format!("{}/../../reports/pages/{name}.html", env!("CARGO_MANIFEST_DIR"));
            let example = std::fs::read_to_string(file).unwrap();
            let (_, rest) = example.split_once("id=\"data\">").unwrap();
            let data = rest.split_once("</script>").unwrap().0;
            let (_, rest) = example.split_once("name=\"description\" content=\"").unwrap();
            let about = rest.split_once('"').unwrap().0;
            let (_, rest) = example.split_once("<title>").unwrap();
            let title = rest.split_once("</title>").unwrap().0;
            assert!(example == assemble(kind, title, about, data), "make {name} anew: just pages");
        }
    }

    #[test]
    fn modules_are_joined_without_their_imports() {
        let module = "import {\n  a,\n} from \"./a.js\";\nimport { b } from \"./b.js\";\n\
            export function c() {}\nc();\n";
        assert_eq!(without_imports(module), "function c() {}\nc();\n");
        let page = assemble(Kind::Run, "title", "", "0");
        assert!(
            !page.lines().any(|line| line.starts_with("import ") || line.starts_with("export "))
        );
    }
}
