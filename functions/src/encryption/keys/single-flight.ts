/** Whoever asks for a name while it is being worked on gets the same answer, or the same failure. */
export const singleFlight = <Value>(): ((name: string, work: () => Promise<Value>) => Promise<Value>) => {
  const flights = new Map<string, Promise<Value>>();
  return (name, work) => {
    const joined = flights.get(name);
    if (joined !== undefined) return joined;
    const flight = work().finally(() => void flights.delete(name));
    flights.set(name, flight);
    return flight;
  };
};
