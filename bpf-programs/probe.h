/* SPDX-License-Identifier: Apache-2.0 */
/* What every probe has: the shared maps, and the way of an event into a ring. One probe a file; each is loaded on its own. */
#pragma once

#include "events.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* Flows and segments: many. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

/* What is rare and must not be pushed out by a storm of the others: processes, deaths, cgroups. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} rare_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_TYPES);
	__type(key, u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct settings);
} settings SEC(".maps");

struct limit_key {
	u64 cgroup;
	u64 type;
};

struct limit {
	u64 second;
	u64 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct limit_key);
	__type(value, struct limit);
} limits SEC(".maps");

static __always_inline struct settings *wishes(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&settings, &zero);
}

static __always_inline u64 cgroup_of(struct task_struct *task)
{
	struct settings *wish = wishes();
	u32 memory = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);

	if (wish && wish->memory_hierarchy)
		return BPF_CORE_READ(task, cgroups, subsys[memory], cgroup, kn, id);
	return BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
}

/* Whether the cgroup has not yet caused as many events of the type in this second as it may. */
static __always_inline bool within_limit(u32 type, u64 cgroup, u64 now)
{
	struct settings *wish = wishes();
	struct limit_key key = {.cgroup = cgroup, .type = type};
	struct limit fresh = {.second = now / 1000000000ULL, .count = 1};
	struct limit *limit;

	if (!wish || wish->events_per_second == 0)
		return true;
	limit = bpf_map_lookup_elem(&limits, &key);
	if (!limit || limit->second != fresh.second) {
		bpf_map_update_elem(&limits, &key, &fresh, BPF_ANY);
		return true;
	}
	return __sync_fetch_and_add(&limit->count, 1) < wish->events_per_second;
}

/* Space for an event, its beginning filled in except for whom it is about; or none, which is counted. */
static __always_inline void *reserve(void *ring, u32 type, u64 cgroup, u32 size)
{
	u64 now = bpf_ktime_get_boot_ns();
	struct counter *counter = bpf_map_lookup_elem(&counters, &type);
	struct event *event;

	if (!counter)
		return NULL;
	if (!within_limit(type, cgroup, now)) {
		counter->limited++;
		return NULL;
	}
	event = bpf_ringbuf_reserve(ring, size, 0);
	if (!event) {
		counter->lost++;
		counter->lost_bytes += size;
		return NULL;
	}
	counter->written++;
	event->type = type;
	event->size = size;
	event->time = now;
	event->cgroup = cgroup;
	event->pid = 0;
	event->process_start = 0;
	return event;
}

static __always_inline void about(struct event *event, struct task_struct *task)
{
	event->pid = BPF_CORE_READ(task, tgid);
	event->process_start = BPF_CORE_READ(task, group_leader, start_boottime);
}

/* The agent drains on a timer, so that no event costs a wakeup. */
static __always_inline void submit(void *event)
{
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}
