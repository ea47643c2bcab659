import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DimensionResult, keepResult, readResults } from '../../../bench/scale/results.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtui-scale-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const result = (constant: string): DimensionResult => ({
  takenAt: '2026-01-02T03:04:05.678Z',
  machine: { cpu: 'a cpu', cores: 2, platform: 'linux x64', node: '24.0.0' },
  broker: 'the sandbox, a process of its own',
  constant,
  points: [],
  bends: [],
  failed: [],
});

describe('results', () => {
  it('are empty where nothing was measured yet', async () => {
    expect(await readResults(folder)).toEqual({ dimensions: {} });
  });

  it('keep the other dimensions when one is measured again', async () => {
    await keepResult(folder, 'rate', result('first'));
    await keepResult(folder, 'size', result('other'));
    await keepResult(folder, 'rate', result('again'));
    expect(await readResults(folder)).toEqual({ dimensions: { rate: result('again'), size: result('other') } });
  });

  it.each(['{}', '{"dimensions":{"speed":{}}}', 'nothing'])('are refused where the file says %s', async (text) => {
    writeFileSync(join(folder, 'results.json'), text);
    await expect(readResults(folder)).rejects.toThrow();
  });
});
