//! What `scenario_tests!` is called with: an expression that gives a `Subject`, and a directory.

use proc_macro::{Delimiter, Span, TokenStream, TokenTree};

const USAGE: &str = "write `splitvote::scenario_tests!(subject(), \"scenarios\");`: an expression that gives the Subject \
                     of your Raft, and a directory below the package as plain text";

/// What was read.
pub(crate) struct Input {
    /// The expression that gives the subject.
    pub(crate) subject: TokenStream,
    /// The directory, as it is written.
    pub(crate) directory: String,
}

/// Where the directory is named: the last token that is no comma.
pub(crate) fn directory_span(tokens: &TokenStream) -> Span {
    let last = tokens.clone().into_iter().filter(|token| !is_comma(token)).last();
    last.map_or_else(Span::call_site, |token| token.span())
}

/// Reads the arguments.
pub(crate) fn read(tokens: TokenStream) -> Result<Input, String> {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    while tokens.last().is_some_and(is_comma) {
        tokens.pop();
    }
    let directory = tokens.pop().and_then(text).ok_or(USAGE)?;
    let is_separated = tokens.pop().is_some_and(|token| is_comma(&token));
    if !is_separated || tokens.is_empty() {
        return Err(USAGE.to_owned());
    }
    Ok(Input { subject: tokens.into_iter().collect(), directory })
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',')
}

/// The text of a literal, also of one that another macro has passed on.
fn text(token: TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => unquoted(&literal.to_string()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            let only = inner.next()?;
            if inner.next().is_none() { text(only) } else { None }
        }
        _ => None,
    }
}

/// The text in the quotes of `"…"`, `r"…"` or `r#"…"#`; none if it has escapes, which no directory needs.
fn unquoted(literal: &str) -> Option<String> {
    let (is_raw, rest) = match literal.strip_prefix('r') {
        Some(rest) => (true, rest.trim_matches('#')),
        None => (false, literal),
    };
    let inner = rest.strip_prefix('"')?.strip_suffix('"')?;
    (is_raw || !inner.contains('\\')).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn a_directory_is_plain_or_raw_text() {
        let some = Some("a/b".to_owned());
        assert_eq!(unquoted("\"a/b\""), some);
        assert_eq!(unquoted("r\"a/b\""), some);
        assert_eq!(unquoted("r#\"a/b\"#"), some);
        for other in ["\"a\\nb\"", "17", "b\"a\"", "'a'"] {
            assert_eq!(unquoted(other), None, "{other}");
        }
    }
}
