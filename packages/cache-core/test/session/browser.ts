import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A browser with one jar of cookies. */
export class Browser {
  readonly #origin: string;
  readonly #jar = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  get cookie(): string {
    return Array.from(this.#jar, ([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Another window, which has the same cookies now. */
  another(): Browser {
    const other = new Browser(this.#origin);
    for (const [name, value] of this.#jar) other.#jar.set(name, value);
    return other;
  }

  async get(
    path: string,
  ): Promise<{ readonly status: number; readonly text: string; readonly set: string[] }> {
    const { cookie } = this;
    const headers: Record<string, string> = cookie === '' ? {} : { cookie };
    const response = await fetch(`${this.#origin}${path}`, { headers });
    const set = response.headers.getSetCookie();
    for (const line of set) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { status: response.status, text: await response.text(), set };
  }
}

/** The origin of a server that listens on a port of this machine. */
export async function originOf(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  const { port }: Pick<AddressInfo, 'port'> =
    typeof address === 'object' && address !== null ? address : { port: 0 };
  return `http://127.0.0.1:${port}`;
}

/** A door that requests wait at until it is opened. */
export class Gate {
  readonly #open = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#open.resolve();
  }

  async pass(): Promise<void> {
    this.#reached.resolve();
    await this.#open.promise;
  }
}
