import type { Subject, Subjects, SubjectEnvironment } from '../../src/scenario.ts';
import { agents, connectAll } from './crowd.ts';
import { openPresence } from './open.ts';
import type { OpenPresence, Place } from './open.ts';
import { socketIo } from './socket-io.ts';

const channel = 'general';

async function crowded({
  url,
  prefix,
}: SubjectEnvironment): Promise<OpenPresence & { readonly place: Place }> {
  const place: Place = { server: 'redis', url: url('redis'), prefix };
  const opened = await openPresence(place);
  await Promise.all(connectAll(opened.presence).map((connection) => connection.join(channel)));
  return { ...opened, place };
}

/** Who is there, asked by a process that does not watch the channel, so that each call goes to the server. */
const ours: Subject = async (environment) => {
  const crowd = await crowded(environment);
  const asking = await openPresence(crowd.place);
  return {
    async op() {
      const { members, complete } = await asking.presence.members(channel);
      if (members.length !== agents || !complete) throw new Error(`${members.length} are there`);
      return members;
    },
    async teardown() {
      await asking.close();
      await crowd.close();
    },
  };
};

/** A hash with the very fields that ours keeps of the channel, and nothing made of them. */
const floor: Subject = async (environment) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(environment.url('redis'));
  const crowd = await crowded(environment);
  const [kept = '', ...more] = await redis.keys(`${environment.prefix}*:u:c:${channel}`);
  const fields = await redis.hgetall(kept);
  if (more.length > 0 || Object.keys(fields).length !== agents) throw new Error('ours keeps it elsewhere');
  await crowd.close();
  const copy = `${environment.prefix}copy`;
  await redis.hset(copy, fields);
  return { op: () => redis.hgetall(copy), teardown: () => redis.disconnect() };
};

export const snapshot: Subjects = { ours, floor, rivals: { 'socket.io fetchSockets': socketIo } };
