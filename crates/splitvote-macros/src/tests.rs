//! The code that is written: a module for the directory and for each of its directories, and a `#[test]` for each file.

use std::collections::BTreeMap;
use std::fmt::Write;

use proc_macro::{Group, TokenStream, TokenTree};

use crate::files::{File, Folder};

/// Stands for the expression that the macro is given until the text has become tokens.
const SUBJECT: &str = "__splitvote_expression";

/// Writes the tests of a directory.
pub(crate) fn write(folder: &Folder, subject: &TokenStream) -> Result<TokenStream, String> {
    let text = whole(folder)?;
    let tokens: TokenStream =
        text.parse().map_err(|error| format!("{}: {error}", folder.path.display()))?;
    Ok(filled_in(tokens, subject))
}

/// The same as text. The outermost module has what all tests share: the subject, and a test that notices files which
/// were added since, as the compiler looks only at those that it knows.
fn whole(folder: &Folder) -> Result<String, String> {
    let mut files = String::new();
    paths(folder, &mut files);
    // A subject that is named by its whole path uses nothing of what is around it.
    let shared = format!(
        "#[allow(unused_imports)] use super::*;
        fn __splitvote_subject() -> ::splitvote::Subject<impl ::splitvote::peer::Peer> {{ {SUBJECT} }}
        #[test] fn every_scenario_file_has_a_test() -> ::core::result::Result<(), ::splitvote::testing::TestFailure> {{
            ::splitvote::testing::has_tests_for_all({:?}, &[{files}])
        }}",
        folder.path.to_string_lossy(),
    );
    module(folder, &shared, "self")
}

/// A directory as a module; `home` leads from it to what all tests share.
fn module(folder: &Folder, shared: &str, home: &str) -> Result<String, String> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut body = shared.to_owned();
    let names = folder
        .files
        .iter()
        .map(|file| &file.stem)
        .chain(folder.folders.iter().map(|inner| &inner.name));
    for name in names {
        if let Some(twin) = taken.insert(identifier(name), name) {
            return Err(format!(
                "{}: `{twin}` and `{name}` would both be the test `{}`; rename one of them",
                folder.path.display(),
                identifier(name),
            ));
        }
    }
    for file in &folder.files {
        body += &test(file, home);
    }
    for inner in &folder.folders {
        let home = if home == "self" { "super".to_owned() } else { format!("super::{home}") };
        body += &module(inner, "", &home)?;
    }
    let attribute = if home == "self" { "#[cfg(test)]" } else { "" };
    Ok(format!("{attribute} mod {} {{ {body} }}", identifier(&folder.name)))
}

fn test(File { stem, path, is_case }: &File, home: &str) -> String {
    let (name, path) = (identifier(stem), path.to_string_lossy());
    let holds = if *is_case { "case_holds" } else { "scenario_holds" };
    format!(
        "#[test] fn {name}() -> ::core::result::Result<(), ::splitvote::testing::TestFailure> {{
            ::splitvote::testing::{holds}(
                {path:?}, ::core::include_str!({path:?}), &{home}::__splitvote_subject(),
                ::core::concat!(::core::module_path!(), \"::{name}\"),
            )
        }}"
    )
}

/// The paths of all files, as elements of an array.
fn paths(folder: &Folder, text: &mut String) {
    for file in &folder.files {
        // Writing to a string cannot fail.
        _ = write!(text, "{:?}, ", file.path.to_string_lossy());
    }
    folder.folders.iter().for_each(|inner| paths(inner, text));
}

/// The words of Rust, which are no names.
const WORDS: &str = "abstract as async await become box break const continue crate do dyn else enum extern false final \
    fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct super \
    trait true try type typeof unsafe unsized use virtual where while yield";

/// What a file or a directory is called as a function or a module: `figure-8` becomes `figure_8`.
fn identifier(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut text: String = name.chars().map(plain).collect();
    if text.starts_with(|c: char| c.is_ascii_digit()) || text.is_empty() {
        text.insert(0, '_');
    }
    if WORDS.split_whitespace().any(|word| word == text) || text.chars().all(|c| c == '_') {
        text.push_str("_0");
    }
    text
}

/// Puts the expression in its place.
fn filled_in(tokens: TokenStream, subject: &TokenStream) -> TokenStream {
    let put = |token: TokenTree| match token {
        TokenTree::Ident(word) if word.to_string() == SUBJECT => subject.clone(),
        TokenTree::Group(group) => {
            let inner = filled_in(group.stream(), subject);
            let mut filled = Group::new(group.delimiter(), inner);
            filled.set_span(group.span());
            TokenTree::Group(filled).into()
        }
        other => other.into(),
    };
    tokens.into_iter().flat_map(|token| put(token).into_iter()).collect()
}

#[cfg(test)]
mod cases {
    use std::path::PathBuf;

    use super::*;

    fn file(stem: &str) -> File {
        File {
            stem: stem.to_owned(),
            path: PathBuf::from(format!("/s/{stem}.toml")),
            is_case: stem == "kept",
        }
    }

    fn folder(name: &str, files: &[&str], folders: Vec<Folder>) -> Folder {
        let files = files.iter().map(|stem| file(stem)).collect();
        Folder { name: name.to_owned(), path: PathBuf::from("/s"), folders, files }
    }

    #[test]
    fn files_are_functions_and_directories_modules() {
        let inner = folder("3-a", &["re-election", "kept"], Vec::new());
        let text = whole(&folder("lab", &["8.5", "loop"], vec![inner])).unwrap_or_default();
        for part in
            ["mod lab {", "fn _8_5()", "fn loop_0()", "mod _3_a {", "&super::__splitvote_subject()"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(
            text.contains("scenario_holds(") && text.matches("case_holds(").count() == 1,
            "{text}"
        );
        assert!(
            text.contains("&[\"/s/8.5.toml\", \"/s/loop.toml\", \"/s/re-election.toml\", "),
            "{text}"
        );
    }

    #[test]
    fn two_files_of_one_test_are_refused() {
        let said = whole(&folder("lab", &["a-b", "a_b"], Vec::new())).err().unwrap_or_default();
        assert_eq!(said, "/s: `a-b` and `a_b` would both be the test `a_b`; rename one of them");
    }
}
