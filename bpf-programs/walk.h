/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All processes of the machine. An iterator over tasks shows only those of the reader's PID namespace, and the agent has one of its own: so
 * it is used to get into the kernel, and the kernel's own list is followed from there. Needs bpf_loop (Linux 5.17).
 */
#pragma once

#include "probe.h"

#define MOST_PROCESSES (1 << 20)

struct walk {
	u64 first;
	u64 at;
};

static __always_inline u64 next_process(struct task_struct *task)
{
	u64 next = (u64)BPF_CORE_READ(task, tasks.next);

	return next ? next - __builtin_preserve_field_info(((struct task_struct *)0)->tasks, BPF_FIELD_BYTE_OFFSET) : 0;
}

/* Calls a function with a struct walk once for each process; it goes on by advance. Programs of an iterator do so at their first call. */
static __always_inline void walk_processes(long (*visit)(u32 index, void *context))
{
	struct task_struct *leader = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), group_leader);
	struct walk walk = {.first = (u64)leader, .at = (u64)leader};

	bpf_loop(MOST_PROCESSES, visit, &walk, 0);
}

/* 1 if that was the last one, as bpf_loop has it. */
static __always_inline long advance(struct walk *walk)
{
	u64 next = next_process((struct task_struct *)walk->at);

	walk->at = next;
	return !next || next == walk->first;
}
