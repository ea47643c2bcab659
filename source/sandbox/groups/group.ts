import { errorCode } from '../protocol/error-codes.ts';
import type { Appointment, Timeline } from '../timeline.ts';
import { newMember, newMemberId, noBytes, nobody, sameProtocols, speaks } from './members.ts';
import { GroupOffsets } from './offsets.ts';
import type { GroupPhase, JoinAnswer, JoinRequest, Member, SyncAnswer } from './types.ts';

/** A group that was empty waits so long for more members before its first generation. */
const firstRebalanceDelayMs = 20;

/**
 * One consumer group: members join, the leader hands out the partitions, heartbeats keep them.
 * Empty → PreparingRebalance (waits for joins) → CompletingRebalance (waits for the assignment) → Stable.
 */
export class Group {
  readonly id: string;
  readonly offsets = new GroupOffsets();
  readonly #timeline: Timeline;
  readonly #members = new Map<string, Member>();
  /** Ids given out to members that have not joined with them yet. */
  readonly #promisedIds = new Set<string>();
  #phase: GroupPhase = 'Empty';
  #generation = 0;
  #protocolType = '';
  #protocol = '';
  #leaderId = nobody;
  #rebalanceEnd: Appointment | null = null;
  #rebalanceOpensAtMs = 0;

  constructor(id: string, timeline: Timeline) {
    this.id = id;
    this.#timeline = timeline;
  }

