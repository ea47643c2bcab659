import { defineConfig } from 'vitest/config';

const shared = { environment: 'node', pool: 'forks', testTimeout: 20_000, hookTimeout: 30_000 } as const;

/** `unit` and `proofs`, which come after it and one by one since they measure, need nothing but Node; `kafka` needs Java and Maven; `terminal` needs tmux and a build. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/kafka/**', 'test/terminal/**', 'test/proofs/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'proofs',
          include: ['test/proofs/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'terminal',
          include: ['test/terminal/**/*.test.ts'],
          testTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
