//! A code read back over the phone: compared symbol by symbol, so that the first wrong one can be named.

use wire::window::ReadBackView;

const GROUP: usize = 5;

/// Compares what was heard with the code that was issued. Case, gaps, dashes, O for 0, I and L for 1 are forgiven, as where
/// codes are typed.
pub(crate) fn compare(code: &str, heard: &str) -> ReadBackView {
    let (code, heard) = (symbols(code), symbols(heard));
    let right = code.iter().zip(&heard).take_while(|(there, said)| there == said).count();
    let wrong = right < heard.len();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    ReadBackView {
        right: number(right),
        of: number(code.len()),
        group: wrong.then(|| number(right / GROUP + 1)),
        symbol: wrong.then(|| number(right % GROUP + 1)),
    }
}

fn symbols(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "R7KM3-P2VXA-9TQ4D-0A1BC-XYZ23";

    #[test]
    fn the_first_wrong_symbol_is_named_by_group_and_place() {
        let cases = [
            ("", (0, None)),
            ("r7km3 p2v", (8, None)),
            (CODE, (25, None)),
            ("R7KM3P2VXA9TQ4DOAIBCXYZ23", (25, None)),
            ("R7KM3-P2KXA", (7, Some((2, 3)))),
            ("X", (0, Some((1, 1)))),
            ("R7KM3-P2VXA-9TQ4D-0A1BC-XYZ23-4", (25, Some((6, 1)))),
        ];
        for (heard, (right, wrong)) in cases {
            let view = compare(CODE, heard);
            assert_eq!((view.right, view.of, view.group.zip(view.symbol)), (right, 25, wrong), "{heard}");
        }
    }
}
