import { constants } from 'node:os';
import type { ContainerRuntimeClient } from 'testcontainers';
import type { RunningProcess } from './launch.ts';
import type { ExitStatus } from './server.ts';

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;

const POLL_MS = 250;
const OUTPUT_LINES = 200;
const HEADER_BYTES = 8;

/** An engine tells only a number; above 128 it stands for a signal. */
export function exitStatus(number: number): ExitStatus {
  const signal = Object.entries(constants.signals).find(([, value]) => value === number - 128)?.[0];
  return signal === undefined ? { code: number, signal: null } : { code: null, signal };
}

/** An engine sends pieces of output, each behind eight bytes: a zero-padded number of the stream, and the length. */
export function joinFrames(frames: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= frames.length;) {
    const end = at + HEADER_BYTES + frames.readUInt32BE(at + 4);
    pieces.push(frames.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(pieces).toString();
}

/** The first process of a container, from its start to the removal of the container. */
export async function runningContainer(container: Container): Promise<RunningProcess> {
  const { State: first } = await container.inspect();
  let status: ExitStatus | undefined;
  let lastOutput = '';
  let ended: Promise<ExitStatus> | undefined;
  const exit = Promise.withResolvers<ExitStatus>();

  const output = async (): Promise<string> => {
    const logs = await container.logs({ follow: false, stdout: true, stderr: true, tail: OUTPUT_LINES });
    return joinFrames(logs).trim();
  };

  async function bury(): Promise<ExitStatus> {
    const { StatusCode } = await container.wait();
    lastOutput = await output().catch(() => '');
    await container.remove({ force: true, v: true }).catch(() => undefined);
    status = exitStatus(Number(StatusCode));
    return status;
  }

  const wait = (): Promise<ExitStatus> => {
    // Removed by somebody else: there is no status to be had.
    ended ??= bury().catch(() => (status = { code: null, signal: 'SIGKILL' }));
    exit.resolve(ended);
    return ended;
  };

  async function watch(): Promise<void> {
    if (ended !== undefined) return;
    const running = await container.inspect().then(
      ({ State }) => State.Running || State.Paused,
      () => false,
    );
    if (running) setTimeout(() => void watch(), POLL_MS).unref();
    else await wait();
  }

  async function send(signal: NodeJS.Signals): Promise<void> {
    await container.kill({ signal }).catch(async () => {
      // Podman does not signal a paused container. An ended one cannot be signalled at all, which is as good.
      await container.unpause().catch(() => undefined);
      await container.kill({ signal }).catch(() => undefined);
    });
  }

  async function kill(): Promise<void> {
    if (status !== undefined) return;
    await send('SIGKILL');
    await wait();
  }

  void watch();
  return {
    pid: first.Pid,
    exited: exit.promise,
    status: () => status,
    wait,
    pause: async () => (status === undefined ? container.pause() : undefined),
    resume: async () => (status === undefined ? container.unpause() : undefined),
    kill,
    async stop(signal, deadline) {
      if (status !== undefined) return;
      const { State: state } = await container.inspect();
      if (state.Paused) return kill();
      const timer = setTimeout(() => void send('SIGKILL'), deadline);
      await send(signal);
      await wait();
      clearTimeout(timer);
    },
    output: async () => (status === undefined ? output() : lastOutput),
  };
}
