/**
 * Waits until all of them are over, one way or the other: unlike with `Promise.all`, nothing goes on behind the caller's
 * back after a failure.
 *
 * @throws the first failure, in the order given.
 */
export async function awaitAll(promises: Iterable<Promise<unknown>>): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
