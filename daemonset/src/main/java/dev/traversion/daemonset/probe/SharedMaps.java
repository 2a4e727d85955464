/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The maps that all probes have in common: the first probe that is loaded makes them, the others take them. */
final class SharedMaps {

    static final String EVENTS = "events";
    static final String RARE_EVENTS = "rare_events";
    static final String COUNTERS = "counters";
    static final String SETTINGS = "settings";
    static final String BLOCK_TIMES = "block_times";

    static final String QUERIES = "queries";
    static final String DNS_SEGMENTS = "dns_segments";

    private static final List<String> NAMES = List.of(
            EVENTS,
            RARE_EVENTS,
            COUNTERS,
            SETTINGS,
            BLOCK_TIMES,
            QUERIES,
            DNS_SEGMENTS,
            "limits",
            "connections",
            "listeners");

    private record Shared(int fd, long entries) {}

    private final Libbpf libbpf;
    private final Map<String, Integer> wantedEntries;
    private final Map<String, Shared> maps = new HashMap<>();

    /** @param wantedEntries sizes of rings in bytes, powers of two, other than those that were compiled in */
    SharedMaps(Libbpf libbpf, Map<String, Integer> wantedEntries) {
        this.libbpf = libbpf;
        this.wantedEntries = Map.copyOf(wantedEntries);
    }

    /** Before a probe is loaded. */
    void share(Map<String, MemorySegment> of) {
        of.forEach((name, map) -> {
            Shared shared = maps.get(name);
            if (shared != null) {
                libbpf.reuseMap.callChecked(map, shared.fd());
            } else if (wantedEntries.containsKey(name)) {
                libbpf.setMapEntries.callChecked(map, wantedEntries.get(name));
            }
        });
    }

    /** When it is loaded; it must stay loaded as long as the maps are used. */
    void add(Map<String, MemorySegment> of) {
        of.forEach((name, map) -> {
            if (NAMES.contains(name) && !maps.containsKey(name)) {
                maps.put(name, new Shared(libbpf.mapFd.callInt(map), libbpf.mapEntries.callInt(map)));
            }
        });
    }

    boolean has(String name) {
        return maps.containsKey(name);
    }

    int fd(String name) {
        return maps.get(name).fd();
    }

    long entries(String name) {
        return maps.get(name).entries();
    }
}
