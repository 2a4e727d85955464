/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

const struct exit_event *exit_layout __attribute__((unused));

#define SIGNAL_GROUP_EXIT 4

SEC("tp_btf/sched_process_exit")
int BPF_PROG(exit_of_process, struct task_struct *task)
{
	struct signal_struct *process = BPF_CORE_READ(task, signal);
	struct exit_event *exit;

	/* The last thread ends the process, which need not be the first one. */
	if (BPF_CORE_READ(process, live.counter) != 0)
		return 0;
	exit = reserve(&rare_events, EVENT_EXIT, cgroup_of(task), sizeof(*exit));
	if (!exit)
		return 0;
	about(&exit->event, task);
	exit->parent = BPF_CORE_READ(task, real_parent, tgid);
	if (BPF_CORE_READ(process, flags) & SIGNAL_GROUP_EXIT)
		exit->status = BPF_CORE_READ(process, group_exit_code);
	else
		exit->status = BPF_CORE_READ(task, group_leader, exit_code);
	exit->user_time = BPF_CORE_READ(process, utime) + BPF_CORE_READ(task, utime);
	exit->system_time = BPF_CORE_READ(process, stime) + BPF_CORE_READ(task, stime);
	exit->max_resident_pages = BPF_CORE_READ(process, maxrss);
	bpf_core_read_str(exit->command, sizeof(exit->command), &task->comm);
	submit(exit);
	return 0;
}
