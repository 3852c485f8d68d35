// A minimal MCP server on stdio, so quick that what is measured is what stands before it.
//   node echo.mjs [--tools N] [--prefix NAME] [--delay MS]
import { lineReader } from '../load/frames.mjs';
import { answerTo } from './answers.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const settings = { tools: Number(option('tools', 30)) };
const delay = Number(option('delay', 0));

process.stdin.on(
  'data',
  lineReader((line) => {
    const answer = answerTo(line, settings);
    if (answer === undefined) return;
    if (delay > 0 && line.includes('"initialize"')) setTimeout(() => send(answer), delay);
    else send(answer);
  }),
);
process.stdin.on('end', () => process.exit(0));

function send(answer) {
  for (const part of answer) process.stdout.write(part);
  process.stdout.write('\n');
}
