// Bundles source/ into dist/: each thread loads a few short files in place of hundreds with their comments, and React
// without its development build, which is some 10 MB of memory and a quicker start. Names and lines are kept, so that a
// stack trace can be read.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const project = fileURLToPath(new URL('../', import.meta.url));
const dist = `${project}dist/`;
/** The program, and the code of each of its threads. Shared code goes two folders deep, where source/ has it, too. */
const entries = ['cli', 'load/producer-thread', 'load/consumer-thread', 'cluster/observer-thread', 'sandbox/thread'];
/** What is installed beside the program: see the reasons in package.json's own words, "dependencies". */
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(`${project}package.json`, 'utf8'));
const installed = Object.keys({ ...dependencies, ...optionalDependencies });

/** Asked for by ink where DEV is "true", which is never so here. */
const inksDebugger = ['react-devtools-core', 'ws'];

rmSync(dist, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: project,
  input: Object.fromEntries(entries.map((name) => [name, `source/${name}.ts`])),
  platform: 'node',
  external: (id) =>
    isBuiltin(id) || inksDebugger.includes(id) || installed.some((name) => id === name || id.startsWith(`${name}/`)),
  transform: { define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' } },
});
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  comments: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name]-[hash].js',
});
await bundle.close();

/** The folder of the package that a bundled module comes from; null: it is our own. */
function packageOf(moduleId) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(moduleId)?.[0] ?? null;
}

const packages = new Set(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds.map(packageOf) : [])));
const notices = [...packages].filter((folder) => folder !== null).map(noticeOf);
writeFileSync(
  `${dist}LICENSES.txt`,
  `Parts of these packages are in the files beside this one.\n\n${notices.sort().join('\n')}`,
);

/** Name, version and license of a package, in its own words where it has them. */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  const text = file === undefined || !existsSync(folder + file) ? '' : readFileSync(folder + file, 'utf8').trim();
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
