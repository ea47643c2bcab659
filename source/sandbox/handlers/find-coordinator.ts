import { coordinatorOf } from '../context.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { type Handler, notThrottled, replyNow, verdict } from './handler.ts';

export const findCoordinator: Handler = (request, writer, broker) => {
  const { reader, version } = request;
  const single = version < 4 ? reader.string() : null;
  if (version >= 1) reader.int8(); // group or transaction: the same broker answers for both
  const keys = single === null ? reader.array(() => reader.string()) : [single];

  const code = verdict(request, errorCode.none);
  const writeNode = (key: string) => {
    const found = code === errorCode.none ? coordinatorOf(broker.sandbox, key) : undefined;
    writer
      .int32(found?.id ?? -1)
      .string(found === undefined ? '' : request.advertisedHost)
      .int32(found?.port ?? -1);
  };

  if (version >= 1) writer.int32(notThrottled);
  if (version >= 4) {
    writer.array(keys, (key) => {
      writer.string(key);
      writeNode(key);
      writer.int16(code).string(null).tags();
    });
  } else {
    writer.int16(code);
    if (version >= 1) writer.string(null);
    writeNode(keys[0] ?? '');
  }
  writer.tags();
  return replyNow;
};
