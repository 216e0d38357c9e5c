import { Elysia } from 'elysia';
import type { AssetUrls } from '../../views/layout.tsx';
import base from '../../views/public/base.css' with { type: 'text' };
import copy from '../../views/public/copy.js' with { type: 'text' };
import data from '../../views/public/data.css' with { type: 'text' };
import forms from '../../views/public/forms.css' with { type: 'text' };
import frame from '../../views/public/frame.css' with { type: 'text' };
import icon from '../../views/public/icon.svg' with { type: 'text' };
import narrow from '../../views/public/narrow.css' with { type: 'text' };
import { SECURITY_HEADERS } from './reply.ts';

interface Asset {
  /** With a hash of the content in it: a changed file is another file, so this one may be kept for ever. */
  url: string;
  type: string;
  text: string;
  gzipped: Uint8Array<ArrayBuffer>;
}

// One file, in this order: the rules for narrow screens overrule all others.
const style = createAsset('style.css', 'text/css; charset=utf-8', [base, frame, data, forms, narrow].join('\n'));
const script = createAsset('copy.js', 'text/javascript; charset=utf-8', copy);
const mark = createAsset('icon.svg', 'image/svg+xml', icon);

/** All of them, for a web server in front that hands them out itself. */
export const ASSETS: readonly Asset[] = [style, script, mark];

const BY_URL = new Map(ASSETS.map((asset) => [asset.url, asset]));

export const ASSET_URLS: AssetUrls = { style: style.url, script: script.url, icon: mark.url };

/** The files pages are made of: in memory, compressed, for everybody. */
export const assetRoutes = () =>
  new Elysia()
    .get('/assets/:name', ({ request, params }) => {
      const asset = BY_URL.get(`/assets/${params.name}`);
      return asset ? send(request, asset, 'public, max-age=31536000, immutable') : notFound();
    })
    // Asked for by programs that do not read the page's own link to the icon.
    .get('/favicon.ico', ({ request }) => send(request, mark, 'public, max-age=86400'));

function createAsset(name: string, type: string, text: string): Asset {
  const hash = new Bun.CryptoHasher('sha256').update(text).digest('hex').slice(0, 12);
  return { url: `/assets/${name.replace('.', `.${hash}.`)}`, type, text, gzipped: Bun.gzipSync(text) };
}

function send(request: Request, { type, text, gzipped }: Asset, cacheControl: string): Response {
  const headers = { ...SECURITY_HEADERS, 'content-type': type, 'cache-control': cacheControl, vary: 'accept-encoding' };
  const isGzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  return isGzip
    ? new Response(gzipped, { headers: { ...headers, 'content-encoding': 'gzip' } })
    : new Response(text, { headers });
}

function notFound(): Response {
  return new Response('There is no such file.', { status: 404, headers: SECURITY_HEADERS });
}
