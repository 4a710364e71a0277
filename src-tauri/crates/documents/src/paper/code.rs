//! Long codes, in rows of whole groups.

/// How wide each symbol of the face for codes is, in sizes of print.
pub(crate) const CODE_SYMBOL: f32 = 0.6;

/// Whether a code may be set in the face for codes, which has nothing but ASCII.
pub(crate) fn is_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|symbol| symbol.is_ascii_alphanumeric() || symbol == b'-')
}

/// The code in as few rows as hold it at this width and size, about as long as one another. The dash between two rows is
/// left out, because programs that copy text take one at the end of a line for a hyphen. `None` when a group has no room.
pub(crate) fn rows(code: &str, width: f32, size: f32) -> Option<Vec<&str>> {
    let most = (width / (CODE_SYMBOL * size)) as usize;
    let groups: Vec<&str> = code.split('-').collect();
    (1..=groups.len()).find_map(|count| {
        let per_row = groups.len().div_ceil(count);
        let rows: Vec<&str> = split_after(code, per_row);
        rows.iter().all(|row| !row.is_empty() && row.len() <= most).then_some(rows)
    })
}

fn split_after(code: &str, groups: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut rest = code;
    while let Some((place, _)) = rest.match_indices('-').nth(groups - 1) {
        rows.push(&rest[..place]);
        rest = &rest[place + 1..];
    }
    rows.push(rest);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_few_and_even() {
        let code = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
        assert_eq!(rows(code, 1000.0, 24.0), Some(vec![code]));
        assert_eq!(rows(code, 23.0 * 6.0, 10.0), Some(vec!["AAAAA-BBBBB-CCCCC", "DDDDD-EEEEE"]));
        assert_eq!(rows(code, 5.0 * 6.0, 10.0), Some(vec!["AAAAA", "BBBBB", "CCCCC", "DDDDD", "EEEEE"]));
        assert_eq!(rows(code, 4.0 * 6.0, 10.0), None);
        assert_eq!(rows("AAAAA--BBBBB", 5.0 * 6.0, 10.0), None);
    }

    #[test]
    fn a_code_is_letters_digits_and_dashes() {
        assert!(is_code("0Aa-9"));
        for bad in ["", "A B", "É", "A\n", "A\u{2010}B"] {
            assert!(!is_code(bad), "{bad:?}");
        }
    }
}
