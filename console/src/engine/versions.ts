// SPDX-License-Identifier: Apache-2.0
// Which version of which object is current at a moment. Typed arrays only: a million versions cost 20 MB and a step of the
// slider touches just what changed in between.

/** How an object is at a moment, as the server says it. */
export const Health = { unknown: 0, ok: 1, progressing: 2, warning: 3, failed: 4, done: 5, terminating: 6, gone: 255 } as const;
export type Health = (typeof Health)[keyof typeof Health];

/** The columns an index is made of. Versions of one object stand together and in the order of time. */
export interface VersionColumns {
  /** Of each object, where its versions begin; one entry more than objects. */
  readonly first: Uint32Array;
  /** Of each version, when it came: milliseconds since 1970, with fractions. */
  readonly at: Float64Array;
  /** Of each version, the object's health from then on; gone after a deletion. */
  readonly health: Uint8Array;
  /** All versions in the order of time, those of one time as they came. Worked out if it is not known. */
  readonly order?: Uint32Array;
}

/** A window's versions, with a cursor that can jump (seek) or move along. */
export class VersionIndex {
  readonly objects: number;
  readonly versions: number;
  /** Of each object, its current version at the cursor's moment; -1 before its first. */
  readonly current: Int32Array;
  private readonly owner: Uint32Array;
  private readonly order: Uint32Array;
  /** Of each entry of `order`, the object: a step of the cursor reads it one after the other instead of all over `owner`. */
  private readonly changes: Uint32Array;
  /** How many of `order` have happened at the cursor's moment. */
  private passed = 0;
  private now = Number.NEGATIVE_INFINITY;

  constructor(readonly columns: VersionColumns) {
    const { first, at } = columns;
    this.objects = first.length - 1;
    this.versions = at.length;
    if (this.objects < 0 || first[this.objects] !== this.versions || columns.health.length !== this.versions) {
      throw new RangeError(`an index of ${this.objects} objects and ${this.versions} versions has columns of other lengths`);
    }
    this.owner = new Uint32Array(this.versions);
    for (let object = 0; object < this.objects; object++) {
      this.owner.fill(object, first[object]!, first[object + 1]!);
    }
    this.order = columns.order ?? inOrder(at);
    this.changes = new Uint32Array(this.versions);
    for (let i = 0; i < this.versions; i++) {
      this.changes[i] = this.owner[this.order[i]!]!;
    }
    this.current = new Int32Array(this.objects).fill(-1);
  }

  /** The cursor's moment. */
  get moment(): number {
    return this.now;
  }

  /** Moves the cursor; returns the number of versions it passed. Both directions cost what lies in between. */
  moveTo(moment: number): number {
    const before = this.passed;
    const wanted = this.lowerBound(moment);
    const { order, changes, current } = this;
    const { first } = this.columns;
    while (this.passed < wanted) {
      current[changes[this.passed]!] = order[this.passed]!;
      this.passed++;
    }
    while (this.passed > wanted) {
      const version = order[--this.passed]!;
      const object = changes[this.passed]!;
      current[object] = version > first[object]! ? version - 1 : -1;
    }
    this.now = moment;
    return Math.abs(this.passed - before);
  }

  /** How many versions have happened at the cursor's moment. */
  get happened(): number {
    return this.passed;
  }

  /** The objects of the versions that the cursor passed on its way from one count of `happened` to another, in the order of time. */
  changedBetween(one: number, other: number): Uint32Array {
    return this.changes.subarray(Math.min(one, other), Math.max(one, other));
  }

  /** When an object that has a version at the cursor's moment came to it. */
  changed(object: number): number {
    return this.columns.at[this.current[object]!]!;
  }

  /** Since when an object has been as it is at the cursor's moment: the first of its latest versions of the same health. */
  since(object: number): number {
    const { at, health, first } = this.columns;
    let version = this.current[object]!;
    while (version > first[object]! && health[version - 1] === health[version]) {
      version--;
    }
    return at[version]!;
  }

  /** True if the object exists at the cursor's moment. */
  exists(object: number): boolean {
    const version = this.current[object]!;
    return version >= 0 && this.columns.health[version] !== Health.gone;
  }

  /** The object's health at the cursor's moment; gone before its first version. */
  healthOf(object: number): Health {
    const version = this.current[object]!;
    return version < 0 ? Health.gone : (this.columns.health[version] as Health);
  }

  /** The object's version at another moment than the cursor's; -1 before its first. */
  versionAt(object: number, moment: number): number {
    const { at, first } = this.columns;
    let low = first[object]!;
    let high = first[object + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at[middle]! <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1 < first[object]! ? -1 : low - 1;
  }

  /** When the object next changes after a moment, or NaN. */
  nextChange(object: number, after: number): number {
    const next = this.versionAt(object, after) < 0 ? this.columns.first[object]! : this.versionAt(object, after) + 1;
    return next < this.columns.first[object + 1]! ? this.columns.at[next]! : Number.NaN;
  }

  /** When the object last changed before a moment, or NaN. */
  previousChange(object: number, before: number): number {
    const { at, first } = this.columns;
    let version = this.versionAt(object, before);
    while (version >= first[object]! && at[version]! >= before) {
      version--;
    }
    return version >= first[object]! ? at[version]! : Number.NaN;
  }

  /** Of all objects, the versions in (from, to], in the order of time. */
  between(from: number, to: number): Uint32Array {
    return this.order.subarray(this.lowerBound(from), this.lowerBound(to));
  }

  /** The object a version is of. */
  objectOf(version: number): number {
    return this.owner[version]!;
  }

  /** How many versions are not later than the moment. */
  private lowerBound(moment: number): number {
    let low = 0;
    let high = this.versions;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.columns.at[this.order[middle]!]! <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

function inOrder(at: Float64Array): Uint32Array {
  const order = new Uint32Array(at.length);
  for (let version = 0; version < at.length; version++) {
    order[version] = version;
  }
  // Equal times keep the order within an object: the version's number decides.
  return order.sort((a, b) => at[a]! - at[b]! || a - b);
}
