// SPDX-License-Identifier: Apache-2.0
// The version index of a window as the server sends it (application/vnd.traversion.index), and what comes live after it.

import { Health, VersionIndex } from './versions.ts';

export interface KindInfo {
  readonly resource: string;
  readonly group: string;
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface Hidden {
  readonly types: number;
  readonly namespaces: number;
}

export interface ObjectName {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** A change as the live stream tells it. */
export interface LiveChange extends ObjectName {
  readonly at: number;
  readonly verb: number;
  readonly health: number;
  readonly manager: string;
}

interface Header {
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  readonly objects: number;
  readonly changes: number;
  readonly kinds: readonly KindInfo[];
  readonly namespaces: readonly string[];
  readonly managers: readonly string[];
  readonly hidden: Hidden;
  readonly columns: Readonly<Record<string, { type: 'u8' | 'u16' | 'u32'; offset: number; length: number }>>;
}

export const Verb = { initial: 0, added: 1, modified: 2, deleted: 3 } as const;

/** `deployments.apps/shop/checkout`, the name of an object in links. */
export const objectText = (object: ObjectName): string => `${object.resource}/${object.namespace}/${object.name}`;

export function parseObject(text: string): ObjectName | null {
  const [resource = '', namespace = '', ...rest] = text.split('/');
  return resource === '' || rest.length === 0 ? null : { resource, namespace, name: rest.join('/') };
}

/** A window of the recording: its objects and which version of each is current when. Immutable; live changes make another. */
export class RecordedWindow {
  readonly index: VersionIndex;
  /** Of each version: what happened (Verb) and who did it (into managers). */
  readonly verb: Uint8Array;
  readonly manager: Uint16Array;
  private rows: Map<string, number> | null = null;

  private constructor(
    readonly from: number,
    readonly to: number,
    readonly complete: boolean,
    readonly kinds: readonly KindInfo[],
    readonly namespaces: readonly string[],
    readonly managers: readonly string[],
    readonly hidden: Hidden,
    readonly kindOf: Uint16Array,
    readonly namespaceOf: Uint32Array,
    readonly names: readonly string[],
    private readonly initial: Uint8Array,
    private readonly changes: Changes,
  ) {
    const objects = names.length;
    const first = new Uint32Array(objects + 1);
    for (let object = 0; object < objects; object++) {
      first[object + 1] = initial[object] === Health.gone ? 0 : 1;
    }
    for (let change = 0; change < changes.count; change++) {
      first[changes.object[change]! + 1]!++;
    }
    for (let object = 0; object < objects; object++) {
      first[object + 1]! += first[object]!;
    }
    const versions = first[objects]!;
    const at = new Float64Array(versions);
    const health = new Uint8Array(versions);
    const order = new Uint32Array(versions);
    this.verb = new Uint8Array(versions);
    this.manager = new Uint16Array(versions);
    const next = first.slice(0, objects);
    let passed = 0;
    for (let object = 0; object < objects; object++) {
      if (initial[object] !== Health.gone) {
        const version = next[object]!++;
        at[version] = from;
        health[version] = initial[object]!;
        order[passed++] = version;
      }
    }
    for (let change = 0; change < changes.count; change++) {
      const version = next[changes.object[change]!]!++;
      at[version] = from + changes.time[change]!;
      health[version] = changes.verb[change] === Verb.deleted ? Health.gone : changes.health[change]!;
      this.verb[version] = changes.verb[change]!;
      this.manager[version] = changes.manager[change]!;
      order[passed++] = version;
    }
    this.index = new VersionIndex({ first, at, health, order });
  }

