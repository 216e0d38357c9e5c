// A click beside a dialog closes it; and browsers that do not know `command` buttons yet learn to open and close one.
const isKnown = 'command' in HTMLButtonElement.prototype;

document.addEventListener('click', (event) => {
  const { target } = event;
  if (target.tagName === 'DIALOG' && target.open && target.close) {
    const box = target.getBoundingClientRect();
    const isBeside =
      event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (isBeside) target.close();
    return;
  }
  const button = isKnown ? null : target.closest('button[commandfor]');
  const dialog = button && document.getElementById(button.getAttribute('commandfor'));
  if (!dialog) return;
  if (button.getAttribute('command') === 'close') dialog.close ? dialog.close() : dialog.removeAttribute('open');
  else if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute('open', '');
});
