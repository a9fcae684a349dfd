import { useEffect, useState } from "preact/hooks";

type Values = Readonly<Record<string, unknown>>;

/**
 * The values of one opened request, in this page's memory only: gone when the page is left, hidden or put into the browser's
 * own store of pages to come back to.
 */
export const useShown = () => {
  const [shown, setShown] = useState<{ readonly of: string; readonly values: Values }>();
  const hide = () => setShown(undefined);
  useEffect(() => {
    const whenHidden = () => {
      if (document.visibilityState === "hidden") hide();
    };
    document.addEventListener("visibilitychange", whenHidden);
    addEventListener("pagehide", hide);
    return () => {
      document.removeEventListener("visibilitychange", whenHidden);
      removeEventListener("pagehide", hide);
    };
  }, []);
  return {
    of: shown?.of,
    values: shown?.values ?? {},
    show: (of: string, values: Values) => setShown({ of, values }),
    hide,
  };
};

export const Shown = ({ values, onHide }: { values: Values; onHide: () => void }) => (
  <div role="status">
    <p class="note">Shown once. They go when you leave this page or tab, and cannot be opened again.</p>
    <dl>
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code class="wrap">{typeof value === "string" ? value : JSON.stringify(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
    <button type="button" class="quiet" onClick={onHide}>
      Hide
    </button>
  </div>
);
