/** The frame as ink draws it: one text a panel. */
import { Box, Transform, useInput, usePaste } from 'ink';
import { useState } from 'react';
import type { Block, Frame } from './frame.ts';
import { createKeyReader } from './key-press.ts';

export interface AppProps {
  readonly frame: Frame;
  /** Keys can arrive: the input is a terminal. */
  readonly hasKeys: boolean;
  readonly onKeys: (names: readonly string[]) => void;
  readonly onPaste: (text: string) => void;
}

export function App({ frame, hasKeys, onKeys, onPaste }: AppProps) {
  const [read] = useState(createKeyReader);
  useInput((input, key) => onKeys(read(input, key)), { isActive: hasKeys });
  usePaste(onPaste, { isActive: hasKeys });
  return (
    <Box flexDirection="column" width={frame.columns} height={frame.rows}>
      {frame.bands.map((band, row) => (
        <Box key={`band ${String(row)}`} height={band[0]?.height ?? 0} flexShrink={0}>
          {band.map((block, column) => (
            <Panel key={`block ${String(column)}`} block={block} />
          ))}
        </Box>
      ))}
    </Box>
  );
}

/**
 * One text for a whole panel. Its children are a placeholder of the panel's size and the lines come in through the
 * transform: ink keeps the measures of every text it ever saw, so changing text as children would fill the memory.
 */
function Panel({ block }: { readonly block: Block }) {
  const { width, height, lines } = block;
  return (
    <Box width={width} height={height} flexShrink={0}>
      <Transform transform={(_line, row) => lines[row] ?? ''}>{placeholder(width, height)}</Transform>
    </Box>
  );
}

const placeholders = new Map<string, string>();

function placeholder(width: number, height: number): string {
  const key = `${width}x${height}`;
  const known = placeholders.get(key) ?? Array.from({ length: height }, () => '.'.repeat(width)).join('\n');
  placeholders.set(key, known);
  return known;
}
