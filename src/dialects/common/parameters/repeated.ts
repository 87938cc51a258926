/** The items of a list that are named before in it, with their places; those without a name are passed over. */
export function repeated<T>(items: readonly T[], key: (item: T) => string | undefined): { item: T; index: number }[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const name = key(item);
    if (name === undefined) return [];
    if (seen.has(name)) return [{ item, index }];
    seen.add(name);
    return [];
  });
}
