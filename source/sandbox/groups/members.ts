import { randomUUID } from 'node:crypto';
import type { GroupProtocol, JoinRequest, Member } from './types.ts';

/** The id of a member that has none yet. */
export const nobody = '';
export const noBytes = Buffer.alloc(0);

/** A member as it joins for the first time; it keeps the id that it was promised. */
export function newMember(request: JoinRequest): Member {
  return {
    id: request.memberId === nobody ? newMemberId(request) : request.memberId,
    instanceId: request.instanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: noBytes,
    joining: null,
    syncing: null,
    expiresAtMs: 0,
  };
}

export function speaks(member: Member, protocol: string): boolean {
  return member.protocols.some(({ name }) => name === protocol);
}

export function sameProtocols(a: readonly GroupProtocol[], b: readonly GroupProtocol[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ name, metadata }, i) => {
    const other = b[i];
    return other !== undefined && other.name === name && other.metadata.equals(metadata);
  });
}

export function newMemberId({ clientId }: JoinRequest): string {
  return `${clientId}-${randomUUID()}`;
}
