/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The recording of a cluster: every version of every API object, in open tables, on a {@link
 * dev.traversion.archive.store.Store}. Knows JSON, but neither Kubernetes clients nor servers.
 *
 * <p>Times are nanoseconds since the Unix epoch, UTC. Ids are strings. {@code ""} stands for the core API group and for
 * "no namespace".
 */
package dev.traversion.archive;
