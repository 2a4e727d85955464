/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static dev.traversion.archive.landing.LandingTable.CLOCK;
import static dev.traversion.archive.landing.LandingTable.GAPS;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.attribution.CgroupTree;
import dev.traversion.daemonset.clock.BootClock;
import dev.traversion.daemonset.clock.ClockSample;
import dev.traversion.daemonset.event.EventRows;
import dev.traversion.daemonset.event.EventType;
import dev.traversion.daemonset.event.TcpLookups;
import dev.traversion.daemonset.logs.LogCapture;
import dev.traversion.daemonset.probe.EventCounter;
import dev.traversion.daemonset.probe.Probe;
import dev.traversion.daemonset.probe.ProbeSettings;
import dev.traversion.daemonset.probe.Probes;
import dev.traversion.daemonset.spool.Spool;
import dev.traversion.daemonset.usage.UsageSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Records what happens on this node into a directory: processes, signals, connections, control groups, and what of that was lost.
 * One thread does it all: {@link #drain()} as often as wished, {@link #flush()} every few seconds.
 */
public final class Agent implements AutoCloseable {

    private static final int MOST_EVENTS = 100_000;
    private static final long ANSWER_NANOS = 5_000_000_000L;
    private static final long BLOCK_NANOS = 10_000_000_000L;

    /** Of logs, at a time: the kernel's rings wait meanwhile. */
    private static final int LOG_BYTES = 512 << 10;

    private static final String KERNEL = "kernel";
    private static final String AGENT = "agent";

    private final BootClock clock = new BootClock();
    private final String bootId;
    private final Spool spool;
    private final CgroupTree cgroups;
    private final EventRows rows;
    private final TcpLookups lookups;
    private final UsageSampler usage;
    private final Probes probes;
    private final Set<Probe> wanted;
    private final long usageNanos;
    private final List<String> problems = new ArrayList<>();
    private final LogCapture logs;
    private final Map<EventType, EventCounter> told = new EnumMap<>(EventType.class);
    private final AgentProgress progress = new AgentProgress();
    private long flushed;
    private long drainedAt;
    private long nextBlockTimes;
    private long nextUsage;

    /**
     * Begins to record.
     *
     * @throws TraversionException if nothing can be recorded here: not permitted, no BTF, no control groups
     */
    public Agent(AgentOptions options) throws IOException {
        bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        wanted = EventClass.probes(options.request().events());
        usageNanos = options.request().usageNanos();
        cgroups = groups(options);
        ProbeSettings settings = new ProbeSettings(
                cgroups.memoryHierarchy(),
                options.request().eventsPerSecond(),
                options.slowBlockNanos(),
                options.request().events().contains(EventClass.ARGUMENTS),
                options.ringBytes(),
                options.rareRingBytes());
        flushed = clock.now();
        spool = new Spool(
                options.landing(),
                options.node(),
                clock.sample().utc() / 1_000_000,
                options.request().spoolBytes(),
                options.fileNanos());
        rows = new EventRows(spool, cgroups, options.masking());
        lookups = rows.tcpLookups();
        usage = new UsageSampler(options.request().cgroups(), cgroups);
        logs = options.logs().isEmpty()
                ? null
                : new LogCapture(
                        options.logs().get(),
                        options.landing().resolve(options.node()),
                        clock::now,
                        () -> clock.sample().utc());
        // Attached before the tree is walked, so that no group is missed between the two.
        probes = attach(settings, options);
        try {
            begin();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private CgroupTree groups(AgentOptions options) {
        try {
            return new CgroupTree(options.request().cgroups());
        } catch (TraversionException e) {
            if (!options.request().degrades()) {
                throw e;
            }
            problems.add("Nothing can be attributed to pods: " + e.getMessage());
            return CgroupTree.unknown();
        }
    }

    private Probes attach(ProbeSettings settings, AgentOptions options) {
        try {
            requireTypes();
            return new Probes(settings, wanted);
        } catch (TraversionException e) {
            if (!options.request().degrades()) {
                throw e;
            }
            return Probes.none(wanted, e.getMessage());
        }
    }

    private static void requireTypes() {
        if (!Files.isReadable(Path.of("/sys/kernel/btf/vmlinux"))) {
            throw new TraversionException(
                    "This kernel does not describe its types: there is no /sys/kernel/btf/vmlinux."
                            + " The agent needs Linux 5.8 or newer, built with CONFIG_DEBUG_INFO_BTF, as those of all distributions are.");
        }
    }

    private void begin() {
        sample(clock.sample());
        problems.forEach(each -> gap(flushed, Long.MAX_VALUE, "cgroup", 0, 0, AGENT, each));
        cgroups.walk((id, path) -> rows.present(clock.now(), id, path));
        Map<String, Set<String>> kinds = new TreeMap<>();
        probes.unusable().forEach((probe, reason) -> {
            unusable(probe, reason);
            kinds.computeIfAbsent(reason, each -> new TreeSet<>()).addAll(probe.kinds());
        });
        kinds.forEach((reason, missing) -> problems.add("Not recorded: " + String.join(", ", missing) + ". " + reason));
        for (Probe probe : Probe.values()) {
            if (!wanted.contains(probe)) {
                unusable(probe, "it is not asked for");
            }
        }
        tellState(Probe.EXEC, "running", probes::tellRunning);
        tellState(Probe.TCP, "open", probes::tellOpen);
    }

    /** What there was before the probes were. */
    private void tellState(Probe probe, String kind, Runnable tell) {
        if (!wanted.contains(probe) || probes.unusable().containsKey(probe)) {
            return;
        }
        try {
            tell.run();
        } catch (TraversionException e) {
            gap(flushed, clock.now(), kind, 0, 0, AGENT, e.getMessage());
        }
    }

    /** A hook that is missing takes the kinds of its events out of the recording, for as long as the agent runs. */
    private void unusable(Probe probe, String reason) {
        for (String kind : probe.kinds()) {
            gap(flushed, Long.MAX_VALUE, kind, 0, 0, AGENT, reason);
        }
    }

    /** What cannot be recorded here though it is asked for, a sentence each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Those that are asked for. */
    Set<Probe> wanted() {
        return wanted;
    }

    /** Those of them that cannot be used here, and why. */
    public Map<Probe, String> unusable() {
        return probes.unusable();
    }

    /** Some of the node's files were brought elsewhere. For any thread. */
    public void freed(long bytes) {
        spool.freed(bytes);
    }

    /** Why logs are not recorded just now; {@code ""} if they are, or need not be. For any thread. */
    public String logProblem() {
        return logs == null ? "" : logs.problem();
    }

    public AgentProgress progress() {
        return progress;
    }

    /**
     * Takes over what the kernel has for the agent.
     *
     * @return how many events
     */
    public int drain() {
        long now = clock.now();
        int drained = probes.drain(rows, MOST_EVENTS);
        probes.segments(lookups);
        // What was before the last time is here from all CPUs.
        lookups.follow(drainedAt);
        drainedAt = now;
        progress.drained(drained);
        if (logs != null && spool.hasRoomForLogs()) {
            logs.read(spool, LOG_BYTES);
        }
        return drained;
    }

    /** Says what was lost, and writes all that is held to the disk. */
    public void flush() {
        ClockSample now = clock.sample();
        // Each time, so that each file has one: without it its times say nothing.
        sample(now);
        if (now.boot() >= nextBlockTimes) {
            nextBlockTimes = now.boot() + BLOCK_NANOS;
            rows.blockTimes(now.boot(), probes.blockTimes());
        }
        if (now.boot() >= nextUsage) {
            nextUsage = now.boot() + usageNanos;
            usage.sample(spool, now.boot());
        }
        probes.unanswered(rows, EventRows.QUESTION_BYTES, now.boot() - ANSWER_NANOS);
        lookups.unanswered(now.boot() - ANSWER_NANOS);
        for (EventType type : EventType.values()) {
            lost(type, now.boot());
        }
        for (LandingTable table : LandingTable.values()) {
            long shed = spool.takeShed(table);
            if (shed > 0) {
                gap(flushed, now.boot(), table.name().toLowerCase(Locale.ROOT), shed, 0, AGENT, spool.shedReason());
                progress.shed(shed);
            }
        }
        flushed = now.boot();
        if (logs != null) {
            logs.find(spool);
        }
        spool.write();
        if (logs != null) {
            logs.keep();
        }
        spool.endFileIfDue(now.boot());
        progress.landed(spool.bytes());
    }

    private void sample(ClockSample sample) {
        RowBlock row = spool.block(CLOCK);
        row.set(CLOCK.column("time"), sample.boot());
        row.set(CLOCK.column("utc"), sample.utc());
        row.set(CLOCK.column("uncertainty"), sample.uncertainty());
        row.set(CLOCK.column("boot_id"), bootId);
        row.endRow();
    }

    private void lost(EventType type, long now) {
        EventCounter counter = probes.counter(type.code());
        EventCounter before = Optional.ofNullable(told.put(type, counter)).orElse(EventCounter.NONE);
        long lost = counter.lost() - before.lost();
        if (lost > 0) {
            long bytes = counter.lostBytes() - before.lostBytes();
            gap(flushed, now, type.kind(), lost, bytes, KERNEL, "the ring was full");
        }
        long limited = counter.limited() - before.limited();
        if (limited > 0) {
            gap(flushed, now, type.kind(), limited, 0, KERNEL, "a control group caused more than its limit");
        }
        progress.counted(type, counter);
    }

    private void gap(long from, long to, String kind, long events, long bytes, String stage, String reason) {
        RowBlock row = spool.block(GAPS);
        row.set(GAPS.column("from_time"), from);
        row.set(GAPS.column("to_time"), to);
        row.set(GAPS.column("kind"), kind);
        row.set(GAPS.column("events"), events);
        row.set(GAPS.column("bytes"), bytes);
        row.set(GAPS.column("stage"), stage);
        row.set(GAPS.column("reason"), reason);
        row.endRow();
    }

    /** Takes over and writes what there still is, and takes the probes out of the kernel. */
    @Override
    public void close() {
        try (probes;
                spool;
                logs) {
            drain();
            lookups.follow(Long.MAX_VALUE);
            flush();
            if (logs != null) {
                // What the flush has found of logs.
                drain();
                flush();
            }
        }
    }
}
