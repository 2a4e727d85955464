/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

const struct cgroup_event *cgroup_layout __attribute__((unused));

static __always_inline void tell(struct cgroup *cgroup, const char *path, u32 change)
{
	struct settings *wish = wishes();
	u32 memory = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	struct cgroup_event *event;

	if (wish && wish->memory_hierarchy) {
		if (!(BPF_CORE_READ(cgroup, root, subsys_mask) & 1u << memory))
			return;
	} else if (BPF_CORE_READ(cgroup, root, hierarchy_id) != 0) {
		return;
	}
	event = reserve(&rare_events, EVENT_CGROUP, BPF_CORE_READ(cgroup, kn, id), sizeof(*event));
	if (!event)
		return;
	event->change = change;
	event->reserved = 0;
	__builtin_memset(event->path, 0, sizeof(event->path));
	bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	submit(event);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_made, struct cgroup *cgroup, const char *path)
{
	tell(cgroup, path, CGROUP_MADE);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgroup, const char *path)
{
	tell(cgroup, path, CGROUP_REMOVED);
	return 0;
}
