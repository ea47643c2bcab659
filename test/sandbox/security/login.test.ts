import { describe, expect, it } from 'vitest';
import { ConnectionLogin, type LoginRules } from '../../../source/sandbox/security/login.ts';

const rules: LoginRules = {
  mechanisms: ['PLAIN'],
  users: { alice: 'alice-secret' },
  tokens: [],
  reauthenticateMs: 3000,
};
const plain = (user: string, password: string): Buffer => Buffer.from(`\0${user}\0${password}`);

function rig(changes: Partial<LoginRules> = {}) {
  const clock = { nowMs: 1000 };
  return { clock, login: new ConnectionLogin({ ...rules, ...changes }, () => clock.nowMs) };
}

describe('a login on a connection', () => {
  it('holds for as long as it is told, and can be renewed', () => {
    const { clock, login } = rig();
    expect(login.isIn).toBe(false);
    expect(login.begin('PLAIN')).toBe(true);
    expect(login.take(plain('alice', 'alice-secret'))?.lifetimeMs).toBe(3000);
    clock.nowMs += 2999;
    expect(login.isIn).toBe(true);
    login.begin('PLAIN');
    expect(login.take(plain('alice', 'alice-secret'))?.lifetimeMs).toBe(3000);
    clock.nowMs += 2999;
    expect(login.isIn).toBe(true);
    clock.nowMs += 1;
    expect(login.isIn).toBe(false);
  });

  it('holds for good where nobody asks for more', () => {
    const { clock, login } = rig({ reauthenticateMs: 0 });
    login.begin('PLAIN');
    expect(login.take(plain('alice', 'alice-secret'))?.lifetimeMs).toBe(0);
    clock.nowMs += 1e12;
    expect(login.isIn).toBe(true);
    expect(new ConnectionLogin(null, () => 0).isIn).toBe(true);
  });

  it.each<[string, string, Buffer]>([
    ['a mechanism that is not offered', 'SCRAM-SHA-256', plain('alice', 'alice-secret')],
    ['another password', 'PLAIN', plain('alice', 'x')],
    ['no password', 'PLAIN', Buffer.from('alice')],
    ['somebody unknown', 'PLAIN', plain('bob', 'alice-secret')],
    ['a name that every object has', 'PLAIN', plain('constructor', String(Object))],
  ])('is not given to %s', (_what, mechanism, message) => {
    const { login } = rig();
    expect(login.begin(mechanism)).toBe(mechanism === 'PLAIN');
    expect(login.take(message)).toBeNull();
    expect(login.isIn).toBe(false);
  });
});
