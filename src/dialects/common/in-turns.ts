import { setImmediate as othersTurn } from "node:timers/promises";

/** Items that are looked at in one turn of the event loop: of the largest, clusters, some milliseconds of it. */
const itemsInOneTurn = 50;

/**
 * Maps a list of any length, between whose parts other requests have their turn. What an item waits for, no other one does.
 * @returns the results in the list's order; rejects with the first failure
 */
export function inTurns<Item, Result>(
  list: readonly Item[],
  map: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  let turn: Promise<void> = Promise.resolve();
  const results = list.map((item, index) => {
    if (index > 0 && index % itemsInOneTurn === 0) turn = turn.then(() => othersTurn());
    return turn.then(() => map(item));
  });
  return Promise.all(results);
}
