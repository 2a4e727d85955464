/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.usage;

import static dev.traversion.archive.landing.LandingTable.USAGE;

import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.attribution.CgroupTree;
import dev.traversion.daemonset.attribution.Container;
import dev.traversion.daemonset.event.RowSink;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Makes a row of what each pod, each container and the node use. For one thread. */
public final class UsageSampler {

    private static final long SECOND = 1_000_000_000L;
    private static final long NODE = -1;

    private record Before(long time, long cpuNanos) {}

    private final Path mount;
    private final CgroupTree cgroups;
    private final Map<Long, Before> before = new HashMap<>();

    /** @param mount where control groups are mounted */
    public UsageSampler(Path mount, CgroupTree cgroups) {
        this.mount = mount;
        this.cgroups = cgroups;
    }

    /** @param time of the boot clock */
    public void sample(RowSink rows, long time) {
        Set<Long> there = new HashSet<>();
        there.add(NODE);
        row(rows, time, "node", NODE, Container.NONE, Usage.ofNode());
        for (CgroupTree.Group group : cgroups.groups()) {
            Usage usage = cgroups.memoryHierarchy()
                    ? Usage.ofHierarchies(mount, group.path())
                    : Usage.ofUnified(mount.resolve("." + group.path()));
            if (usage.memoryBytes() >= 0 || usage.cpuNanos() >= 0) {
                there.add(group.id());
                row(rows, time, group.isContainer() ? "container" : "pod", group.id(), group.container(), usage);
            }
        }
        before.keySet().retainAll(there);
    }

    private void row(RowSink rows, long time, String kind, long cgroup, Container container, Usage usage) {
        Before last = before.put(cgroup, new Before(time, usage.cpuNanos()));
        RowBlock row = rows.block(USAGE);
        row.set(USAGE.column("time"), time);
        row.set(USAGE.column("kind"), kind);
        row.set(USAGE.column("cgroup"), Math.max(0, cgroup));
        row.set(USAGE.column("pod_uid"), container.podUid());
        row.set(USAGE.column("container_id"), container.containerId());
        row.set(USAGE.column("cpu_nanocores"), rate(last, time, usage.cpuNanos()));
        row.set(USAGE.column("cpu_ns"), usage.cpuNanos());
        row.set(USAGE.column("periods"), usage.periods());
        row.set(USAGE.column("throttled_periods"), usage.throttledPeriods());
        row.set(USAGE.column("throttled_ns"), usage.throttledNanos());
        row.set(USAGE.column("memory_bytes"), usage.memoryBytes());
        row.set(USAGE.column("working_set_bytes"), usage.workingSetBytes());
        row.set(USAGE.column("peak_bytes"), usage.peakBytes());
        row.set(USAGE.column("limit_bytes"), usage.limitBytes());
        row.set(USAGE.column("read_bytes"), usage.readBytes());
        row.set(USAGE.column("written_bytes"), usage.writtenBytes());
        row.set(USAGE.column("cpu_pressure_us"), usage.cpuPressureMicros());
        row.set(USAGE.column("memory_pressure_us"), usage.memoryPressureMicros());
        row.set(USAGE.column("io_pressure_us"), usage.ioPressureMicros());
        row.set(USAGE.column("processes"), usage.processes());
        row.endRow();
    }

    /** Billionths of a processor since the sample before; -1 of the first. */
    private static long rate(Before last, long time, long cpuNanos) {
        if (last == null || last.time() >= time || cpuNanos < last.cpuNanos() || last.cpuNanos() < 0) {
            return -1;
        }
        return Math.round((double) (cpuNanos - last.cpuNanos()) / (time - last.time()) * SECOND);
    }
}
