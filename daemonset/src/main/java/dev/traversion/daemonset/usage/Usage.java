/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.usage;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a control group has used; -1 for what the kernel does not tell.
 *
 * @param cpuNanos since it began
 * @param throttledNanos likewise
 * @param workingSetBytes without what the kernel can drop at once
 * @param peakBytes the most it ever had
 * @param cpuPressureMicros how long some task waited for a processor, since it began
 */
record Usage(
        long cpuNanos,
        long periods,
        long throttledPeriods,
        long throttledNanos,
        long memoryBytes,
        long workingSetBytes,
        long peakBytes,
        long limitBytes,
        long readBytes,
        long writtenBytes,
        long cpuPressureMicros,
        long memoryPressureMicros,
        long ioPressureMicros,
        long processes) {

    private static final long MICRO = 1000;
    private static final long TICK_NANOS = 10_000_000;
    private static final long KIBI = 1024;

    /** Of a group of version 2. */
    static Usage ofUnified(Path group) {
        String cpu = CgroupFiles.read(group.resolve("cpu.stat"));
        String io = CgroupFiles.read(group.resolve("io.stat"));
        long memory = CgroupFiles.number(group.resolve("memory.current"));
        long inactive = CgroupFiles.field(CgroupFiles.read(group.resolve("memory.stat")), "inactive_file");
        return new Usage(
                micros(CgroupFiles.field(cpu, "usage_usec")),
                CgroupFiles.field(cpu, "nr_periods"),
                CgroupFiles.field(cpu, "nr_throttled"),
                micros(CgroupFiles.field(cpu, "throttled_usec")),
                memory,
                workingSet(memory, inactive),
                CgroupFiles.number(group.resolve("memory.peak")),
                CgroupFiles.limit(group.resolve("memory.max")),
                CgroupFiles.sum(io, "rbytes", '='),
                CgroupFiles.sum(io, "wbytes", '='),
                CgroupFiles.pressure(group.resolve("cpu.pressure")),
                CgroupFiles.pressure(group.resolve("memory.pressure")),
                CgroupFiles.pressure(group.resolve("io.pressure")),
                CgroupFiles.number(group.resolve("pids.current")));
    }

    /**
     * Of a group of version 1, which has a folder in each hierarchy.
     *
     * @param mount where the hierarchies are
     * @param path of the group in them
     */
    static Usage ofHierarchies(Path mount, String path) {
        Path memoryGroup = mount.resolve("memory" + path);
        Path cpuGroup = hierarchy(mount, "cpu", "cpu,cpuacct").resolve("." + path);
        Path accounting = hierarchy(mount, "cpuacct", "cpu,cpuacct").resolve("." + path);
        String cpu = CgroupFiles.read(cpuGroup.resolve("cpu.stat"));
        String io = CgroupFiles.read(mount.resolve("blkio" + path + "/blkio.throttle.io_service_bytes_recursive"));
        long memory = CgroupFiles.number(memoryGroup.resolve("memory.usage_in_bytes"));
        long inactive = CgroupFiles.field(CgroupFiles.read(memoryGroup.resolve("memory.stat")), "total_inactive_file");
        return new Usage(
                CgroupFiles.number(accounting.resolve("cpuacct.usage")),
                CgroupFiles.field(cpu, "nr_periods"),
                CgroupFiles.field(cpu, "nr_throttled"),
                CgroupFiles.field(cpu, "throttled_time"),
                memory,
                workingSet(memory, inactive),
                CgroupFiles.number(memoryGroup.resolve("memory.max_usage_in_bytes")),
                CgroupFiles.limit(memoryGroup.resolve("memory.limit_in_bytes")),
                CgroupFiles.sum(io, "Read", ' '),
                CgroupFiles.sum(io, "Write", ' '),
                -1,
                -1,
                -1,
                CgroupFiles.number(mount.resolve("pids" + path + "/pids.current")));
    }

    /** Of the whole node. */
    static Usage ofNode() {
        String[] cpu = CgroupFiles.read(Path.of("/proc/stat")).split("\n", 2)[0].split(" +");
        long ticks = 0;
        // user, nice, system; then idle and iowait, which nobody used; irq, softirq, steal
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += cpu.length > i ? Long.parseLong(cpu[i]) : 0;
        }
        // "MemTotal:   12 kB"
        String memory = CgroupFiles.read(Path.of("/proc/meminfo")).replaceAll(":? +", " ");
        long total = CgroupFiles.field(memory, "MemTotal");
        long free = CgroupFiles.field(memory, "MemFree");
        long available = CgroupFiles.field(memory, "MemAvailable");
        Path pressure = Path.of("/proc/pressure");
        return new Usage(
                ticks * TICK_NANOS,
                -1,
                -1,
                -1,
                (total - free) * KIBI,
                (total - available) * KIBI,
                -1,
                total * KIBI,
                -1,
                -1,
                CgroupFiles.pressure(pressure.resolve("cpu")),
                CgroupFiles.pressure(pressure.resolve("memory")),
                CgroupFiles.pressure(pressure.resolve("io")),
                -1);
    }

    private static Path hierarchy(Path mount, String name, String joined) {
        return Files.isDirectory(mount.resolve(name)) ? mount.resolve(name) : mount.resolve(joined);
    }

    private static long micros(long value) {
        return value < 0 ? -1 : value * MICRO;
    }

    private static long workingSet(long memory, long inactive) {
        return memory < 0 ? -1 : Math.max(0, memory - Math.max(0, inactive));
    }
}
