import type { Point } from './pools.ts';

export interface Curve {
  name: string;
  colour: string;
  points: Point[];
}

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 64;
const RIGHT = 170;
const TOP = 40;
const BOTTOM = 52;

/** Cost against quality, both as shares of always asking the best model. */
export function plotCurves(title: string, curves: readonly Curve[], best: Point): string {
  const shares = curves.map((curve) => ({
    ...curve,
    points: curve.points.map((point) => ({ cost: point.cost / best.cost, quality: point.quality / best.quality })),
  }));
  const qualities = shares.flatMap((curve) => curve.points.map((point) => point.quality));
  const low = Math.floor(Math.min(...qualities) * 20) / 20;
  const high = Math.ceil(Math.max(...qualities, 1) * 20) / 20;
  const x = (cost: number): string => (LEFT + Math.min(cost, 1.1) * ((WIDTH - LEFT - RIGHT) / 1.1)).toFixed(1);
  const y = (quality: number): string =>
    (HEIGHT - BOTTOM - ((quality - low) / (high - low)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const lines = shares.map(({ colour, points }) => {
    const path = points.filter((point) => point.cost <= 1.1).map((point) => `${x(point.cost)},${y(point.quality)}`);
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path.join(' ')}"/>`;
  });
  const legend = shares.map(({ name, colour }, index) => {
    const at = TOP + 16 + index * 22;
    const from = WIDTH - RIGHT + 16;
    return `<line x1="${from}" y1="${at}" x2="${from + 22}" y2="${at}" stroke="${colour}" stroke-width="3"/><text x="${from + 30}" y="${at + 4}">${name}</text>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(share)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${Math.round(share * 100)} %</text>`,
  );
  const levels: string[] = [];
  for (let quality = low; quality <= high + 1e-9; quality += (high - low) / 5) {
    levels.push(`<line x1="${LEFT}" y1="${y(quality)}" x2="${x(1.1)}" y2="${y(quality)}" stroke="#ddd"/>`);
    levels.push(
      `<text x="${LEFT - 8}" y="${Number(y(quality)) + 4}" text-anchor="end">${Math.round(quality * 100)} %</text>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#333">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="15" font-weight="600">${title}</text>
${levels.join('\n')}
${ticks.join('\n')}
<text x="${(WIDTH - RIGHT + LEFT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">cost, of always asking the best model</text>
<text x="16" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 16 ${HEIGHT / 2})">quality, of the best model</text>
${lines.join('\n')}
${legend.join('\n')}
</svg>
`;
}
