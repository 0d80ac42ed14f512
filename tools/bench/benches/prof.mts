import { createBus, defineTopic, memoryBroker } from '@parley/bus';
import { chatSchema, messageOf } from './bus/message.ts';
const bus = createBus({ broker: memoryBroker() });
const topic = defineTopic('chat', { class: 'stream', schema: chatSchema, retention: { count: 1_000 } });
let n = 0;
await bus.subscribe(topic, () => void n++).ready();
for (let r = 0; r < 6; r++) {
  const t = performance.now();
  for (let sent = 0; sent < 100000; sent += 100)
    await Promise.all(Array.from({ length: 100 }, (_, j) => bus.publish(topic, messageOf(sent + j))));
  console.log(Math.round((100000 / (performance.now() - t)) * 1000));
}
await bus.close();
