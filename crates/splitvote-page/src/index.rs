//! The page that ties the pages of a directory together.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::article::{Article, Part, save_article};
use crate::html::is_page;

/// So much of a page is read for its title.
const HEAD: u64 = 1 << 16;
/// The file of the index.
pub const INDEX: &str = "index.html";

/// Writes `index.html` in a directory: it leads to every page in it and in the directories in it. The same pages give
/// the same bytes. Returns how many pages it leads to.
///
/// # Errors
/// If the directory cannot be read or the file cannot be written; nothing is written then.
pub fn save_index(directory: &Path) -> io::Result<usize> {
    let mut parts = Vec::new();
    let mut count = 0;
    for (name, place) in places(directory)? {
        let mut links = Vec::new();
        for file in pages(&place)? {
            if let Some([title, about]) = title_of(&file)? {
                let here = file.strip_prefix(directory).unwrap_or(&file);
                let parts: Vec<_> = here.iter().map(|part| part.to_string_lossy()).collect();
                links.push([parts.join("/"), title, about]);
            }
        }
        if !links.is_empty() {
            count += links.len();
            if let Some(name) = name {
                parts.push(Part::Head(name));
            }
            parts.push(Part::Links(links));
        }
    }
    let article = Article {
        title: "Pages of Splitvote".to_owned(),
        lead: "Runs, sweeps, the kill matrix and experiments, each on a page of its own."
            .to_owned(),
        parts,
        ..Article::default()
    };
    save_article(&directory.join(INDEX), &article)?;
    Ok(count)
}

/// The directory itself, and those in it by name.
fn places(directory: &Path) -> io::Result<Vec<(Option<String>, PathBuf)>> {
    let mut inside = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            inside.push((Some(entry.file_name().to_string_lossy().into_owned()), entry.path()));
        }
    }
    inside.sort();
    inside.insert(0, (None, directory.to_owned()));
    Ok(inside)
}

/// The files that may be pages. The index itself is none, and that of a directory within stands for it.
fn pages(place: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(place)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "html") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// What a page is called and what is on it; `None` of what is no page, and of an index.
fn title_of(file: &Path) -> io::Result<Option<[String; 2]>> {
    let mut start = Vec::new();
    fs::File::open(file)?.take(HEAD).read_to_end(&mut start)?;
    let start = String::from_utf8_lossy(&start);
    let between = |before: &str, after: &str| {
        let (_, rest) = start.split_once(before)?;
        rest.split_once(after).map(|(text, _)| plain(text))
    };
    let title = between("<title>", "</title>").filter(|title| title != "Pages of Splitvote");
    let about = between("<meta name=\"description\" content=\"", "\"").unwrap_or_default();
    Ok(title.filter(|_| is_page(&start)).map(|title| [title, about]))
}

/// Text as it was before it became part of a page.
fn plain(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{ZooPage, save_zoo};

    #[test]
    fn it_leads_to_the_pages_of_a_directory_and_to_nothing_else() {
        let place = std::env::temp_dir().join(format!("splitvote-index-{}", std::process::id()));
        _ = fs::remove_dir_all(&place);
        let summary = "<b>3</b> & \"more\"".to_owned();
        save_zoo(&place.join("zoo.html"), &ZooPage { summary, ..ZooPage::default() }).unwrap();
        save_zoo(&place.join("cases/e1.html"), &ZooPage::default()).unwrap();
        fs::write(place.join("mine.html"), "<title>mine</title>").unwrap();
        assert_eq!(save_index(&place).unwrap(), 2);
        let index = fs::read_to_string(place.join(INDEX)).unwrap();
        assert!(index.contains("<a href=\"zoo.html\">The kill matrix</a>: &lt;b&gt;3&lt;/b&gt; &amp; &quot;more&quot;"), "{index}");
        assert!(index.contains("href=\"cases/e1.html\"") && !index.contains("mine"), "{index}");
        // Once more, with an index in it.
        assert_eq!(save_index(&place).unwrap(), 2);
        assert_eq!(fs::read_to_string(place.join(INDEX)).unwrap(), index);
        assert!(save_index(&place.join("missing")).is_err());
        fs::remove_dir_all(&place).unwrap();
    }
}
