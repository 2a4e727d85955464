/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Traffic;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A NetworkPolicy between a pod and what it names. */
final class NetworkPolicies extends PlainRule {

    private static final int DNS = 53;

    NetworkPolicies() {
        super(
                "network-policy",
                "A NetworkPolicy was created or changed. Proved: the policies let the pod reach a Service that it names, or the"
                        + " cluster's DNS, before, and not after.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Change change : world.changes(Types.POLICIES, "")) {
            if (Rule.precedes(change.at(), trouble) && !change.path().startsWith("metadata")) {
                changes.add(change);
            }
        }
        // Policies are nothing to a pod that has its node's network.
        if (changes.isEmpty() || isOfNode(trouble.about())) {
            return links;
        }
        for (ObjectKey key : peers(world, trouble.about())) {
            boolean isDns = key.equals(ClusterDns.SERVICE);
            Version service = world.at(key, trouble.from()).orElse(null);
            if (service == null
                    || ServiceTroubles.podsEver(world, key)
                            .contains(trouble.about().key())) {
                continue;
            }
            Tier tier = isDns && !asksDns(world, trouble) ? Tier.B : Tier.A;
            for (Version peer : ServiceTroubles.pods(world, service, trouble.from())) {
                boolean isShut = !isOfNode(peer)
                        && isKnown(world, trouble.about(), peer)
                        && !passes(world, trouble.about(), peer, service, isDns, trouble.from() + SLACK);
                for (Change change : isShut ? changes : List.<Change>of()) {
                    if (passes(world, trouble.about(), peer, service, isDns, change.at() - 1)
                            && !passes(world, trouble.about(), peer, service, isDns, change.at())) {
                        links.add(Link.to(
                                change,
                                tier,
                                tier == Tier.A ? 1 : 0.7,
                                "the policies do not let the pod reach " + key.path() + " any more"));
                    }
                }
            }
        }
        return links.stream().distinct().toList();
    }

    private static boolean isOfNode(Version pod) {
        return pod.get("spec", "hostNetwork").asBoolean();
    }

    /** Whether a pod asks the cluster's DNS: it names a host, or says that it looked one up. */
    private static boolean asksDns(World world, Trouble trouble) {
        JsonNode spec = trouble.about().get("spec");
        boolean names = Pods.containers(spec).stream()
                .flatMap(container -> Pods.texts(container).stream())
                .flatMap(text -> Addresses.in(text).stream())
                .anyMatch(address -> address.isUrl() && !address.isIp());
        return DnsPolicy.asksCluster(world, spec)
                && (names || DnsPolicy.namesService(world, trouble.about()) || DnsPolicy.isUnresolved(trouble.text()));
    }

    /** Whether the labels are known that policies choose namespaces by, if they do. */
    private static boolean isKnown(World world, Version from, Version to) {
        return Stream.of(from, to)
                        .allMatch(pod -> world.at(namespace(pod), world.to()).isPresent())
                || world.keys(Types.POLICIES, "").stream()
                        .flatMap(policy -> world.versions(policy).stream())
                        .noneMatch(policy -> policy.wish().toString().contains("namespaceSelector"));
    }

    private static ObjectKey namespace(Version pod) {
        return new ObjectKey(Types.NAMESPACES, "", pod.key().namespace());
    }

    private static List<ObjectKey> peers(World world, Version pod) {
        List<ObjectKey> peers = new ArrayList<>(Addresses.named(world, pod.key().namespace(), pod.get("spec")));
        peers.add(ClusterDns.SERVICE);
        return peers;
    }

    private static boolean passes(World world, Version from, Version to, Version service, boolean isDns, long time) {
        List<Version> policies = world.list(Types.POLICIES, "", time);
        Traffic.End client = new Traffic.End(from, namespace(world, from, time));
        Traffic.End server = new Traffic.End(to, namespace(world, to, time));
        if (isDns) {
            return Traffic.passes(policies, client, server, DNS, "UDP");
        }
        for (JsonNode port : service.get("spec", "ports")) {
            int target = number(to, port.has("targetPort") ? port.path("targetPort") : port.path("port"));
            // Of a name that the pod does not have, the Service does not lead there.
            if (target >= 0
                    && !Traffic.passes(
                            policies,
                            client,
                            server,
                            target,
                            port.path("protocol").asText("TCP"))) {
                return false;
            }
        }
        return true;
    }

    private static int number(Version pod, JsonNode target) {
        if (target.isNumber()) {
            return target.asInt();
        }
        for (JsonNode container : Pods.containers(pod.get("spec"))) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText().equals(target.asText())) {
                    return port.path("containerPort").asInt();
                }
            }
        }
        return -1;
    }

    private static JsonNode namespace(World world, Version pod, long time) {
        return world.at(namespace(pod), time).map(Pods::labels).orElse(MissingNode.getInstance());
    }
}
