//! `splitvote::scenario_tests!`: one `#[test]` for each scenario file of a directory.
//!
//! A declarative macro cannot list files, hence this crate. It depends on nothing, so that it compiles in a second.
//!
//! - `input`: what the macro is called with. `files`: what lies in the directory. `tests`: the code that is written.
//!
//! What a user reads about it stands at `splitvote::scenario_tests`.

extern crate proc_macro;

mod files;
mod input;
mod tests;

use std::path::Path;

use proc_macro::{Span, TokenStream, TokenTree};

/// Writes one `#[test]` for each scenario file of a directory; documented as `splitvote::scenario_tests`.
#[proc_macro]
pub fn scenario_tests(tokens: TokenStream) -> TokenStream {
    let directory = input::directory_span(&tokens);
    match written(tokens) {
        Ok(tests) => tests,
        Err(problem) => error(&problem, directory),
    }
}

fn written(tokens: TokenStream) -> Result<TokenStream, String> {
    let input = input::read(tokens)?;
    let package = package()?;
    let folder = files::find(Path::new(&package), &input.directory)?;
    tests::write(&folder, &input.subject)
}

/// The directory of the package that is compiled.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a macro by the environment where the package is"
)]
fn package() -> Result<String, String> {
    std::env::var("CARGO_MANIFEST_DIR")
        .map_err(|_| "CARGO_MANIFEST_DIR is not set: compile with cargo".to_owned())
}

/// An error of the compiler at the place where the directory is named.
fn error(problem: &str, place: Span) -> TokenStream {
    let text = format!("::core::compile_error!({problem:?});");
    let tokens: TokenStream = text.parse().unwrap_or_default();
    let at_place = |mut token: TokenTree| {
        token.set_span(place);
        token
    };
    tokens.into_iter().map(at_place).collect()
}
