/* SPDX-License-Identifier: Apache-2.0 */
/** What the agent costs: {@code ./traversion bench agent}. */
package dev.traversion.daemonset.bench;
