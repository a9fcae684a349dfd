const AT_ONCE = 50; // calls of Firestore and KMS under way

/** What `work` gives for each item, in order; never more than 50 at the same time. */
export const inChunks = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
};