  /** @throws RangeError if it is no such index */
  static decode(buffer: ArrayBuffer): RecordedWindow {
    const bytes = new Uint8Array(buffer);
    if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== 'TIX1') {
      throw new RangeError('the server sent no version index this console can read');
    }
    const length = new DataView(buffer).getUint32(4, true);
    const text = new TextDecoder();
    const header = JSON.parse(text.decode(bytes.subarray(8, 8 + length))) as Header;
    const column = (name: string): { offset: number; length: number } => {
      const found = header.columns[name];
      if (found === undefined) {
        throw new RangeError(`the version index has no column ${name}`);
      }
      return found;
    };
    const u8 = (name: string): Uint8Array => new Uint8Array(buffer, column(name).offset, column(name).length);
    const u16 = (name: string): Uint16Array => new Uint16Array(buffer, column(name).offset, column(name).length);
    const u32 = (name: string): Uint32Array => new Uint32Array(buffer, column(name).offset, column(name).length);
    const blob = u8('names');
    const ends = u32('objectNameEnd');
    const begin = (object: number): number => (object === 0 ? 0 : ends[object - 1]!);
    // Nearly all names are of one byte a character: then one text is cut, which is much quicker than decoding each.
    const whole = text.decode(blob);
    const names =
      whole.length === blob.length
        ? Array.from(ends, (end, object) => whole.slice(begin(object), end))
        : Array.from(ends, (end, object) => text.decode(blob.subarray(begin(object), end)));
    const changes = { count: header.changes, time: u32('time'), object: u32('object'), verb: u8('verb'), health: u8('health'), manager: u16('manager') };
    return new RecordedWindow(
      header.from,
      header.to,
      header.complete,
      header.kinds,
      header.namespaces,
      header.managers,
      header.hidden,
      u16('objectKind'),
      u32('objectNamespace'),
      names,
      u8('initial'),
      changes,
    );
  }

  /** The window with what came live after it; kinds nobody has told of yet are left to the next load. */
  with(live: readonly LiveChange[], to: number): RecordedWindow {
    const kinds = new Map(this.kinds.map((kind, row) => [kind.resource, row]));
    const namespaces = [...this.namespaces];
    const managers = [...this.managers];
    const names = [...this.names];
    const added: { kind: number; namespace: number }[] = [];
    const rows = new Map<string, number>();
    const fresh: [number, number, number, number, number][] = [];
    for (const change of live) {
      const kind = kinds.get(change.resource);
      if (kind === undefined || change.at <= this.to) {
        continue;
      }
      const text = objectText(change);
      let row = this.find(change);
      if (row < 0) {
        row = rows.get(text) ?? -1;
      }
      if (row < 0) {
        row = names.length;
        rows.set(text, row);
        names.push(change.name);
        added.push({ kind, namespace: indexIn(namespaces, change.namespace) });
      }
      fresh.push([change.at - this.from, row, change.verb, change.health, indexIn(managers, change.manager)]);
    }
    fresh.sort((a, b) => a[0] - b[0]);
    const old = this.changes;
    const all: Changes = {
      count: old.count + fresh.length,
      time: joined(Uint32Array, old.time.subarray(0, old.count), fresh.map((each) => each[0])),
      object: joined(Uint32Array, old.object.subarray(0, old.count), fresh.map((each) => each[1])),
      verb: joined(Uint8Array, old.verb.subarray(0, old.count), fresh.map((each) => each[2])),
      health: joined(Uint8Array, old.health.subarray(0, old.count), fresh.map((each) => each[3])),
      manager: joined(Uint16Array, old.manager.subarray(0, old.count), fresh.map((each) => each[4])),
    };
    return new RecordedWindow(
      this.from,
      Math.max(this.to, to),
      this.complete,
      this.kinds,
      namespaces,
      managers,
      this.hidden,
      joined(Uint16Array, this.kindOf, added.map((each) => each.kind)),
      joined(Uint32Array, this.namespaceOf, added.map((each) => each.namespace)),
      names,
      joined(Uint8Array, this.initial, added.map(() => Health.gone)),
      all,
    );
  }

  /** The row of an object, -1 if the window has none of that name. */
  find(object: ObjectName): number {
    if (this.rows === null) {
      this.rows = new Map(this.names.map((_, row) => [objectText(this.object(row)), row]));
    }
    return this.rows.get(objectText(object)) ?? -1;
  }

  object(row: number): ObjectName {
    return {
      resource: this.kinds[this.kindOf[row]!]!.resource,
      namespace: this.namespaces[this.namespaceOf[row]!]!,
      name: this.names[row]!,
    };
  }

  kind(row: number): KindInfo {
    return this.kinds[this.kindOf[row]!]!;
  }

  covers(moment: number): boolean {
    return moment >= this.from && moment <= this.to;
  }
}

interface Changes {
  readonly count: number;
  readonly time: Uint32Array;
  readonly object: Uint32Array;
  readonly verb: Uint8Array;
  readonly health: Uint8Array;
  readonly manager: Uint16Array;
}

function indexIn(list: string[], text: string): number {
  const found = list.indexOf(text);
  return found >= 0 ? found : list.push(text) - 1;
}

type Column = Uint8Array | Uint16Array | Uint32Array;

function joined<T extends Column>(type: new (length: number) => T, old: T, fresh: readonly number[]): T {
  const result = new type(old.length + fresh.length);
  result.set(old);
  result.set(fresh, old.length);
  return result;
}
