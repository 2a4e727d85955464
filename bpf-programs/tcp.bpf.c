/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

/*
 * One event a connection, at its end. Most transitions run in interrupts, on behalf of nobody; whose socket it is is known where the
 * process itself acts: it connects, listens, or closes. An accepted connection belongs to who listened until who closes it is seen.
 */

const struct flow_event *flow_layout __attribute__((unused));

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_SYN_RECV = 3,
	TCP_FIN_WAIT1 = 4,
	TCP_CLOSE = 7,
	TCP_LAST_ACK = 9,
	TCP_LISTEN = 10,
};

struct owner {
	u64 cgroup;
	u64 process_start;
	u32 pid;
	u32 reserved;
};

struct connection {
	u64 started;
	struct owner owner;
	u32 kind;
	u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, struct connection);
} connections SEC(".maps");

struct listener {
	u32 network_namespace;
	u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, struct owner);
} listeners SEC(".maps");

static __always_inline struct owner current_owner(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct owner owner = {
		.cgroup = cgroup_of(task),
		.pid = BPF_CORE_READ(task, tgid),
		.process_start = BPF_CORE_READ(task, group_leader, start_boottime),
	};

	return owner;
}

static __always_inline void opened(const struct sock *sk, u32 kind)
{
	u64 key = (u64)sk;
	struct connection connection = {.started = bpf_ktime_get_boot_ns(), .kind = kind};

	if (kind == FLOW_CONNECTED) {
		connection.owner = current_owner();
	} else {
		struct listener listener = {.network_namespace = network_namespace(sk), .port = local_port(sk)};
		struct owner *owner = bpf_map_lookup_elem(&listeners, &listener);

		if (owner)
			connection.owner = *owner;
	}
	bpf_map_update_elem(&connections, &key, &connection, BPF_ANY);
}

static __always_inline void closed(const struct sock *sk, u16 family, int before)
{
	u64 key = (u64)sk;
	struct connection *connection = bpf_map_lookup_elem(&connections, &key);
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	u32 done = bpf_core_enum_value(enum sock_flags, SOCK_DONE);
	struct flow_event *flow;

	/* It was open before the probe was. */
	if (!connection)
		return;
	flow = reserve(&events, EVENT_FLOW, connection->owner.cgroup, sizeof(*flow));
	if (flow) {
		flow->event.pid = connection->owner.pid;
		flow->event.process_start = connection->owner.process_start;
		flow->started = connection->started;
		flow->sent = BPF_CORE_READ(tcp, bytes_sent);
		/* The other side's end counts as a byte. */
		flow->received = BPF_CORE_READ(tcp, bytes_received) - (BPF_CORE_READ(sk, __sk_common.skc_flags) >> done & 1);
		flow->round_trip_us = BPF_CORE_READ(tcp, srtt_us) >> 3;
		flow->retransmits = BPF_CORE_READ(tcp, total_retrans);
		flow->kind = before == TCP_SYN_SENT ? FLOW_FAILED : connection->kind;
		flow->family = family;
		flow->local_port = local_port(sk);
		flow->remote_port = remote_port(sk);
		flow->error = BPF_CORE_READ(sk, sk_err);
		flow->network_namespace = network_namespace(sk);
		read_addresses(sk, family, flow->local, flow->remote);
		submit(flow);
	}
	bpf_map_delete_elem(&connections, &key);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tcp, const struct sock *sk, const int before, const int now)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	u64 key = (u64)sk;

	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP || (family != AF_INET && family != AF_INET6))
		return 0;
	if (now == TCP_SYN_SENT) {
		opened(sk, FLOW_CONNECTED);
	} else if (now == TCP_LISTEN) {
		struct listener listener = {.network_namespace = network_namespace(sk), .port = BPF_CORE_READ(sk, __sk_common.skc_num)};
		struct owner owner = current_owner();

		bpf_map_update_elem(&listeners, &listener, &owner, BPF_ANY);
	} else if (now == TCP_ESTABLISHED && before == TCP_SYN_RECV) {
		opened(sk, FLOW_ACCEPTED);
	} else if (now == TCP_FIN_WAIT1 || now == TCP_LAST_ACK) {
		struct connection *connection = bpf_map_lookup_elem(&connections, &key);

		if (connection && connection->kind == FLOW_ACCEPTED)
			connection->owner = current_owner();
	} else if (now == TCP_CLOSE && before != TCP_LISTEN) {
		closed(sk, family, before);
	}
	return 0;
}
