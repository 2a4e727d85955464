/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Why no node takes a pod. */
final class NodeFit extends PlainRule {

    /** What the scheduler says, and the fields of a pod's spec it means. */
    private static final Map<String, List<String>> MEANT = Map.of(
            "didn't match Pod's node affinity/selector", List.of("nodeSelector", "affinity.nodeAffinity"),
            "didn't match pod anti-affinity", List.of("affinity"),
            "didn't match pod affinity", List.of("affinity"),
            "didn't match pod topology spread", List.of("topologySpreadConstraints"),
            "Insufficient ", List.of("resources"),
            "untolerated taint", List.of("tolerations"),
            "PersistentVolume's node affinity", List.of("volumes"),
            "volume node affinity", List.of("volumes"),
            "didn't have free ports", List.of("ports"),
            "Too many pods", List.of("replicas"));

    NodeFit() {
        super(
                "node-fit",
                "No node takes a pod: its selector, affinity, spread, tolerations or requests, or the nodes' taints, labels or being cordoned"
                        + " were changed. Proved: some node takes it as it was before the change, and none since.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        boolean fitsNow = fit.any(pod.get("spec"), pod);
        Version maker = Templates.maker(world, pod);
        Fit earlier = trouble.text().contains("anti-affinity") ? withoutAlike(world, trouble) : fit;
        for (Templates.Field field : Templates.of(world, trouble)) {
            boolean isOld = field.change().operation() == Change.Operation.CREATED
                    && (field.starts("volumes") || DaemonNode.since(world, pod).isPresent());
            if (meant(trouble.text(), field) && !isOld) {
                Predicate<JsonNode> takes =
                        body -> earlier.any(Pods.template(body).path("spec"), pod);
                boolean fitted = field.change().before() != null
                        && takes.test(field.change().before().body())
                        && (field.change().operation() != Change.Operation.CHANGED
                                || Undoing.decides(world, field.change(), takes));
                // Those that found a place since had more room.
                boolean wasWell =
                        Templates.gotReady(world, maker, field.change().at(), trouble.from());
                links.add(Link.to(
                        field.change(),
                        fitted && !fitsNow && fit.knowsPods() ? Tier.A : Tier.B,
                        wasWell ? 0.85 : 0.95,
                        "no node takes the pod: " + brief(trouble.text())));
            }
        }
        ofNodes(world, trouble, fit, links);
        for (Change change : world.changes(maker.key())) {
            boolean more = change.path().equals("spec.replicas")
                    && change.now() != null
                    && change.old() != null
                    && change.now().asInt() > change.old().asInt();
            if (more && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, 0.7, "more pods are wanted than nodes take"));
            }
        }
        return links;
    }

    /** Without the pods of the same template, which would not keep each other away without what was changed of it. */
    private static Fit withoutAlike(World world, Trouble trouble) {
        Version pod = trouble.about();
        Set<ObjectKey> alike = new LinkedHashSet<>(Set.of(pod.key()));
        for (ObjectKey key : WorkloadTroubles.family(world, Templates.maker(world, pod))) {
            boolean isAlike = key.type().equals(Types.PODS)
                    && Templates.revision(world.versions(key).getFirst()).equals(Templates.revision(pod));
            if (isAlike) {
                alike.add(key);
            }
        }
        return new Fit(world, trouble.from(), alike);
    }

    private static boolean meant(String text, Templates.Field field) {
        for (Map.Entry<String, List<String>> each : MEANT.entrySet()) {
            if (text.contains(each.getKey()) && field.starts(each.getValue().toArray(new String[0]))) {
                return true;
            }
        }
        return field.tail().equals("affinity") && text.contains("ffinity");
    }

    private static void ofNodes(World world, Trouble trouble, Fit fit, List<Link> links) {
        Version pod = trouble.about();
        for (Change change : world.changes(Types.NODES, "")) {
            boolean isInput = change.operation() == Change.Operation.DELETED
                    || change.path().startsWith("spec.taints")
                    || change.path().startsWith("spec.unschedulable")
                    || change.path().startsWith("metadata.labels");
            boolean isOfTrouble =
                    change.now() != null && String.valueOf(change.now()).contains("node.kubernetes.io/");
            if (!isInput || isOfTrouble || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            boolean took = fit.on(pod.get("spec"), Pods.labels(pod), pod.key().namespace(), change.before());
            boolean takes = change.operation() != Change.Operation.DELETED
                    && fit.on(pod.get("spec"), Pods.labels(pod), pod.key().namespace(), change.after());
            if (took && !takes) {
                Tier tier = fit.knowsPods() ? Tier.A : Tier.B;
                links.add(Link.to(change, tier, 1, "the node takes the pod no more"));
            }
        }
    }

    private static String brief(String text) {
        int end = text.indexOf(" preemption:");
        return end < 0 ? text : text.substring(0, end);
    }
}
