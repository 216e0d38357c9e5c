import { startGateway } from '../gateway.ts';
import { hostileGateway } from './clients.ts';

// A gateway in a process of its own, so that its memory can be measured. Its only argument is the address of every provider.

const gateway = await startGateway(hostileGateway(process.argv[2] ?? ''));

process.on('message', async (question) => {
  if (question === 'memory') {
    Bun.gc(true);
    process.send?.({ rss: process.memoryUsage().rss });
  } else if (question === 'rows') {
    const rows = await gateway.allRequests();
    process.send?.({ rows: rows.map(({ outcome, status }) => ({ outcome, status })) });
  } else {
    await gateway.stop();
    process.exit(0);
  }
});
process.send?.({ url: gateway.url, key: gateway.key });
