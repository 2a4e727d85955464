/* SPDX-License-Identifier: Apache-2.0 */
#include "directory.h"
#include "walk.h"

/* The processes that run when the agent starts. */

static long tell(u32 index, void *context)
{
	struct walk *walk = context;
	struct task_struct *task = (struct task_struct *)walk->at;
	struct exec_event *process;

	/* The kernel's own threads have no memory. */
	if (!BPF_CORE_READ(task, mm))
		return advance(walk);
	process = reserve(&rare_events, EVENT_RUNNING, cgroup_of(task), sizeof(*process));
	if (process) {
		about(&process->event, task);
		process->parent = BPF_CORE_READ(task, real_parent, tgid);
		process->user = BPF_CORE_READ(task, cred, uid.val);
		process->arguments = 0;
		__builtin_memset(process->file, 0, sizeof(process->file));
		bpf_core_read_str(process->command, sizeof(process->command), &task->comm);
		tell_directory(process, task);
		submit(process);
	}
	return advance(walk);
}

SEC("iter/task")
int running(struct bpf_iter__task *context)
{
	if (context->meta->seq_num == 0)
		walk_processes(tell);
	return 0;
}
