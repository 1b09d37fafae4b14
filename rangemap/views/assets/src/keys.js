// Single keys for the whole page. They can be switched off, and never act while something is typed.
const TYPED = "select, textarea, input:not([type]), input[type=search], input[type=number], input[type=text]";

/** Listen for keys; `runs` has a function for each key. Escape goes to `onEscape`. */
export function listenForKeys({ store, runs, onEscape }) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      onEscape();
      return;
    }
    const typing = event.target.closest && event.target.closest(TYPED);
    if (!store.get().keys || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const run = Object.hasOwn(runs, event.key) && runs[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}
