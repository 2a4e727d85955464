/* SPDX-License-Identifier: Apache-2.0 */
/* TCP connections that are open and whose they are, as the probe of their ends and that of the start know them. */
#pragma once

#include "network.h"

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

static __always_inline struct owner owner_of(struct task_struct *task)
{
	struct owner owner = {
		.cgroup = cgroup_of(task),
		.pid = BPF_CORE_READ(task, tgid),
		.process_start = BPF_CORE_READ(task, group_leader, start_boottime),
	};

	return owner;
}

/* All but how the event begins is filled in. */
static __always_inline void describe(struct flow_event *flow, const struct sock *sk, u16 family, const struct connection *connection)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	u32 done = bpf_core_enum_value(enum sock_flags, SOCK_DONE);

	flow->event.pid = connection->owner.pid;
	flow->event.process_start = connection->owner.process_start;
	flow->started = connection->started;
	flow->sent = BPF_CORE_READ(tcp, bytes_sent);
	/* The other side's end counts as a byte. */
	flow->received = BPF_CORE_READ(tcp, bytes_received) - (BPF_CORE_READ(sk, __sk_common.skc_flags) >> done & 1);
	flow->round_trip_us = BPF_CORE_READ(tcp, srtt_us) >> 3;
	flow->retransmits = BPF_CORE_READ(tcp, total_retrans);
	flow->kind = connection->kind;
	flow->family = family;
	flow->local_port = local_port(sk);
	flow->remote_port = remote_port(sk);
	flow->error = BPF_CORE_READ(sk, sk_err);
	flow->network_namespace = network_namespace(sk);
	read_addresses(sk, family, flow->local, flow->remote);
}
