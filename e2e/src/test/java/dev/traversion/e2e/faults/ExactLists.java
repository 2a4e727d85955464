/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.differential.Items;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.ApiClient.Answer;
import dev.traversion.masking.Masking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API server's own lists at exact versions, and a recording held against them byte for byte. */
final class ExactLists {

    /** Everything with objects that these tests or the API server itself change, and some that nobody changes. */
    private static final Map<String, ResourceType> PLACES = new LinkedHashMap<>(Map.of(
            "/api/v1/configmaps", Oracle.CONFIG_MAPS,
            "/api/v1/secrets", Oracle.SECRETS,
            "/apis/coordination.k8s.io/v1/leases", Oracle.LEASES,
            "/apis/faults.test/v1/widgets", Oracle.WIDGETS,
            "/api/v1/namespaces", new ResourceType("", "namespaces"),
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                    new ResourceType("rbac.authorization.k8s.io", "clusterroles")));

    private record Taken(ResourceType type, long version, List<String> objects) {}

    private final ApiClient api;
    private final Masking masking;
    private final List<Taken> taken = new ArrayList<>();
    private int unknown;

    ExactLists(ApiClient api, Masking masking) {
        this.api = api;
        this.masking = masking;
    }

    /** Takes the list of each type at a version. */
    void take(long version) throws Exception {
        for (Map.Entry<String, ResourceType> place : PLACES.entrySet()) {
            Answer answer = api.get(place.getKey() + "?resourceVersionMatch=Exact&resourceVersion=" + version);
            if (answer.status() != 200) {
                throw new IllegalStateException(place.getKey() + " at " + version + ": " + answer.body());
            }
            List<String> objects = new ArrayList<>();
            for (int[] item : Items.of(answer.body())) {
                byte[] body = answer.body().substring(item[0], item[1]).getBytes(StandardCharsets.UTF_8);
                objects.add(new String(masking.apply(place.getValue(), body), StandardCharsets.UTF_8));
            }
            taken.add(new Taken(place.getValue(), version, objects));
        }
    }

    /** How many were taken. */
    int size() {
        return taken.size();
    }

    /** How many of those that differ lie in a gap that says that versions are missing. */
    int unknown() {
        return unknown;
    }

    /** A line for each list to which the recording's state at that version is not equal, and of which no gap says that it may not be. */
    List<String> differences(History recording) throws Exception {
        List<String> differences = new ArrayList<>();
        try (recording) {
            for (Taken list : taken) {
                Optional<Long> time = recording.timeOf(list.type(), Long.toString(list.version()));
                if (time.isEmpty()) {
                    differences.add(list.type() + " at " + list.version() + " is not known");
                    continue;
                }
                List<String> objects = new ArrayList<>();
                recording.list(list.type(), "", null, time.get(), version -> {
                    String body = new String(version.body(), StandardCharsets.UTF_8);
                    // In lists of the API server's own types this stands once, for all.
                    objects.add(body.replaceFirst("^\\{\"kind\":\"[^\"]*\",\"apiVersion\":\"[^\"]*\",", "{"));
                    return true;
                });
                boolean isSame = objects.equals(list.objects());
                if (!isSame && isGap(recording, list.type(), time.get())) {
                    unknown++;
                } else if (!isSame) {
                    differences.add(list.type() + " at " + list.version() + ": recorded "
                            + without(objects, list.objects()) + " instead of " + without(list.objects(), objects));
                }
            }
        }
        return differences;
    }

    private static boolean isGap(History recording, ResourceType type, long time) {
        return recording.coverage(type, time, time).stream()
                .filter(each -> !each.observed())
                .anyMatch(each -> each.reason().contains("intermediate versions are unknown")
                        || each.reason().contains("may be missing"));
    }

    private static List<String> without(List<String> all, List<String> others) {
        List<String> rest = new ArrayList<>(all);
        rest.removeAll(others);
        return rest;
    }
}
