import { CustomModel } from '../../registry/custom-model.ts';
import { EMPTY_MODEL, type ModelDraft, type ServerDraft } from '../../views/pages/providers/server-form.tsx';
import type { OwnServer, OwnServerRequest } from '../catalogue/own-servers.ts';
import { field } from './form.ts';

/** Rows for models that are not there yet. */
const SPARE_ROWS = 2;
const MAX_ROWS = 200;

/** The form of a server as it was sent. Rows without an id are left out, and there are always some empty ones. */
export function readServerDraft(form: URLSearchParams): ServerDraft {
  const models: ModelDraft[] = [];
  for (let row = 0; row < MAX_ROWS && form.has(`id-${row}`); row++) {
    const text = (name: string) => field(form, `${name}-${row}`).trim();
    if (text('id') === '') continue;
    models.push({
      ...{ id: text('id'), context: text('context'), input: text('input'), output: text('output') },
      ...{ cacheRead: text('cacheRead'), quality: text('quality') },
      ...{ free: form.has(`free-${row}`), tools: form.has(`tools-${row}`) },
      ...{ vision: form.has(`vision-${row}`), structured: form.has(`structured-${row}`) },
    });
  }
  return withSpareRows({ id: field(form, 'id'), label: field(form, 'label'), baseUrl: field(form, 'baseUrl'), models });
}

export function draftOf({ id, label, baseUrl, models }: OwnServer): ServerDraft {
  const known = models.flatMap((model) => CustomModel.safeParse(model).data ?? []);
  const text = (value: number | undefined) => (value === undefined ? '' : String(value));
  const drafts = known.map(({ id: model, contextWindow, prices, free, quality, can = {} }) => ({
    ...{ id: model, context: text(contextWindow), quality: text(quality), free: free ?? false },
    ...{ input: text(prices?.input), output: text(prices?.output), cacheRead: text(prices?.cacheRead) },
    ...{ tools: can.tools ?? false, vision: can.vision ?? false, structured: can.structuredOutput ?? false },
  }));
  return withSpareRows({ id, label, baseUrl, models: drafts });
}

export function withSpareRows(draft: ServerDraft): ServerDraft {
  return { ...draft, models: [...draft.models, ...Array.from({ length: SPARE_ROWS }, () => EMPTY_MODEL)] };
}

/** What the draft asks for; what is no number is left to the rules, which name the field. */
export function requestOf(draft: ServerDraft): OwnServerRequest {
  return { ...draft, models: draft.models.filter(({ id }) => id !== '').map(modelOf) };
}

function modelOf(draft: ModelDraft) {
  const { id, context, input, output, cacheRead, quality, free, tools, vision, structured } = draft;
  const hasPrices = input !== '' || output !== '' || cacheRead !== '';
  const prices = {
    input: numberOf(input),
    output: numberOf(output),
    ...(cacheRead && { cacheRead: numberOf(cacheRead) }),
  };
  return {
    id,
    ...(context && { contextWindow: numberOf(context) }),
    ...(hasPrices && { prices }),
    ...(free && { free: true }),
    ...(quality && { quality: numberOf(quality) }),
    // An empty box is no statement: what is not told is unknown.
    can: { ...(tools && { tools }), ...(vision && { vision }), ...(structured && { structuredOutput: structured }) },
  };
}

/** As people write them: both commas and points, and nothing else that JavaScript would take for a number. */
export function numberOf(text: string): number | string {
  const plain = text.trim().replace(',', '.');
  return /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : text;
}
