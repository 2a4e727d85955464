/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who of a namespace uses how much of a quota. */
final class QuotaUse {

    private QuotaUse() {}

    /**
     * The change with which another workload took what a pod was refused for lack of.
     *
     * @param quota its spec; a missing node if it is not known
     * @param since only of what was changed after it
     * @param requested such as {@code pods=1,requests.cpu=2}
     * @param used the same of all that there was
     * @param limited the same of the quota
     */
    static void ofOthers(
            World world,
            Trouble trouble,
            JsonNode quota,
            long since,
            String requested,
            String used,
            String limited,
            List<Link> links) {
        ObjectKey own = Templates.maker(world, trouble.about()).key();
        Map<ObjectKey, List<ObjectKey>> pods = new LinkedHashMap<>();
        for (ObjectKey pod : world.keys(Types.PODS, trouble.about().key().namespace())) {
            ObjectKey maker = world.root(world.versions(pod).getFirst()).key();
            if (!maker.equals(own)
                    && QuotaScopes.covers(quota, world.versions(pod).getFirst().get("spec"))) {
                pods.computeIfAbsent(maker, _ -> new ArrayList<>()).add(pod);
            }
        }
        pods.forEach((maker, its) -> {
            Version last = world.last(maker).orElseThrow();
            List<Change> demands = RoomTaken.demands(world, last, trouble.from() + Rule.SLACK, false);
            for (Change demand : demands.reversed()) {
                if (demand.at() > since && fitsWithout(world, demand, its, trouble, requested, used, limited)) {
                    // With what others had, pods of its own were admitted before.
                    boolean isOld = wasAdmittedSince(world, trouble, demand.at());
                    links.add(Link.to(
                            demand,
                            isOld ? Tier.B : Tier.A,
                            isOld ? 0.5 : 0.9,
                            "it uses what was left of the quota, and the pod does not fit"));
                    return;
                }
                if (demand.operation() != Change.Operation.OBSERVED) {
                    return;
                }
            }
        });
    }

    /** Whether a pod of the workload that is refused now was made since a moment. */
    private static boolean wasAdmittedSince(World world, Trouble trouble, long moment) {
        return WorkloadTroubles.family(world, Templates.maker(world, trouble.about())).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .map(key -> world.versions(key).getFirst().at())
                .anyMatch(pod -> pod > moment && pod < trouble.from());
    }

    private static boolean fitsWithout(
            World world,
            Change change,
            List<ObjectKey> pods,
            Trouble trouble,
            String requested,
            String used,
            String limited) {
        for (String each : requested.split(",")) {
            String resource = each.replaceFirst("=.*", "");
            double more = use(world, pods, resource, trouble.from() + Rule.SLACK)
                    - use(world, pods, resource, change.at() - 1);
            double sum = Quota.used(requested, resource) + Quota.used(used, resource) - more;
            if (more <= 0 || sum > Quota.used(limited, resource) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    private static double use(World world, List<ObjectKey> pods, String resource, long time) {
        double sum = 0;
        for (ObjectKey key : pods) {
            Version pod = world.at(key, time).orElse(null);
            boolean isOver = pod == null
                    || List.of("Succeeded", "Failed")
                            .contains(pod.get("status", "phase").asText());
            sum += isOver ? 0 : amount(pod.get("spec"), resource);
        }
        return sum;
    }

    private static double amount(JsonNode spec, String resource) {
        if (resource.equals("pods") || resource.equals("count/pods")) {
            return 1;
        }
        if (!resource.startsWith("limits.")) {
            return Pods.request(spec, resource.replaceFirst("^requests\\.", ""));
        }
        double sum = 0;
        for (JsonNode container : spec.path("containers")) {
            sum += Quantities.of(
                    container.path("resources").path("limits").path(resource.substring("limits.".length())), 0);
        }
        return sum;
    }
}
