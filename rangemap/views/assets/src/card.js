// The card of what is selected: made anew when what it says may have changed, with the same parts
// of it open.
import { button, el } from "./dom.js";

/** `update(selected, content)`: content is an element or null. `box()` is where the card lies. */
export function createCard(holder, { words, onClose, onOpen }) {
  let card = null;
  let about = "";
  let backTo = null;

  function open() {
    backTo = document.activeElement;
    card = el("section", { class: "rm-card", "aria-labelledby": "rm-card-title", tabindex: "-1" });
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      onClose();
    });
    holder.append(card);
  }

  function close() {
    if (!card) return;
    const hadFocus = card.contains(document.activeElement);
    card.remove();
    card = null;
    about = "";
    if (hadFocus && backTo && backTo.isConnected) backTo.focus({ preventScroll: true });
  }

  return {
    box: () => card.getBoundingClientRect(),
    update(selected, content) {
      if (!content) {
        close();
        return;
      }
      if (!card) open();
      const key = JSON.stringify(selected);
      const same = about === key;
      const opened = same ? [...card.querySelectorAll("details")].map((node) => node.open) : [];
      const scrolled = same ? card.scrollTop : 0;
      const focused = same && card.contains(document.activeElement);
      card.replaceChildren(button("×", { class: "rm-close", "aria-label": words.close, onclick: onClose }), content);
      [...card.querySelectorAll("details")].forEach((node, index) => {
        if (opened[index]) node.open = true;
      });
      card.scrollTop = scrolled;
      if (!same || focused) card.focus({ preventScroll: true });
      about = key;
      if (!same) onOpen(selected);
    },
  };
}
