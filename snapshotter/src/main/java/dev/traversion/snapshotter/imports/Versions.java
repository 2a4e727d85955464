/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses the one version in which the objects of each kind are recorded: the most frequent. What came in others is recorded in it
 * where that changes nothing but the name; else it is left out, and said.
 */
final class Versions {

    private final StateReader state;
    private final ImportReport report;

    Versions(StateReader state, ImportReport report) {
        this.state = state;
        this.report = report;
    }

    /** Every kind once, those without objects, too. */
    List<Kind> kinds() {
        Map<KindName, Map<String, List<Found>>> all = new TreeMap<>();
        state.listed().forEach((name, apiVersion) -> all.computeIfAbsent(name, _ -> new TreeMap<>())
                .computeIfAbsent(apiVersion, _ -> new ArrayList<>()));
        for (Found found : state.found().values()) {
            all.computeIfAbsent(found.id().kind(), _ -> new TreeMap<>())
                    .computeIfAbsent(found.id().apiVersion(), _ -> new ArrayList<>())
                    .add(found);
        }
        Map<ResourceType, Kind> kinds = new TreeMap<>();
        all.forEach((name, versions) -> {
            Kind kind = kind(name, versions);
            Kind other = kinds.putIfAbsent(kind.names().type(), kind);
            if (other != null) {
                report.leftOut(kind.objects().size() + " " + name + ": which resource they are is not known, and "
                        + kind.names().type() + " is taken by " + other.name());
            }
        });
        return List.copyOf(kinds.values());
    }

    private Kind kind(KindName name, Map<String, List<Found>> versions) {
        String chosen = "";
        for (Map.Entry<String, List<Found>> version : versions.entrySet()) {
            if (chosen.isEmpty()
                    || version.getValue().size() > versions.get(chosen).size()) {
                chosen = version.getKey();
            }
        }
        Map<Found.Id, Found> objects = new HashMap<>();
        for (Found found : versions.get(chosen)) {
            objects.put(found.id(), found);
        }
        for (Map.Entry<String, List<Found>> version : versions.entrySet()) {
            int lost = 0;
            for (Found found : version.getValue()) {
                Found.Id id = found.id().in(chosen);
                if (!objects.containsKey(id)) {
                    if (state.catalog().convertsByName(name)) {
                        objects.put(id, found);
                    } else {
                        lost++;
                    }
                }
            }
            if (lost > 0) {
                report.leftOut(lost + " " + name + " in " + version.getKey() + ": most are in " + chosen
                        + ", and only the API server can convert them");
            }
        }
        List<Found> sorted = new ArrayList<>(objects.values());
        sorted.sort(Comparator.comparing(
                found -> found.id().namespace() + "/" + found.id().name()));
        return new Kind(name, state.catalog().names(name), chosen, sorted);
    }
}
