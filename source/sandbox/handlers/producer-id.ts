import { errorCode } from '../protocol/error-codes.ts';
import { acts, type Handler, notThrottled, replyNow, verdict } from './handler.ts';

const lastEpoch = 32_767;

/** Hands out producer ids; who comes back with one gets the next epoch. There are no transactions. */
export const initProducerId: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const transactionalId = reader.nullableString();
  reader.int32(); // transaction timeout
  const heldId = version >= 3 ? reader.int64() : -1;
  const heldEpoch = version >= 3 ? reader.int16() : -1;
  const code = verdict(request, transactionalId === null ? errorCode.none : errorCode.invalidRequest);
  let producerId = -1;
  let epoch = -1;
  if (code === errorCode.none && acts(request)) {
    const goesOn = heldId >= 0 && heldEpoch >= 0 && heldEpoch < lastEpoch;
    producerId = goesOn ? heldId : broker.sandbox.nextProducerId++;
    epoch = goesOn ? heldEpoch + 1 : 0;
  }
  writer.int32(notThrottled).int16(code).int64(producerId).int16(epoch).tags();
  return replyNow;
};
