import { Agent, request } from 'node:http';

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Answer {
  readonly cookie: string | undefined;
  readonly body: unknown;
}

/** One client of a server, with one connection that stays open. */
export class HttpClient {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = url;
  }

  ask({ method, path, body, headers = {} }: Sent): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = {
      ...headers,
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${this.#url}${path}`, { method, agent: this.#agent, headers: sent });
      asked.once('error', reject);
      asked.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => void chunks.push(chunk));
        response.once('end', () => {
          const said = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers: heard } = response;
          if (status >= 300) reject(new Error(`${method} ${path} was answered with ${status}: ${said}`));
          else
            resolve({
              cookie: heard['set-cookie']?.[0]?.split(';')[0],
              body: said === '' ? undefined : JSON.parse(said),
            });
        });
      });
      asked.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
