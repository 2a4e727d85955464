/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

const struct exec_event *exec_layout __attribute__((unused));

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct exec_event *exec = reserve(&rare_events, EVENT_EXEC, cgroup_of(task), sizeof(*exec));

	if (!exec)
		return 0;
	about(&exec->event, task);
	exec->parent = BPF_CORE_READ(task, real_parent, tgid);
	exec->user = BPF_CORE_READ(task, cred, uid.val);
	exec->arguments = BPF_CORE_READ(program, argc);
	exec->reserved = 0;
	__builtin_memset(exec->file, 0, sizeof(exec->file));
	bpf_core_read_str(exec->command, sizeof(exec->command), &task->comm);
	bpf_probe_read_kernel_str(exec->file, sizeof(exec->file), BPF_CORE_READ(program, filename));
	submit(exec);
	return 0;
}
