// Writes the generated pages of docs/ and llm.txt from the command tree and the tables in the code.
//   node --import tsx scripts/docs.ts           write them
//   node --import tsx scripts/docs.ts --check   exit 1 when one is stale
import { readFileSync, writeFileSync } from 'node:fs';
import { clientsPage } from './clients-page.ts';
import {
  commandsPage,
  environmentPage,
  exitCodesPage,
  libraryPage,
  llmText,
  settingsPage,
} from './docs-pages.ts';

/** File, relative to the project → its content. */
const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/commands.md': commandsPage,
  'docs/clients.md': clientsPage,
  'docs/environment.md': environmentPage,
  'docs/settings.md': settingsPage,
  'docs/exit-codes.md': exitCodesPage,
  'docs/library.md': libraryPage,
  'llm.txt': llmText,
};

const check = process.argv.includes('--check');
for (const [file, render] of Object.entries(PAGES)) {
  const target = new URL(`../${file}`, import.meta.url);
  const text = await render();
  if (!check) writeFileSync(target, text);
  else if (textOf(target) !== text) {
    console.error(`${file} is stale: run \`npm run docs\``);
    process.exitCode = 1;
  }
}

function textOf(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
