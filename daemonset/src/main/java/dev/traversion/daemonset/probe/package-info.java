/* SPDX-License-Identifier: Apache-2.0 */
/** The probes in the kernel: loaded through libbpf, their rings read in place. */
package dev.traversion.daemonset.probe;
