/** From where a session is used, as the application says. */
export interface Visitor {
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
}

const maxAddress = 64;
const maxUserAgent = 512;

/** Anybody can send anything as the name of a browser: it is cut, and cleaned of what stores and terminals do not take. */
export function describedVisitor({ address, userAgent }: Visitor): Visitor {
  return { address: clean(address, maxAddress), userAgent: clean(userAgent, maxUserAgent) };
}

const clean = (text: string | undefined, length: number): string | undefined =>
  text
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, length)
    .toWellFormed();
