/* SPDX-License-Identifier: Apache-2.0 */
/** The node agent: what processes and connections did on a node, attributed to pods. */
package dev.traversion.daemonset;
