/** Makes a value on first use and keeps it. A maker that throws is asked again next time. */
export const lazy = <Value>(make: () => Value): (() => Value) => {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
};
