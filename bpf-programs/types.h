/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few of the kernel's types that the probes read. Only names matter: where a field lies is found out when a program is loaded,
 * from the BTF of the kernel that loads it (CO-RE), so nothing here must be complete, in order, or of one version.
 */
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define NULL ((void *)0)
#define true 1
#define false 0

/* Values of the stable user-space ABI, which has no types to relocate. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_RB_NO_WAKEUP = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long long counter;
} atomic64_t;

struct kernfs_node {
	u64 id;
};

struct cgroup_root {
	unsigned int subsys_mask;
	int hierarchy_id;
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

enum cgroup_subsys_id {
	memory_cgrp_id = 4,
	CGROUP_SUBSYS_COUNT = 14,
};

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYS_COUNT];
	struct cgroup *dfl_cgrp;
};

struct percpu_counter {
	long long count;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	struct percpu_counter rss_stat[4];
};

/* Before 6.2. */
struct mm_rss_stat {
	atomic64_t count[4];
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat rss_stat;
};

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
	u64 utime;
	u64 stime;
	unsigned long maxrss;
};

struct list_head {
	struct list_head *next;
};

struct qstr {
	unsigned int len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct socket {
	struct sock *sk;
};

struct inode {
	unsigned short i_mode;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	int exit_code;
	int pid;
	int tgid;
	u64 start_boottime;
	u64 utime;
	u64 stime;
	char comm[16];
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct css_set *cgroups;
	const struct cred *cred;
	struct mm_struct *mm;
	struct list_head tasks;
	struct fs_struct *fs;
	struct files_struct *files;
};

struct linux_binprm {
	int argc;
	const char *filename;
};

struct kernel_siginfo {
	int si_code;
};

struct in6_addr {
	union {
		u8 u6_addr8[16];
	} in6_u;
};

struct net {
	struct {
		unsigned int inum;
	} ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned long skc_flags;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	u16 sk_protocol;
	int sk_err;
};

enum sock_flags {
	SOCK_DONE = 1,
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	u64 bytes_sent;
	u64 bytes_acked;
	u64 bytes_received;
	u32 srtt_us;
	u32 total_retrans;
};

struct gendisk {
	int major;
	int first_minor;
};

struct block_device {
	struct gendisk *bd_disk;
};

struct request {
	u32 cmd_flags;
	struct block_device *part;
	u64 start_time_ns;
	u64 io_start_time_ns;
};

struct net_device {
	possible_net_t nd_net;
};

struct sk_buff {
	struct sock *sk;
	struct net_device *dev;
	__be16 protocol;
	u16 transport_header;
	u16 network_header;
	unsigned int len;
	unsigned char *head;
	unsigned char *data;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop
