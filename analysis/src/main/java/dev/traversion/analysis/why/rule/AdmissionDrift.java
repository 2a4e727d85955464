/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pods that are not what their template says, since admission changes them. */
final class AdmissionDrift extends PlainRule {

    AdmissionDrift() {
        super(
                "admission-drift",
                "A container is made with other resources than its template asks for: a mutating webhook, what its backend reads, or a"
                        + " LimitRange was changed before. Proved if pods made before the change were as their template says.",
                Set.of(
                        What.OUT_OF_MEMORY,
                        What.UNSCHEDULABLE,
                        What.CRASHED,
                        What.LIVENESS_FAILED,
                        What.READINESS_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Version maker = Templates.maker(world, pod);
        if (maker.key().equals(pod.key()) || !differs(pod, maker)) {
            return links;
        }
        boolean wasSame = world.keys(Types.PODS, pod.key().namespace()).stream()
                .map(key -> world.versions(key).getFirst())
                .anyMatch(other -> other.created() < pod.created()
                        && world.root(other).key().equals(maker.key())
                        && !other.get("spec", "containers").equals(pod.get("spec", "containers"))
                        && !differs(other, maker));
        Tier tier = wasSame ? Tier.A : Tier.B;
        long until = pod.created() + SLACK;
        for (Change change : world.changes(Types.MUTATING, "")) {
            if (change.at() <= until
                    && !change.path().contains("caBundle")
                    && !change.path().startsWith("metadata")) {
                links.add(Link.to(
                        change, tier, 0.8, "the pod is not as its template says, and webhooks may have changed it"));
            }
        }
        for (Version configuration : world.list(Types.MUTATING, "", pod.created() + SLACK)) {
            for (JsonNode webhook : configuration.get("webhooks")) {
                JsonNode reference = webhook.path("clientConfig").path("service");
                ObjectKey service = new ObjectKey(
                        Types.SERVICES,
                        reference.path("namespace").asText(),
                        reference.path("name").asText());
                for (Change change : sources(world, service)) {
                    if (change.at() <= until) {
                        links.add(Link.to(
                                change,
                                tier,
                                0.9,
                                "the pod is not as its template says; the webhook "
                                        + webhook.path("name").asText() + " changed it by what it reads here"));
                    }
                }
            }
        }
        for (Change change : world.changes(Types.LIMIT_RANGES, pod.key().namespace())) {
            if (change.at() <= until && change.operation() != Change.Operation.DELETED) {
                links.add(Link.to(change, tier, 0.85, "the pod got the LimitRange's defaults"));
            }
        }
        return links;
    }

    /** Whether a pod has other resources than the template of its workload. */
    private static boolean differs(Version pod, Version maker) {
        JsonNode template = Pods.template(maker.body()).path("spec");
        for (JsonNode container : pod.get("spec", "containers")) {
            JsonNode asked = Pods.container(template, container.path("name").asText());
            JsonNode limits = container.path("resources").path("limits");
            boolean same = limits.equals(asked.path("resources").path("limits"))
                    || (limits.isEmpty()
                            && asked.path("resources").path("limits").isEmpty());
            if (!asked.isMissingNode() && !same) {
                return true;
            }
        }
        return false;
    }

    /** Changes of what the pods behind a Service read, and of how they are started. */
    static List<Change> sources(World world, ObjectKey service) {
        List<Change> found = new ArrayList<>();
        if (service.name().isEmpty()) {
            return found;
        }
        for (ObjectKey key : ServiceTroubles.podsEver(world, service)) {
            Version pod = world.versions(key).getFirst();
            for (Pods.Reference reference : Pods.references(pod.get("spec"))) {
                ResourceType type = reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS;
                if (!reference.name().equals("kube-root-ca.crt")) {
                    found.addAll(world.changes(new ObjectKey(type, service.namespace(), reference.name())));
                }
            }
            Version maker = world.root(pod);
            for (Change change : world.changes(maker.key())) {
                if (change.path().startsWith(Templates.prefix(maker.body()) + "spec")) {
                    found.add(change);
                }
            }
        }
        found.removeIf(change -> change.path().startsWith("metadata"));
        return found.stream().distinct().toList();
    }
}
