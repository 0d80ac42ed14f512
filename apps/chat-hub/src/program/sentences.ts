import { isParleyError } from '@parley/cache-core/kernel';

/** For those who run the hub: what is wrong and what to do, without a stack. What is no defect of ours needs none. */
export function sentenceOf(error: unknown): string {
  if (isParleyError(error, 'FOLDER_IN_USE'))
    return `${error.message}. Another hub runs on this folder: end it, or set HUB_DATA to another folder.`;
  if (isParleyError(error)) return error.message;
  if (!(error instanceof Error)) return String(error);
  return ofListening(error) ?? error.stack ?? error.message;
}

/** What Node tells of an address that it cannot listen on. */
function ofListening(error: Error): string | undefined {
  const told = (name: string): string => String(Reflect.get(error, name) ?? '');
  const port = told('port');
  switch (told('code')) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program, perhaps by another hub. End that one, or choose another port: HUB_PORT=${nextTo(port)}`;
    case 'EACCES':
    case 'EPERM':
      return told('syscall') === 'listen'
        ? `Port ${port} is not for this user. Choose one above 1023, such as HUB_PORT=7788.`
        : `The hub cannot start: ${error.message}`;
    case 'EADDRNOTAVAIL':
      return `HUB_HOST (${told('address')}) is no address of this machine: 127.0.0.1 is this machine only, 0.0.0.0 all of its addresses.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HUB_HOST (${told('hostname')}) is a name that nobody knows: 127.0.0.1 is this machine only, 0.0.0.0 all of its addresses.`;
    default:
      return undefined;
  }
}

function nextTo(port: string): number {
  return Number(port) < 65_535 ? Number(port) + 1 : Number(port) - 1;
}
