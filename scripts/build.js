// Bundles source/ into dist/: each thread loads a few short files in place of hundreds with their comments, and React
// without its development build, which is some 10 MB of memory and a quicker start. Names and lines are kept, so that a
// stack trace can be read.
//
// Runs from `npm ci`. Where npm itself runs on a Node that rolldown's native part does not take, npm leaves that part out:
// then source/ is compiled file by file, which runs as well.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../', import.meta.url));
const dist = `${project}dist/`;
/** The program, and the code of each of its threads. Shared code goes two folders deep, where source/ has it, too. */
const entries = ['cli', 'load/producer-thread', 'load/consumer-thread', 'cluster/observer-thread', 'sandbox/thread'];
/** What is installed beside the program; all else becomes part of it. */
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(`${project}package.json`, 'utf8'));
const installed = Object.keys({ ...dependencies, ...optionalDependencies });

/** ink looks for a debugger where DEV is "true", which others set for reasons of their own. */
const withoutDebugger = {
  name: 'without-debugger',
  transform: (code, id) =>
    /node_modules\/ink\//.test(id) ? code.replaceAll("process.env['DEV'] === 'true'", 'false') : null,
};

rmSync(dist, { recursive: true, force: true });
const bundler = await import('rolldown').catch((error) => {
  process.stderr.write(`not bundled, which costs some memory: ${error.message}\n`);
  return null;
});
if (bundler === null) compile();
else writeLicences(await write(bundler.rolldown));

function compile() {
  execFileSync(process.execPath, [`${project}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json'], {
    cwd: project,
    stdio: 'inherit',
  });
}

/** Answers the files that were written. */
async function write(rolldown) {
  const bundle = await rolldown({
    cwd: project,
    input: Object.fromEntries(entries.map((name) => [name, `source/${name}.ts`])),
    platform: 'node',
    external: (id) => isBuiltin(id) || installed.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [withoutDebugger],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name]-[hash].js',
  });
  await bundle.close();
  const lost = output.find(
    ({ fileName, code }) => !fileName.includes('/') && /new URL\(["'`]\.\.\/\.\.\//.test(code ?? ''),
  );
  if (lost !== undefined) throw new Error(`${lost.fileName} looks for its files two folders up, and lies in one`);
  return output;
}

function writeLicences(output) {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const packages = new Set(modules.map(packageOf).filter((folder) => folder !== null));
  const notices = [...packages].map(noticeOf).sort();
  writeFileSync(
    `${dist}LICENSES.txt`,
    ['Parts of these packages are in the files beside this one.\n', ...notices].join('\n'),
  );
}

/** The folder of the package that a bundled module comes from; null: it is our own. */
function packageOf(moduleId) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(moduleId)?.[0] ?? null;
}

/** Name, version and licence of a package, in its own words where it has them. */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  if (file === undefined && license !== 'MIT') throw new Error(`${name} comes without the text of its licence`);
  const text = file === undefined ? mitText(author?.name ?? author) : readFileSync(folder + file, 'utf8').trim();
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}

function mitText(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
