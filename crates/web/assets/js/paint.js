// What can wait until somebody sees what has changed: a request that is made before it costs milliseconds of that frame.

/** Once what was changed is on the screen; at once on a page that nobody sees. */
export function painted() {
  return new Promise((then) => (document.hidden ? then() : requestAnimationFrame(() => setTimeout(then))));
}
