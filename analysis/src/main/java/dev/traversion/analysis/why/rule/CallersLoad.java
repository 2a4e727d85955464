/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Those who ask somebody for more than before. */
final class CallersLoad extends PlainRule {

    CallersLoad() {
        super(
                "callers-load",
                "A container has to wait for its CPU, or answers its probe too late, and somebody who calls the Service that its pod is"
                        + " behind names more addresses of it since; or it has to wait, and there are more pods that call it.",
                Set.of(What.THROTTLED, What.READINESS_FAILED, What.LIVENESS_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        ObjectKey pod = trouble.about().key();
        boolean isLate = trouble.what() == What.THROTTLED || Fitting.isLate(trouble);
        if (!isLate || !pod.type().equals(Types.PODS)) {
            return links;
        }
        for (ObjectKey service : world.keys(Types.SERVICES, pod.namespace())) {
            if (ServiceTroubles.podsEver(world, service).contains(pod)) {
                for (Version caller : callers(world, service)) {
                    ofCaller(world, trouble, service, caller, links);
                }
            }
        }
        return links;
    }

    /** The workloads whose pods name a Service. */
    private static Collection<Version> callers(World world, ObjectKey service) {
        Map<ObjectKey, Version> found = new LinkedHashMap<>();
        for (ObjectKey pod : ServiceTroubles.callers(world, service)) {
            Version maker = world.root(world.versions(pod).getFirst());
            found.put(maker.key(), maker);
        }
        return found.values();
    }

    private static void ofCaller(World world, Trouble trouble, ObjectKey service, Version caller, List<Link> links) {
        for (Change change : world.changes(caller.key())) {
            if (change.before() == null
                    || change.operation() != Change.Operation.CHANGED
                    || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            if (trouble.what() == What.THROTTLED && change.scalesUp()) {
                links.add(Link.to(change, Tier.B, 0.6, "there are more pods since that call " + service.path()));
            } else if (asks(service, change.now()) > asks(service, change.old())) {
                links.add(Link.to(change, Tier.B, 0.7, "it names more addresses of " + service.path() + " since"));
            }
        }
    }

    /** How many addresses of a Service stand in a value. */
    private static long asks(ObjectKey service, JsonNode value) {
        if (value == null) {
            return 0;
        }
        if (value.isContainerNode()) {
            return value.valueStream().mapToLong(each -> asks(service, each)).sum();
        }
        return Addresses.in(value.asText()).stream()
                .map(Addresses.Address::host)
                .filter(host ->
                        host.equals(service.name()) || host.startsWith(service.name() + "." + service.namespace()))
                .count();
    }
}
