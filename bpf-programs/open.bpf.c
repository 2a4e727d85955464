/* SPDX-License-Identifier: Apache-2.0 */
#include "connections.h"
#include "walk.h"

/* The TCP connections that are open when the agent starts: first who listens, so that it is known which connections were accepted. */

#define MOST_FILES (1 << 16)
#define FORMAT_MASK 0170000
#define SOCKET 0140000

struct files {
	u64 task;
	u64 table;
	u32 is_listening;
	u32 reserved;
};

static __always_inline void listens(const struct sock *sk, struct task_struct *task)
{
	struct listener listener = {.network_namespace = network_namespace(sk), .port = BPF_CORE_READ(sk, __sk_common.skc_num)};
	struct owner owner = owner_of(task);

	bpf_map_update_elem(&listeners, &listener, &owner, BPF_NOEXIST);
}

static __always_inline void is_open(const struct sock *sk, u16 family, struct task_struct *task)
{
	struct listener listener = {.network_namespace = network_namespace(sk), .port = local_port(sk)};
	struct connection connection = {.owner = owner_of(task)};
	struct flow_event *flow;
	u64 key = (u64)sk;

	connection.kind = bpf_map_lookup_elem(&listeners, &listener) ? FLOW_ACCEPTED : FLOW_CONNECTED;
	/* Another process may have it as well. */
	if (bpf_map_update_elem(&connections, &key, &connection, BPF_NOEXIST))
		return;
	flow = reserve(&events, EVENT_FLOW, connection.owner.cgroup, sizeof(*flow));
	if (flow) {
		describe(flow, sk, family, &connection);
		flow->kind = FLOW_OPEN;
		submit(flow);
	}
}

static long look_at_file(u32 index, void *context)
{
	struct files *files = context;
	struct task_struct *task = (struct task_struct *)files->task;
	struct file *file = NULL;
	struct socket *socket;
	struct sock *sk;
	u16 family;
	u8 state;

	bpf_probe_read_kernel(&file, sizeof(file), (void *)(files->table + index * sizeof(file)));
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & FORMAT_MASK) != SOCKET)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if ((family != AF_INET && family != AF_INET6) || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (files->is_listening && state == TCP_LISTEN)
		listens(sk, task);
	else if (!files->is_listening && state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_CLOSE)
		is_open(sk, family, task);
	return 0;
}

static __always_inline long look_at_process(struct walk *walk, u32 is_listening)
{
	struct task_struct *task = (struct task_struct *)walk->at;
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct files files = {.task = walk->at, .is_listening = is_listening};
	u32 most;

	if (table) {
		files.table = (u64)BPF_CORE_READ(table, fd);
		most = BPF_CORE_READ(table, max_fds);
		bpf_loop(most < MOST_FILES ? most : MOST_FILES, look_at_file, &files, 0);
	}
	return advance(walk);
}

static long find_listeners(u32 index, void *context)
{
	return look_at_process(context, 1);
}

static long find_connections(u32 index, void *context)
{
	return look_at_process(context, 0);
}

SEC("iter/task")
int open(struct bpf_iter__task *context)
{
	if (context->meta->seq_num == 0) {
		walk_processes(find_listeners);
		walk_processes(find_connections);
	}
	return 0;
}
