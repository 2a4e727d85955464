/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

/* The processes that run when the agent starts; read through an iterator's file, not from a ring. */
SEC("iter/task")
int running(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct exec_event process = {};

	if (!task || task->pid != task->tgid || !BPF_CORE_READ(task, mm))
		return 0;
	process.event.type = EVENT_RUNNING;
	process.event.size = sizeof(process);
	process.event.time = bpf_ktime_get_boot_ns();
	process.event.cgroup = cgroup_of(task);
	about(&process.event, task);
	process.parent = BPF_CORE_READ(task, real_parent, tgid);
	process.user = BPF_CORE_READ(task, cred, uid.val);
	bpf_core_read_str(process.command, sizeof(process.command), &task->comm);
	bpf_seq_write(context->meta->seq, &process, sizeof(process));
	return 0;
}
