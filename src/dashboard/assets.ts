import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { Elysia } from 'elysia';
import sse from 'htmx.org/dist/ext/hx-sse.min.js' with { type: 'text' };
import htmx from 'htmx.org/dist/htmx.min.js' with { type: 'text' };
import type { AssetUrls } from '../../views/frame.ts';
import base from '../../views/public/base.css' with { type: 'text' };
import charts from '../../views/public/charts.js' with { type: 'text' };
import copy from '../../views/public/copy.js' with { type: 'text' };
import data from '../../views/public/data.css' with { type: 'text' };
import dialogs from '../../views/public/dialogs.js' with { type: 'text' };
import forced from '../../views/public/forced.css' with { type: 'text' };
import forms from '../../views/public/forms.css' with { type: 'text' };
import frame from '../../views/public/frame.css' with { type: 'text' };
import icon from '../../views/public/icon.svg' with { type: 'text' };
import ledger from '../../views/public/ledger.css' with { type: 'text' };
import models from '../../views/public/models.css' with { type: 'text' };
import narrow from '../../views/public/narrow.css' with { type: 'text' };
import playgroundStyle from '../../views/public/playground.css' with { type: 'text' };
import playground from '../../views/public/playground.js' with { type: 'text' };
import session from '../../views/public/session.js' with { type: 'text' };
import shortcuts from '../../views/public/shortcuts.js' with { type: 'text' };
import times from '../../views/public/times.js' with { type: 'text' };
import { SECURITY_HEADERS } from './reply.ts';

const brotli = promisify(brotliCompress);
/** Nearly as small as the best, and quick enough to be done when it is first asked for. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

interface Asset {
  /** With a hash of the content in it: a changed file is another file, so this one may be kept for ever. */
  path: string;
  type: string;
  text: string;
  /** Packed when they are first asked for. */
  gzipped: () => Promise<Uint8Array<ArrayBuffer>>;
  brotlied: () => Promise<Uint8Array<ArrayBuffer>>;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

// The package does not export this file, so it is found beside one that it does.
const chartJs = readFileSync(join(dirname(Bun.resolveSync('chart.js', import.meta.dir)), 'chart.umd.min.js'), 'utf8');

/** Scripts in one file, each in a scope of its own. */
const apart = (...scripts: string[]) => scripts.map((script) => `(() => {\n${script}\n})();\n`).join('');

// One file, in this order: the rules for narrow screens, and for colours of one's own, overrule all others.
const styleFile = createAsset(
  'style.css',
  'text/css; charset=utf-8',
  [base, frame, data, forms, models, ledger, playgroundStyle, narrow, forced].join('\n'),
);
// One file: as two, htmx would start before its extension is there.
const htmxFile = createAsset('htmx.js', JAVASCRIPT, `${htmx};\n${sse}`);
const scriptFile = createAsset('page.js', JAVASCRIPT, apart(copy, dialogs, shortcuts, times, session, playground));
const chartsFile = createAsset('charts.js', JAVASCRIPT, `${chartJs};\n${apart(charts)}`);
const iconFile = createAsset('icon.svg', 'image/svg+xml', icon);

/** All of them, for a web server in front that hands them out itself. */
export const ASSETS: readonly Asset[] = [styleFile, htmxFile, scriptFile, chartsFile, iconFile];

const BY_PATH = new Map(ASSETS.map((asset) => [asset.path, asset]));

export const ASSET_URLS: AssetUrls = {
  style: styleFile.path,
  htmx: htmxFile.path,
  script: scriptFile.path,
  charts: chartsFile.path,
  icon: iconFile.path,
};

/** The files pages are made of: in memory, compressed, for everybody. */
export const assetRoutes = () =>
  new Elysia()
    .get('/assets/:name', async ({ request, params }) => {
      const asset = BY_PATH.get(`assets/${params.name}`);
      return asset ? await send(request, asset, 'public, max-age=31536000, immutable') : notFound();
    })
    // Asked for by programs that do not read the page's own link to the icon.
    .get('/favicon.ico', ({ request }) => send(request, iconFile, 'public, max-age=86400'));

function createAsset(name: string, type: string, text: string): Asset {
  const hash = new Bun.CryptoHasher('sha256').update(text).digest('hex').slice(0, 12);
  return {
    ...{ path: `assets/${name.replace('.', `.${hash}.`)}`, type, text },
    gzipped: once(async () => Bun.gzipSync(text)),
    brotlied: once(async () => new Uint8Array(await brotli(text, BROTLI))),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

async function send(request: Request, asset: Asset, cacheControl: string): Promise<Response> {
  const headers = {
    ...SECURITY_HEADERS,
    ...{ 'content-type': asset.type, 'cache-control': cacheControl, vary: 'accept-encoding' },
  };
  const accepted = request.headers.get('accept-encoding') ?? '';
  if (/\bbr\b/.test(accepted))
    return new Response(await asset.brotlied(), { headers: { ...headers, 'content-encoding': 'br' } });
  if (/\bgzip\b/.test(accepted))
    return new Response(await asset.gzipped(), { headers: { ...headers, 'content-encoding': 'gzip' } });
  return new Response(asset.text, { headers });
}

function notFound(): Response {
  return new Response('There is no such file.', { status: 404, headers: SECURITY_HEADERS });
}
