/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pod asks for since a LimitRange says so, where its template says nothing. */
final class DefaultRequest extends PlainRule {

    /** {@code cpu, memory request for container web}. */
    private static final Pattern SET = Pattern.compile("([^;:]+) (request|limit) for (?:init )?container ([a-z0-9-]+)");

    DefaultRequest() {
        super(
                "default-request",
                "No node takes a pod, for which admission asked for what a LimitRange has as default since it was changed; the pod's"
                        + " annotation says so. Proved: some node takes the pod with the default of before, and none with this one.",
                Set.of(What.UNSCHEDULABLE));
    }

    /**
     * What admission gave to a container.
     *
     * @param list requests or limits
     */
    record Amount(String container, String list, String resource) {}

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Version pod = trouble.about();
        List<Amount> given = given(pod);
        boolean isLacking = given.stream()
                .anyMatch(each ->
                        each.list().equals("requests") && trouble.text().contains("Insufficient " + each.resource()));
        if (!isLacking) {
            return List.of();
        }
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(Types.LIMIT_RANGES, pod.key().namespace())) {
            boolean isBefore = change.operation() != Change.Operation.DELETED
                    && isOf(change.path(), "defaultRequest")
                    && change.at() <= pod.created() + SLACK;
            if (isBefore) {
                JsonNode earlier = earlier(pod, given, change);
                if (!earlier.equals(pod.get("spec"))) {
                    links.add(link(world, trouble, change, earlier));
                }
            }
        }
        return links;
    }

    /** Whether a field of a LimitRange is this member of its bounds, or in it, or around it; {@code ""} is all of it. */
    static boolean isOf(String path, String member) {
        String plain =
                path.replaceFirst("^spec\\.limits\\[[^\\]]*\\]", "spec.limits").replace('[', '.') + ".";
        String field = "spec.limits." + member + ".";
        return path.isEmpty() || field.startsWith(plain) || plain.startsWith(field);
    }

    private static Link link(World world, Trouble trouble, Change change, JsonNode earlier) {
        Version pod = trouble.about();
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        String namespace = pod.key().namespace();
        boolean isOnly =
                world.list(Types.LIMIT_RANGES, namespace, pod.created() + SLACK).size() == 1;
        boolean proved = isOnly
                && fit.knowsPods()
                && fit.any(earlier, Pods.labels(pod), namespace)
                && !fit.any(pod.get("spec"), Pods.labels(pod), namespace);
        boolean isNew = change.operation() == Change.Operation.CREATED;
        return Link.to(
                isNew ? change.at("spec.limits", change.after().get("spec", "limits")) : change,
                proved ? Tier.A : Tier.B,
                proved ? 1 : 0.6,
                "the pod asks for it by default");
    }

    /** What admission says that it gave to the containers of a pod. */
    static List<Amount> given(Version pod) {
        List<Amount> found = new ArrayList<>();
        Matcher set = SET.matcher(
                pod.get("metadata", "annotations", "kubernetes.io/limit-ranger").asText(""));
        while (set.find()) {
            for (String resource : set.group(1).split(",")) {
                found.add(new Amount(set.group(3), set.group(2) + "s", resource.strip()));
            }
        }
        return found;
    }

    /** The spec of a pod as it would be with the defaults before a change, where it has those since. */
    static JsonNode earlier(Version pod, List<Amount> given, Change change) {
        JsonNode spec = pod.get("spec").deepCopy();
        for (Amount each : given) {
            JsonNode list =
                    Pods.container(spec, each.container()).path("resources").path(each.list());
            JsonNode now = value(change.after(), each.list(), each.resource());
            JsonNode before = change.before() == null ? null : value(change.before(), each.list(), each.resource());
            boolean hasIt = list instanceof ObjectNode
                    && now != null
                    && Quantities.of(now.asText()) == Quantities.of(list.path(each.resource()), -1);
            if (hasIt && !now.equals(before)) {
                ((ObjectNode) list).remove(each.resource());
                if (before != null) {
                    ((ObjectNode) list).set(each.resource(), before);
                }
            }
        }
        return spec;
    }

    /** Null if a LimitRange has no such default. */
    static JsonNode value(Version range, String list, String resource) {
        for (JsonNode limit : range.get("spec", "limits")) {
            JsonNode defaults = limit.path(list.equals("requests") ? "defaultRequest" : "default");
            if (limit.path("type").asText().equals("Container") && defaults.has(resource)) {
                return defaults.path(resource);
            }
        }
        return null;
    }
}
