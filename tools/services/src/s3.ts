import { keeper } from './keeper.ts';
import { startNode, type NodeProcess } from './node-process.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface S3Options {
  /** @default 'files' */
  readonly bucket?: string;
}

/** An object store that speaks the protocol of S3, checks signatures, and keeps what it is given in a folder. */
export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:{port}` */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Hangs; resolves when the kernel says so. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  /** After `kill()`: on the same port, with what was kept. */
  start(): Promise<void>;
}

/** The only pair that the server knows. */
const accessKey = 'parley-tests';
const secretKey = 'a/secret+of=tests';

const program = new URL('./s3-program.ts', import.meta.url);

/** A real one from npm, in a process of its own: no Docker, nothing to install. */
export async function startS3({ bucket = 'files' }: S3Options = {}): Promise<S3Server> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const owner = await keeper();
  const folder = await owner.createFolder('s3-data');
  const args = [String(port), folder, bucket, accessKey, secretKey];
  const lives: NodeProcess[] = [];
  const start = async (): Promise<NodeProcess> => {
    const life = await startNode({ script: program, args, name: 's3' });
    lives.push(life);
    await until(() => fetch(endpoint).then(() => true), { what: 'the object store answers', process: life });
    return life;
  };
  const end = async (): Promise<void> => {
    for (const life of lives.splice(0).toReversed()) await life.stop();
    await owner.removeFolder(folder);
  };
  let life: NodeProcess;
  try {
    life = await start();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    endpoint,
    bucket,
    accessKey,
    secretKey,
    pause: () => life.pause(),
    resume: () => life.resume(),
    kill: () => life.kill(),
    async start() {
      life = await start();
    },
    [Symbol.asyncDispose]: end,
  };
}