  get phase(): GroupPhase {
    return this.#phase;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  join(request: JoinRequest): Promise<JoinAnswer> {
    const refused = this.#refusal(request);
    if (refused !== null) return Promise.resolve(refused);
    const member = this.#memberFor(request);
    const unchanged = sameProtocols(member.protocols, request.protocols) && this.#generation > 0;
    const isLeader = member.id === this.#leaderId;
    const mayStay =
      this.#phase === 'CompletingRebalance' || (this.#phase === 'Stable' && !isLeader && this.#members.has(member.id));
    const known = this.#members.has(member.id);
    member.protocols = request.protocols;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    this.#members.set(member.id, member);
    this.#protocolType = request.protocolType;
    this.#touch(member);
    // A join sent twice is answered twice, without another rebalance.
    if (known && unchanged && mayStay) return Promise.resolve(this.#joinAnswer(member));
    return new Promise((resolve) => {
      member.joining?.(this.#joinRefused(errorCode.unknownMemberId, member.id));
      member.joining = resolve;
      this.#rebalance();
    });
  }

  sync(memberId: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<SyncAnswer> {
    const member = this.#members.get(memberId);
    const code = this.#generationCheck(member, generation);
    if (member === undefined || code !== errorCode.none) return Promise.resolve({ code, assignment: noBytes });
    this.#touch(member);
    if (this.#phase === 'PreparingRebalance') {
      return Promise.resolve({ code: errorCode.rebalanceInProgress, assignment: noBytes });
    }
    if (this.#phase === 'Stable') return Promise.resolve({ code: errorCode.none, assignment: member.assignment });
    return new Promise((resolve) => {
      member.syncing = resolve;
      if (memberId === this.#leaderId) this.#assign(assignments);
    });
  }

  heartbeat(memberId: string, generation: number): number {
    const member = this.#members.get(memberId);
    const code = this.#generationCheck(member, generation);
    if (member === undefined || code !== errorCode.none) return code;
    this.#touch(member);
    return this.#phase === 'PreparingRebalance' ? errorCode.rebalanceInProgress : errorCode.none;
  }

  /** Error code; a member may also be named by its instance id alone. */
  leave(memberId: string, instanceId: string | null): number {
    const member =
      this.#members.get(memberId) ?? (instanceId === null ? undefined : this.#memberOfInstance(instanceId));
    if (member === undefined) return this.#promisedIds.delete(memberId) ? errorCode.none : errorCode.unknownMemberId;
    this.#remove(member);
    return errorCode.none;
  }

  /** Whether somebody may commit offsets: a member of this generation, or anybody (generation −1) while there is none. */
  commitCheck(memberId: string, generation: number): number {
    if (generation < 0 && this.#members.size === 0) return errorCode.none;
    const member = this.#members.get(memberId);
    const code = this.#generationCheck(member, generation);
    if (code !== errorCode.none || member === undefined) return code;
    this.#touch(member);
    return this.#phase === 'CompletingRebalance' ? errorCode.rebalanceInProgress : errorCode.none;
  }

  #generationCheck(member: Member | undefined, generation: number): number {
    if (member === undefined) return errorCode.unknownMemberId;
    return generation === this.#generation ? errorCode.none : errorCode.illegalGeneration;
  }

  #refusal(request: JoinRequest): JoinAnswer | null {
    const { memberId, instanceId } = request;
    const others = this.members.filter(({ id }) => id !== memberId);
    const shared = request.protocols.some(({ name }) => others.every((member) => speaks(member, name)));
    const otherType = others.length > 0 && request.protocolType !== this.#protocolType;
    if (request.protocols.length === 0 || !shared || otherType) {
      return this.#joinRefused(errorCode.inconsistentGroupProtocol, memberId);
    }
    if (memberId !== nobody) {
      const known = this.#members.has(memberId) || this.#promisedIds.has(memberId);
      return known ? null : this.#joinRefused(errorCode.unknownMemberId, memberId);
    }
    if (!request.idFirst || instanceId !== null) return null;
    const promised = newMemberId(request);
    this.#promisedIds.add(promised);
    return this.#joinRefused(errorCode.memberIdRequired, promised);
  }

  #memberFor(request: JoinRequest): Member {
    const known = this.#members.get(request.memberId);
    if (known !== undefined) return known;
    this.#promisedIds.delete(request.memberId);
    const before = request.instanceId === null ? undefined : this.#memberOfInstance(request.instanceId);
    // A static member that comes back takes the place of its former self.
    if (before !== undefined) this.#dismiss(before);
    return newMember(request);
  }

  #memberOfInstance(instanceId: string): Member | undefined {
    return this.members.find((member) => member.instanceId === instanceId);
  }

  /** Opens a rebalance unless one is open, and ends it as soon as everybody has joined. */
  #rebalance(): void {
    if (this.#phase !== 'PreparingRebalance') {
      const wasEmpty = this.#phase === 'Empty';
      this.#phase = 'PreparingRebalance';
      for (const member of this.#members.values()) {
        member.syncing?.({ code: errorCode.rebalanceInProgress, assignment: noBytes });
        member.syncing = null;
      }
      this.#rebalanceOpensAtMs = this.#timeline.now() + (wasEmpty ? firstRebalanceDelayMs : 0);
      const longestMs = Math.max(0, ...this.members.map((member) => member.rebalanceTimeoutMs));
      this.#rebalanceEnd = this.#timeline.after(longestMs, () => this.#endRebalance());
      if (wasEmpty) this.#timeline.at(this.#rebalanceOpensAtMs, () => this.#endIfComplete());
    }
    this.#endIfComplete();
  }

  #endIfComplete(): void {
    if (this.#phase !== 'PreparingRebalance' || this.#timeline.now() < this.#rebalanceOpensAtMs) return;
    if (this.members.every((member) => member.joining !== null)) this.#endRebalance();
  }

  /** Who has not joined is out; the others are told the new generation. */
  #endRebalance(): void {
    if (this.#phase !== 'PreparingRebalance') return;
    this.#rebalanceEnd?.cancel();
    this.#rebalanceEnd = null;
    for (const member of this.members) if (member.joining === null) this.#members.delete(member.id);
    this.#generation++;
    const members = this.members;
    const first = members[0];
    if (first === undefined) {
      this.#becomeEmpty();
      return;
    }
    this.#phase = 'CompletingRebalance';
    if (!this.#members.has(this.#leaderId)) this.#leaderId = first.id;
    const common = first.protocols.find(({ name }) => members.every((member) => speaks(member, name)));
    this.#protocol = common?.name ?? '';
    for (const member of members) {
      const tell = member.joining;
      member.joining = null;
      member.assignment = noBytes;
      this.#touch(member);
      tell?.(this.#joinAnswer(member));
    }
  }

  #becomeEmpty(): void {
    this.#phase = 'Empty';
    this.#leaderId = nobody;
    this.#protocol = '';
  }

  #assign(assignments: ReadonlyMap<string, Buffer>): void {
    this.#phase = 'Stable';
    for (const member of this.#members.values()) {
      member.assignment = assignments.get(member.id) ?? noBytes;
      member.syncing?.({ code: errorCode.none, assignment: member.assignment });
      member.syncing = null;
    }
  }

  #joinAnswer(member: Member): JoinAnswer {
    const members =
      member.id === this.#leaderId
        ? this.members.map(({ id, instanceId, protocols }) => ({
            id,
            instanceId,
            metadata: protocols.find(({ name }) => name === this.#protocol)?.metadata ?? noBytes,
          }))
        : [];
    return {
      code: errorCode.none,
      generation: this.#generation,
      protocol: this.#protocol,
      leaderId: this.#leaderId,
      memberId: member.id,
      members,
    };
  }

  #joinRefused(code: number, memberId: string): JoinAnswer {
    return { code, generation: -1, protocol: '', leaderId: nobody, memberId, members: [] };
  }

  /** The member was heard of: its session starts again. */
  #touch(member: Member): void {
    const watched = member.expiresAtMs > 0;
    member.expiresAtMs = this.#timeline.now() + member.sessionTimeoutMs;
    if (!watched) this.#watch(member);
  }

  /** One appointment a member, moved on when it comes too early. Who waits for an answer of ours does not expire. */
  #watch(member: Member): void {
    this.#timeline.at(member.expiresAtMs, () => {
      if (this.#members.get(member.id) !== member) return;
      if (member.joining !== null || member.syncing !== null) {
        member.expiresAtMs = this.#timeline.now() + member.sessionTimeoutMs;
      }
      if (member.expiresAtMs > this.#timeline.now()) this.#watch(member);
      else this.#remove(member);
    });
  }

  #remove(member: Member): void {
    this.#dismiss(member);
    if (this.#members.size > 0) this.#rebalance();
    else if (this.#phase === 'PreparingRebalance') this.#endRebalance();
    else {
      this.#generation++;
      this.#becomeEmpty();
    }
  }

  #dismiss(member: Member): void {
    this.#members.delete(member.id);
    member.joining?.(this.#joinRefused(errorCode.unknownMemberId, member.id));
    member.syncing?.({ code: errorCode.unknownMemberId, assignment: noBytes });
    member.joining = null;
    member.syncing = null;
  }
}
