import { defineConfig } from 'vitest/config';

/** Two projects: `fast` runs sources in-process; `slow` (*.slow.test.ts) runs the built program and real servers. */
export default defineConfig({
  test: {
    reporters: process.env.CI ? ['default'] : ['default'],
    projects: [
      { test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: ['test/**/*.slow.test.ts'], testTimeout: 30_000,
          hookTimeout: 60_000, maxWorkers: 2 } },
      { test: { name: 'slow', include: ['test/**/*.slow.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, maxWorkers: 1 } },
    ],
  },
});
