/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.traversion.archive.TraversionException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All probes of the agent, attached until they are closed; nothing of them is pinned, so they also go with the process. For one thread.
 */
public final class Probes implements AutoCloseable {

    private static final String RUNNING = "running";
    private static final String OPEN = "open";
    private static final int COUNTER_BYTES = 4 * Long.BYTES;
    private static final int READ_BYTES = 4 << 10;

    /** Where each event has it. */
    private static final int EVENT_TIME = 8;

    private final Libbpf libbpf;
    private final SharedMaps maps;
    private final List<ProbeObject> loaded = new ArrayList<>();
    private final Map<Probe, String> unusable = new EnumMap<>(Probe.class);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment key = arena.allocate(JAVA_INT);
    private final MemorySegment counters;
    private final int cpus;
    private Ring rare;
    private Ring events;
    private PerfBuffer segments;

    /**
     * Loads and attaches what this kernel takes of some probes.
     *
     * @throws TraversionException if it takes none
     */
    public Probes(ProbeSettings settings, Set<Probe> wanted) {
        libbpf = new Libbpf();
        maps = new SharedMaps(
                libbpf,
                Map.of(SharedMaps.EVENTS, settings.ringBytes(), SharedMaps.RARE_EVENTS, settings.rareRingBytes()));
        cpus = libbpf.possibleCpus.callChecked();
        counters = arena.allocate((long) COUNTER_BYTES * cpus, Long.BYTES);
        try {
            attach(settings, wanted);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Probes(Set<Probe> wanted, String reason) {
        libbpf = null;
        maps = null;
        cpus = 0;
        counters = MemorySegment.NULL;
        wanted.forEach(probe -> unusable.put(probe, reason));
    }

    /** Of a node on which there can be none, with the reason. */
    public static Probes none(Set<Probe> wanted, String reason) {
        return new Probes(wanted, reason);
    }

    private void attach(ProbeSettings settings, Set<Probe> wanted) {
        for (Probe probe : wanted) {
            try {
                ProbeObject object = ProbeObject.load(libbpf, probe.file(), maps);
                loaded.add(object);
                if (loaded.size() == 1) {
                    set(settings);
                }
                if (probe == Probe.DNS_TCP) {
                    segments = new PerfBuffer(libbpf, maps.fd(SharedMaps.DNS_SEGMENTS));
                }
                object.attach();
            } catch (TraversionException e) {
                unusable.put(probe, e.getMessage());
            }
        }
        if (unusable.size() == wanted.size() || !maps.has(SharedMaps.RARE_EVENTS)) {
            throw new TraversionException(
                    "No probe can be used here. " + unusable.values().iterator().next());
        }
        rare = new Ring(libbpf, maps.fd(SharedMaps.RARE_EVENTS), maps.entries(SharedMaps.RARE_EVENTS));
        if (maps.has(SharedMaps.EVENTS)) {
            events = new Ring(libbpf, maps.fd(SharedMaps.EVENTS), maps.entries(SharedMaps.EVENTS));
        }
    }

    /** Whether there are any. */
    public boolean isUsable() {
        return libbpf != null;
    }

    /** Before the first event. */
    private void set(ProbeSettings settings) {
        MemorySegment value = arena.allocate(3L * Long.BYTES, Long.BYTES);
        value.set(JAVA_INT, 0, settings.memoryHierarchy() ? 1 : 0);
        value.set(JAVA_INT, Integer.BYTES, settings.eventsPerSecond());
        value.set(JAVA_LONG, Long.BYTES, settings.slowBlockNanos());
        value.set(JAVA_INT, 2L * Long.BYTES, settings.arguments() ? 1 : 0);
        key.set(JAVA_INT, 0, 0);
        libbpf.update.callChecked(maps.fd(SharedMaps.SETTINGS), key, value, 0L);
    }

    /** Those that cannot be used here, and why. */
    public Map<Probe, String> unusable() {
        return Map.copyOf(unusable);
    }

    /** Hands over the rare events that are there, then up to so many of the others; gives how many there were. */
    public int drain(EventConsumer consumer, int most) {
        if (!isUsable()) {
            return 0;
        }
        int drained = rare.drain(consumer, most);
        return events == null ? drained : drained + events.drain(consumer, most);
    }

    /** Hands over segments of connections to servers of names, those of each CPU in order. */
    public void segments(EventConsumer consumer) {
        if (segments != null) {
            segments.drain(consumer);
        }
    }

    /** What became of the events of a type since the probes were loaded, on all CPUs. */
    public EventCounter counter(int type) {
        if (!isUsable()) {
            return EventCounter.NONE;
        }
        key.set(JAVA_INT, 0, type);
        libbpf.lookup.callChecked(maps.fd(SharedMaps.COUNTERS), key, counters);
        long[] sums = new long[4];
        for (int cpu = 0; cpu < cpus; cpu++) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counters.get(JAVA_LONG, (long) cpu * COUNTER_BYTES + (long) i * Long.BYTES);
            }
        }
        return new EventCounter(sums[0], sums[1], sums[2], sums[3]);
    }

