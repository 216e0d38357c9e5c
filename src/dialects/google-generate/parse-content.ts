import type {
  AssistantPart,
  AudioPart,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  OtherPart,
  Signature,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../../chat/request.ts';
import { GatewayError } from '../../errors.ts';
import { withoutUndefined } from '../../lib/json.ts';
import { createCallMatcher } from './call-matcher.ts';
import { isGoogleFile } from './media-uri.ts';
import { DIALECT_ID, type WireContent, type WireFunctionResponse, type WirePart } from './wire.ts';

type MediaPart = ImagePart | AudioPart | FilePart;

/**
 * The turns of a conversation. Throws `invalid_request` for a role Google does not have and for a turn without parts.
 */
export function parseContents(contents: WireContent[]): Message[] {
  const matcher = createCallMatcher(contents);
  return contents.map((content, i): Message => {
    const parts = content.parts ?? [];
    if (parts.length === 0) {
      const param = `contents[${i}].parts`;
      throw new GatewayError('invalid_request', `\`${param}\` must hold at least one part.`, { param });
    }
    return roleOf(content, i) === 'model'
      ? { role: 'assistant', content: parts.map((part) => parseModelPart(part, matcher)) }
      : { role: 'user', content: parts.map((part) => parseUserPart(part, matcher)) };
  });
}

/** Instructions: whatever in them is not text has no meaning to any vendor. */
export function parseSystem(content: WireContent | null | undefined): TextPart[] {
  const texts = (content?.parts ?? []).map((part) => part.text ?? '');
  return texts.filter((text) => text !== '').map((text) => ({ type: 'text', text }));
}

function roleOf({ role, parts }: WireContent, i: number): 'user' | 'model' {
  switch (role) {
    case 'user':
    case 'model':
      return role;
    case 'function':
      return 'user';
    case undefined:
    case null:
    case '':
      return parts?.some((part) => part.functionCall) ? 'model' : 'user';
    default: {
      const param = `contents[${i}].role`;
      throw new GatewayError('invalid_request', `\`${param}\` must be "user" or "model".`, { param });
    }
  }
}

type CallMatcher = ReturnType<typeof createCallMatcher>;

function parseModelPart(part: WirePart, matcher: CallMatcher): AssistantPart {
  const signature = signatureOf(part);
  if (part.functionCall) {
    const { id, name, args } = part.functionCall;
    return withoutUndefined({
      type: 'tool-call' as const,
      id: matcher.open(name, id),
      name,
      argumentsText: JSON.stringify(args ?? {}),
      signature,
    });
  }
  // A response within the model's own turn is that of a tool Google ran.
  if (part.functionResponse) {
    matcher.close(part.functionResponse.name, part.functionResponse.id);
    return otherPart(part);
  }
  const media = parseMedia(part);
  if (media) return media.type === 'file' ? otherPart(part) : media;
  if (typeof part.text !== 'string') return otherPart(part);
  if (part.thought) return withoutUndefined({ type: 'reasoning' as const, text: part.text, signature });
  return withoutUndefined({ type: 'text' as const, text: part.text, signature });
}

function parseUserPart(part: WirePart, matcher: CallMatcher): UserPart {
  if (part.functionResponse) return parseToolResult(part.functionResponse, matcher);
  if (part.functionCall) return otherPart(part);
  const media = parseMedia(part);
  if (media) return media;
  return typeof part.text === 'string' ? { type: 'text', text: part.text } : otherPart(part);
}

function parseToolResult(wire: WireFunctionResponse, matcher: CallMatcher): ToolResultPart {
  const { text, isError } = readResponse(wire);
  const content: ToolResultPart['content'] = [{ type: 'text', text }];
  for (const part of wire.parts ?? []) {
    const media = parseMedia(part);
    if (media && media.type !== 'audio') content.push(media);
    else content.push({ type: 'other', dialect: DIALECT_ID, value: part });
  }
  return { type: 'tool-result', callId: matcher.close(wire.name, wire.id), name: wire.name, content, isError };
}

/**
 * Google's convention: `output` or `result` holds what the tool gave, `error` what went wrong. The AI SDK says the tool's
 * name again beside `content` or `error`.
 */
function readResponse({ name, response }: WireFunctionResponse): { text: string; isError: boolean } {
  const { name: again, ...said } = response ?? {};
  const isNamed = again === name && ('content' in said || 'error' in said);
  const [first, ...rest] = Object.entries(isNamed ? said : (response ?? {}));
  const [key, value] = first ?? [];
  const isWorded = key === 'result' || key === 'output' || key === 'error' || (isNamed && key === 'content');
  if (!isWorded || rest.length > 0) return { text: JSON.stringify(response ?? {}), isError: false };
  return { text: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), isError: key === 'error' };
}

function parseMedia({ inlineData, fileData }: Pick<WirePart, 'inlineData' | 'fileData'>): MediaPart | undefined {
  if (inlineData) {
    // Google also takes the URL-safe alphabet, which other vendors refuse.
    const data = inlineData.data.replaceAll('-', '+').replaceAll('_', '/');
    return mediaPart(inlineData.mimeType, { type: 'base64', mediaType: inlineData.mimeType, data });
  }
  if (!fileData) return undefined;
  const mediaType = fileData.mimeType ?? undefined;
  const uri = fileData.fileUri;
  const source: MediaSource = isGoogleFile(uri) ? { type: 'file-id', id: uri } : { type: 'url', url: uri };
  return mediaPart(mediaType, mediaType === undefined ? source : { ...source, mediaType });
}

function mediaPart(mediaType: string | undefined, source: MediaSource): MediaPart {
  if (mediaType?.startsWith('image/')) return { type: 'image', source };
  return mediaType?.startsWith('audio/') ? { type: 'audio', source } : { type: 'file', source };
}

function signatureOf({ thoughtSignature }: WirePart): Signature | undefined {
  return thoughtSignature ? { dialect: DIALECT_ID, value: thoughtSignature } : undefined;
}

function otherPart(value: WirePart): OtherPart {
  return { type: 'other', dialect: DIALECT_ID, value };
}
