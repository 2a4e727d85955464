/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter;

import dev.traversion.archive.members.Share;
import dev.traversion.snapshotter.watch.RecordedSource;

/**
 * How the recording of a cluster is shared.
 *
 * @param share which resources are recorded here
 * @param recorded what all have recorded by now
 */
public record SharedWork(Share share, RecordedSource recorded) {}
