/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

const struct signal_event *signal_layout __attribute__((unused));

/* HUP, INT, QUIT, ILL, TRAP, ABRT, BUS, FPE, KILL, SEGV, TERM, XCPU, SYS: what ends a process that does not expect it. */
#define FATAL \
	(1ULL << 1 | 1ULL << 2 | 1ULL << 3 | 1ULL << 4 | 1ULL << 5 | 1ULL << 6 | 1ULL << 7 | 1ULL << 8 | 1ULL << 9 | 1ULL << 11 | \
	 1ULL << 15 | 1ULL << 24 | 1ULL << 31)

SEC("tp_btf/signal_generate")
int BPF_PROG(signal, int number, struct kernel_siginfo *info, struct task_struct *target, int group, int result)
{
	struct task_struct *sender = (void *)bpf_get_current_task();
	struct signal_event *signal;

	/* A result other than 0 is a signal that was ignored or there already. */
	if (number < 0 || number > 31 || !(FATAL >> number & 1) || result != 0)
		return 0;
	signal = reserve(&rare_events, EVENT_SIGNAL, cgroup_of(target), sizeof(*signal));
	if (!signal)
		return 0;
	about(&signal->event, target);
	signal->signal = number;
	/* Small values are no addresses: 0 is from a user, 1 from the kernel. */
	signal->code = (u64)info > 1 ? BPF_CORE_READ(info, si_code) : (u64)info == 1 ? 0x80 : 0;
	signal->sender = BPF_CORE_READ(sender, tgid);
	signal->reserved = 0;
	bpf_core_read_str(signal->command, sizeof(signal->command), &target->comm);
	bpf_core_read_str(signal->sender_command, sizeof(signal->sender_command), &sender->comm);
	submit(signal);
	return 0;
}
