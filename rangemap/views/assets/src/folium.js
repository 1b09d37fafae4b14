// folium's own layers may be added: its markers need images, its popups two calls of jQuery.

/** Prepare the page for layers that folium writes. */
export function welcomeFolium(icons) {
  if (icons) {
    delete L.Icon.Default.prototype._getIconUrl;
    L.Icon.Default.mergeOptions(icons);
  }
  if (window.$) return;
  window.$ = (what) => {
    if (what === document) return { ready: (callback) => callback() };
    // The markup is folium's own, written in Python by whoever added the layer.
    return [new DOMParser().parseFromString(what.trim(), "text/html").body.firstChild];
  };
}
