// Lets the time go by: "5s ago" does not stay so. Said as the server says it.
const language = document.documentElement.lang === 'es' ? 'es' : 'en-US';
const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'always' });

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll('main time[datetime]')) {
    const seconds = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (seconds < 1 || seconds >= 86_400) continue;
    const [value, unit] =
      seconds < 60 ? [seconds, 'second'] : seconds < 3600 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
    const text = relative.format(-Math.floor(value), unit);
    if (time.textContent !== text) time.textContent = text;
  }
}, 5000);
