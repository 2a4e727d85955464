/* SPDX-License-Identifier: Apache-2.0 */
#include "connections.h"

/*
 * Segments of connections to servers of names, told with the bytes they carry: the agent finds questions and answers in them. What TCP
 * sends is not in the linear part of a packet, and bpf_skb_output is the one way to it that kernels of all versions have; it writes to
 * perf's buffers.
 */

const struct dns_segment_event *dns_segment_layout __attribute__((unused));

#define PROTOCOL_IPV4 0x0800
#define PROTOCOL_IPV6 0x86DD
#define DNS_PORT 53
#define IPV6_HEADER 40
/* Of what a segment carries; no more is needed of a question, and of most answers. */
#define MOST_CARRIED 4096
/* The control group of who gets an answer is not known where it comes in: its network namespace is limited. */
#define IS_NAMESPACE (1ULL << 63)
#define BPF_F_CURRENT_CPU 0xffffffffULL

struct tcp_header {
	__be16 from;
	__be16 to;
	__be32 sequence;
	__be32 acknowledged;
	u8 words;
	u8 flags;
	__be16 window;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} dns_segments SEC(".maps");

/* Tells of a segment whose TCP header begins so many bytes behind the packet's data. */
static __always_inline void tell(struct sk_buff *skb, struct dns_segment_event *segment, const struct tcp_header *tcp, u32 at, u64 whose)
{
	u32 begin = at + (tcp->words >> 4) * 4;
	u32 length = skb->len;
	u32 type = EVENT_DNS;
	struct counter *counter = bpf_map_lookup_elem(&counters, &type);

	if (!counter || begin >= length)
		return;
	segment->event.time = bpf_ktime_get_boot_ns();
	if (!within_limit(type, whose, segment->event.time)) {
		counter->limited++;
		return;
	}
	segment->carried = length - begin;
	if (length > begin + MOST_CARRIED)
		length = begin + MOST_CARRIED;
	segment->event.type = EVENT_DNS;
	segment->event.size = sizeof(*segment);
	segment->sequence = bpf_ntohl(tcp->sequence);
	segment->begin = begin;
	segment->length = length;
	segment->family = skb->protocol == bpf_htons(PROTOCOL_IPV4) ? AF_INET : AF_INET6;
	if (bpf_skb_output(skb, &dns_segments, (u64)length << 32 | BPF_F_CURRENT_CPU, segment, sizeof(*segment))) {
		counter->lost++;
		counter->lost_bytes += length;
	}
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(dns_tcp_question, struct sk_buff *skb)
{
	struct dns_segment_event segment = {};
	struct sock *sk = skb->sk;
	struct connection *connection;
	struct tcp_header tcp;
	u64 key = (u64)sk;
	u32 at;

	if (!sk || sk->__sk_common.skc_dport != bpf_htons(DNS_PORT) || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	if (bpf_probe_read_kernel(&tcp, sizeof(tcp), skb->head + skb->transport_header) || tcp.to != bpf_htons(DNS_PORT))
		return 0;
	at = skb->transport_header - (u32)(skb->data - skb->head);
	/* What is sent again, or waited for room, is sent by whoever runs just then. */
	connection = bpf_map_lookup_elem(&connections, &key);
	if (connection) {
		segment.event.cgroup = connection->owner.cgroup;
		segment.event.pid = connection->owner.pid;
		segment.event.process_start = connection->owner.process_start;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();

		segment.event.cgroup = cgroup_of(task);
		about(&segment.event, task);
	}
	segment.network_namespace = network_namespace(sk);
	segment.client_port = bpf_ntohs(tcp.from);
	segment.server_port = DNS_PORT;
	if (skb->protocol == bpf_htons(PROTOCOL_IPV4))
		bpf_probe_read_kernel(segment.server, 4, skb->head + skb->network_header + 16);
	else
		bpf_probe_read_kernel(segment.server, 16, skb->head + skb->network_header + 24);
	tell(skb, &segment, &tcp, at, segment.event.cgroup);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(dns_tcp_answer, struct sk_buff *skb)
{
	struct dns_segment_event segment = {};
	unsigned char *begin = skb->data;
	struct tcp_header tcp;
	u8 first[10];
	u32 header;

	if (bpf_probe_read_kernel(first, sizeof(first), begin))
		return 0;
	if (skb->protocol == bpf_htons(PROTOCOL_IPV4) && first[9] == IPPROTO_TCP)
		header = (first[0] & 15) * 4;
	else if (skb->protocol == bpf_htons(PROTOCOL_IPV6) && first[6] == IPPROTO_TCP)
		header = IPV6_HEADER;
	else
		return 0;
	if (bpf_probe_read_kernel(&tcp, sizeof(tcp), begin + header) || tcp.from != bpf_htons(DNS_PORT))
		return 0;
	segment.network_namespace = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	segment.client_port = bpf_ntohs(tcp.to);
	segment.server_port = DNS_PORT;
	segment.is_answer = 1;
	if (skb->protocol == bpf_htons(PROTOCOL_IPV4))
		bpf_probe_read_kernel(segment.server, 4, begin + 12);
	else
		bpf_probe_read_kernel(segment.server, 16, begin + 8);
	tell(skb, &segment, &tcp, header, IS_NAMESPACE | segment.network_namespace);
	return 0;
}
