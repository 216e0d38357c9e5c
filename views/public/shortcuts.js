// `g` and a letter lead to a page, `/` to the search field. Not while somebody is typing.
let isLeading = false;

const isTyping = ({ target }) => target.closest?.('input, select, textarea, [contenteditable], dialog[open]');

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (isLeading) {
    isLeading = false;
    const link = document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
    return;
  }
  if (event.key === 'g') {
    isLeading = true;
    setTimeout(() => {
      isLeading = false;
    }, 1000);
  }
  const search = event.key === '/' && document.querySelector('main input[type="search"]');
  if (search) {
    event.preventDefault();
    search.focus();
  }
});
