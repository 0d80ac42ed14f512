import {
  combineHealth,
  isParleyError,
  withDeadline,
  type Clock,
  type Health,
  type HealthStatus,
} from '@parley/cache-core/kernel';
import { Cluster, type Redis } from 'ioredis';
import { readInfo } from './info.ts';
import { nameOfNode, type Link } from './link.ts';

export interface HealthQuestion {
  /** What is kept there. State must not be evicted; from a cache nothing else is expected. @default 'cache' */
  readonly holds?: 'cache' | 'state' | undefined;
  /** How long the answer may take, in milliseconds. @default 1_000 */
  readonly limitMs?: number | undefined;
}

interface Part {
  readonly status: HealthStatus;
  readonly latencyMs?: number;
  readonly details: NonNullable<Health['details']>;
}

/** Asks masters how they are, and remembers since when they have been so. */
export class HealthWatch {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #server: string;
  readonly #known = new Map<string, { readonly status: HealthStatus; readonly since: number }>();

  constructor(link: Link, clock: Clock, server: string) {
    this.#link = link;
    this.#clock = clock;
    this.#server = server;
  }

  async ask({ holds = 'cache', limitMs = 1_000 }: HealthQuestion): Promise<Health> {
    const refusal = await this.#refusal(limitMs);
    if (refusal !== undefined) return this.#stamp(this.#server, refusal);
    const { nodes, masters, client } = this.#link;
    const parts = await Promise.all(nodes.map((node) => this.#askNode(node, holds, limitMs)));
    const [only] = parts;
    if (!(client instanceof Cluster) && only !== undefined) return this.#stamp(this.#server, only);
    const found = new Map(nodes.map((node, i) => [nameOfNode(node), parts[i] ?? lost]));
    const names = [...new Set([...masters, ...found.keys()])];
    const checks = Object.fromEntries(
      names.map((name) => [name, this.#stamp(name, found.get(name) ?? lost)]),
    );
    // The others serve what is theirs.
    const optional = parts.some(({ status }) => status !== 'down') ? names : [];
    const latencyMs = Math.max(0, ...parts.map((part) => part.latencyMs ?? 0));
    return { ...combineHealth(checks, { clock: this.#clock, optional }), latencyMs };
  }

  /** Why there is nothing to ask; the first connection is waited for. */
  async #refusal(limitMs: number): Promise<Part | undefined> {
    try {
      await withDeadline(limitMs, () => this.#link.admit('connect'), {
        clock: this.#clock,
        what: 'connecting',
      });
      return undefined;
    } catch (error) {
      return down(error);
    }
  }

  async #askNode(node: Redis, holds: 'cache' | 'state', limitMs: number): Promise<Part> {
    const clock = this.#clock;
    const asked = clock.monotonic();
    try {
      const text = await withDeadline(limitMs, () => node.info(), { clock, what: 'INFO' });
      return { ...readInfo(text, holds), latencyMs: Math.round(clock.monotonic() - asked) };
    } catch (error) {
      return down(this.#link.asStoreError(error, 'tell its health'));
    }
  }

  #stamp(name: string, { status, latencyMs, details }: Part): Health {
    const known = this.#known.get(name);
    const since = known?.status === status ? known.since : this.#clock.now();
    this.#known.set(name, { status, since });
    return {
      status,
      since,
      ...(latencyMs !== undefined && { latencyMs }),
      details: { server: name, ...details },
    };
  }
}

function down(error: unknown): Part {
  const code = isParleyError(error) ? error.code : undefined;
  return { status: 'down', details: { error: error instanceof Error ? error.message : String(error), code } };
}

const lost: Part = { status: 'down', details: { error: 'not connected' } };
