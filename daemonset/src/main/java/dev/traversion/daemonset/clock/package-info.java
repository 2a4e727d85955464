/* SPDX-License-Identifier: Apache-2.0 */
/** The node's clocks, and how they relate. */
package dev.traversion.daemonset.clock;
