/* SPDX-License-Identifier: Apache-2.0 */
/** What pods, containers and the node use, from the files of their control groups. */
package dev.traversion.daemonset.usage;
