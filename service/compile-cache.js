import { enableCompileCache, flushCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Preloaded by the scripts of `package.json` (`node --import`), in each thread: what Node makes of a source (types stripped,
 * code compiled) is kept on disk. From the second start on a thread loads no compiler, which takes 15 MB of memory and a quarter of its time to
 * start. JavaScript, because reading TypeScript is what it saves. Where the folder cannot be written, nothing is kept.
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

/** Node writes it when a process ends by itself; servers are killed, and threads terminated. */
setTimeout(flushCompileCache, 5_000).unref();

/**
 * For each import of a file Node parses the `package.json` around it, to see that it is a module. Drizzle's has 180 KB, and
 * its files import each other some hundred times: more than a second of each start. That they are modules is known here.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes('/node_modules/drizzle-orm/')
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
});