    /**
     * How many requests of block devices there were since the probes were loaded: by operation (0 read, 1 write, 2 flush, 3 other), then by
     * the highest bit of the microseconds they took. Empty without the probe.
     */
    public long[] blockTimes() {
        if (!isUsable() || !maps.has(SharedMaps.BLOCK_TIMES)) {
            return new long[0];
        }
        long[] times = new long[(int) maps.entries(SharedMaps.BLOCK_TIMES)];
        for (int i = 0; i < times.length; i++) {
            key.set(JAVA_INT, 0, i);
            libbpf.lookup.callChecked(maps.fd(SharedMaps.BLOCK_TIMES), key, counters);
            for (int cpu = 0; cpu < cpus; cpu++) {
                times[i] += counters.get(JAVA_LONG, (long) cpu * Long.BYTES);
            }
        }
        return times;
    }

    /**
     * Hands over the questions to servers of names that have no answer, and will get none.
     *
     * @param bytes of such an event
     * @param before those asked before this time of the boot clock
     */
    public void unanswered(EventConsumer consumer, int bytes, long before) {
        if (!isUsable() || !maps.has(SharedMaps.QUERIES)) {
            return;
        }
        int fd = maps.fd(SharedMaps.QUERIES);
        try (Arena buffers = Arena.ofConfined()) {
            MemorySegment query = buffers.allocate(Long.BYTES, Long.BYTES);
            MemorySegment next = buffers.allocate(Long.BYTES, Long.BYTES);
            MemorySegment question = buffers.allocate(bytes, Long.BYTES);
            boolean isThere = libbpf.nextKey.callInt(fd, MemorySegment.NULL, next) == 0;
            // Others come meanwhile: it ends all the same.
            for (long i = 0; isThere && i < maps.entries(SharedMaps.QUERIES); i++) {
                query.copyFrom(next);
                isThere = libbpf.nextKey.callInt(fd, query, next) == 0;
                boolean isKnown = libbpf.lookup.callInt(fd, query, question) == 0;
                if (isKnown && question.get(JAVA_LONG, EVENT_TIME) < before) {
                    consumer.event(question, 0, bytes);
                    libbpf.delete.callInt(fd, query);
                }
            }
        }
    }

    /**
     * Has the kernel tell, into the rings, which processes run now.
     *
     * @throws TraversionException if it cannot
     */
    public void tellRunning() {
        run(RUNNING);
    }

    /**
     * Has the kernel tell, into the rings, which connections are open now; it then knows whose they are when they end.
     *
     * @throws TraversionException if it cannot
     */
    public void tellOpen() {
        run(OPEN);
    }

    /** Runs a program by reading what it makes, which is nothing. */
    private void run(String file) {
        ProbeObject program = ProbeObject.load(libbpf, file, maps);
        try (Arena buffers = Arena.ofConfined()) {
            program.attach();
            int fd = program.iterate();
            try {
                libbpf.read.callLong(fd, buffers.allocate(READ_BYTES), (long) READ_BYTES);
            } finally {
                libbpf.closeFd.call(fd);
            }
        } catch (NativeException e) {
            throw new TraversionException("The probe " + file + " cannot be run: " + e.getMessage(), e);
        } finally {
            program.close();
        }
    }

    @Override
    public void close() {
        if (rare != null) {
            rare.close();
        }
        if (events != null) {
            events.close();
        }
        if (segments != null) {
            segments.close();
        }
        loaded.reversed().forEach(ProbeObject::close);
        arena.close();
    }
}
