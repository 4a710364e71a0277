//! The marks in three corners of every QR code, counted before anybody tries to join them.
//!
//! rqrr tries them in threes, each time on a copy of the picture: a PNG of 239 bytes with 1,600 marks keeps it busy for many
//! minutes. Here they are counted as rqrr finds them, in one pass.

/// Of sixteen codes.
const MOST: usize = 48;
/// Noise: no code is read in it, and it takes memory to count.
const MOST_RUNS: usize = 4_000_000;
/// Black and white along a line through the middle of a mark.
const PATTERN: [usize; 5] = [1, 1, 3, 1, 1];

/// Black pixels side by side.
struct Run {
    start: u32,
    end: u32,
    /// Another run of the same region, further up; itself in the first.
    region: u32,
}

impl Run {
    fn length(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// Whether a picture has few enough marks to be searched for codes. It has less than 2^32 pixels.
pub(crate) fn are_few(width: u32, height: u32, is_black: impl Fn(u32, u32) -> bool) -> bool {
    count(width, height, is_black).is_some_and(|marks| marks <= MOST)
}

fn count(width: u32, height: u32, is_black: impl Fn(u32, u32) -> bool) -> Option<usize> {
    let mut runs: Vec<Run> = Vec::new();
    let mut rows = vec![0];
    for y in 0..height {
        let (above, from) = (rows.len().checked_sub(2).map_or(0, |row| rows[row]), runs.len());
        let mut x = 0;
        while x < width {
            let start = x;
            while x < width && is_black(x, y) {
                x += 1;
            }
            if x > start {
                runs.push(Run { start, end: x, region: runs.len() as u32 });
            }
            x += 1;
        }
        if runs.len() > MOST_RUNS {
            return None;
        }
        join(&mut runs, above, from);
        rows.push(runs.len());
    }
    let mut pixels = vec![0; runs.len()];
    for at in 0..runs.len() {
        let region = region(&mut runs, at);
        runs[at].region = region as u32;
        pixels[region] += runs[at].length();
    }
    let mut claimed = vec![false; runs.len()];
    let mut marks = 0;
    for row in rows.windows(2) {
        for three in runs[row[0]..row[1]].windows(3) {
            let (ring, stone) = (three[0].region as usize, three[1].region as usize);
            let is_ring = three[2].region as usize == ring && stone != ring && !claimed[ring] && !claimed[stone];
            if is_ring && has_pattern(three) && (11..70).contains(&(pixels[stone] * 100 / pixels[ring])) {
                claimed[ring] = true;
                marks += 1;
            }
        }
    }
    Some(marks)
}

/// Joins the runs from `from` on with those above that they touch, which begin at `above`.
fn join(runs: &mut [Run], above: usize, from: usize) {
    let mut upper = above;
    for lower in from..runs.len() {
        while upper < from && runs[upper].end <= runs[lower].start {
            upper += 1;
        }
        let touching = (upper..from).take_while(|at| runs[*at].start < runs[lower].end).count();
        for at in upper..upper + touching {
            let (one, other) = (region(runs, at), region(runs, lower));
            runs[one.max(other)].region = one.min(other) as u32;
        }
    }
}

fn region(runs: &mut [Run], mut at: usize) -> usize {
    while runs[at].region as usize != at {
        let next = runs[at].region as usize;
        runs[at].region = runs[next].region;
        at = next;
    }
    at
}

fn has_pattern(three: &[Run]) -> bool {
    let gap = |at: usize| (three[at + 1].start - three[at].end) as usize;
    let found = [three[0].length(), gap(0), three[1].length(), gap(1), three[2].length()];
    let unit = (found[0] + found[1] + found[3] + found[4]) / 4;
    let play = unit * 3 / 4;
    PATTERN.iter().zip(found).all(|(times, length)| (times * unit - play..=times * unit + play).contains(&length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many marks of nine pixels, in lines of ten, a white pixel between.
    fn drawn(marks: u32) -> Option<usize> {
        count(100, 100, |x, y| {
            let (place, x, y) = (y / 10 * 10 + x / 10, x % 10, y % 10);
            let ring = x == 0 || x == 6 || y == 0 || y == 6;
            let stone = (2..5).contains(&x) && (2..5).contains(&y);
            place < marks && x < 7 && y < 7 && (ring || stone)
        })
    }

    #[test]
    fn every_mark_is_counted_once() {
        for marks in [0, 1, 3, 48, 49, 100] {
            assert_eq!(drawn(marks), Some(marks as usize));
        }
    }

    #[test]
    fn a_code_has_three_however_large_its_modules_are() {
        let code = qrcode::QrCode::new(b"otpauth://totp/ACME:ana@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("a code");
        for size in [1, 2, 5, 9] {
            let drawn = code.render::<image::Luma<u8>>().module_dimensions(size, size).build();
            assert_eq!(count(drawn.width(), drawn.height(), |x, y| drawn.get_pixel(x, y).0[0] == 0), Some(3));
        }
    }

    #[test]
    fn noise_without_end_is_given_up() {
        assert_eq!(count(6_000, 1_500, |x, _| x % 2 == 0), None);
        assert!(!are_few(6_000, 1_500, |x, _| x % 2 == 0));
    }
}
