/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

const struct segment_event *segment_layout __attribute__((unused));

static __always_inline void segment(const struct sock *sk, u32 type, u8 direction)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	struct segment_event *segment;

	if (family != AF_INET && family != AF_INET6)
		return;
	segment = reserve(&events, type, 0, sizeof(*segment));
	if (!segment)
		return;
	segment->family = family;
	segment->local_port = local_port(sk);
	segment->remote_port = remote_port(sk);
	segment->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	segment->direction = direction;
	segment->network_namespace = network_namespace(sk);
	segment->reserved = 0;
	read_addresses(sk, family, segment->local, segment->remote);
	submit(segment);
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(retransmit, const struct sock *sk)
{
	segment(sk, EVENT_RETRANSMIT, 0);
	return 0;
}

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(reset_received, struct sock *sk)
{
	segment(sk, EVENT_RESET, RESET_RECEIVED);
	return 0;
}

/* Without a socket it answers a segment to a port where nobody listens; the other side tells of that. */
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(reset_sent, const struct sock *sk)
{
	if (sk)
		segment(sk, EVENT_RESET, RESET_SENT);
	return 0;
}
