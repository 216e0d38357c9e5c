import type { Model } from '../../../registry/schema.ts';
import type { ChatRequest, FilePart, ToolResultPart, UserPart } from '../../chat/request.ts';

/** What a request asks of a model besides words. */
export interface Needs {
  tools: boolean;
  structuredOutput: boolean;
  vision: boolean;
  pdf: boolean;
  audio: boolean;
  video: boolean;
  /** The one wire format that knows a tool, part or field of this request; null when every format can carry it. */
  dialect: string | null;
}

/** The order in which a missing ability is reported. */
const ABILITIES = ['tools', 'structuredOutput', 'vision', 'pdf', 'audio', 'video'] as const;

type Ability = (typeof ABILITIES)[number];

export function readNeeds(request: ChatRequest): Needs {
  const needs: Needs = {
    tools: request.tools.length > 0,
    structuredOutput: request.output?.type === 'json-schema',
    vision: false,
    pdf: false,
    audio: false,
    video: false,
    dialect: null,
  };
  if (request.bound && request.bound.length > 0) needs.dialect = request.original.dialect;
  for (const tool of request.tools) if (tool.type === 'other') needs.dialect = tool.dialect;
  for (const message of request.messages) {
    for (const part of message.content) {
      if (part.type === 'tool-call') needs.tools = true;
      // Images and sounds of earlier replies can be left out; what the user sent cannot.
      else if (message.role === 'user' && part.type !== 'reasoning' && part.type !== 'refusal') addPart(needs, part);
    }
  }
  return needs;
}

/** The names of what a request asks for. */
export function neededAbilities(request: ChatRequest): string[] {
  const needs = readNeeds(request);
  return ABILITIES.filter((ability) => needs[ability]);
}

/** Something a model lacks, or may lack because nobody told. */
export interface Missing {
  code: 'cannot' | 'may-not-be-able';
  ability: Ability;
}

/** The first needed thing that a model cannot do, or is not known to be able to do; null when it can do all of them. */
export function findMissing(needs: Needs, model: Model): Missing | null {
  for (const ability of ABILITIES) {
    if (!needs[ability]) continue;
    const can = abilityOf(model, ability);
    if (can === false) return { code: 'cannot', ability };
    if (can === null) return { code: 'may-not-be-able', ability };
  }
  return null;
}

function addPart(needs: Needs, part: UserPart | ToolResultPart['content'][number]): void {
  switch (part.type) {
    case 'image':
      needs.vision = true;
      return;
    case 'audio':
      needs.audio = true;
      return;
    case 'file':
      addFile(needs, part);
      return;
    case 'tool-result':
      needs.tools = true;
      for (const inner of part.content) addPart(needs, inner);
      return;
    case 'other':
      needs.dialect = part.dialect;
      return;
    case 'text':
      return;
    default:
      part satisfies never;
  }
}

function addFile(needs: Needs, { source, filename }: FilePart): void {
  const mediaType = source.mediaType?.toLowerCase() ?? '';
  if (mediaType.startsWith('image/')) needs.vision = true;
  else if (mediaType.startsWith('audio/')) needs.audio = true;
  else if (mediaType.startsWith('video/')) needs.video = true;
  // A file nobody named a type for is nearly always a PDF, except where its name says that it is text.
  else if (mediaType === 'application/pdf' || (mediaType === '' && !/\.(txt|md|csv|json)$/i.test(filename ?? ''))) {
    needs.pdf = true;
  }
}

function abilityOf({ can, modalities }: Model, ability: Ability): boolean | null {
  switch (ability) {
    case 'tools':
      return can.tools;
    case 'structuredOutput':
      return can.structuredOutput;
    case 'vision':
      return can.vision ?? (modalities.in.includes('image') || null);
    case 'pdf':
      return can.pdf ?? (modalities.in.includes('pdf') || null);
    case 'audio':
    case 'video':
      return modalities.in.includes(ability);
    default:
      return ability satisfies never;
  }
}
