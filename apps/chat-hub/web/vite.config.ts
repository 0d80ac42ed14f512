import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * marked ends with an instance of itself, and with a function that all of it hangs on. A bundler has to keep them, and by them all that makes
 * HTML. The pages use its lexer and nothing else.
 */
function lexerAlone(): Plugin {
  return {
    name: 'lexer-alone',
    transform: {
      filter: { id: /\/marked\.esm\.js$/u },
      handler(code) {
        const end = /;var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\(/u.exec(code)?.index;
        const [lexer, tokenizer] = ['Lexer', 'Tokenizer'].map(
          (name) => new RegExp(`[{,](\\w+ as ${name})[,}]`, 'u').exec(code)?.[1],
        );
        if (end === undefined || lexer === undefined || tokenizer === undefined)
          throw new Error('marked ends in another way than it did when this was written');
        return { code: `${code.slice(0, end)};export{${lexer},${tokenizer}};`, map: null };
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), lexerAlone()],
  // The sources of our packages, so that nothing has to be built before the pages are.
  resolve: { conditions: ['@parley/source', 'module', 'browser', 'import', 'default'] },
  build: {
    target: 'es2023',
    // They know `:dir()`: what it is replaced by for others asks for the language, which nobody tells of a message.
    cssTarget: ['chrome120', 'firefox120', 'safari16.4'],
    // Every module is one of the hub's own files: its policy allows no others.
    assetsInlineLimit: 0,
    // To name beforehand what each part needs would cost the first page more than a later part gains by it.
    modulePreload: false,
    // What every page begins with is one file: in pieces it would be larger, and no earlier.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
    },
    reportCompressedSize: false,
  },
  // `npx vite` here serves the sources, beside a hub at its usual address.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:7788', ws: true } } },
});
