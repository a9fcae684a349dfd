import { useEffect, useState } from "preact/hooks";

/** Where the page stands: `#/<page>`, and for links from mails `#/<page>/<token>`. */
export interface Route {
  readonly page: string;
  readonly token?: string;
}

/** The route, kept current. A link's token is taken out of the address at once: it stays neither in the bar nor in the history. */
export const useRoute = (): Route => {
  const [route, setRoute] = useState(takeRoute);
  useEffect(() => {
    const follow = () => setRoute(takeRoute());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
};

const takeRoute = (): Route => {
  const [page = "", token] = location.hash.replace(/^#\//, "").split("/");
  if (token === undefined) return { page };
  history.replaceState(null, "", `#/${page}`);
  return { page, token };
};
