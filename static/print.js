// A button that prints the page. Without this script it is hidden, and the page says how to print.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
