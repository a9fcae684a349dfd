import { onSnapshot, type DocumentData, type Query } from "firebase/firestore";
import { useEffect, useState } from "preact/hooks";

export interface Live<Row> {
  readonly rows: readonly Row[];
  readonly state: "loading" | "live" | "refused";
}

/** The documents of a query, kept current. `key` names the query: a new one starts over. */
export const useLive = <Row extends DocumentData>(query: Query, key: string): Live<Row> => {
  const [live, setLive] = useState<Live<Row>>({ rows: [], state: "loading" });
  useEffect(
    () =>
      onSnapshot(
        query,
        (snapshot) => setLive({ rows: snapshot.docs.map((found) => found.data() as Row), state: "live" }),
        () => setLive({ rows: [], state: "refused" }),
      ),
    [key],
  );
  return live;
};
