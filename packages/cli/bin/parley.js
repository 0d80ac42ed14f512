#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Starting takes half as long when Node finds what it has compiled before.
module.enableCompileCache?.();

const isInstalled = /[\\/]node_modules[\\/]/.test(fileURLToPath(import.meta.url));

/** In a clone nothing need be built: its sources are what is meant, also those of the packages beside this one. */
async function fromSources() {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@parley/source', ...context.conditions] }),
  });
  return import('../src/index.ts');
}

const { parley } = await (isInstalled || module.registerHooks === undefined
  ? import('../dist/index.js')
  : fromSources());
process.exitCode = await parley(process.argv.slice(2));
