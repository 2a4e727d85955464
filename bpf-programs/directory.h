/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The working directory of a process. bpf_d_path is not to be had at the hooks of processes, and whoever reads /proc later comes too late
 * for short ones: so the kernel's tree is climbed here, from the directory over the mounts to the root of the process. No lock is held: a
 * folder that is renamed at the moment may be told by either name.
 */
#pragma once

#include "probe.h"

/* Folders and mounts that are climbed at most; what lies above is missing then. */
#define MOST_STEPS 48

/* A path is put together from its end, and the verifier does not know that a name never goes beyond it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, char[2 * DIRECTORY_BYTES]);
} directory_space SEC(".maps");

static __always_inline struct mount *mount_of(struct vfsmount *mount)
{
	return (void *)mount - __builtin_preserve_field_info(((struct mount *)0)->mnt, BPF_FIELD_BYTE_OFFSET);
}

static __always_inline void tell_directory(struct exec_event *exec, struct task_struct *task)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	u32 zero = 0, at = DIRECTORY_BYTES;
	bool whole = false;
	char *path = bpf_map_lookup_elem(&directory_space, &zero);
	struct dentry *folder, *root_folder, *mount_folder;
	struct vfsmount *mount, *root;

	exec->directory_start = DIRECTORY_BYTES;
	if (!fs || !path)
		return;
	root = BPF_CORE_READ(fs, root.mnt);
	root_folder = BPF_CORE_READ(fs, root.dentry);
	mount = BPF_CORE_READ(fs, pwd.mnt);
	folder = BPF_CORE_READ(fs, pwd.dentry);
	mount_folder = BPF_CORE_READ(mount, mnt_root);
	for (int step = 0; step < MOST_STEPS; step++) {
		struct dentry *parent;
		u32 length, from;

		if (folder == root_folder && mount == root) {
			whole = true;
			break;
		}
		if (folder == mount_folder) {
			struct mount *here = mount_of(mount);
			struct mount *above = BPF_CORE_READ(here, mnt_parent);

			/* The top of all mounts: the process's root lies elsewhere. */
			if (!above || above == here) {
				whole = true;
				break;
			}
			folder = BPF_CORE_READ(here, mnt_mountpoint);
			mount = &above->mnt;
			mount_folder = BPF_CORE_READ(mount, mnt_root);
			continue;
		}
		parent = BPF_CORE_READ(folder, d_parent);
		if (!parent || parent == folder) {
			whole = true;
			break;
		}
		length = BPF_CORE_READ(folder, d_name.len);
		if (length >= at || length >= DIRECTORY_BYTES)
			break;
		from = at - length;
		if (from > DIRECTORY_BYTES || bpf_probe_read_kernel(path + from, length, BPF_CORE_READ(folder, d_name.name)))
			break;
		at = from - 1;
		/* It is less, which the compiler knows, but not the verifier of Linux 6.1. */
		barrier_var(at);
		at &= DIRECTORY_BYTES - 1;
		path[at] = '/';
		folder = parent;
	}
	if (whole && at == DIRECTORY_BYTES)
		path[--at] = '/';
	bpf_probe_read_kernel(exec->directory, DIRECTORY_BYTES, path);
	exec->directory_start = whole || at == DIRECTORY_BYTES ? at : at + 1;
}
