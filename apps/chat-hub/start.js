// Plain JavaScript of an early day: an old Node has to understand this much to say that it is too old.
const oldest = [22, 18];
const compiled = '/../../node_modules/.cache/chat-hub';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) {
  void import('node:module')
    // What was compiled once is not compiled again with each start. A folder that cannot be written does no harm.
    .then(({ enableCompileCache }) => enableCompileCache(import.meta.dirname + compiled))
    .then(() => import('./src/main.ts'));
} else {
  const used = `This is Node ${process.versions.node} (${process.execPath})`;
  process.stderr.write(
    `The hub needs Node ${oldest.join('.')} or newer. ${used}.\nnpm ci brings the right one along, and npm start takes it.\n`,
  );
  process.exitCode = 1;
}
