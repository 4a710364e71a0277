// How a long list lies under a scrollbar. WebKit draws nothing beyond 33,554,431 pixels: a longer list is scaled to fit,
// so that one pixel of the scrollbar stands for more than one of the list.

/** The tallest that a list is laid out, in pixels. */
export const TALLEST = 30_000_000;
/** Rows at either end that are never scaled: more than are ever drawn. */
const ENDS = 200;

/**
 * @typedef {{ rows: number, row: number, view: number }} Lie `rows` of `row` pixels each, seen through `view` pixels
 */

/** What the list is laid out as, in pixels. @param {Lie} lie */
export const laidOut = ({ rows, row }) => Math.min(rows * row, TALLEST);

/**
 * Both ends of a scaled list lie as they are, so that they are reached by the pixel; what is between is stretched.
 * @param {Lie} lie
 */
function measures({ rows, row, view }) {
  const lowest = Math.max(0, laidOut({ rows, row, view }) - view);
  const real = Math.max(0, rows * row - view);
  const end = real > lowest ? ENDS * row : 0;
  return { lowest, real, end, stretch: real > lowest ? (real - 2 * end) / (lowest - 2 * end) : 1 };
}

/** The pixel of the list at the top of the view. @param {Lie} lie @param {number} top where the scrollbar stands */
export function offsetAt(lie, top) {
  const { lowest, real, end, stretch } = measures(lie);
  if (top <= end) return Math.max(0, Math.min(top, real));
  return top >= lowest - end ? Math.max(0, real - Math.max(0, lowest - top)) : end + (top - end) * stretch;
}

/** Where the scrollbar stands when this pixel of the list is at the top. @param {Lie} lie @param {number} offset */
export function topFor(lie, offset) {
  const { lowest, real, end, stretch } = measures(lie);
  if (offset <= end) return Math.max(0, Math.min(offset, lowest));
  return offset >= real - end ? Math.max(0, lowest - Math.max(0, real - offset)) : end + (offset - end) / stretch;
}

/**
 * Which rows to draw, and how much stands empty above and below them.
 * @param {Lie} lie
 * @param {number} top where the scrollbar stands
 * @param {number} most rows at most
 * @returns {{ first: number, count: number, above: number, below: number }}
 */
export function windowAt(lie, top, most) {
  const { rows, row, view } = lie;
  const offset = offsetAt(lie, top);
  const seen = Math.min(Math.ceil(view / row) + 1, most);
  const first = Math.max(0, Math.min(Math.floor(offset / row) - Math.floor((most - seen) / 2), rows - most));
  const count = Math.min(most, rows - first);
  // The row at the top of the view stands where the scrollbar does, whatever the scale.
  const above = Math.max(0, top + first * row - offset);
  return { first, count, above, below: Math.max(0, laidOut(lie) - above - count * row) };
}

/**
 * Where the scrollbar must stand for a row to be wholly seen; where it stands now, if it is.
 * @param {Lie} lie
 * @param {number} top
 * @param {number} at the row's place
 */
export function topToShow(lie, top, at) {
  const offset = offsetAt(lie, top);
  const start = at * lie.row;
  if (start < offset) return topFor(lie, start);
  return start + lie.row > offset + lie.view ? topFor(lie, start + lie.row - lie.view) : top;
}
