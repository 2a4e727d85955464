/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.probe.Probe;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be asked for of what happens on a node. What containers use is recorded besides, and needs no probe. */
public enum EventClass {
    /** Programs that begin and end. */
    PROCESSES(EnumSet.of(Probe.EXEC, Probe.EXIT)),
    /** Kills for want of memory, and fatal signals. */
    KILLS(EnumSet.of(Probe.OOM, Probe.SIGNAL)),
    /** TCP connections, retransmits and resets. */
    CONNECTIONS(EnumSet.of(Probe.TCP, Probe.SEGMENTS)),
    /** Slow requests of block devices, and how many took how long. */
    DISKS(EnumSet.of(Probe.BLOCK)),
    /** Questions to servers of names, and what became of them. Each packet of the node is looked at. */
    DNS(EnumSet.of(Probe.DNS, Probe.DNS_TCP)),
    /** The arguments of programs that begin, masked. */
    ARGUMENTS(EnumSet.of(Probe.EXEC));

    /** What is recorded unless something else is asked for. */
    static final Set<EventClass> USUAL = Set.of(PROCESSES, KILLS, CONNECTIONS, DISKS);

    @SuppressWarnings("ImmutableEnumChecker") // copied, and given to nobody
    private final Set<Probe> probes;

    EventClass(Set<Probe> probes) {
        this.probes = Set.copyOf(probes);
    }

    /**
     * Reads {@code processes,kills}; {@code none} is none of them.
     *
     * @throws IllegalArgumentException with a sentence, if there is no such class
     */
    public static Set<EventClass> parse(String text) {
        Set<EventClass> classes = EnumSet.noneOf(EventClass.class);
        if (text.equals("none")) {
            return classes;
        }
        for (String name : text.split(",")) {
            classes.add(Arrays.stream(values())
                    .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there are no events '" + name + "', but "
                            + Arrays.stream(values())
                                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")))));
        }
        return classes;
    }

    /** Whether some of them are texts of programs, which may hold secrets. */
    public static boolean areMasked(Set<EventClass> classes) {
        return classes.contains(PROCESSES) || classes.contains(ARGUMENTS);
    }

    /** The probes that some classes need; with that of control groups, without which nothing can be attributed. */
    static Set<Probe> probes(Set<EventClass> classes) {
        Set<Probe> probes = EnumSet.of(Probe.CGROUP);
        classes.forEach(each -> probes.addAll(each.probes));
        return probes;
    }
}
