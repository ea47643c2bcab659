import { describe, expect, it } from 'vitest';
import { ServiceDesk } from '../../source/sandbox/service-desk.ts';
import type { Timeline } from '../../source/sandbox/timeline.ts';
import { defaultSandboxOptions, type ServiceModel } from '../../source/sandbox/types.ts';

function deskWith(changes: Partial<ServiceModel>) {
  const time = { nowMs: 0 };
  const timeline: Pick<Timeline, 'now'> = { now: () => time.nowMs };
  return { time, desk: new ServiceDesk({ ...defaultSandboxOptions.service, ...changes }, timeline) };
}

describe('a quota', () => {
  it('lets through what the last eleven seconds allow, then mutes until their rate has fallen to it', () => {
    const { time, desk } = deskWith({ quotaMessagesPerSecond: 1000 });
    expect(desk.throttleMs(11_000)).toBe(0);
    expect(desk.throttleMs(1_100)).toBe(1_100);
    time.nowMs = 20_000;
    expect(desk.throttleMs(1)).toBe(0);
  });

  it('holds a client that waits as it is told to the quota', () => {
    const { time, desk } = deskWith({ quotaMessagesPerSecond: 1000 });
    let sent = 0;
    while (time.nowMs < 120_000) {
      sent += 100;
      time.nowMs += 20 + desk.throttleMs(100);
    }
    expect(sent / 120 / 1000).toBeGreaterThan(0.97);
    expect(sent / 120 / 1000).toBeLessThan(1.12);
  });

  it('is nothing where there is none', () => {
    expect(deskWith({}).desk.throttleMs(1e9)).toBe(0);
  });
});

describe('a limit for readers', () => {
  it('is one clock for all of them', () => {
    const { time, desk } = deskWith({ fetchMessagesPerSecond: 1000 });
    expect(desk.serveFetch(500)).toBe(500);
    expect(desk.serveFetch(500)).toBe(1000);
    time.nowMs = 5000;
    expect(desk.serveFetch(100)).toBe(5100);
    expect(desk.serveFetch(0)).toBeNull();
    expect(deskWith({}).desk.serveFetch(100)).toBeNull();
  });
});
