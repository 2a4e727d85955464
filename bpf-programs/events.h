/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layouts of what the probes say, shared with Java: dev.traversion.daemonset.event.Layouts has the same offsets, and a test compares
 * the two. Little-endian, no padding that is not named. Times are nanoseconds of the boot clock.
 */
#pragma once

#include "types.h"

enum event_type {
	EVENT_EXEC = 1,
	EVENT_EXIT = 2,
	EVENT_OOM_KILL = 3,
	EVENT_SIGNAL = 4,
	EVENT_FLOW = 5,
	EVENT_RETRANSMIT = 6,
	EVENT_RESET = 7,
	EVENT_CGROUP = 8,
	EVENT_RUNNING = 9,
	EVENT_BLOCK = 10,
	EVENT_DNS = 11,
	EVENT_TYPES = 16,
};

#define COMMAND_BYTES 16
#define FILE_BYTES 128
#define CGROUP_PATH_BYTES 512
#define ARGUMENT_BYTES 512
#define QUESTION_BYTES 136
#define DIRECTORY_BYTES 256

/* How every event begins: whom it is about. */
struct event {
	u16 type;
	u16 size;
	u32 pid;
	u64 time;
	u64 cgroup;
	u64 process_start;
};

/* Also EVENT_RUNNING, without a file. */
struct exec_event {
	struct event event;
	u32 parent;
	u32 user;
	u32 arguments;
	/* Where the working directory begins in its field, at whose end it ends; without a '/' there, its beginning is missing. */
	u32 directory_start;
	char command[COMMAND_BYTES];
	char file[FILE_BYTES];
	/* As the process sees it; what lies before its beginning says nothing. */
	char directory[DIRECTORY_BYTES];
};

/* EVENT_EXEC, if arguments are asked for. */
struct exec_arguments_event {
	struct exec_event exec;
	/* Of those that are here, and of all. */
	u32 length;
	u32 total;
	/* Each ends with a zero. */
	char arguments[ARGUMENT_BYTES];
};

struct exit_event {
	struct event event;
	u32 parent;
	/* As wait(2) has it: the signal in the low 7 bits, the code above the low 8. */
	__s32 status;
	u64 user_time;
	u64 system_time;
	u64 max_resident_pages;
	char command[COMMAND_BYTES];
};

/* About the victim. */
struct oom_event {
	struct event event;
	u64 resident_pages;
	char command[COMMAND_BYTES];
};

/* About who gets the signal. */
struct signal_event {
	struct event event;
	u32 signal;
	__s32 code;
	u32 sender;
	u32 reserved;
	char command[COMMAND_BYTES];
	char sender_command[COMMAND_BYTES];
};

enum flow_kind {
	FLOW_CONNECTED = 1,
	FLOW_ACCEPTED = 2,
	FLOW_FAILED = 3,
	/* It was there when the agent began. */
	FLOW_OPEN = 4,
};

/* A TCP connection, at its end. 0 for when it began is before the agent did. Ports are in host order, addresses in network order (IPv4 in the first four bytes). */
struct flow_event {
	struct event event;
	u64 started;
	u64 sent;
	u64 received;
	u32 round_trip_us;
	u32 retransmits;
	u16 kind;
	u16 family;
	u16 local_port;
	u16 remote_port;
	/* The errno of what failed, or 0. */
	u32 error;
	u32 network_namespace;
	u8 local[16];
	u8 remote[16];
};

enum reset_direction {
	RESET_RECEIVED = 1,
	RESET_SENT = 2,
};

/* A retransmitted segment or a reset; who owns the connection is known from the flow with the same addresses. */
struct segment_event {
	struct event event;
	u16 family;
	u16 local_port;
	u16 remote_port;
	u8 state;
	u8 direction;
	u32 network_namespace;
	u32 reserved;
	u8 local[16];
	u8 remote[16];
};

enum cgroup_change {
	CGROUP_MADE = 1,
	CGROUP_REMOVED = 2,
};

/* Of the hierarchy by which processes are attributed only; event.cgroup is the one made or removed. */
struct cgroup_event {
	struct event event;
	u32 change;
	u32 reserved;
	char path[CGROUP_PATH_BYTES];
};

enum block_operation {
	BLOCK_READ = 0,
	BLOCK_WRITE = 1,
	BLOCK_FLUSH = 2,
	BLOCK_OTHER = 3,
};

/* A request of a block device that took long. */
struct block_event {
	struct event event;
	u64 queued_ns;
	u64 served_ns;
	u32 major;
	u32 minor;
	u32 operation;
	u32 length;
	/* Whether it failed. */
	u32 failed;
	u32 reserved;
};

/* Requests are counted by operation and by the highest bit of the microseconds they took. */
#define BLOCK_BUCKETS 32

/* A question to a server of names; event.time is when it was asked first. */
struct dns_event {
	struct event event;
	/* Until the answer came, ns. */
	u64 took_ns;
	u32 network_namespace;
	u16 server_port;
	u16 family;
	/* How often it was asked. */
	u16 attempts;
	/* Whether there was an answer, and its flags, whose low 4 bits say what became of it. */
	u16 answered;
	u16 flags;
	/* Bytes of the question. */
	u16 length;
	u8 server[16];
	/* As it was sent: the labels of the name, its type and its class. */
	u8 question[QUESTION_BYTES];
};

/*
 * A segment of a connection to a server of names, before the packet's own bytes. Not of a ring: the agent makes a struct dns_event of a
 * question and its answer.
 */
struct dns_segment_event {
	struct event event;
	u32 network_namespace;
	u32 sequence;
	/* Of what it carries; where that begins among the packet's bytes, and how many of these are here. */
	u32 carried;
	u32 begin;
	u32 length;
	u16 client_port;
	u16 server_port;
	u16 family;
	u16 is_answer;
	u8 server[16];
	u32 reserved;
};

/* The agent's wishes: the one entry of the map "settings". */
struct settings {
	/* Whether processes are attributed by the v1 memory hierarchy, else by the v2 one. */
	u32 memory_hierarchy;
	/* Events of one type that one cgroup may cause in a second; 0 for no limit. */
	u32 events_per_second;
	/* From how long on a request of a block device is told by itself. */
	u64 slow_block_ns;
	/* Whether arguments of programs are told. */
	u32 arguments;
	u32 reserved;
};

/* What became of the events of one type on one CPU. */
struct counter {
	u64 written;
	/* The ring was full. */
	u64 lost;
	u64 lost_bytes;
	/* The cgroup caused more than it may. */
	u64 limited;
};
