/** Streams that look like a terminal, and what that terminal would show. */
import type { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';

/** A screen of cells that understands the few sequences ink writes. */
export class FakeScreen {
  columns: number;
  rows: number;
  isAlternate = false;
  isCursorShown = true;
  isPasteBracketed = false;
  /** All that was written. */
  log = '';
  #cells: string[][];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = this.#blank();
  }

  resize(columns: number, rows: number): void {
    const old = this.#cells;
    this.columns = columns;
    this.rows = rows;
    this.#cells = this.#blank().map((line, row) => line.map((cell, column) => old[row]?.[column] ?? cell));
    this.#row = Math.min(this.#row, rows - 1);
    this.#column = Math.min(this.#column, columns);
  }

  lines(): readonly string[] {
    return this.#cells.map((line) => line.join('').trimEnd());
  }

  text(): string {
    return this.lines().join('\n');
  }

  write(text: string): void {
    this.log += text;
    // An escape sequence, or one character.
    const pattern = new RegExp(`${String.fromCharCode(27)}\\[([?0-9;]*)([A-Za-z])|[\\s\\S]`, 'gu');
    for (const match of text.matchAll(pattern)) {
      if (match[2] === undefined) {
        this.#put(match[0]);
      } else {
        this.#sequence(match[1] ?? '', match[2]);
      }
    }
  }

  #blank(): string[][] {
    return Array.from({ length: this.rows }, () => Array.from({ length: this.columns }, () => ' '));
  }

  #put(character: string): void {
    if (character === '\n') {
      this.#column = 0;
      this.#lineFeed();
    } else if (character === '\r') {
      this.#column = 0;
    } else {
      if (this.#column >= this.columns) {
        this.#column = 0;
        this.#lineFeed();
      }
      const line = this.#cells[this.#row];
      if (line !== undefined) {
        line[this.#column] = character;
      }
      this.#column++;
    }
  }

  #lineFeed(): void {
    if (this.#row < this.rows - 1) {
      this.#row++;
      return;
    }
    this.#cells.shift();
    this.#cells.push(Array.from({ length: this.columns }, () => ' '));
  }

  #sequence(parameters: string, final: string): void {
    const count = Number(parameters) || 1;
    switch (final) {
      case 'A':
        this.#row = Math.max(0, this.#row - count);
        break;
      case 'B':
        this.#row = Math.min(this.rows - 1, this.#row + count);
        break;
      case 'E':
        this.#row = Math.min(this.rows - 1, this.#row + count);
        this.#column = 0;
        break;
      case 'G':
        this.#column = count - 1;
        break;
      case 'H':
        this.#row = 0;
        this.#column = 0;
        break;
      case 'J':
        this.#cells = this.#blank();
        break;
      case 'K':
        // As xterm: with the cursor waiting behind the last cell, that cell goes as well.
        this.#cells[this.#row]?.fill(' ', parameters === '2' ? 0 : Math.min(this.#column, this.columns - 1));
        break;
      case 'h':
      case 'l':
        this.#mode(parameters, final === 'h');
        break;
      default:
    }
  }

  #mode(parameters: string, on: boolean): void {
    switch (parameters) {
      case '?1049':
        this.isAlternate = on;
        this.#cells = this.#blank();
        this.#row = 0;
        this.#column = 0;
        break;
      case '?25':
        this.isCursorShown = on;
        break;
      case '?2004':
        this.isPasteBracketed = on;
        break;
      default:
    }
  }
}

export interface FakeTerminal {
  readonly screen: FakeScreen;
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly raw: { isOn: boolean };
  send(text: string): void;
  resize(columns: number, rows: number): void;
}

export function fakeTerminal(columns: number, rows: number): FakeTerminal {
  const screen = new FakeScreen(columns, rows);
  const writable = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      screen.write(String(chunk));
      done();
    },
  });
  const raw = { isOn: false };
  const input = new PassThrough();
  const stdout = Object.assign(writable, { isTTY: true, columns, rows });
  const stdin = Object.assign(input, {
    isTTY: true,
    setRawMode: (mode: boolean) => {
      raw.isOn = mode;
    },
    ref: () => {},
    unref: () => {},
  });
  return {
    screen,
    // The stand-ins have all that is used of the real streams; the assertion is in one place.
    stdout: asWriteStream(stdout),
    stdin: asReadStream(stdin),
    raw,
    send: (text) => void input.write(text),
    resize: (newColumns, newRows) => {
      Object.assign(stdout, { columns: newColumns, rows: newRows });
      screen.resize(newColumns, newRows);
      stdout.emit('resize');
    },
  };
}

function asWriteStream(stream: EventEmitter): NodeJS.WriteStream {
  return stream as NodeJS.WriteStream;
}

function asReadStream(stream: EventEmitter): NodeJS.ReadStream {
  return stream as NodeJS.ReadStream;
}
