// The session is over: the page is asked for again, which leads to the sign-in page.
document.addEventListener('signed-out', () => location.reload());
