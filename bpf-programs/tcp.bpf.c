/* SPDX-License-Identifier: Apache-2.0 */
#include "connections.h"

/*
 * One event a connection, at its end. Most transitions run in interrupts, on behalf of nobody; whose socket it is is known where the
 * process itself acts: it connects, listens, or closes. An accepted connection belongs to who listened until who closes it is seen.
 */

const struct flow_event *flow_layout __attribute__((unused));

static __always_inline struct owner current_owner(void)
{
	return owner_of((void *)bpf_get_current_task());
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
	struct flow_event *flow;

	/* It was open before the probe was. */
	if (!connection)
		return;
	flow = reserve(&events, EVENT_FLOW, connection->owner.cgroup, sizeof(*flow));
	if (flow) {
		describe(flow, sk, family, connection);
		if (before == TCP_SYN_SENT)
			flow->kind = FLOW_FAILED;
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
