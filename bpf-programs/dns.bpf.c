/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

/*
 * Questions to servers of names over UDP, told when the answer comes; those without one are left in the map, where the agent finds them. They
 * are seen where packets leave and enter a network namespace: a question is its sender's as long as its packet has a socket.
 */

const struct dns_event *dns_layout __attribute__((unused));

#define IPPROTO_UDP 17
#define PROTOCOL_IPV4 0x0800
#define PROTOCOL_IPV6 0x86DD
#define DNS_PORT 53
#define IPV6_HEADER 40
#define IS_ANSWER 0x8000

struct udp_header {
	__be16 from;
	__be16 to;
	__be16 length;
	__be16 sum;
};

struct dns_header {
	__be16 id;
	__be16 flags;
	__be16 questions;
	__be16 others[3];
};

struct packet {
	struct udp_header udp;
	struct dns_header dns;
};

struct query {
	u32 network_namespace;
	u16 port;
	u16 id;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct query);
	__type(value, struct dns_event);
} queries SEC(".maps");

/* A question does not fit on the stack beside all else. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct dns_event);
} question_space SEC(".maps");

SEC("tp_btf/net_dev_queue")
int BPF_PROG(dns_question, struct sk_buff *skb)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct sock *sk = skb->sk;
	struct dns_event *question, *before;
	struct packet packet;
	struct query query;
	unsigned char *begin;
	u32 zero = 0;
	u64 end;

	if (!sk || sk->sk_protocol != IPPROTO_UDP)
		return 0;
	begin = skb->head + skb->transport_header;
	if (bpf_probe_read_kernel(&packet, sizeof(packet), begin) || packet.udp.to != bpf_htons(DNS_PORT) ||
	    bpf_ntohs(packet.dns.flags) & IS_ANSWER || packet.dns.questions == 0)
		return 0;
	query.network_namespace = network_namespace(sk);
	query.port = bpf_ntohs(packet.udp.from);
	query.id = packet.dns.id;
	before = bpf_map_lookup_elem(&queries, &query);
	if (before) {
		before->attempts++;
		return 0;
	}
	question = bpf_map_lookup_elem(&question_space, &zero);
	if (!question)
		return 0;
	__builtin_memset(question, 0, sizeof(*question));
	question->event.type = EVENT_DNS;
	question->event.size = sizeof(*question);
	question->event.time = bpf_ktime_get_boot_ns();
	question->event.cgroup = cgroup_of(task);
	about(&question->event, task);
	question->network_namespace = query.network_namespace;
	question->server_port = DNS_PORT;
	question->attempts = 1;
	question->family = skb->protocol == bpf_htons(PROTOCOL_IPV4) ? AF_INET : AF_INET6;
	if (question->family == AF_INET)
		bpf_probe_read_kernel(question->server, 4, skb->head + skb->network_header + 16);
	else
		bpf_probe_read_kernel(question->server, 16, skb->head + skb->network_header + 24);
	/* Not more than was sent. */
	end = bpf_ntohs(packet.udp.length);
	end = end > sizeof(packet) ? end - sizeof(packet) : 0;
	if (end > QUESTION_BYTES)
		end = QUESTION_BYTES;
	question->length = end;
	bpf_probe_read_kernel(question->question, end, begin + sizeof(packet));
	bpf_map_update_elem(&queries, &query, question, BPF_ANY);
	return 0;
}

static __always_inline void answered(const struct query *query, u16 flags)
{
	struct dns_event *question = bpf_map_lookup_elem(&queries, query);
	struct dns_event *answer;

	if (!question)
		return;
	answer = reserve(&events, EVENT_DNS, question->event.cgroup, sizeof(*answer));
	if (answer) {
		u64 now = answer->event.time;

		__builtin_memcpy(answer, question, sizeof(*answer));
		answer->took_ns = now - question->event.time;
		answer->answered = 1;
		answer->flags = flags;
		submit(answer);
	}
	bpf_map_delete_elem(&queries, query);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(dns_answer, struct sk_buff *skb)
{
	unsigned char *begin = skb->data;
	struct packet packet;
	struct query query;
	u8 first[10];
	u32 header;

	/* The protocol, and how long the header is, are in the same ten bytes of either version. */
	if (bpf_probe_read_kernel(first, sizeof(first), begin))
		return 0;
	if (skb->protocol == bpf_htons(PROTOCOL_IPV4) && first[9] == IPPROTO_UDP)
		header = (first[0] & 15) * 4;
	else if (skb->protocol == bpf_htons(PROTOCOL_IPV6) && first[6] == IPPROTO_UDP)
		header = IPV6_HEADER;
	else
		return 0;
	if (bpf_probe_read_kernel(&packet, sizeof(packet), begin + header) || packet.udp.from != bpf_htons(DNS_PORT) ||
	    !(bpf_ntohs(packet.dns.flags) & IS_ANSWER))
		return 0;
	query.network_namespace = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	query.port = bpf_ntohs(packet.udp.to);
	query.id = packet.dns.id;
	answered(&query, bpf_ntohs(packet.dns.flags));
	return 0;
}
