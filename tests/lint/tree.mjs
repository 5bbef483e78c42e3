// The files of the tree that rules look at: what git has or would take, as text.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const text = /(^|\/)(Makefile|LICENSE|run|\.[\w-]+|[\w.-]+\.(c|h|html|css|js|mjs|json|md|po|sql|csv|sh|svg|txt|yml|supp|service))$/;

export function readTree() {
  let names;
  try {
    names = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n');
  } catch {
    // An unpacked archive: everything but what is built.
    names = walk(root).map((name) => path.relative(root, name));
  }
  return [...new Set(names)].filter((name) => text.test(name) && fs.existsSync(path.join(root, name)))
    .map((name) => ({ path: name, text: fs.readFileSync(path.join(root, name), 'utf8') }));
}
function walk(directory) {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (/^(build.*|node_modules|\.git|out)$/.test(entry.name)) return [];
    const name = path.join(directory, entry.name);
    return entry.isDirectory() ? walk(name) : [name];
  });
}
