import { Elysia } from 'elysia';

/** `/health`: the process answers. `/ready`: it can also do its work. Neither says anything about keys or providers. */
export const healthRoutes = (isReady: () => Promise<boolean>) =>
  new Elysia()
    .get('/health', () => Response.json({ status: 'ok' }))
    .get('/ready', async () => {
      const ready = await isReady().catch(() => false);
      return Response.json({ status: ready ? 'ready' : 'not ready' }, { status: ready ? 200 : 503 });
    });
