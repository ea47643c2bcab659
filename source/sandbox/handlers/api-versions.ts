import type { AnswerWriter } from '../protocol/answer-writer.ts';
import { apiVersionRanges } from '../protocol/api-versions.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { type Handler, notThrottled, replyNow } from './handler.ts';

export const apiVersions: Handler = (request, writer) => {
  writer.int16(errorCode.none);
  writeRanges(writer);
  if (request.version >= 1) writer.int32(notThrottled);
  writer.tags();
  return replyNow;
};

/** The answer to a version that the sandbox does not know: version 0, with what it does know. */
export function unsupportedApiVersions(writer: AnswerWriter): void {
  writer.int16(errorCode.unsupportedVersion);
  writeRanges(writer);
}

function writeRanges(writer: AnswerWriter): void {
  writer.array(apiVersionRanges, ({ key, min, max }) => {
    writer.int16(key).int16(min).int16(max).tags();
  });
}
