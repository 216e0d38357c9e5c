// Shows the copy buttons, which are no use without this script, and makes them copy.
const reveal = () => {
  for (const button of document.querySelectorAll('[data-copy][hidden]')) button.hidden = false;
};
reveal();
document.addEventListener('htmx:after:swap', reveal);

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  const source = button && document.getElementById(button.dataset.copy);
  if (!source || button.dataset.label) return;
  button.dataset.label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    // Over plain HTTP to another machine browsers offer no clipboard: the text is selected for Ctrl+C instead.
    getSelection().selectAllChildren(source);
    button.textContent = button.dataset.selected;
  }
  setTimeout(() => {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }, 1500);
});
