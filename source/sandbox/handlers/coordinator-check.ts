import { type BrokerState, coordinatorOf } from '../context.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { type Request, verdict } from './handler.ts';

/** Whether this broker answers for the group; the injected error counts first. */
export function checkCoordinator(request: Request, broker: BrokerState, groupId: string): number {
  const found = coordinatorOf(broker.sandbox, groupId)?.id === broker.id ? errorCode.none : errorCode.notCoordinator;
  return verdict(request, found);
}
