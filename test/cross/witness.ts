/** A request the gateway sent to a provider, and what came back. */
export interface Exchange {
  path: string;
  body: Record<string, unknown>;
  status: number;
  /** The whole reply, once it has come. */
  reply: Promise<string>;
}

/** Stands between the gateway and the simulator and writes down what passes, so that a test sees what was sent upstream. */
export function startWitness(simulatorUrl: string) {
  const exchanges: Exchange[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const headers = new Headers(request.headers);
      headers.delete('host');
      const response = await fetch(`${simulatorUrl}${pathname}${search}`, { method: 'POST', headers, body: text });
      const [passed, kept] = response.body?.tee() ?? [null, null];
      const { status } = response;
      exchanges.push({ path: pathname, body: JSON.parse(text), status, reply: new Response(kept).text() });
      return new Response(passed, { status, headers: { 'content-type': response.headers.get('content-type') ?? '' } });
    },
  });

  return {
    url: `http://127.0.0.1:${server.port}`,
    exchanges,
    stop: () => server.stop(true),
  };
}

/** Everything in a request that a prompt cache reads from the start, in pieces that later requests only add to. */
export function promptOf({ body }: Exchange): string[] {
  const head = [body.tools, body.system, body.systemInstruction, body.instructions].map((piece) => piece ?? null);
  const turns: Turn[] = [body.messages, body.contents, body.input].find(Array.isArray) ?? [];
  return [...head, ...turns.flatMap(piecesOf)].map((piece) => JSON.stringify(piece));
}

type Turn = Record<string, unknown>;

/**
 * A turn grows by blocks, because two messages of the user in a row are one turn at some vendors. A text is the same prompt
 * whether it stands alone or in a list.
 */
function piecesOf({ content, parts, ...rest }: Turn): unknown[] {
  const blocks: unknown = content ?? parts;
  return (Array.isArray(blocks) ? blocks : [blocks]).map((block: unknown) => ({ ...rest, block: textOf(block) }));
}

function textOf(block: unknown): unknown {
  const { type, text } = (block ?? {}) as { type?: string; text?: string };
  return type === 'text' || type === 'input_text' ? text : block;
}

const PROOFS = /"(?:signature|thoughtSignature|encrypted_content|data)":"([^"]+)"/g;

/** The proofs of thoughts that a reply gave out, and that have to come back. */
export function proofsIn(reply: string): string[] {
  return [...reply.matchAll(PROOFS)].map(([, proof = '']) => proof);
}
