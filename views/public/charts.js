// Draws every canvas that says it is a chart, in the colours of the style sheet and the language of the page.
const language = document.documentElement.lang === 'es' ? 'es' : 'en-US';
const small = { style: 'currency', currency: 'USD', minimumSignificantDigits: 1, maximumSignificantDigits: 3 };
const dollars = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' });
const cents = new Intl.NumberFormat(language, small);
const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
const days = new Intl.DateTimeFormat(language === 'es' ? 'es' : 'en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });

const WRITE = {
  money: (nano) => (nano !== 0 && Math.abs(nano) < 1e9 ? cents : dollars).format(nano / 1e9),
  count: (value) => compact.format(value),
  duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${compact.format(ms / 1000)} s`),
  share: (value) => percent.format(value),
};
/** Of what is counted there are no halves. */
const STEPS = { count: { precision: 0 } };
const SERIES = 8;
/** A ten-thousandth of a dollar: an axis of money is at least as long, whatever it shows. */
const LEAST_AXIS_NANO = 100_000;
const REFRESH_MS = 5000;
const charts = new Map();
const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What a variable comes to here and now: its text may hold both a light and a dark colour. */
function colours() {
  const probe = document.createElement('i');
  // While a colour is on its way, what is read is where it came from.
  probe.style.transition = 'none';
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { line: read('line'), muted: read('muted'), surface: read('surface'), text: read('text') };
  // With colours of their own people still have to tell one part from the next.
  probe.style.forcedColorAdjust = 'none';
  found.series = Array.from({ length: SERIES }, (_, index) => read(`chart-${index + 1}`));
  probe.remove();
  return found;
}

/** A value between two gaps makes no line, so it is shown as a point. */
function lonely(values) {
  const has = (index) => values[index] !== null && values[index] !== undefined;
  return values.map((_, index) => (has(index) && !has(index - 1) && !has(index + 1) ? 2 : 0));
}

/** What the library calls our kinds. */
const TYPES = { 'stacked-bar': 'bar', 'step-line': 'line' };
/** How a line goes from one value to the next: what changes all the time, and what holds until it changes. */
const PATHS = { line: { tension: 0.25 }, 'step-line': { stepped: true } };

/** Values where they were in time, when that is known; else one place after another. */
function placed(values, at) {
  return at ? values.map((y, index) => ({ x: at[index], y })) : values;
}

/** Of hours on the axis only midnights are named, by their day. */
const MIDNIGHT = /, 00:00$/;
function timeAxis({ labels, at }) {
  if (at) {
    const [min, max] = [at[0], at.at(-1)];
    return { type: 'linear', min, max, ticks: { maxTicksLimit: 6, callback: (value) => days.format(value) } };
  }
  if (!labels.some((label) => MIDNIGHT.test(label))) return {};
  return {
    afterBuildTicks(axis) {
      axis.ticks = axis.ticks.filter(({ value }) => MIDNIGHT.test(labels[value]));
    },
    ticks: { callback: (value) => labels[value].replace(MIDNIGHT, '') },
  };
}

function datasets(kind, data, paint) {
  const colour = (index) => paint.series[index % SERIES];
  if (kind === 'doughnut') {
    const values = data.series[0]?.values ?? [];
    return [{ data: values, backgroundColor: values.map((_, index) => colour(index)), borderColor: paint.surface }];
  }
  return data.series.map(({ label, values }, index) => ({
    ...{ label, data: placed(values, data.at), backgroundColor: colour(index), borderColor: colour(index) },
    ...(kind.endsWith('line')
      ? { borderWidth: 2, pointRadius: lonely(values), pointHitRadius: 12, ...PATHS[kind] }
      : { borderRadius: 2 }),
  }));
}

function options(kind, unit, paint, data) {
  const count = data.series.length;
  const x = timeAxis(data);
  const write = WRITE[unit] ?? WRITE.count;
  const amount = ({ parsed }) => (typeof parsed === 'number' ? parsed : parsed.y);
  const name = ({ dataset, label }) => (kind === 'doughnut' ? label : dataset.label);
  const isStacked = kind === 'stacked-bar';
  // An axis of nothing would be cut into billionths of a dollar.
  const least = unit === 'money' ? { suggestedMax: LEAST_AXIS_NANO } : {};
  const ticks = { color: paint.muted, font: { size: 11 }, maxRotation: 0, autoSkipPadding: 16 };
  return {
    ...{ responsive: true, maintainAspectRatio: false, animation: isCalm ? false : { duration: 250 } },
    interaction: { mode: kind === 'doughnut' ? 'nearest' : 'index', intersect: kind === 'doughnut' },
    plugins: {
      legend: {
        display: kind === 'doughnut' || count > 1,
        position: kind === 'doughnut' ? 'right' : 'bottom',
        labels: { color: paint.text, boxWidth: 10, boxHeight: 10, font: { size: 12 } },
      },
      tooltip: {
        callbacks: {
          title: (items) => (items.length > 0 ? data.labels[items[0].dataIndex] : ''),
          label: (item) => ` ${name(item)}: ${write(amount(item))}`,
        },
      },
    },
    ...(kind === 'doughnut'
      ? { cutout: '68%' }
      : {
          scales: {
            x: {
              ...{ ...x, stacked: isStacked, grid: { display: false }, border: { color: paint.line } },
              ticks: { ...ticks, ...x.ticks },
            },
            y: {
              ...least,
              ...{ stacked: isStacked, beginAtZero: true, border: { display: false }, grid: { color: paint.line } },
              ticks: { ...ticks, ...STEPS[unit], maxTicksLimit: 5, callback: (value) => write(value) },
            },
          },
        }),
  };
}

function draw(canvas, data) {
  const { chart: kind, unit } = canvas.dataset;
  const paint = colours();
  canvas.hidden = false;
  charts.get(canvas)?.destroy();
  const chart = new Chart(canvas, {
    type: TYPES[kind] ?? kind,
    data: { labels: data.labels, datasets: datasets(kind, data, paint) },
    options: options(kind, unit, paint, data),
  });
  charts.set(canvas, chart);
}

/** The same chart with newer figures: what stands does not flicker. */
function update(canvas, data) {
  const chart = charts.get(canvas);
  if (!chart) return draw(canvas, data);
  chart.data.labels = data.labels;
  const { chart: kind, unit } = canvas.dataset;
  const paint = colours();
  chart.data.datasets = datasets(kind, data, paint);
  chart.options = options(kind, unit, paint, data);
  chart.update('none');
  fillTable(canvas, data);
}

/** The table beside a chart says the same to those who do not see it. */
function fillTable(canvas, data) {
  const table = canvas.closest('figure')?.querySelector('.chart-table table');
  if (!table) return;
  const write = WRITE[canvas.dataset.unit] ?? WRITE.count;
  const cell = (tag, text, attributes) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };
  const row = (...cells) => {
    const made = document.createElement('tr');
    made.append(...cells);
    return made;
  };
  const heads = data.series.map(({ label }) => cell('th', label, { scope: 'col', class: 'right' }));
  table.tHead.replaceChildren(row(cell('td', '', {}), ...heads));
  const rows = data.labels.map((label, index) => {
    const values = data.series.map(({ values }) => values[index] ?? null);
    const cells = values.map((value) => cell('td', value === null ? '–' : write(value), { class: 'right number' }));
    return row(cell('th', label, { scope: 'row' }), ...cells);
  });
  table.tBodies[0].replaceChildren(...rows);
}

function drawAll() {
  for (const [canvas, chart] of charts) {
    if (canvas.isConnected) continue;
    chart.destroy();
    charts.delete(canvas);
  }
  for (const canvas of document.querySelectorAll('canvas[data-chart]')) {
    draw(canvas, JSON.parse(canvas.dataset.chartData));
  }
}

/** Draws what has come into the page since, and leaves alone what stands. */
function drawNew() {
  for (const canvas of document.querySelectorAll('canvas[data-chart]')) {
    if (!charts.has(canvas)) draw(canvas, JSON.parse(canvas.dataset.chartData));
  }
}

async function refresh() {
  for (const canvas of document.querySelectorAll('canvas[data-chart][data-src]')) {
    const response = await fetch(canvas.dataset.src, { headers: { accept: 'application/json' } });
    if (!response.ok) continue;
    const text = await response.text();
    if (text === canvas.dataset.chartData) continue;
    canvas.dataset.chartData = text;
    update(canvas, JSON.parse(text));
  }
}

/** What moves a live part moves the charts, too, but not as often: each of them is a question of its own. */
let isWaiting = false;
function refreshSoon() {
  if (isWaiting || !document.querySelector('.live canvas[data-src]')) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    if (!document.hidden) document.dispatchEvent(new Event('refresh-charts'));
  }, REFRESH_MS);
}

drawAll();
document.addEventListener('htmx:after:swap', refreshSoon);
document.addEventListener('htmx:after:swap', drawNew);
document.addEventListener('refresh-charts', () => void refresh());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
