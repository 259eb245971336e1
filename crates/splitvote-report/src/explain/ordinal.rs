//! Numbers as words: `1st`, `22nd`, `113th`.

/// The ordinal of a number, in digits.
pub(super) fn ordinal(number: usize) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_end_as_they_are_said() {
        let numbers = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1_002];
        let said = numbers.map(ordinal).join(" ");
        assert_eq!(said, "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th 1002nd");
    }
}
