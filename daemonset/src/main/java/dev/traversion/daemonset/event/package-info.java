/* SPDX-License-Identifier: Apache-2.0 */
/** What the probes say, and how it becomes rows. */
package dev.traversion.daemonset.event;
