import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { HostileCase } from './cases.ts';

const MARK = /hostile case (\d+)\./;
/** HTTP allows them no body. */
const BODILESS = new Set([204, 304]);
const HEAD_END = '\r\n\r\n';

/** The words by which the upstream knows a request again, whatever dialect it arrives in. */
export const promptOf = (id: number): string => `This is hostile case ${id}.`;

/**
 * Stands in for every vendor and answers each request as its case says. It writes its HTTP by hand, because a server that
 * means well does not break off in the middle of a chunk.
 */
export async function startHostileUpstream(caseOf: (id: number) => HostileCase) {
  /** Replies that are neither sent whole nor left by the gateway. */
  const underWay = new Set<Socket>();
  const sockets = new Set<Socket>();
  let unknown = 0;

  const server = createServer((socket) => {
    let received = '';
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      underWay.delete(socket);
    });
    socket.on('data', (data) => {
      received += data.toString('latin1');
      const length = /content-length: (\d+)/i.exec(received)?.[1];
      const bodyAt = received.indexOf(HEAD_END) + HEAD_END.length;
      if (length === undefined || received.length < bodyAt + Number(length)) return;
      const id = MARK.exec(received)?.[1];
      received = '';
      if (id === undefined) {
        unknown++;
        socket.destroy();
        return;
      }
      underWay.add(socket);
      void answer(socket, caseOf(Number(id))).then((isWhole) => {
        if (isWhole) underWay.delete(socket);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the upstream has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    underWay: () => underWay.size,
    unknown: () => unknown,
    stop(): void {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** True when the whole reply was written and the connection can be used again. */
async function answer(socket: Socket, { status, headers, pieces, ending }: HostileCase): Promise<boolean> {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} Status\r\n${named.join('')}`;
  if (BODILESS.has(status)) return socket.write(`${head}\r\n`);
  const [only] = pieces;
  if (pieces.length <= 1 && ending === 'close') {
    socket.write(`${head}content-length: ${only?.length ?? 0}${HEAD_END}`);
    socket.write(only ?? '');
    return true;
  }

  socket.write(`${head}transfer-encoding: chunked${HEAD_END}`);
  for (const piece of pieces) {
    socket.write(`${piece.length.toString(16)}\r\n`);
    socket.write(piece);
    socket.write('\r\n');
    // So that the pieces are read one by one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (ending === 'silence') return false;
  if (ending === 'close') return socket.write('0\r\n\r\n');
  socket.write('ffff\r\nda');
  await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  return false;
}
