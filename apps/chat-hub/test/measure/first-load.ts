import { gzipSync } from 'node:zlib';
import { openMeasuredHub, type OpenMeasurement } from './measurement.ts';

/** What somebody loads who comes for the first time, until there is nothing more to load. */
export const firstLoad: OpenMeasurement = async () => {
  const hub = await openMeasuredHub();
  const channelId = await hub.channel('plans');
  await hub.owner.send(channelId, { content: 'Good morning' }).message;
  return {
    async measure() {
      const page = await hub.look(channelId);
      let scripts = 0;
      let styles = 0;
      const seen: Promise<void>[] = [];
      page.on('response', (response) => {
        const type = response.headers()['content-type'] ?? '';
        const count = async (): Promise<void> => {
          const bytes = gzipSync(await response.body()).length;
          if (type.includes('javascript')) scripts += bytes;
          else if (type.includes('css')) styles += bytes;
        };
        if (/javascript|css/u.test(type)) seen.push(count());
      });
      const client = await page.context().newCDPSession(page);
      await client.send('Network.setCacheDisabled', { cacheDisabled: true });
      const from = performance.now();
      await page.reload();
      await page.getByText('Good morning').first().waitFor();
      const shownMs = performance.now() - from;
      await page.waitForLoadState('networkidle');
      await Promise.all(seen);
      await page.context().close();
      return { value: scripts / 1_000, stylesKB: styles / 1_000, shownMs };
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
};
