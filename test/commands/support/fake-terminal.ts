/** Standard input of who types in a test. */
import { EventEmitter } from 'node:events';

export class FakeTerminal extends EventEmitter {
  readonly isTTY: boolean;
  readonly calls: string[] = [];

  constructor(isTTY = true) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(on: boolean): this {
    this.calls.push(`raw ${on}`);
    return this;
  }

  resume(): this {
    this.calls.push('resume');
    return this;
  }

  pause(): this {
    this.calls.push('pause');
    return this;
  }
}
