// SPDX-License-Identifier: Apache-2.0
// What the server answers, as its OpenAPI document says. Times are milliseconds since 1970.

import type { Hidden } from '../engine/window.ts';

export interface ClusterInfo {
  id: string;
  name: string;
  start: number;
  end: number;
  live: boolean;
}

export interface Clusters {
  clusters: ClusterInfo[];
  now: number;
  version: string;
}

export interface Recorded {
  recorded: boolean;
  reason?: string;
}

export interface Recording extends ClusterInfo {
  now: number;
  user: string;
  serverVersion: string;
  gaps: { from: number; to: number; reason: string; resources: string[]; all: boolean }[];
  coverage: { resource: string; state: string; confirmed: number; covered: number; gaps: number; reason: string }[];
  recorded: Record<string, Recorded>;
  hidden: Hidden;
}

export interface ResourceInfo {
  resource: string;
  group: string;
  name: string;
  version: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  objects: number;
}

export interface Resources {
  t: number;
  resources: ResourceInfo[];
  namespaces: string[];
  hidden: Hidden;
}

export interface Density {
  from: number;
  width: number;
  buckets: number;
  changes: number[];
  failed: number[];
  deleted: number[];
  normal: number[];
  warning: number[];
}

export interface TableColumn {
  name: string;
  type: string;
  priority: number;
}

export interface TableRow {
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  created: number;
  since: number;
  health: number;
  labels: Record<string, string>;
  cells: unknown[];
}

export interface Table {
  t: number;
  resource: string;
  kind: string;
  columns: TableColumn[];
  rows: (TableRow | null)[];
  warning: string;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  at: number;
}

export interface Owner {
  resource: string;
  kind: string;
  namespace: string;
  name: string;
  controller: boolean;
}

export interface ObjectAt {
  t: number;
  exists: boolean;
  before?: number | null;
  after?: number | null;
  resource: string;
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  since: number;
  until: number | null;
  created: number;
  manager: string;
  health: number;
  yaml: string;
  json?: Record<string, unknown>;
  conditions: Condition[];
  owners: Owner[];
  warning: string;
}

export interface FieldChange {
  path: string;
  before?: unknown;
  after?: unknown;
  manager?: string;
  operation?: string;
  managedAt?: string;
}

export interface History {
  versions: { at: number; verb: string; resourceVersion: string; uid: string; manager: string; health: number; fields: FieldChange[] }[];
  omitted: number;
}

export interface EventList {
  events: {
    at: number;
    type: string;
    reason: string;
    message: string;
    count: number;
    source: string;
    first: number;
    last: number;
    object: { kind: string; namespace: string; name: string };
  }[];
  omitted: number;
  warning: string;
}

export interface DiffObject {
  resource: string;
  group: string;
  kind: string;
  namespace: string;
  name: string;
  change: 'added' | 'removed' | 'changed';
  at: number;
  folded: number;
  fields?: FieldChange[];
  old?: string;
  new?: string;
}

export interface Diff {
  from: number;
  to: number;
  objects: DiffObject[];
  counts: Record<string, number>;
  folded: Record<string, number>;
  warnings: string[];
  hidden: Hidden;
}

export interface TimelineEntry {
  at: number;
  what: string;
  resource: string;
  namespace: string;
  name: string;
  text: string;
  who: string;
  fields?: FieldChange[];
}

export interface Timeline {
  entries: TimelineEntry[];
  omitted: number;
  hidden: Hidden;
}

export interface Search {
  t: number;
  matches: { resource: string; kind: string; namespace: string; name: string; health: number; matched: string; text: string }[];
  total: number;
  elsewhere?: { count: number; at: number };
}

export interface TopologyNode {
  id: number;
  resource: string;
  kind: string;
  namespace: string;
  name: string;
  health: number;
}

export interface Topology {
  t: number;
  nodes: TopologyNode[];
  edges: { from: number; to: number; type: string; count?: number; failed?: number; bytes?: number }[];
  total: number;
}

export interface Logs extends Recorded {
  lines?: { at: number; text: string; namespace?: string; pod?: string; container?: string; stream?: string }[];
  omitted?: number;
}

export interface ProcessEvent {
  at: number;
  node: string;
  container: string;
  kind: string;
  what: string;
  trouble: boolean;
}

export interface Processes extends Recorded {
  events?: ProcessEvent[];
  omitted?: number;
}

export interface Flow {
  at: number;
  pod?: string;
  kind: string;
  local: string;
  remote: string;
  sentBytes: number;
  receivedBytes: number;
  retransmits: number;
}

export interface Flows extends Recorded {
  flows?: Flow[];
  gaps?: ProcessEvent[];
  omitted?: number;
}

export interface WhyObject {
  apiVersion: string;
  kind: string;
  resource: string;
  namespace?: string;
  name: string;
}

export interface WhyChange {
  object: WhyObject;
  operation: string;
  path: string;
  old?: unknown;
  new?: unknown;
  time: string;
  actor?: { manager: string; via?: string };
}

export interface WhyEvidence {
  /** `kernel` is what an agent saw on the node. */
  type: string;
  time: string;
  text: string;
}

export interface WhyCause {
  tier: string;
  change: WhyChange;
  /** Without these it would not have come about either. */
  with?: WhyChange[];
  explains: number;
  chain: { rule: string; tier: string; object: WhyObject; time: string; text: string; evidence?: WhyEvidence[] }[];
}

export interface Incident {
  object: WhyObject;
  what: string;
  text: string;
  from: string;
  /** Absent as long as it lasts. */
  to?: string;
  evidence?: WhyEvidence[];
}

export interface Why {
  recorded?: boolean;
  reason?: string;
  outcome?: string;
  summary?: string;
  symptoms?: Incident[];
  causes?: WhyCause[];
  candidates?: WhyCause[];
  ruledOut?: { change: WhyChange; why: string }[];
  incidents?: Incident[];
  omitted?: number;
  hidden?: string[];
  missing?: { what: string; from?: string; to?: string; reason: string }[];
}
