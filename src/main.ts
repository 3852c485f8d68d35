#!/usr/bin/env node
/** The bin: builds the real context, runs the program, sets the exit status. Nothing else does. */
import { runProgram } from './cli/program.ts';
import { createContext } from './context.ts';

// A reader that went away (`mcpm ls | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runProgram(createContext(), process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
