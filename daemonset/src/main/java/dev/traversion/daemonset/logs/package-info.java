/* SPDX-License-Identifier: Apache-2.0 */
/** What containers write, line by line, from the files in which the kubelet keeps it. */
package dev.traversion.daemonset.logs;
