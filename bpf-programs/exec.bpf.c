/* SPDX-License-Identifier: Apache-2.0 */
#include "directory.h"

const struct exec_event *exec_layout __attribute__((unused));
const struct exec_arguments_event *exec_arguments_layout __attribute__((unused));

static __always_inline void tell(struct exec_event *exec, struct task_struct *task, struct linux_binprm *program)
{
	about(&exec->event, task);
	exec->parent = BPF_CORE_READ(task, real_parent, tgid);
	exec->user = BPF_CORE_READ(task, cred, uid.val);
	exec->arguments = BPF_CORE_READ(program, argc);
	__builtin_memset(exec->file, 0, sizeof(exec->file));
	bpf_core_read_str(exec->command, sizeof(exec->command), &task->comm);
	bpf_probe_read_kernel_str(exec->file, sizeof(exec->file), BPF_CORE_READ(program, filename));
	tell_directory(exec, task);
}

/* The task is the current one, and its memory the new program's. */
static __always_inline void tell_arguments(struct exec_arguments_event *exec, struct task_struct *task)
{
	u64 start = BPF_CORE_READ(task, mm, arg_start);
	u64 end = BPF_CORE_READ(task, mm, arg_end);
	u32 length;

	exec->total = end > start ? end - start : 0;
	length = exec->total < ARGUMENT_BYTES ? exec->total : ARGUMENT_BYTES;
	__builtin_memset(exec->arguments, 0, sizeof(exec->arguments));
	exec->length = bpf_probe_read_user(exec->arguments, length, (void *)start) == 0 ? length : 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct settings *wish = wishes();
	u64 cgroup = cgroup_of(task);

	if (wish && wish->arguments) {
		struct exec_arguments_event *exec = reserve(&rare_events, EVENT_EXEC, cgroup, sizeof(*exec));

		if (exec) {
			tell(&exec->exec, task, program);
			tell_arguments(exec, task);
			submit(exec);
		}
	} else {
		struct exec_event *exec = reserve(&rare_events, EVENT_EXEC, cgroup, sizeof(*exec));

		if (exec) {
			tell(exec, task, program);
			submit(exec);
		}
	}
	return 0;
}
