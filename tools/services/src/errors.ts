import type { Program } from './programs.ts';

/** What is needed is not on this machine; the message names the ways to get it. */
export class MissingServerError extends Error {
  override readonly name = 'MissingServerError';
  readonly code = 'MISSING_SERVER';
  readonly retryable = false;
  /** What was tried, and why it did not do. */
  readonly tried: readonly string[];

  constructor(program: Program, tried: readonly string[]) {
    const ways = [
      ...(program.variable === undefined
        ? []
        : [
            `name one that runs: ${program.variable.name}=${program.variable.example}` +
              ' (for tests that share a server; tests that pause or kill one need it on this machine)',
          ]),
      ...(program.image === undefined
        ? []
        : [`start Docker: the image ${program.image} is fetched from there`]),
      `install it: apt-get install ${program.debian} (Debian, Ubuntu; root does it by itself)` +
        (program.brew === undefined ? '' : `, or brew install ${program.brew} (macOS)`),
    ];
    super(
      [
        `${program.title} is needed and not found. Any of these helps:`,
        ...ways.map((way, index) => `  ${index + 1}. ${way}`),
        'Tried:',
        ...tried.map((reason) => `  - ${reason}`),
      ].join('\n'),
    );
    this.tried = tried;
  }
}

/** What a test needs is forbidden here, or there is no such thing; the message names what helps. */
export class MissingPrivilegeError extends Error {
  override readonly name = 'MissingPrivilegeError';
  readonly code = 'MISSING_PRIVILEGE';
  readonly retryable = false;

  constructor(what: string, obstacle: string) {
    super(
      `${what}, which is not possible: ${obstacle}. Run it on Linux as root, in a container with CAP_NET_ADMIN.`,
    );
  }
}

/** A server ended, or did not become ready. */
export class ServerFailedError extends Error {
  override readonly name = 'ServerFailedError';
  readonly code = 'SERVER_FAILED';
  readonly retryable = false;
  /** The end of what it wrote. */
  readonly output: string;

  constructor(message: string, output: string, options?: ErrorOptions) {
    super(output === '' ? message : `${message}\n${output.split('\n').slice(-20).join('\n')}`, options);
    this.output = output;
  }
}

/** Another process took the port between the choice and the start. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly code = 'PORT_TAKEN';
  readonly retryable = true;
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(`port ${port} is taken`, options);
    this.port = port;
  }
}
