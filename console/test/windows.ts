// SPDX-License-Identifier: Apache-2.0
// Version indexes for tests.

import { RecordedWindow } from '../src/engine/window.ts';

export type Columns = [string, 'u8' | 'u16' | 'u32', number[]][];

const NAMES = ['objectKind', 'objectNamespace', 'objectNameEnd', 'names', 'initial', 'initialAge', 'time', 'object', 'verb', 'health', 'manager'];

/** A window of pods and nodes in which nothing is yet. */
export function emptyWindow(from: number, to: number): RecordedWindow {
  const kind = (name: string, namespaced: boolean): unknown => ({ resource: name, group: '', name, kind: name, namespaced });
  const types: Record<string, 'u8' | 'u16'> = { objectKind: 'u16', names: 'u8', initial: 'u8', verb: 'u8', health: 'u8', manager: 'u16' };
  return RecordedWindow.decode(
    encode(NAMES.map((name) => [name, types[name] ?? 'u32', []]), {
      from, to, complete: true, objects: 0, changes: 0, kinds: [kind('pods', true), kind('nodes', false)],
      namespaces: [''], managers: [''], hidden: { types: 0, namespaces: 0 },
    }),
  );
}

/** An index as the server writes it. */
export function encode(data: Columns, fields: Record<string, unknown>): ArrayBuffer {
  const size = { u8: 1, u16: 2, u32: 4 };
  const header = (at: number): { text: string; end: number } => {
    const columns: Record<string, unknown> = {};
    let offset = at;
    for (const [name, type, values] of data) {
      columns[name] = { type, offset, length: values.length };
      offset += Math.ceil((values.length * size[type]) / 8) * 8;
    }
    const text = JSON.stringify({ ...fields, columns });
    return { text, end: offset };
  };
  const length = Math.ceil((new TextEncoder().encode(header(1e6).text).length + 16) / 8) * 8;
  const { text, end } = header(8 + length);
  const bytes = new Uint8Array(end).fill(32, 8, 8 + length);
  bytes.set([0x54, 0x49, 0x58, 0x31]);
  new DataView(bytes.buffer).setUint32(4, length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  const { columns } = JSON.parse(text) as { columns: Record<string, { offset: number }> };
  for (const [name, type, values] of data) {
    const offset = columns[name]!.offset;
    const array = type === 'u8' ? new Uint8Array(bytes.buffer, offset, values.length) : type === 'u16' ? new Uint16Array(bytes.buffer, offset, values.length) : new Uint32Array(bytes.buffer, offset, values.length);
    array.set(values);
  }
  return bytes.buffer;
}
