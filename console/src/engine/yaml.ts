// SPDX-License-Identifier: Apache-2.0
// Lines of YAML, for showing. It is not a parser: what it takes for a key only gets a colour.

export interface YamlLine {
  readonly number: number;
  readonly indent: string;
  readonly dash: string;
  readonly key: string;
  readonly value: string;
  /** Keys from the root down to this line, so that equal lines in other places are told apart. */
  readonly path: string;
  /** Bytes of a value too big to show at once, else 0. */
  readonly size: number;
}

/** Longer values are shown with their size, and whole when asked for. */
const BIG = 4096;

const LINE = /^(\s*)((?:- )*)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[\w./$-][^:#"']*):(?=\s|$))?\s?(.*)$/s;

export function yamlLines(text: string): YamlLine[] {
  const stack: { depth: number; name: string }[] = [];
  let items = 0;
  return text.replace(/\n$/, '').split('\n').map((line, number) => {
    const [, indent = '', dash = '', key = '', value = ''] = LINE.exec(line) ?? [];
    const depth = indent.length;
    while (stack.length > 0 && stack[stack.length - 1]!.depth >= depth + (dash === '' ? 0 : 1)) {
      stack.pop();
    }
    const path = stack.map((each) => each.name).join('/');
    items = dash === '' ? items : items + 1;
    if (key !== '') {
      stack.push({ depth: depth + dash.length, name: key });
    }
    return { number, indent, dash, key, value, path: `${path}/${key}`, size: 0 };
  });
}

/** The same lines, with big values marked, and blocks of many lines folded into their first. */
export function bigValues(lines: readonly YamlLine[]): YamlLine[] {
  const result: YamlLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^[|>][+-]?\d?$/.test(line.value)) {
      let end = i + 1;
      let size = 0;
      while (end < lines.length && (raw(lines[end]!).trim() === '' || lines[end]!.indent.length > line.indent.length)) {
        size += raw(lines[end]!).length + 1;
        end++;
      }
      if (size > BIG) {
        result.push({ ...line, value: [line.value, ...lines.slice(i + 1, end).map(raw)].join('\n'), size });
        i = end - 1;
        continue;
      }
    }
    result.push(line.value.length > BIG ? { ...line, size: line.value.length } : line);
  }
  return result;
}

const raw = (line: YamlLine): string => line.indent + line.dash + (line.key === '' ? '' : `${line.key}:${line.value === '' ? '' : ' '}`) + line.value;
