/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

/* All requests of block devices are counted by how long they took; those that took long are told one by one. */

const struct block_event *block_layout __attribute__((unused));

#define OPERATION_MASK 0xff

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, (BLOCK_OTHER + 1) * BLOCK_BUCKETS);
	__type(key, u32);
	__type(value, u64);
} block_times SEC(".maps");

static __always_inline u32 highest_bit(u64 value)
{
	u32 bit = 0;

#pragma unroll
	for (int step = 32; step > 0; step >>= 1) {
		if (value >> step) {
			value >>= step;
			bit += step;
		}
	}
	return bit;
}

static __always_inline void count(u32 operation, u64 nanoseconds)
{
	u32 bit = highest_bit(nanoseconds / 1000);
	u32 index = operation * BLOCK_BUCKETS + (bit < BLOCK_BUCKETS ? bit : BLOCK_BUCKETS - 1);
	u64 *counted = bpf_map_lookup_elem(&block_times, &index);

	if (counted)
		++*counted;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(block, struct request *request, int error, unsigned int bytes)
{
	u64 began = BPF_CORE_READ(request, start_time_ns);
	u64 served = BPF_CORE_READ(request, io_start_time_ns);
	u32 operation = BPF_CORE_READ(request, cmd_flags) & OPERATION_MASK;
	struct gendisk *disk = BPF_CORE_READ(request, part, bd_disk);
	u64 now = bpf_ktime_get_ns();
	struct settings *wish = wishes();
	struct block_event *block;

	/* Some requests are none of a disk's, or have no times. */
	if (!wish || !disk || !began || now < began)
		return 0;
	if (operation > BLOCK_FLUSH)
		operation = BLOCK_OTHER;
	count(operation, now - began);
	if (now - began < wish->slow_block_ns)
		return 0;
	block = reserve(&events, EVENT_BLOCK, 0, sizeof(*block));
	if (!block)
		return 0;
	block->queued_ns = served > began ? served - began : 0;
	block->served_ns = served > began ? now - served : now - began;
	block->major = BPF_CORE_READ(disk, major);
	block->minor = BPF_CORE_READ(disk, first_minor);
	block->operation = operation;
	block->length = bytes;
	block->failed = error != 0;
	block->reserved = 0;
	submit(block);
	return 0;
}
