/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import java.lang.foreign.MemorySegment;

/** Gets each event where it lies in the kernel's memory; it must be done with it when it returns. */
public interface EventConsumer {
    void event(MemorySegment data, long offset, int length);
}
