/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.event.EventType;
import dev.traversion.daemonset.probe.EventCounter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How far an agent is. Written by its thread, read by any. */
public final class AgentProgress {

    private final AtomicLong drained = new AtomicLong();
    private final AtomicLong shed = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<EventType, EventCounter> counters = new ConcurrentHashMap<>();

    void drained(long events) {
        drained.addAndGet(events);
    }

    void shed(long rows) {
        shed.addAndGet(rows);
    }

    void landed(long total) {
        bytes.set(total);
    }

    void counted(EventType type, EventCounter counter) {
        counters.put(type, counter);
    }

    /** Events taken over from the kernel. */
    public long drained() {
        return drained.get();
    }

    /** Rows for which the disk had no space. */
    public long shed() {
        return shed.get();
    }

    /** Bytes of the node's files. */
    public long bytes() {
        return bytes.get();
    }

    /** What became of the events of a type in the kernel, as of the last flush. */
    public EventCounter counter(EventType type) {
        return counters.getOrDefault(type, EventCounter.NONE);
    }
}
