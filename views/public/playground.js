// Sends the playground's prompt to each chosen model at once and shows the answers as they come: all of it as text.
let running = null;

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-playground]');
  if (!form) return;
  event.preventDefault();
  run(form);
});

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-stop]')) running?.abort();
});

async function run(form) {
  running?.abort();
  running = new AbortController();
  const mine = running;
  const fields = new FormData(form);
  const token = fields.get('form-token');
  fields.delete('form-token');
  const stop = form.querySelector('[data-stop]');
  stop.hidden = false;
  const answers = document.getElementById('answers');
  answers.replaceChildren();
  const chosen = [...form.querySelectorAll('select[name^=model]')].filter((select) => select.value !== '');
  await Promise.all(
    chosen.map(async (select) => {
      const column = makeColumn(answers, select.selectedOptions[0].textContent);
      const body = new URLSearchParams(fields);
      body.set('model', select.value);
      try {
        await ask(column, body, { token, signal: mine.signal });
      } catch {
        column.status(mine.signal.aborted ? answers.dataset.stopped : answers.dataset.broken);
      }
    }),
  );
  if (running === mine) stop.hidden = true;
}

async function ask(column, body, { token, signal }) {
  const response = await fetch('dashboard/playground/stream', {
    ...{ method: 'POST', body, signal, headers: { 'form-token': token } },
  });
  // The session is over: the page leads to the sign-in page.
  if (response.redirected) location.reload();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error('no answer');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let isOver = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      if (name === 'done') isOver = true;
      if (name) column[name]?.(JSON.parse(data));
    }
  }
  if (!isOver) throw new Error('cut short');
}

function makeColumn(answers, asked) {
  const piece = document.getElementById('answer-column').content.cloneNode(true);
  const slot = (name) => root.querySelector(`[data-slot="${name}"]`);
  const root = piece.firstElementChild;
  const state = slot('status');
  slot('asked').textContent = asked;
  state.textContent = state.dataset.waiting;
  root.setAttribute('aria-busy', 'true');
  answers.append(root);

  const show = (name, text) => {
    slot(name).hidden = text === '';
    slot(name).textContent = text;
  };
  const status = (text) => {
    state.textContent = text;
    root.removeAttribute('aria-busy');
  };
  return {
    status,
    delta({ kind, text }) {
      const part = slot(kind);
      part.hidden = false;
      const isAtEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 24;
      part.append(text);
      if (isAtEnd) part.scrollTop = part.scrollHeight;
    },
    done({ failure, facts, reason, candidates }) {
      status(failure === '' ? state.dataset.done : '');
      show('failure', failure);
      slot('facts').hidden = Object.keys(facts).length === 0;
      for (const [name, text] of Object.entries(facts)) root.querySelector(`[data-fact="${name}"]`).textContent = text;
      slot('why').hidden = reason === '';
      slot('reason').textContent = reason;
      root.querySelector('.candidates').replaceChildren(...candidates.map(line));
    },
  };
}

function line({ name, facts, reason }) {
  const item = document.createElement('li');
  const parts = [
    [name, 'strong'],
    [facts, 'muted number'],
    [reason, 'muted'],
  ];
  for (const [text, look] of parts) {
    const part = document.createElement('span');
    part.className = look;
    part.textContent = text;
    item.append(part);
  }
  return item;
}
