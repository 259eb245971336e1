//! Where in a source file an expression stands.
//!
//! Tokens without the compiler know no lines. So an expression is looked for by its text, from the place of
//! the one before it on: all of them are visited in the order in which they stand. Blanks and comments do not count.

/// A source file, for looking things up in it.
pub(crate) struct Source {
    /// Its path below `src`.
    pub(crate) name: String,
    text: String,
    /// The text without blanks and comments.
    squeezed: String,
    /// For each byte of that, where it stands in the text.
    offsets: Vec<usize>,
    cursor: usize,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let mut source = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            squeezed: String::new(),
            offsets: Vec::new(),
            cursor: 0,
        };
        let mut rest = text.char_indices().peekable();
        let (mut is_quoted, mut before) = (false, ' ');
        while let Some((offset, letter)) = rest.next() {
            let begins_comment = letter == '/' && rest.peek().is_some_and(|(_, next)| *next == '/');
            if begins_comment && !is_quoted {
                while rest.next_if(|(_, letter)| *letter != '\n').is_some() {}
                continue;
            }
            if letter == '"' && before != '\\' {
                is_quoted = !is_quoted;
            }
            before = letter;
            if !letter.is_whitespace() {
                source.squeezed.push(letter);
                source.offsets.extend(std::iter::repeat_n(offset, letter.len_utf8()));
            }
        }
        source
    }

    /// The line of these tokens, and their text as it is written. They stand where the last ones began or behind.
    pub(crate) fn find(&mut self, tokens: &str) -> (usize, String) {
        let wanted = squeeze(tokens);
        let rest = self.squeezed.get(self.cursor..).unwrap_or_default();
        let Some(found) = rest.find(&wanted) else {
            return (self.line(self.cursor), tokens.to_owned());
        };
        self.cursor += found;
        let end = (self.cursor + wanted.len()).saturating_sub(1);
        let (start, end) = (self.offset(self.cursor), self.offset(end));
        let text = self.text.get(start..=end).unwrap_or_default();
        (self.line(self.cursor), on_one_line(text))
    }

    fn offset(&self, place: usize) -> usize {
        self.offsets.get(place).copied().unwrap_or(self.text.len())
    }

    fn line(&self, place: usize) -> usize {
        let before = self.text.get(..self.offset(place)).unwrap_or_default();
        before.matches('\n').count() + 1
    }
}

pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// A text without its line breaks and comments.
fn on_one_line(text: &str) -> String {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
