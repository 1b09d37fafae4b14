// Keeps the part of the address behind # in step with the state, and follows it when it changes.
import { MAX_DISTANCE_KM } from "./geodesy.js";
import { fromHash, startState, toHash } from "./state.js";

const DELAY_MS = 250;

/** `schedule()` writes the state soon, `now()` at once; `onView`, `onForeign` are told of a new address. */
export function createAddress({ model, store, onView, onForeign }) {
  let due = 0;

  function now() {
    clearTimeout(due);
    const hash = toHash(store.get(), model);
    if (location.hash === hash) return;
    try {
      history.replaceState(null, "", hash || location.pathname);
    } catch (problem) {
      // In a notebook's frame the page has no address of its own.
      if (problem.name !== "SecurityError") throw problem;
    }
  }

  window.addEventListener("hashchange", () => {
    const { patch, foreign } = fromHash(location.hash, model, MAX_DISTANCE_KM);
    const { tab, view, keys } = store.get();
    store.set({ ...startState(model), tab, keys, ...patch, view: patch.view || view });
    if (patch.view) onView(patch.view);
    if (foreign) onForeign();
  });

  return {
    now,
    schedule() {
      clearTimeout(due);
      due = setTimeout(now, DELAY_MS);
    },
  };
}
