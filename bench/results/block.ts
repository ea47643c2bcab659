/** What a section of bench/RESULTS.md is made of, and its Markdown. Pure. */

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'commands'; readonly lines: readonly string[] };

export function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `### ${block.text}\n`;
    case 'prose':
      return `${block.text}\n`;
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |\n`;
      const rule = block.columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
      return [row(block.columns.map(({ title }) => title)), `| ${rule.join(' | ')} |\n`, ...block.rows.map(row)].join(
        '',
      );
    }
    case 'commands':
      return `\`\`\`sh\n${block.lines.join('\n')}\n\`\`\`\n`;
  }
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|');
}
