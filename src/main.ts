#!/usr/bin/env node
/** The bin: builds the real context, runs the program, sets the exit status. Nothing else does. */
import { createContext } from './context.ts';
import { VERSION } from './platform/version.ts';

const ctx = createContext();
ctx.stdout.write(`${VERSION}\n`);
