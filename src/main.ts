#!/usr/bin/env node
/** The bin: builds the real context, runs the program, sets the exit status. Nothing else does. */
import { fileURLToPath } from 'node:url';
import { runProgram } from './cli/program.ts';
import { createContext } from './context.ts';

// A reader that went away (`mcpm ls | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The real path of this file: the one on the command line may be a link that a package manager moves.
const self = { command: process.execPath, args: [fileURLToPath(import.meta.url)] };
process.exitCode = await runProgram(createContext({ self }), process.argv.slice(2));
