/** What is wrong with data that does not obey its schema, in one line. */
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { printable } from './printable.ts';

/**
 * Schema errors list everything that is wrong: the first of it is enough. Other errors say their message. Either may quote
 * the data.
 */
export function faultText(error: unknown): string {
  return printable(firstFault(error));
}

function firstFault(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error);
  const [first] = error.issues;
  if (first === undefined) return messageOf(error);
  const place = first.path.map(String).join('.');
  return place === '' ? first.message : `${place}: ${first.message}`;
}
