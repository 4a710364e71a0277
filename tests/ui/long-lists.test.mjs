// The arithmetic of long tables: `node --test` in this folder.

import assert from "node:assert/strict";
import { test } from "node:test";

const { TALLEST, laidOut, offsetAt, topFor, topToShow, windowAt } = await import("../../ui/js/scroll-scale.js");
const { PAGE, Pages } = await import("../../ui/js/pages.js");
const { share } = await import("../../ui/js/parts/readiness.js");

const WEBKIT = 33_554_431;
const lies = [1, 7, 56, 57, 1_000, 100_000, 592_592, 592_593, 1_000_000, 5_000_000].flatMap((rows) =>
  [[50.625, 545], [54, 288], [38, 1_900]].map(([row, view]) => ({ rows, row, view })));
const most = ({ view, row }) => Math.min(56, Math.ceil(view / row) + 20);
const lowest = (lie) => Math.max(0, laidOut(lie) - lie.view);

test("no list is laid out taller than WebKit draws, and both of its ends are reached", () => {
  assert.ok(TALLEST < WEBKIT);
  for (const lie of lies) {
    assert.ok(laidOut(lie) <= TALLEST);
    const start = windowAt(lie, 0, most(lie));
    assert.deepEqual([start.first, start.above], [0, 0]);
    const end = windowAt(lie, lowest(lie), most(lie));
    assert.equal(end.first + end.count, lie.rows, JSON.stringify(lie));
    assert.ok(Math.abs(end.above + end.count * lie.row - laidOut(lie)) < 0.01);
  }
});

test("wherever the scrollbar stands, the rows that are seen are drawn, and stand where they are seen", () => {
  for (const lie of lies) {
    const { rows, row, view } = lie;
    for (let step = 0; step <= 2_000; step += 1) {
      const top = lowest(lie) * (step < 1_000 ? step / 1_000 : step < 1_500 ? (step - 1_000) / 1e6 : 1 - (step - 1_500) / 1e6);
      const { first, count, above, below } = windowAt(lie, top, most(lie));
      assert.ok(count <= 56);
      const offset = offsetAt(lie, top);
      // The pixel of the list at the top of the view is that of the row drawn there, to a hundredth.
      assert.ok(Math.abs(top - above + first * row - offset) < 0.01);
      assert.ok(above >= 0 && above <= top + 1e-6, `nothing missing above at ${top} of ${JSON.stringify(lie)}`);
      const bottom = above + count * row;
      assert.ok(bottom + 1e-6 >= Math.min(top + view, laidOut(lie)) || first + count === rows, `nothing missing below at ${top} of ${JSON.stringify(lie)}`);
      assert.ok(Math.abs(above + count * row + below - laidOut(lie)) < row, "the scrollbar keeps its length");
    }
  }
});

test("every row can be brought into sight, and one that is in sight moves nothing", () => {
  for (const lie of lies) {
    for (const at of [0, 1, 55, 56, 99, 100, lie.rows >> 1, lie.rows - 2, lie.rows - 1].filter((at) => at >= 0 && at < lie.rows)) {
      for (const from of [0, lowest(lie) / 3, lowest(lie)]) {
        const top = topToShow(lie, from, at);
        const offset = offsetAt(lie, top);
        assert.ok(at * lie.row >= offset - 0.01 && (at + 1) * lie.row <= offset + lie.view + 0.01, `${at} of ${JSON.stringify(lie)}`);
        assert.ok(Math.abs(topToShow(lie, top, at) - top) < 0.01);
      }
    }
    assert.ok(Math.abs(topFor(lie, offsetAt(lie, lowest(lie) / 2)) - lowest(lie) / 2) < 0.01);
  }
});

/** A list of numbers whose pages come when they are let. */
function numbers(total) {
  const waiting = [];
  const page = (from, count = total) => ({ from, total: count, rows: Array.from({ length: Math.max(0, Math.min(PAGE, count - from)) }, (_, index) => from + index) });
  const read = (from) => new Promise((resolve) => waiting.push({ from, come: (answer = page(from)) => resolve(answer) }));
  return { list: new Pages(read, page(0)), waiting, page };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("pages come by their place, and what was scrolled past is not asked for", async () => {
  const { list, waiting } = numbers(100_000);
  assert.deepEqual([list.at(7), list.at(100), list.total], [7, null, 100_000]);
  void list.want(40_150, 40_205);
  for (const place of [50_000, 60_000, 70_000]) void list.want(place, place + 55);
  assert.deepEqual(waiting.map(({ from }) => from), [40_100]);
  waiting.shift().come();
  await settled();
  assert.deepEqual(waiting.map(({ from }) => from), [70_000], "and neither 40,200 nor those between");
  waiting.shift().come();
  await settled();
  assert.deepEqual([list.at(70_055), list.at(60_000), list.place, waiting.length], [70_055, null, 70_000, 0]);
});

test("few pages are kept, never one that is wanted", async () => {
  const { list, waiting } = numbers(100_000);
  for (let place = 0; place < 5_000; place += PAGE) {
    const done = list.want(place + 60, place + 115);
    while (waiting.length > 0) {
      waiting.shift().come();
      await settled();
    }
    await done;
    assert.notEqual(list.at(place + 60), null);
    assert.notEqual(list.at(place + 115), null);
  }
  const held = Array.from({ length: 1_000 }, (_, page) => list.at(page * PAGE) !== null).filter(Boolean).length;
  assert.ok(held <= 8, `${held} pages`);
});

test("a list that has changed keeps what is shown until the new rows have come", async () => {
  const { list, waiting, page } = numbers(1_000);
  let told = 0;
  list.watch(() => (told += 1));
  void list.want(90, 145);
  waiting.shift().come(page(100, 999));
  await settled();
  assert.deepEqual([list.total, list.at(95), waiting.map(({ from }) => from)], [999, 95, [0]]);
  waiting.shift().come({ ...page(0, 999), rows: Array.from({ length: PAGE }, (_, index) => index + 0.5) });
  await settled();
  assert.deepEqual([list.at(95), told, waiting.length], [95.5, 2, 0]);
});

test("a page that cannot be had is not asked for again and again", async () => {
  const { list, waiting } = numbers(1_000);
  void list.want(500, 520);
  waiting.shift().come(null);
  await settled();
  await list.want(500, 520);
  assert.deepEqual([list.at(500), waiting.length], [null, 0]);
});

test("a part of the picture is as wide as its share, seen however small, and nothing where there is nobody", () => {
  assert.equal(share(500, 1_000, 1_000), 500);
  assert.equal(share(1, 1_000_000, 1_000), 2);
  assert.equal(share(0, 1_000, 1_000), 0);
  assert.equal(share(3, 0, 1_000), 0);
  assert.equal(share(7, 5, 1_000), 1_000);
});
