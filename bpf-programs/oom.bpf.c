/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

/*
 * The out-of-memory killer sends SIGKILL, then marks its victim, both as the task that asked for memory. What mark_victim says of the
 * victim differs by version and lacks its cgroup; so the signal's target is kept by the sender, and told when the mark follows.
 */

const struct oom_event *oom_layout __attribute__((unused));

#define SIGKILL 9
#define FROM_KERNEL 1
#define LONGEST_NS 1000000000ULL

struct kill {
	u64 time;
	u64 cgroup;
	u64 process_start;
	u64 resident_pages;
	u32 pid;
	u32 reserved;
	char command[COMMAND_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct kill);
} kills SEC(".maps");

/* The kind must be a constant, or its place is not looked up in the kernel's types. */
#define PAGES(memory, kind) \
	(bpf_core_field_exists(((struct mm_struct___before_6_2 *)0)->rss_stat.count) \
		 ? BPF_CORE_READ((struct mm_struct___before_6_2 *)(memory), rss_stat.count[kind].counter) \
		 : BPF_CORE_READ(memory, rss_stat[kind].count))

static __always_inline u64 not_negative(long long count)
{
	return count > 0 ? count : 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(oom_signal, int number, struct kernel_siginfo *info, struct task_struct *target)
{
	u64 sender = bpf_get_current_pid_tgid();
	struct mm_struct *memory;
	struct kill kill = {};

	if (number != SIGKILL || (u64)info != FROM_KERNEL)
		return 0;
	kill.time = bpf_ktime_get_boot_ns();
	kill.cgroup = cgroup_of(target);
	kill.pid = BPF_CORE_READ(target, tgid);
	kill.process_start = BPF_CORE_READ(target, group_leader, start_boottime);
	memory = BPF_CORE_READ(target, mm);
	if (memory)
		kill.resident_pages = not_negative(PAGES(memory, 0)) + not_negative(PAGES(memory, 1)) + not_negative(PAGES(memory, 3));
	bpf_core_read_str(kill.command, sizeof(kill.command), &target->comm);
	bpf_map_update_elem(&kills, &sender, &kill, BPF_ANY);
	return 0;
}

SEC("raw_tp/mark_victim")
int oom_mark(void *arguments)
{
	u64 sender = bpf_get_current_pid_tgid();
	struct kill *kill = bpf_map_lookup_elem(&kills, &sender);
	struct oom_event *oom;

	if (!kill || bpf_ktime_get_boot_ns() - kill->time > LONGEST_NS)
		return 0;
	oom = reserve(&rare_events, EVENT_OOM_KILL, kill->cgroup, sizeof(*oom));
	if (oom) {
		oom->event.pid = kill->pid;
		oom->event.process_start = kill->process_start;
		oom->resident_pages = kill->resident_pages;
		__builtin_memcpy(oom->command, kill->command, sizeof(oom->command));
		submit(oom);
	}
	bpf_map_delete_elem(&kills, &sender);
	return 0;
}
