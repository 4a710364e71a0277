//! Crockford's Base32 alphabet and its check symbol over GF(32).
//!
//! A code of n symbols is valid when the sum of `α^(n-1-i) · s_i` over GF(32) is zero, `α` being a root of
//! `x^5 + x^2 + 1`. All weights of a code of up to 31 symbols differ and none is zero, so the check catches every
//! single wrong symbol and every swap of two unequal symbols, wherever they stand.

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The symbol that stands for a value of five bits.
#[must_use]
pub fn symbol(value: u8) -> char {
    char::from(SYMBOLS[usize::from(value & 31)])
}

/// The value of a symbol, read the way people write: either case, `O` for 0, `I` and `L` for 1.
#[must_use]
pub fn value(symbol: char) -> Option<u8> {
    let folded = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = SYMBOLS.iter().position(|s| char::from(*s) == folded)?;
    u8::try_from(position).ok()
}

fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

/// Horner's rule over the symbols so far: the check symbol that makes them valid, before it is appended.
#[must_use]
pub fn check(values: &[u8]) -> u8 {
    times_alpha(values.iter().fold(0, |sum, value| times_alpha(sum) ^ value))
}

/// Whether the last value is the check symbol of those before it.
#[must_use]
pub fn is_valid(values: &[u8]) -> bool {
    matches!(values.split_last(), Some((last, rest)) if check(rest) == *last)
}
